// neurone evaluate MODEL DATA: compares predictions with the target column.
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/figures.h"
#include "cli/format_options.h"
#include "cli/machine.h"
#include "cli/messages.h"
#include "cli/source.h"
#include "cli/text_table.h"
#include "cli/verbs.h"
#include "neurone/core/shown.h"
#include "neurone/file/model_file.h"
#include "neurone/model/plan.h"

namespace neurone::cli {
namespace {

struct EvaluateOptions {
  std::string model, data;
  TableFormat format;
  bool json = false;
  Machine machine;
};

// Truth in the rows, prediction in the columns; only for as many classes as fit a screen.
void print_confusion(const std::vector<std::string>& classes, const Matrix<double>& confusion) {
  constexpr std::size_t most = 12;
  if (classes.size() > most) return;
  constexpr std::size_t most_of_a_name = 20;
  std::size_t width = 6;
  for (const std::string& each : classes) width = std::max(width, display_width(shown(each, most_of_a_name)));
  std::vector<TextColumn> columns(
      classes.size() + 1, {.side = TextColumn::Side::right, .least = width, .gap = 2, .most = most_of_a_name});
  columns.front().gap = 0;
  TextTable table(columns);
  std::vector<std::string> head{"true"};
  head.insert(head.end(), classes.begin(), classes.end());
  table.add(head);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    std::vector<std::string> row{classes[i]};
    for (std::size_t j = 0; j < classes.size(); ++j) row.push_back(fmt::format("{:.0f}", confusion(i, j)));
    table.add(row);
  }
  fmt::print("\n{:>{}}  predicted\n{}", "", width, table.text());
}

int run_evaluate(const EvaluateOptions& options) {
  const Model model = load_model(options.model);
  Source source = read_source(model, options.data, options.format);
  if (const auto* table = std::get_if<Table>(&source)) {
    std::size_t left_out = 0;
    Table kept = with_target(*table, model.target, left_out);
    if (left_out > 0) say(fmt::format("{} rows without a target are left out", left_out));
    if (kept.rows() == 0) throw Error(options.data, "no row has a target to compare with");
    source = std::move(kept);
  }
  report_unused_columns(model, source);
  const Evaluation evaluation = evaluate(model, source, threads_of(options.machine));
  report(model, evaluation.surprises);
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  if (options.json) {
    nlohmann::ordered_json object{{"rows", rows(source)}};
    object.update(values_json(evaluation.figures));
    object["intervals"] = intervals_json(evaluation.figures);
    if (classes != nullptr) {
      object["classes"] = classes->classes;
      for (std::size_t i = 0; i < classes->classes.size(); ++i)
        object["confusion"].push_back(evaluation.confusion[i]);
    }
    fmt::print("{}\n", object.dump());
    return 0;
  }
  print_figures(evaluation.figures, "rows", rows(source));
  if (classes != nullptr) print_confusion(classes->classes, evaluation.confusion);
  return 0;
}

}  // namespace

VerbPointer evaluate_verb(const std::string& word) {
  const auto options = std::make_shared<EvaluateOptions>();
  auto verb = std::make_unique<Verb>(word, "Compare a model's predictions with the truth");
  verb->add_input("MODEL", options->model, "Model file written by neurone train", Content::model)->required();
  verb->add_input("DATA", options->data,
                  "CSV file with the target column, - for standard input; IDX folder for images", Content::table)
      ->required();
  add_format_options_of_model(*verb, options->format);
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  add_machine_options(*verb, options->machine);
  verb->action = [options] { return run_evaluate(*options); };
  return verb;
}

}  // namespace neurone::cli
