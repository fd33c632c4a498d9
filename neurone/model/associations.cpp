#include "neurone/model/associations.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

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

// --- lines
// -----------------------------------------------------------------------------------------------------------

// Squared errors of y on both halves of the rows, each told by the line through the other half.
double squared_errors_of_line(std::span<const double> x, std::span<const double> y) {
  double squares = 0;
  for (const std::size_t half : {0U, 1U}) {
    double n = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (half_of(i) == half) continue;
      n += 1;
      const double from_x = x[i] - mean_x, from_y = y[i] - mean_y;  // Welford 1962
      mean_x += from_x / n;
      mean_y += from_y / n;
      xx += from_x * (x[i] - mean_x);
      xy += from_x * (y[i] - mean_y);
    }
    const double slope = xx > 0 ? xy / xx : 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (half_of(i) != half) continue;
      const double error = y[i] - mean_y - slope * (x[i] - mean_x);
      squares += error * error;
    }
  }
  return squares;
}

double share_of_line(std::span<const double> x, std::span<const double> y) {
  const double without = squared_errors_of_line(std::vector<double>(x.size()), y);
  return without > 0 ? 1 - squared_errors_of_line(x, y) / without : 0;
}

std::vector<std::uint32_t> rising(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t row) { return values[row]; });
  return order;
}

// The rank of every value, equal ones sharing the mean of theirs (Spearman 1904).
std::vector<double> ranks(std::span<const double> values) {
  const std::vector<std::uint32_t> order = rising(values);
  std::vector<double> found(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i)
      found[order[i]] = (static_cast<double>(begin) + static_cast<double>(end - 1)) / 2;
  }
  return found;
}

// --- classes along a column
// ------------------------------------------------------------------------------------------

// Along the rising values a class gives way to another c times: k − 1 times where k classes lie one behind the other,
// e = n (1 − Σ p²) times, about, where they are mixed. Rows of one value count as the commonest class among them, and
// every other row of theirs as two changes.
double order_of_classes(std::span<const double> x, std::span<const std::uint32_t> classes, std::size_t count) {
  constexpr double fewest_rows = 5;  // of a class: fewer may lie together by chance
  const auto n = static_cast<double>(x.size());
  std::vector<double> rows(count);
  for (const std::uint32_t each : classes) rows[each] += 1;
  double expected = n;
  for (const double each : rows) expected -= each * each / n;
  const double fewest = static_cast<double>(count) - 1;
  if (std::ranges::min(rows) < fewest_rows || expected <= fewest) return 0;

  const std::vector<std::uint32_t> order = rising(x);
  double changes = 0;
  std::optional<std::size_t> last;
  std::vector<std::size_t> here(count);
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    std::ranges::fill(here, 0U);
    for (; end < order.size() && x[order[end]] == x[order[begin]]; ++end) ++here[classes[order[end]]];
    const auto most = static_cast<std::size_t>(std::ranges::max_element(here) - here.begin());
    changes += 2 * static_cast<double>(end - begin - here[most]) + (last && *last != most ? 1 : 0);
    last = most;
  }
  return std::clamp(1 - (changes - fewest) / (expected - fewest), 0.0, 1.0);
}

// The numbers of a column, or the days of its dates; a missing one is the median. Nothing for categories.
std::vector<double> numbers_of_column(const Column& column, const Table& table) {
  std::vector<double> numbers;
  const std::size_t c = table.column(column_name(column));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, c);
    if (const auto* numeric = std::get_if<NumericColumn>(&column)) {
      numbers.push_back(parse_number(cell, numeric->form).value_or(numeric->scale.median));
    } else if (const auto* dates = std::get_if<DateColumn>(&column)) {
      const std::optional<Date> date = parse_date(cell, dates->order);
      numbers.push_back(date ? days_since_1970(*date) : dates->scale.median);
    }
  }
  return numbers;
}

}  // namespace

template <class T>
std::vector<Association> associations(const Preparations& ready, const Table& table, const Dataset<T>& data) {
  std::vector<Association> all;
  if (data.rows() < 2) return all;
  constexpr std::size_t most_rows = 50'000;  // more would say the same
  if (data.rows() > most_rows) {
    const std::vector<std::uint32_t> chosen = evenly_chosen(data.rows(), most_rows);
    return associations(ready, table.select(chosen), select<T>(data, chosen));
  }
  const Bins none{.of_row = std::vector<std::uint32_t>(data.rows()), .count = 1};
  const ConstMatrixView<T> targets = data.targets;
  const double without = squared_errors(none, targets);
  Matrix<T> room;
  const ConstMatrixView<T> X = data.X.rows(0, data.rows(), room);
  const auto* classes = std::get_if<ClassTarget>(&ready.target);
  const std::vector<std::uint32_t> class_of_row =
      classes != nullptr ? decode_classes<T>(targets) : std::vector<std::uint32_t>{};
  std::vector<double> y, ranks_of_y;
  if (classes == nullptr) {
    y.assign(targets.elements().begin(), targets.elements().end());
    ranks_of_y = ranks(y);
  }
  std::size_t first = 0;
  for (const Column& column : std::get<TablePreparation>(ready.preparation).columns) {
    const std::size_t width = column_width(column);
    const bool is_category = std::holds_alternative<CategoryColumn>(column);
    const Bins bins = is_category ? bins_of_categories<T>(X, first, width) : bins_of_numbers<T>(X, first);
    const double with = squared_errors(bins, targets);
    Association found{.column = column_name(column), .share = without > 0 ? std::max(1 - with / without, 0.0) : 0};
    if (const std::vector<double> x = numbers_of_column(column, table); !x.empty()) {
      if (classes != nullptr)
        found.order = order_of_classes(x, class_of_row, classes->classes.size());
      else
        found.share = std::max({found.share, share_of_line(x, y), share_of_line(ranks(x), ranks_of_y)});
    }
    all.push_back(std::move(found));
    first += width;
  }
  return all;
}

std::vector<std::string> warnings_of(const std::vector<Association>& all) {
  std::vector<std::string> warnings;
  for (const auto& [column, share, order] : all) {
    const auto percent = [](double part) {
      return std::to_string(static_cast<int>(std::floor(1000 * part)) / 10) + " %";
    };
    std::string what;
    if (share >= suspicious_share)
      what = "tells nearly all of the target on its own (" + percent(share) + " of it)";
    else if (order >= suspicious_share)
      what = "tells nearly all classes apart on its own, by thresholds (" + percent(order) + " in order)";
    if (!what.empty())
      warnings.push_back("column '" + column + "' " + what +
                         ": is it known when predictions are made? (to leave it "
                         "out: --ignore " +
                         column + ")");
  }
  return warnings;
}

template std::vector<Association> associations<float>(const Preparations&, const Table&, const Dataset<float>&);
template std::vector<Association> associations<double>(const Preparations&, const Table&, const Dataset<double>&);

}  // namespace neurone
