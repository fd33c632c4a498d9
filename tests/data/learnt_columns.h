// Columns that are learnt from a handful of cells, and what they make of others.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "neurone/data/column_fitting.h"
#include "tests/support/matrices.h"

namespace neurone {

using Texts = std::vector<std::string>;
using Rows = std::vector<Texts>;

inline Table table_of(const Texts& names, const Rows& rows) {
  return Table(names, rows, "people.csv");
}

inline Rows one_column(const Texts& values) {
  Rows rows;
  for (const std::string& value : values) rows.push_back({value});
  return rows;
}

/// A column x of these values, learnt.
inline Column learnt(const Texts& values, const ColumnChoices& choices = {}) {
  return fit_table(table_of({"x"}, one_column(values)), choices).preparation.columns.at(0);
}
inline NumericColumn numeric(const Texts& values) {
  return std::get<NumericColumn>(learnt(values));
}
inline CategoryColumn category(const Texts& values) {
  return std::get<CategoryColumn>(learnt(values));
}

struct Encoded {
  Matrix<double> X;
  Surprises surprises;
};
inline Encoded encoded(const TablePreparation& preparation, const Table& table) {
  Encoded made{.X = poisoned<double>(table.rows(), preparation.width()), .surprises = {}};
  made.surprises = preparation.encode<double>(table, made.X);
  return made;
}
inline Encoded encoded(const Column& column, const Texts& values) {
  return encoded(TablePreparation{.columns = {column}}, table_of({"x"}, one_column(values)));
}

using Numbers = std::vector<double>;
inline Numbers row(const Encoded& each, std::size_t i) {
  return {each.X[i].begin(), each.X[i].end()};
}

inline Texts counting(const std::string& prefix, int count) {
  Texts values;
  for (int i = 0; i < count; ++i) values.push_back(prefix + std::to_string(i));
  return values;
}

}  // namespace neurone
