// How predictions change with one column: each value of it is given to many rows that keep everything else, and the
// predictions are averaged (partial dependence; Friedman 2001, section 8.2).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

/// Values are cells of the table, so that every notation and kind of column is read as in any other row.
struct Dependence {
  std::string column;
  bool in_order = false;             ///< numbers and dates, the lowest first; else categories, the commonest first
  std::size_t rows = 0;              ///< over which predictions are averaged
  std::vector<std::string> cells{};  ///< the values, as they stand in the table
  std::vector<double> positions{};   ///< of numbers their value, of dates days since 1970; of categories 0, 1, 2, …
  Matrix<double> mean{};             ///< values × classes, or × 1: the mean prediction (Predictions::values)
  Matrix<double> low{}, high{};      ///< within which 80 % of the predictions lie
};

/// Of one of the model's columns. Rows are chosen evenly where there are many. Throws UsageError for a column that
/// the model does not use, Error for rows that cannot be prepared.
Dependence partial_dependence(const Model& model, const Table& table, const std::string& column, std::size_t threads);

}  // namespace neurone
