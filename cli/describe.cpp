// neurone describe TABLE: what is in a table, before any training.
#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/source.h"
#include "cli/verbs.h"
#include "neurone/data/cells.h"
#include "neurone/data/csv.h"
#include "neurone/model/associations.h"
#include "neurone/model/plan.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DescribeOptions {
  std::string data, target, task;
  std::vector<std::string> category, numeric, ignore;
  bool json = false;
};

// What stands in a column, whatever it is taken for.
struct Contents {
  std::size_t missing = 0, distinct = 0;
  std::vector<std::pair<std::string, std::size_t>> commonest;  // values and how often, at most three
};

Contents contents_of(const Table& table, std::size_t column) {
  Contents contents;
  std::map<std::string_view, std::size_t> counts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (is_missing(cell))
      ++contents.missing;
    else
      ++counts[trim(cell)];
  }
  contents.distinct = counts.size();
  std::vector<std::pair<std::string_view, std::size_t>> all(counts.begin(), counts.end());
  constexpr std::size_t most = 3;
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::ranges::partial_sort(all, end, std::ranges::greater(), [](const auto& each) { return each.second; });
  for (auto at = all.begin(); at != end; ++at) contents.commonest.emplace_back(at->first, at->second);
  return contents;
}

// Smallest and largest of the values as they stand in the table, by their number.
template <class Parse>
std::pair<std::string, std::string> range_of(const Table& table, std::size_t column, Parse parse) {
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  std::pair<std::string, std::string> range;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const std::optional<double> value = parse(cell);
    if (!value) continue;
    if (*value < lowest) range.first = trim(cell);
    if (*value > highest) range.second = trim(cell);
    lowest = std::min(lowest, *value);
    highest = std::max(highest, *value);
  }
  return range;
}

std::string values_text(const Contents& contents) {
  std::string text;
  for (const auto& [value, count] : contents.commonest)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", value, count);
  return text + (contents.distinct > contents.commonest.size() ? ", …" : "");
}

std::string values_text(const Table& table, std::size_t column, const Column& fitted, const Contents& contents) {
  if (const auto* numeric = std::get_if<NumericColumn>(&fitted)) {
    const auto [low, high] =
        range_of(table, column, [&](std::string_view cell) { return parse_number(cell, numeric->notation); });
    return fmt::format("{} to {}, median {:.6g}", low, high, numeric->scale.median);
  }
  if (const auto* date = std::get_if<DateColumn>(&fitted)) {
    const auto [low, high] = range_of(table, column, [&](std::string_view cell) {
      const std::optional<Date> found = parse_date(cell, date->order);
      return found ? std::optional(days_since_1970(*found)) : std::nullopt;
    });
    return low + " to " + high;
  }
  return values_text(contents);
}

struct Line {  // of a column
  std::string name, kind, values;
  Contents contents;
  std::optional<double> share;
};

// The columns in the order of the table; those left out and the target are kinds of their own.
std::vector<Line> lines_of(const Table& table, const TablePreparation& preparation, const DescribeOptions& options,
                           const std::vector<Association>& shares) {
  std::vector<Line> lines;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    const std::string& name = table.names()[column];
    Line line{.name = name, .kind = "left out", .values = "", .contents = contents_of(table, column), .share = {}};
    const auto fitted = std::ranges::find(preparation.columns, name, column_name);
    if (fitted != preparation.columns.end()) {
      line.kind = column_kind(*fitted);
      line.values = values_text(table, column, *fitted, line.contents);
    } else {
      if (name == options.target) line.kind = "target";
      line.values = values_text(line.contents);
    }
    const auto share = std::ranges::find(shares, name, &Association::column);
    if (share != shares.end()) line.share = share->share;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string target_text(const Target& target, const Table& table) {
  if (const auto* number = std::get_if<NumberTarget>(&target))
    return fmt::format("a number: {} to {}, mean {:.6g}, deviation {:.6g}", number_text(number->lowest),
                       number_text(number->highest), number->mean, number->deviation);
  const auto& classes = std::get<ClassTarget>(target);
  std::vector<std::size_t> counts(classes.classes.size());
  for (const std::uint32_t each : class_numbers(table, classes)) ++counts[each];
  const auto commonest = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  return fmt::format("{} classes, the commonest {} in {:.1f} % of the rows", counts.size(),
                     classes.classes[commonest],
                     100.0 * static_cast<double>(counts[commonest]) / static_cast<double>(table.rows()));
}

void print_lines(const std::vector<Line>& lines, bool shares) {
  std::size_t width = 6;
  for (const Line& line : lines) width = std::max(width, line.name.size());
  fmt::print("\n{:<{}}  {:<8}  {:>7}  {:>8}  {}values\n", "column", width, "kind", "missing", "distinct",
             shares ? "tells    " : "");
  for (const Line& line : lines) {
    const std::string share = line.share ? fmt::format("{:.1f} %", 100 * *line.share) : "";
    fmt::print("{:<{}}  {:<8}  {:>7}  {:>8}  {}{}\n", line.name, width, line.kind, line.contents.missing,
               line.contents.distinct, shares ? fmt::format("{:<9}", share) : "", line.values);
  }
  if (shares) fmt::print("\ntells: the share of the target's variance that this column explains on its own\n");
}

void print_json(const Table& table, const std::vector<Line>& lines, const std::optional<Target>& target,
                std::size_t without_target, const std::vector<std::string>& notices) {
  Json object{{"rows", table.rows()}, {"without_target", without_target}, {"columns", Json::array()}};
  for (const Line& line : lines) {
    Json column{{"name", line.name},
                {"kind", line.kind},
                {"missing", line.contents.missing},
                {"distinct", line.contents.distinct},
                {"values", line.values}};
    if (line.share) column["tells"] = *line.share;
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
  Table table = read_csv(options.data);
  std::size_t without_target = 0;
  std::vector<std::string> notices;
  std::vector<Association> shares;
  std::optional<Target> target;
  TablePreparation preparation;
  if (options.target.empty()) {
    FittedTable fitted = fit_table(table, plan.columns);
    preparation = std::move(fitted.preparation);
    notices = std::move(fitted.notices);
  } else {
    table = with_target(table, options.target, without_target);
    Preparations ready = prepare(table, plan);
    preparation = std::get<TablePreparation>(ready.preparation);
    notices = std::move(ready.notices);
    target = ready.target;
    shares = associations(preparation, encode_dataset<float>(ready, table));
    for (std::string& warning : warnings_of(shares)) notices.push_back(std::move(warning));
  }
  const std::vector<Line> lines = lines_of(table, preparation, options, shares);
  if (options.json) {
    print_json(table, lines, target, without_target, notices);
    return 0;
  }
  fmt::print("{} rows, {} columns\n", table.rows(), table.columns());
  if (without_target > 0) fmt::print("{} more rows without a target are left out\n", without_target);
  if (target) fmt::print("target {}: {}\n", options.target, target_text(*target, table));
  print_lines(lines, !shares.empty());
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
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  return [options] { return run_describe(*options); };
}

}  // namespace neurone::cli
