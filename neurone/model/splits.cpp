// The columns that tell groups and times, and the choice between the ways to split.
#include "neurone/model/splits.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/dates.h"
#include "neurone/data/form_search.h"

namespace neurone {
namespace {

// A number for each row, the same for rows of one group. A row without a group is one of its own.
std::vector<std::uint32_t> group_numbers(const Table& table, const std::string& name) {
  const std::size_t column = table.column(name);
  std::map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> groups(table.rows());
  std::uint32_t next = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (is_missing(cell)) {
      groups[row] = next++;
      continue;
    }
    const auto [found, is_new] = numbers.emplace(trim(cell), next);
    if (is_new) ++next;
    groups[row] = found->second;
  }
  return groups;
}

// The times of all rows, numbers as they are or dates in days.
std::vector<double> times_in(const Table& table, const std::string& name) {
  const std::size_t column = table.column(name);
  std::vector<double> times(table.rows());
  const NumberForm form = form_or_plain(table, column, "time column '" + name + "'");
  DateOrders orders;
  bool all_numbers = true;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const CellNumber number = parse_number(cell, form);
    if (!number) orders.look(cell);
    all_numbers = all_numbers && number;
    times[row] = number.value_or(0);
  }
  if (all_numbers) return times;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::optional<Date> date = parse_date(table.cell(row, column), orders.order());
    if (!date)
      throw Error(table.place(row), "time column '" + name + "': expected a number or a date, found '" +
                                        std::string(table.cell(row, column)) + "'");
    times[row] = days_since_1970(*date);
  }
  return times;
}

Split split_as_planned(const Source& source, double fraction, const Plan& plan, std::uint32_t part) {
  const auto* table = std::get_if<Table>(&source);
  if (table == nullptr || (!plan.group && !plan.time))
    return split_rows(rows(source), fraction, strata_of(source, plan), plan.seed, part);
  return plan.time ? split_latest(times_in(*table, *plan.time), fraction)
                   : split_groups(group_numbers(*table, *plan.group), fraction, plan.seed, part);
}

// The column by whose values rows are kept together, if there is one.
std::optional<std::string> splitting_column(const Plan& plan) {
  return plan.time ? plan.time : plan.group;
}

// "column 'site' has 2 values in these rows", "these are 2 rows"
std::string pieces_words(std::size_t pieces, const Plan& plan) {
  const std::string count = std::to_string(pieces), plural = pieces == 1 ? "" : "s";
  if (const auto column = splitting_column(plan))
    return "column '" + *column + "' has " + count + " value" + plural + " in these rows";
  return pieces == 1 ? "this is 1 row" : "these are " + count + " rows";
}

}  // namespace

std::size_t pieces_of(const Source& source, const Plan& plan) {
  const auto* table = std::get_if<Table>(&source);
  if (table == nullptr || !splitting_column(plan)) return rows(source);
  if (plan.time) {
    const std::vector<double> times = times_in(*table, *plan.time);
    return std::set<double>(times.begin(), times.end()).size();
  }
  const std::vector<std::uint32_t> groups = group_numbers(*table, *plan.group);
  return std::set<std::uint32_t>(groups.begin(), groups.end()).size();
}

void check_pieces(const Source& source, const Plan& plan, const WantedParts& wanted) {
  const std::size_t parts = 1U + (wanted.validation ? 1U : 0U) + (wanted.test ? 1U : 0U);
  const std::size_t pieces = pieces_of(source, plan);
  if (pieces >= parts) return;
  throw Error(name_of(source), pieces_words(pieces, plan) + ": " + std::to_string(parts) + " are needed to train" +
                                   (parts == 3          ? ", validate and test"
                                    : wanted.validation ? " and validate"
                                    : wanted.test       ? " and test"
                                                        : ""));
}

std::vector<std::uint32_t> strata_of(const Source& source, const Plan& plan) {
  const Target target = fit_source_target(source, plan);
  const auto* classes = std::get_if<ClassTarget>(&target);
  return classes == nullptr ? std::vector<std::uint32_t>{} : true_classes(source, *classes);
}

SourceSplit hold_out(const Source& source, double fraction, const Plan& plan, std::uint32_t part) {
  const Split split = split_as_planned(source, fraction, plan, part);
  if (split.held_out.empty() || split.kept.empty()) {
    const std::size_t pieces = pieces_of(source, plan);
    throw Error(name_of(source), pieces < 2 ? pieces_words(pieces, plan) + ": 2 are needed to hold one out"
                                            : "each class has one row only: none can be held out");
  }
  return {.kept = select_rows(source, split.kept), .held_out = select_rows(source, split.held_out)};
}

std::vector<std::uint32_t> folds_of(const Source& source, std::size_t folds, const Plan& plan, std::uint32_t part) {
  if (plan.time) throw UsageError("rows in the order of time have no folds: the past is not held out");
  if (const std::size_t pieces = pieces_of(source, plan); folds > pieces)
    throw UsageError(name_of(source),
                     pieces_words(pieces, plan) + ", too few for " + std::to_string(folds) + " folds");
  if (const auto* table = std::get_if<Table>(&source); table != nullptr && plan.group)
    return fold_groups(group_numbers(*table, *plan.group), folds, plan.seed, part);
  return fold_rows(rows(source), folds, strata_of(source, plan), plan.seed, part);
}

}  // namespace neurone
