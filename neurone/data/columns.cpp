#include "neurone/data/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <optional>
#include <type_traits>

namespace neurone {
namespace {

using SurprisingCells = std::vector<SurprisingCell>;

Error too_large(const Table& table, std::size_t row, const std::string& name, std::string_view cell, bool in_float) {
  return {table.place(row), numeric_column(name) + ": " + std::string(trim(cell)) + " is too large for a model in " +
                                (in_float ? "float" : "double")};
}

template <class T> void encode_bins(const NumericColumn& column, double value, std::span<T> x) {
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double low = column.knots[k], high = column.knots[k + 1];
    x[k] = static_cast<T>(std::clamp((value - low) / (high - low), 0.0, 1.0));
  }
}

// What is surprising about a number or date, if anything is.
std::optional<SurpriseKind> surprise_of(const std::optional<double>& value, const Scale& scale, bool may_miss) {
  if (!value) return may_miss ? std::nullopt : std::optional(SurpriseKind::missing);
  if (*value < scale.lowest) return SurpriseKind::below;
  if (*value > scale.highest) return SurpriseKind::above;
  return std::nullopt;
}

template <class T>
SurprisingCells encode(const NumericColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  SurprisingCells surprising;
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const CellNumber value = parse_number(cell, column.form);
    if (!value && !is_missing(cell)) throw no_number(at.table, row, numeric_column(column.name), cell, column.form);
    if (const auto kind = surprise_of(value, column.scale, column.has_indicator)) surprising.push_back({row, *kind});
    const std::span<T> x = X[row - at.begin].subspan(first, column.width());
    x[0] = static_cast<T>(column.scale(value.value_or(column.scale.median)));
    if (!std::isfinite(x[0])) throw too_large(at.table, row, column.name, cell, std::is_same_v<T, float>);
    if (column.has_indicator) x[1] = value ? T(0) : T(1);
    encode_bins(column, value.value_or(column.scale.median), x.last(column.bins()));
  }
  return surprising;
}

template <class T>
SurprisingCells encode(const DateColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  SurprisingCells surprising;
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const std::optional<Date> date = parse_date(cell, column.order);
    if (!date && !is_missing(cell)) throw no_date(at.table, row, column.name, column.order, cell);
    const std::span<T> x = X[row - at.begin].subspan(first, column.width());
    std::ranges::fill(x, T(0));
    const std::optional<double> days = date ? std::optional(days_since_1970(*date)) : std::nullopt;
    if (const auto kind = surprise_of(days, column.scale, column.has_indicator))
      surprising.push_back({row, *kind});
    else if (date && date->has_time && column.has_offset && date->has_offset != *column.has_offset)
      surprising.push_back({row, SurpriseKind::clock});
    x[0] = static_cast<T>(column.scale(days.value_or(column.scale.median)));
    if (column.has_indicator) x.back() = date ? T(0) : T(1);
    if (!date) continue;
    const auto write_place = [&](std::size_t at_column, double part) {
      x[at_column] = static_cast<T>(std::sin(2 * std::numbers::pi * part));
      x[at_column + 1] = static_cast<T>(std::cos(2 * std::numbers::pi * part));
    };
    write_place(1, part_of_year(*date));
    write_place(3, weekday(*date) / 7.0);
    if (column.has_time) write_place(5, date->seconds / 86400);
  }
  return surprising;
}

template <class T>
SurprisingCells encode(const CategoryColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  SurprisingCells surprising;
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const std::span<T> x = X[row - at.begin].subspan(first, column.width());
    std::ranges::fill(x, T(0));
    if (const std::optional<std::size_t> place = column.find(cell))
      x[*place] = T(1);
    else
      surprising.push_back({row, is_missing(cell) ? SurpriseKind::missing : SurpriseKind::unknown_category});
  }
  return surprising;
}

constexpr const char* missing_text = "missing, as in no row of training";

std::string bound_text(const NumericColumn&, double bound) {
  return fmt::format("{}", bound);
}
std::string bound_text(const DateColumn&, double bound) {
  const std::chrono::year_month_day day{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(std::floor(bound))}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

template <class C> std::string text_of_surprise(const C& column, SurpriseKind kind) {
  switch (kind) {
    case SurpriseKind::below:
      return fmt::format("below {}, the lowest in training", bound_text(column, column.scale.lowest));
    case SurpriseKind::clock:
      return "a time with an offset from UTC where training had none, or without one where it had";
    case SurpriseKind::above:
      return fmt::format("above {}, the highest in training", bound_text(column, column.scale.highest));
    default:
      return missing_text;
  }
}
std::string text_of_surprise(const CategoryColumn&, SurpriseKind kind) {
  return kind == SurpriseKind::missing ? missing_text : "a category that training has not seen";
}

}  // namespace

// hypot, because the square of a number far away overflows.
double Scale::operator()(double value) const {
  const double z = (value - center) / spread;
  return clip == 0 ? z : z / std::hypot(1.0, z / clip);
}

std::optional<std::size_t> CategoryColumn::find(std::string_view cell) const {
  const auto place_of = [&](std::string_view value) -> std::optional<std::size_t> {
    const auto found = std::ranges::lower_bound(values, value);
    if (found == values.end() || *found != value) return {};
    return static_cast<std::size_t>(found - values.begin());
  };
  const std::string_view value = category_of(cell);
  const std::optional<std::size_t> place = place_of(value);
  if (place || spelling.kind == Spelling::Kind::text || value.empty()) return place;
  return place_of(spelling.value_of(value));  // spelled in another way
}

template <class T>
std::vector<SurprisingCell> encode_column(const Column& column, const Stretch& at, MatrixView<T> X,
                                          std::size_t first) {
  return std::visit([&](const auto& each) { return encode<T>(each, at, X, first); }, column);
}

std::string surprise_text(const Column& column, SurpriseKind kind) {
  return std::visit([&](const auto& each) { return text_of_surprise(each, kind); }, column);
}

Error no_date(const Table& table, std::size_t row, const std::string& name, DateOrder order, std::string_view cell) {
  const char* const example = order == DateOrder::ymd   ? "2024-12-31"
                              : order == DateOrder::dmy ? "31/12/2024"
                                                        : "12/31/2024";
  return {table.place(row), "date column '" + name +
                                "'"
                                ": expected a date as " +
                                example + ", found '" + std::string(cell) + "'"};
}

template std::vector<SurprisingCell> encode_column<float>(const Column&, const Stretch&, MatrixView<float>,
                                                          std::size_t);
template std::vector<SurprisingCell> encode_column<double>(const Column&, const Stretch&, MatrixView<double>,
                                                           std::size_t);

}  // namespace neurone
