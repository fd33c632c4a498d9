#include "neurone/model/description.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "neurone/core/choice.h"
#include "neurone/data/cells.h"

namespace neurone {
namespace {

constexpr std::size_t histogram_bins = 20;

void count_values(const Table& table, std::size_t column, ColumnDescription& description) {
  std::unordered_map<std::string_view, std::size_t> counts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (is_missing(cell))
      ++description.missing;
    else
      ++counts[trim(cell)];
  }
  description.distinct = counts.size();
  std::vector<std::pair<std::string_view, std::size_t>> all(counts.begin(), counts.end());
  constexpr std::size_t most = 3;
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::ranges::partial_sort(all, end, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (auto at = all.begin(); at != end; ++at) description.commonest.emplace_back(at->first, at->second);
}

// Fills range and histogram. The ends stand as they do in the table.
template <class Parse>
void find_range(const Table& table, std::size_t column, Parse parse, ColumnDescription& description) {
  std::vector<double> values;
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  std::string_view low, high;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const std::optional<double> value = parse(cell);
    if (!value) continue;
    values.push_back(*value);
    if (*value < lowest) low = trim(cell);
    if (*value > highest) high = trim(cell);
    lowest = std::min(lowest, *value);
    highest = std::max(highest, *value);
  }
  description.range = fmt::format("{} to {}", low, high);
  if (!(lowest < highest)) return;
  description.histogram.resize(histogram_bins);
  for (const double value : values) {
    const double place = (value - lowest) / (highest - lowest) * histogram_bins;
    ++description.histogram[std::min(histogram_bins - 1, static_cast<std::size_t>(place))];
  }
}

}  // namespace

std::string ColumnDescription::values() const {
  if (!range.empty()) return range;
  std::string text;
  for (const auto& [value, count] : commonest)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", value, count);
  return text + (distinct > commonest.size() ? ", …" : "");
}

std::vector<ColumnDescription> describe_columns(const Table& table, const TablePreparation& preparation,
                                                const std::string& target, const std::vector<Association>& shares) {
  std::unordered_map<std::string_view, const Column*> fitted_columns;
  for (const Column& each : preparation.columns) fitted_columns.emplace(column_name(each), &each);
  std::unordered_map<std::string_view, double> share_of;
  for (const Association& each : shares) share_of.emplace(each.column, each.share);
  std::vector<ColumnDescription> all;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    const std::string& name = table.names()[column];
    ColumnDescription description{.name = name, .kind = name == target ? "target" : "left out"};
    count_values(table, column, description);
    if (const auto place = fitted_columns.find(name); place != fitted_columns.end()) {
      const Column* const fitted = place->second;
      description.kind = column_kind(*fitted);
      if (const auto* numeric = std::get_if<NumericColumn>(fitted)) {
        find_range(
            table, column, [&](std::string_view cell) { return parse_number(cell, numeric->form); }, description);
        description.range += fmt::format(", median {:.6g}", numeric->scale.median);
      }
      if (const auto* date = std::get_if<DateColumn>(fitted))
        find_range(
            table, column,
            [&](std::string_view cell) {
              const std::optional<Date> found = parse_date(cell, date->order);
              return found ? std::optional(days_since_1970(*found)) : std::nullopt;
            },
            description);
    }
    if (const auto share = share_of.find(name); share != share_of.end()) description.share = share->second;
    all.push_back(std::move(description));
  }
  return all;
}

std::string describe_target(const Table& table, const Target& target) {
  if (const auto* number = std::get_if<NumberTarget>(&target))
    return fmt::format("a number: {} to {}, mean {:.6g}, deviation {:.6g}", setting_text(number->lowest),
                       setting_text(number->highest), number->mean, number->deviation);
  const auto& classes = std::get<ClassTarget>(target);
  std::vector<std::size_t> counts(classes.classes.size());
  for (const std::uint32_t each : class_numbers(table, classes)) ++counts[each];
  const auto commonest = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  return fmt::format("{} classes, the commonest {} in {:.1f} % of the rows", counts.size(),
                     classes.classes[commonest],
                     100.0 * static_cast<double>(counts[commonest]) / static_cast<double>(table.rows()));
}

}  // namespace neurone
