#include "neurone/data/columns.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <type_traits>

namespace neurone {
namespace {

Error too_large(const Table& table, std::size_t row, const std::string& name, std::string_view cell, bool in_float) {
  return {table.place(row), "numeric column '" + name + "': " + std::string(trim(cell)) +
                                " is too large for a model in " + (in_float ? "float" : "double")};
}

template <class T> void encode_bins(const NumericColumn& column, double value, std::span<T> x) {
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double low = column.knots[k], high = column.knots[k + 1];
    x[k] = static_cast<T>(std::clamp((value - low) / (high - low), 0.0, 1.0));
  }
}

template <class T>
std::size_t encode(const NumericColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const std::optional<double> value = parse_number(cell, column.notation);
    if (!value && !is_missing(cell)) throw no_number(at.table, row, column.name, cell);
    X(row, first) = static_cast<T>(column.scale(value.value_or(column.scale.median)));
    if (!std::isfinite(X(row, first))) throw too_large(at.table, row, column.name, cell, std::is_same_v<T, float>);
    if (column.has_indicator) X(row, first + 1) = value ? T(0) : T(1);
    encode_bins(column, value.value_or(column.scale.median),
                X[row].subspan(first, column.width()).last(column.bins()));
  }
  return 0;
}

template <class T>
std::size_t encode(const DateColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const std::optional<Date> date = parse_date(cell, column.order);
    if (!date && !is_missing(cell)) throw no_date(at.table, row, column.name, column.order, cell);
    const std::span<T> x = X[row].subspan(first, column.width());
    std::ranges::fill(x, T(0));
    x[0] = static_cast<T>(column.scale(date ? days_since_1970(*date) : column.scale.median));
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
  return 0;
}

template <class T>
std::size_t encode(const CategoryColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  std::size_t unknown = 0;
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view value = category_of(at.table.cell(row, at.column));
    std::ranges::fill(X[row].subspan(first, column.width()), T(0));
    const auto found = std::ranges::lower_bound(column.values, value);
    if (found != column.values.end() && *found == value)
      X(row, first + static_cast<std::size_t>(found - column.values.begin())) = T(1);
    else
      ++unknown;
  }
  return unknown;
}

}  // namespace

// hypot, because the square of a number far away overflows.
double Scale::operator()(double value) const {
  const double z = (value - center) / spread;
  return clip == 0 ? z : z / std::hypot(1.0, z / clip);
}

template <class T>
std::size_t encode_column(const Column& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  return std::visit([&](const auto& each) { return encode<T>(each, at, X, first); }, column);
}

Error no_number(const Table& table, std::size_t row, const std::string& name, std::string_view cell) {
  return {table.place(row), "numeric column '" + name +
                                "'"
                                ": expected a number, found '" +
                                std::string(cell) + "'"};
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

template std::size_t encode_column<float>(const Column&, const Stretch&, MatrixView<float>, std::size_t);
template std::size_t encode_column<double>(const Column&, const Stretch&, MatrixView<double>, std::size_t);

}  // namespace neurone
