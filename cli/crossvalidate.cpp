// neurone crossvalidate TABLE: how good models of this kind are, each tested on rows that the others learn from.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/figures.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/progress.h"
#include "cli/source.h"
#include "cli/text_table.h"
#include "cli/train_options.h"
#include "cli/verbs.h"
#include "neurone/data/csv.h"
#include "neurone/model/fitting.h"
#include "neurone/model/rivals.h"
#include "neurone/model/splits.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t cross_part = 4;  // tells this split apart from those of a training

struct CrossOptions {
  TrainOptions train;
  std::size_t folds = 5;
};

// What the folds said of one figure.
struct Summary {
  std::string name;
  std::vector<double> values;

  double mean() const {
    double sum = 0;
    for (const double each : values) sum += each;
    return sum / static_cast<double>(values.size());
  }
  double deviation() const {
    double squares = 0;
    for (const double each : values) squares += (each - mean()) * (each - mean());
    return values.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(values.size() - 1));
  }
};

// Figures that not every fold has, such as one of a class that it has no row of, are left out.
std::vector<Summary> summaries(const std::vector<Figures>& folds) {
  std::vector<Summary> all;
  for (const Figure& first : folds.front()) {
    Summary summary{.name = first.name, .values = {}};
    for (const Figures& each : folds) {
      const auto found = std::ranges::find(each, first.name, &Figure::name);
      if (found != each.end()) summary.values.push_back(found->value);
    }
    if (summary.values.size() == folds.size()) all.push_back(std::move(summary));
  }
  return all;
}

// A class that is in one row cannot be both learnt and tested.
void check_classes(const Table& table, const Plan& plan) {
  const std::vector<std::uint32_t> numbers = strata_of(table, plan);
  const std::size_t column = table.column(plan.target);
  std::map<std::uint32_t, std::size_t> counts;
  for (const std::uint32_t number : numbers) ++counts[number];
  for (std::size_t row = 0; row < numbers.size(); ++row)
    if (counts[numbers[row]] == 1)
      throw Error(table.place(row), fmt::format("class '{}' of column '{}' is in this row alone: it cannot be both "
                                                "learnt and tested",
                                                table.cell(row, column), plan.target));
}

template <class T>
Figures figures_of_fold(const Table& table, const Split& split, const Plan& plan, std::size_t fold, bool quiet) {
  const Parts parts{.train = table.select(split.kept), .validation = {}, .test = table.select(split.held_out)};
  Fitting<T> fitting(parts, plan);
  if (fold == 0)
    for (const std::string& notice : fitting.preparations().notices) say(notice);
  Progress progress(progress_form(quiet, false), fitting.metric(), fitting.networks(),
                    fitting.preparations().training.epochs, 0);
  const bool finished =
      fitting.run({.epoch =
                       [&](std::size_t network, const EpochReport& report) {
                         progress.epoch(network, report);
                         return !interrupted();
                       },
                   .step = [&](std::size_t step, std::size_t steps) { progress.step(step, steps); }});
  progress.finish();
  if (!finished) return {};
  const TrainedModel made = best_of_rivals<T>(
      fitting.result(), parts, plan, {.epoch = [](std::size_t, const EpochReport&) { return !interrupted(); }});
  Figures figures = made.test->figures;
  if (const auto& comparison = made.model.record.comparison)
    figures.push_back({.name = "linear_" + comparison->figure, .value = comparison->linear});
  return figures;
}

void print_fold(std::size_t fold, const CrossOptions& options, std::size_t rows, const Figures& figures) {
  if (options.train.json) {
    Json event{{"event", "fold"}, {"fold", fold + 1}, {"rows", rows}, {"test", values_json(figures)}};
    fmt::print("{}\n", event.dump());
  } else {
    fmt::print("fold {} of {}, {} rows: {} {:.6g}\n", fold + 1, options.folds, rows, figures.front().name,
               figures.front().value);
  }
  std::fflush(stdout);
}

void print_summaries(const std::vector<Summary>& all, const CrossOptions& options) {
  if (options.train.json) {
    Json event{{"event", "done"}, {"folds", options.folds}, {"mean", Json::object()}, {"deviation", Json::object()}};
    for (const Summary& each : all) {
      event["mean"][each.name] = each.mean();
      event["deviation"][each.name] = each.deviation();
    }
    fmt::print("{}\n", event.dump());
    return;
  }
  TextTable table({{.least = 18, .gap = 0}, {.least = 10}, {}});
  table.add({"", "mean", "deviation between folds"});
  for (const Summary& each : all)
    table.add({each.name, fmt::format("{:.6g}", each.mean()), fmt::format("{:.3g}", each.deviation())});
  fmt::print("{}", table.text());
}

int run_crossvalidate(const CrossOptions& options) {
  Plan plan = plan_of(options.train);
  if (plan.target.empty()) throw UsageError("--target is missing: which column is to be predicted?");
  std::size_t without_target = 0;
  const Table all = read_table(options.train.data, options.train.format, sought_by(plan));
  check_columns(all, plan);
  const Table table = with_target(all, plan.target, without_target);
  if (without_target > 0) say(fmt::format("{} rows without a target are left out", without_target));
  if (options.folds > table.rows() / 2)
    throw UsageError(
        fmt::format("--folds {}: a part needs 2 rows at least, and {} rows have a target: expected at most {} "
                    "(leaving one out at a "
                    "time is no part: R², AUC and the others are figures of several rows)",
                    options.folds, table.rows(), table.rows() / 2));
  plan = with_task(std::move(plan), table);
  check_classes(table, plan);

  check_pieces(table, plan, {.validation = plan.validation > 0, .test = true});
  const std::vector<std::uint32_t> fold_of_row = folds_of(table, options.folds, plan, cross_part);
  std::vector<Figures> folds;
  watch_for_interrupts();
  for (std::size_t fold = 0; fold < options.folds; ++fold) {
    const Split split = split_fold(fold_of_row, static_cast<std::uint32_t>(fold));
    const bool is_double = in_double(options.train, plan), quiet = options.train.quiet || options.train.json;
    Figures figures = is_double ? figures_of_fold<double>(table, split, plan, fold, quiet)
                                : figures_of_fold<float>(table, split, plan, fold, quiet);
    if (figures.empty()) {
      say(fmt::format("interrupted in fold {} of {}", fold + 1, options.folds));
      return exit_interrupted;
    }
    print_fold(fold, options, split.held_out.size(), figures);
    folds.push_back(std::move(figures));
  }
  print_summaries(summaries(folds), options);
  return 0;
}

}  // namespace

VerbPointer crossvalidate_verb(const std::string& word) {
  const auto options = std::make_shared<CrossOptions>();
  auto verb = std::make_unique<Verb>(word, "Train on parts of a table and test on the others, each in its turn");
  verb->add_input("DATA", options->train.data, "CSV file (.gz too), or - for standard input", Content::table)
      ->required();
  add_learning_options(*verb, options->train);
  constexpr std::size_t most = 1000;
  add_whole(*verb, "--folds", options->folds, "Parts", {.least = 2, .most = most})
      ->capture_default_str()
      ->group("Data");
  verb->add_flag("--json", options->train.json, "Events as JSON Lines: fold, done")->group("Files and messages");
  verb->add_flag("--quiet", options->train.quiet, "No progress")->group("Files and messages");
  add_machine_options(*verb, options->train.machine);
  verb->action = [options] { return run_crossvalidate(*options); };
  return verb;
}

}  // namespace neurone::cli
