// A value is taken from a row that has it: what the column became in X is copied into the other rows.
#include "neurone/model/dependence.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/data/dataset.h"
#include "neurone/math/quantile.h"

namespace neurone {
namespace {

constexpr std::size_t rows_averaged = 300, most_tried_values = 20, most_tried_categories = 12;

// A value of the column, and a row of the table that has it.
struct Value {
  double position;
  std::uint32_t row;
};

std::optional<double> position_of(const NumericColumn& column, std::string_view cell) {
  return is_missing(cell) ? std::nullopt : parse_number(cell, column.form);
}
std::optional<double> position_of(const DateColumn& column, std::string_view cell) {
  const std::optional<Date> date = is_missing(cell) ? std::nullopt : parse_date(cell, column.order);
  return date ? std::optional(days_since_1970(*date)) : std::nullopt;
}

// Quantiles, without the two hundredths at either end, each once.
template <class Column> std::vector<Value> values_of_column(const Table& table, const Column& column, std::size_t c) {
  std::vector<Value> all;
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    if (const std::optional<double> position = position_of(column, table.cell(row, c)))
      all.push_back({*position, row});
  std::vector<Value> chosen;
  if (all.empty()) return chosen;
  std::ranges::sort(all, {}, [](const Value& each) { return std::pair(each.position, each.row); });
  for (std::size_t k = 0; k < most_tried_values; ++k) {
    const double share = 0.02 + 0.96 * static_cast<double>(k) / (most_tried_values - 1);
    const Value value = all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
    if (chosen.empty() || value.position > chosen.back().position) chosen.push_back(value);
  }
  return chosen;
}

// The commonest categories that the model knows.
std::vector<Value> values_of_column(const Table& table, const CategoryColumn& column, std::size_t c) {
  struct Seen {
    std::size_t count = 0;
    std::uint32_t row = 0;
  };
  std::map<std::size_t, Seen> seen;  // by the value's place among those of the column
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    const std::optional<std::size_t> place = column.find(table.cell(row, c));
    if (!place) continue;
    const auto [at, is_new] = seen.try_emplace(*place, Seen{.count = 0, .row = row});
    ++at->second.count;
  }
  std::vector<Seen> known;
  for (const auto& [value, each] : seen) known.push_back(each);
  std::ranges::sort(
      known, [](const Seen& a, const Seen& b) { return std::pair(b.count, a.row) < std::pair(a.count, b.row); });
  if (known.size() > most_tried_categories) known.resize(most_tried_categories);
  std::vector<Value> chosen;
  for (const Seen& each : known) chosen.push_back({static_cast<double>(chosen.size()), each.row});
  return chosen;
}

template <class T>
Dependence dependence(const Model& model, const Table& table, std::size_t column, std::size_t threads) {
  const auto& columns = std::get<TablePreparation>(model.preparation).columns;
  const std::size_t c = table.column(column_name(columns[column]));
  const std::vector<Value> values =
      std::visit([&](const auto& each) { return values_of_column(table, each, c); }, columns[column]);
  std::size_t first = 0;
  for (std::size_t k = 0; k < column; ++k) first += column_width(columns[k]);
  const std::size_t width = column_width(columns[column]);

  Dependence found{.column = column_name(columns[column]),
                   .in_order = !std::holds_alternative<CategoryColumn>(columns[column])};
  std::vector<std::uint32_t> rows_with_values;
  for (const Value& each : values) {
    found.cells.emplace_back(trim(table.cell(each.row, c)));
    found.positions.push_back(each.position);
    rows_with_values.push_back(each.row);
  }
  const auto encoded = [&](std::span<const std::uint32_t> rows) {
    Matrix<T> X(rows.size(), model.inputs());
    encode<T>(model.preparation, table.select(rows), X);
    return X;
  };
  const Matrix<T> donors = encoded(rows_with_values);
  Matrix<T> X = encoded(evenly_chosen(table.rows(), rows_averaged));
  found.rows = X.rows();
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::span<const T> value = donors[k].subspan(first, width);
    for (std::size_t i = 0; i < X.rows(); ++i)
      std::ranges::copy(value, X[i].begin() + static_cast<std::ptrdiff_t>(first));
    const Matrix<double> predicted = values_of<T>(model, X, threads);
    if (k == 0)
      for (Matrix<double>* each : {&found.mean, &found.low, &found.high})
        *each = Matrix<double>(values.size(), predicted.columns());
    std::vector<double> of_output(X.rows());
    for (std::size_t j = 0; j < predicted.columns(); ++j) {
      for (std::size_t i = 0; i < X.rows(); ++i) of_output[i] = predicted(i, j);
      std::ranges::sort(of_output);
      found.mean(k, j) = std::reduce(of_output.begin(), of_output.end()) / static_cast<double>(X.rows());
      found.low(k, j) = quantile(of_output, 0.1);
      found.high(k, j) = quantile(of_output, 0.9);
    }
  }
  return found;
}

}  // namespace

Dependence partial_dependence(const Model& model, const Table& table, const std::string& column,
                              std::size_t threads) {
  const auto* preparation = std::get_if<TablePreparation>(&model.preparation);
  if (preparation == nullptr) throw UsageError("the model is of images, which have no columns");
  const auto at = std::ranges::find(preparation->columns, column, column_name);
  if (at == preparation->columns.end()) {
    std::vector<std::string> names;
    for (const Column& each : preparation->columns) names.push_back(column_name(each));
    throw unknown_name("column", column, names);
  }
  const auto number = static_cast<std::size_t>(at - preparation->columns.begin());
  return std::visit([&]<class T>(const Networks<T>&) { return dependence<T>(model, table, number, threads); },
                    model.networks);
}

}  // namespace neurone
