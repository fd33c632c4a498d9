// neurone describe TABLE: what is in a table, before any training.
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/format_options.h"
#include "cli/text_table.h"
#include "cli/train_options.h"
#include "cli/verbs.h"
#include "neurone/core/shown.h"
#include "neurone/data/csv.h"
#include "neurone/model/associations.h"
#include "neurone/model/description.h"
#include "neurone/model/plan.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DescribeOptions {
  std::string data, target, task;
  std::vector<std::string> category, numeric, ignore;
  TableFormat format;
  bool json = false;
};

void print_columns(const std::vector<ColumnDescription>& columns, bool shares) {
  using enum TextColumn::Side;
  std::vector<TextColumn> widths{{.gap = 0},
                                 {.least = 8, .gap = 2},
                                 {.side = right, .gap = 2},
                                 {.side = right, .gap = 2},
                                 {.least = 7, .gap = 2},
                                 {.gap = 2, .most = 120}};
  std::vector<std::vector<std::string>> rows{{"column", "kind", "missing", "distinct", "tells", "values"}};
  for (const ColumnDescription& each : columns)
    rows.push_back({each.name, std::string(each.kind), std::to_string(each.missing), std::to_string(each.distinct),
                    each.share ? fmt::format("{:.1f} %", 100 * *each.share) : "", each.values()});
  constexpr std::ptrdiff_t at_share = 4;
  if (!shares) {
    widths.erase(widths.begin() + at_share);
    for (std::vector<std::string>& row : rows) row.erase(row.begin() + at_share);
  }
  TextTable table(widths);
  for (const std::vector<std::string>& row : rows) table.add(row);
  fmt::print("\n{}", table.text());
  if (shares)
    fmt::print(
        "\ntells: the share of the target's variance, or of its ranks', that this column explains on its own\n");
}

void print_json(const Table& table, const std::vector<ColumnDescription>& columns,
                const std::optional<Target>& target, std::size_t without_target,
                const std::vector<std::string>& notices) {
  Json object{{"rows", table.rows()}, {"without_target", without_target}, {"columns", Json::array()}};
  for (const ColumnDescription& each : columns) {
    Json column{{"name", each.name},
                {"kind", each.kind},
                {"missing", each.missing},
                {"distinct", each.distinct},
                {"values", each.values()}};
    if (each.share) column["tells"] = *each.share;
    object["columns"].push_back(std::move(column));
  }
  if (target) object["task"] = task_name(task_of(*target));
  object["notices"] = notices;
  fmt::print("{}\n", object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int run_describe(const DescribeOptions& options) {
  Plan plan{.target = options.target,
            .columns = {.ignore = options.ignore, .category = options.category, .numeric = options.numeric}};
  if (!options.task.empty()) plan.task = parse_task(options.task);
  Table table = read_csv(options.data, options.format, sought_by(plan));
  check_columns(table, plan);
  std::size_t without_target = 0;
  std::vector<std::string> notices = table.reading().doubts;
  const auto add_notices = [&](const std::vector<std::string>& more) {
    notices.insert(notices.end(), more.begin(), more.end());
  };
  std::vector<Association> shares;
  std::optional<Target> target;
  TablePreparation preparation;
  if (options.target.empty()) {
    FittedTable fitted = fit_table(table, plan.columns);
    preparation = std::move(fitted.preparation);
    add_notices(fitted.notices);
  } else {
    table = with_target(table, options.target, without_target);
    Preparations ready = prepare(table, plan);
    preparation = std::get<TablePreparation>(ready.preparation);
    add_notices(ready.notices);
    target = ready.target;
    shares = associations(ready, table, encode_dataset<float>(ready, table));
    add_notices(warnings_of(shares));
  }
  const std::vector<ColumnDescription> columns = describe_columns(table, preparation, options.target, shares);
  if (options.json) {
    print_json(table, columns, target, without_target, notices);
    return 0;
  }
  fmt::print("{} rows, {} columns\n", table.rows(), table.columns());
  if (without_target > 0) fmt::print("{} more rows without a target are left out\n", without_target);
  if (target)
    fmt::print("{}\n", shown_sentence(fmt::format("target {}: {}", options.target, describe_target(table, *target))));
  print_columns(columns, !shares.empty());
  if (!notices.empty()) fmt::print("\n");
  for (const std::string& notice : notices) fmt::print("{}\n", shown_sentence(notice));
  return 0;
}

}  // namespace

VerbPointer describe_verb(const std::string& word) {
  const auto options = std::make_shared<DescribeOptions>();
  auto verb = std::make_unique<Verb>(word, "Show what is in a table, and what training would make of it");
  verb->add_input("DATA", options->data, "CSV file (.gz too), or - for standard input", Content::table)->required();
  verb->add_option("--target", options->target, "Column to predict");
  verb->add_option("--task", options->task, "classification or regression, where the target could be either");
  verb->add_option("--category", options->category, "As in neurone train; may be repeated")->allow_extra_args(false);
  verb->add_option("--numeric", options->numeric, "As in neurone train; may be repeated")->allow_extra_args(false);
  verb->add_option("--ignore", options->ignore, "As in neurone train; may be repeated")->allow_extra_args(false);
  add_format_options(*verb, options->format);
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  verb->offer("--task", {"classification", "regression"});
  verb->action = [options] { return run_describe(*options); };
  return verb;
}

}  // namespace neurone::cli
