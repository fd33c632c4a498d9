// neurone describe TABLE: what is in a table, before any training.
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/format_options.h"
#include "cli/verbs.h"
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
  std::size_t width = 6;
  for (const ColumnDescription& each : columns) width = std::max(width, each.name.size());
  fmt::print("\n{:<{}}  {:<8}  {:>7}  {:>8}  {}values\n", "column", width, "kind", "missing", "distinct",
             shares ? "tells    " : "");
  for (const ColumnDescription& each : columns) {
    const std::string share = each.share ? fmt::format("{:.1f} %", 100 * *each.share) : "";
    fmt::print("{:<{}}  {:<8}  {:>7}  {:>8}  {}{}\n", each.name, width, each.kind, each.missing, each.distinct,
               shares ? fmt::format("{:<9}", share) : "", each.values());
  }
  if (shares) fmt::print("\ntells: the share of the target's variance that this column explains on its own\n");
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
    shares = associations(preparation, encode_dataset<float>(ready, table));
    add_notices(warnings_of(shares));
  }
  const std::vector<ColumnDescription> columns = describe_columns(table, preparation, options.target, shares);
  if (options.json) {
    print_json(table, columns, target, without_target, notices);
    return 0;
  }
  fmt::print("{} rows, {} columns\n", table.rows(), table.columns());
  if (without_target > 0) fmt::print("{} more rows without a target are left out\n", without_target);
  if (target) fmt::print("target {}: {}\n", options.target, describe_target(table, *target));
  print_columns(columns, !shares.empty());
  if (!notices.empty()) fmt::print("\n");
  for (const std::string& notice : notices) fmt::print("{}\n", notice);
  return 0;
}

}  // namespace

Action add_describe(CLI::App& app) {
  const auto options = std::make_shared<DescribeOptions>();
  CLI::App* verb = app.add_subcommand("describe", "Show what is in a table, and what training would make of it");
  verb->allow_extras();
  verb->add_option("DATA", options->data, "CSV file (.gz too), or - for standard input")->required();
  verb->add_option("--target", options->target, "Column to predict");
  verb->add_option("--task", options->task, "classification or regression, where the target could be either");
  verb->add_option("--category", options->category, "As in neurone train; may be repeated")->allow_extra_args(false);
  verb->add_option("--numeric", options->numeric, "As in neurone train; may be repeated")->allow_extra_args(false);
  verb->add_option("--ignore", options->ignore, "As in neurone train; may be repeated")->allow_extra_args(false);
  add_format_options(*verb, options->format);
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  return [options] { return run_describe(*options); };
}

}  // namespace neurone::cli
