#include "neurone/model/associations.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace neurone {
namespace {

constexpr std::size_t most_bins = 64;

// Which half a row belongs to: as many in each, and no pattern that rows could follow as well (Thue and Morse).
std::size_t half_of(std::size_t row) {
  return static_cast<std::size_t>(std::popcount(row) % 2);
}

// A bin for each row, from the columns of X that belong to a column of the table.
struct Bins {
  std::vector<std::uint32_t> of_row;
  std::size_t count = 0;
};

// The numbers of one column of X in bins of about equally many rows; equal numbers share a bin.
template <class T> Bins bins_of_numbers(ConstMatrixView<T> X, std::size_t column) {
  std::vector<T> sorted(X.rows());
  for (std::size_t i = 0; i < X.rows(); ++i) sorted[i] = X(i, column);
  std::ranges::sort(sorted);
  constexpr std::size_t least_rows = 10;  // of a bin
  const std::size_t wanted = std::clamp<std::size_t>(X.rows() / least_rows, 1, most_bins);
  std::vector<T> borders;
  for (std::size_t b = 1; b < wanted; ++b) borders.push_back(sorted[b * sorted.size() / wanted]);
  borders.erase(std::ranges::unique(borders).begin(), borders.end());
  Bins bins{.of_row = std::vector<std::uint32_t>(X.rows()), .count = borders.size() + 1};
  for (std::size_t i = 0; i < X.rows(); ++i)
    bins.of_row[i] = static_cast<std::uint32_t>(std::ranges::upper_bound(borders, X(i, column)) - borders.begin());
  return bins;
}

template <class T> Bins bins_of_categories(ConstMatrixView<T> X, std::size_t first, std::size_t width) {
  Bins bins{.of_row = std::vector<std::uint32_t>(X.rows()), .count = width + 1};
  for (std::size_t i = 0; i < X.rows(); ++i) {
    const std::span<const T> row = X[i].subspan(first, width);
    bins.of_row[i] = static_cast<std::uint32_t>(std::ranges::find(row, T(1)) - row.begin());
  }
  return bins;
}

// Squared errors on the half of the rows that `half` names, where each bin says the mean of the other half's targets.
template <class T> double squared_errors(const Bins& bins, ConstMatrixView<T> targets, std::size_t half) {
  const std::size_t all = bins.count;  // the row of sums for all bins together, which speaks for the empty ones
  Matrix<double> sums(bins.count + 1, targets.columns());
  std::vector<double> counts(bins.count + 1);
  for (std::size_t i = 0; i < targets.rows(); ++i) {
    if (half_of(i) == half) continue;
    for (const std::size_t b : {static_cast<std::size_t>(bins.of_row[i]), all}) {
      counts[b] += 1;
      for (std::size_t j = 0; j < targets.columns(); ++j) sums(b, j) += static_cast<double>(targets(i, j));
    }
  }
  double squares = 0;
  for (std::size_t i = 0; i < targets.rows(); ++i) {
    if (half_of(i) != half) continue;
    const std::size_t b = counts[bins.of_row[i]] > 0 ? bins.of_row[i] : all;
    for (std::size_t j = 0; j < targets.columns(); ++j) {
      const double error = static_cast<double>(targets(i, j)) - sums(b, j) / counts[b];
      squares += error * error;
    }
  }
  return squares;
}

template <class T> double squared_errors(const Bins& bins, ConstMatrixView<T> targets) {
  return squared_errors(bins, targets, 0) + squared_errors(bins, targets, 1);
}

}  // namespace

template <class T>
std::vector<Association> associations(const TablePreparation& preparation, const Dataset<T>& data) {
  std::vector<Association> all;
  if (data.rows() < 2) return all;
  constexpr std::size_t most_rows = 50'000;  // more would say the same
  if (data.rows() > most_rows)
    return associations(preparation, select<T>(data, evenly_chosen(data.rows(), most_rows)));
  const Bins none{.of_row = std::vector<std::uint32_t>(data.rows()), .count = 1};
  const ConstMatrixView<T> targets = data.targets;
  const double without = squared_errors(none, targets);
  Matrix<T> room;
  const ConstMatrixView<T> X = data.X.rows(0, data.rows(), room);
  std::size_t first = 0;
  for (const Column& column : preparation.columns) {
    const std::size_t width = column_width(column);
    const Bins bins = std::holds_alternative<CategoryColumn>(column) ? bins_of_categories<T>(X, first, width)
                                                                     : bins_of_numbers<T>(X, first);
    const double with = squared_errors(bins, targets);
    all.push_back({.column = column_name(column), .share = without > 0 ? std::max(1 - with / without, 0.0) : 0});
    first += width;
  }
  return all;
}

std::vector<std::string> warnings_of(const std::vector<Association>& all) {
  std::vector<std::string> warnings;
  for (const auto& [column, share] : all)
    if (share >= suspicious_share)
      warnings.push_back("column '" + column + "' tells nearly all of the target on its own (" +
                         std::to_string(static_cast<int>(std::floor(1000 * share)) / 10) +
                         " % of it): is it known when predictions are made? (to leave it out: --ignore " + column +
                         ")");
  return warnings;
}

template std::vector<Association> associations<float>(const TablePreparation&, const Dataset<float>&);
template std::vector<Association> associations<double>(const TablePreparation&, const Dataset<double>&);

}  // namespace neurone
