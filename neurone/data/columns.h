// The kinds of columns: how the cells of each become the numbers that a network sees. What they hold was learnt from
// training rows (column_fitting.h) and is kept with the model.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/core/matrix.h"
#include "neurone/data/cells.h"
#include "neurone/data/dates.h"
#include "neurone/data/number_form.h"
#include "neurone/data/spelling.h"
#include "neurone/data/surprises.h"
#include "neurone/data/table.h"

namespace neurone {

/// z = (value − center) / spread, bent to z / √(1 + (z/clip)²) where there is a clip; a missing value is the training
/// median.
struct Scale {
  double median = 0;
  double center = 0;
  double spread = 1;
  double clip = 0;  ///< 0: none
  /// What training has seen.
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  double operator()(double value) const;
};

/// The scaled number; 1 in an indicator column for a missing one if training had missing values; and for each bin,
/// from one knot to the next, how far the number has come in it, from 0 to 1 (the piecewise-linear encoding of
/// Gorishniy, Rubachev and Babenko 2022, section 3.2), so that a network need not find the borders that matter.
struct NumericColumn {
  static constexpr std::string_view kind = "numeric";
  std::string name;
  Scale scale{};
  NumberForm form{};
  bool has_indicator = false;
  std::vector<double> knots{};  ///< rising; none, or at least two

  std::size_t bins() const { return knots.empty() ? 0 : knots.size() - 1; }
  std::size_t width() const { return 1 + (has_indicator ? 1U : 0U) + bins(); }
};

/// The scaled number of days since 1970; sine and cosine of the place in the year, then in the week, then, if
/// training had times, in the day; and the indicator as above. A missing date is the training median, in no season.
struct DateColumn {
  static constexpr std::string_view kind = "date";
  std::string name;
  Scale scale{};
  DateOrder order = DateOrder::ymd;
  bool has_time = false;
  bool has_indicator = false;
  /// Whether the times of training have an offset from UTC, and so count in UTC; not known where only some have one.
  std::optional<bool> has_offset{};

  std::size_t width() const { return 5U + (has_time ? 2 : 0) + (has_indicator ? 1 : 0); }
};

/// One-hot: a 1 at the place of the value. Missing is a value of its own, the empty text, where training had it; a
/// value that training has not seen is all zeros.
struct CategoryColumn {
  static constexpr std::string_view kind = "category";
  std::string name;
  std::vector<std::string> values;  ///< sorted; as Spelling::value_of has them
  Spelling spelling{};

  std::size_t width() const { return values.size(); }
  /// The place of a cell's value, if training has seen it.
  std::optional<std::size_t> find(std::string_view cell) const;
};

using Column = std::variant<NumericColumn, DateColumn, CategoryColumn>;

inline const std::string& column_name(const Column& column) {
  return std::visit([](const auto& each) -> const std::string& { return each.name; }, column);
}
inline std::string_view column_kind(const Column& column) {
  return std::visit([](const auto& each) { return each.kind; }, column);
}
inline std::size_t column_width(const Column& column) {
  return std::visit([](const auto& each) { return each.width(); }, column);
}

/// Some rows of one column of a table.
struct Stretch {
  const Table& table;
  std::size_t column;
  std::size_t begin, end;
};

/// A cell of one column that training had not seen the like of.
struct SurprisingCell {
  std::size_t row;
  SurpriseKind kind;
};

/// Writes X, whose rows are those of the stretch, from column `first` on. Returns the surprising cells, from the
/// first row on, in rows of the table. Throws Error for text in a column of numbers or dates and for a number that is
/// too large for T once scaled, naming line and column.
template <class T>
std::vector<SurprisingCell> encode_column(const Column& column, const Stretch& at, MatrixView<T> X,
                                          std::size_t first);

/// What is surprising about such a cell: "below 17, the lowest in training", "a category that training has not seen".
std::string surprise_text(const Column& column, SurpriseKind kind);

inline constexpr std::size_t rows_in_block = 256;

/// Calls function(k, stretch) for each of the columns, k counted from 0: rows are gone through in blocks, all the
/// columns of one before the next, so that the text of a block comes into the cache once.
template <class Function>
void in_blocks(const Table& table, std::span<const std::size_t> columns, const Function& function) {
  for (std::size_t begin = 0; begin < table.rows(); begin += rows_in_block)
    for (std::size_t k = 0; k < columns.size(); ++k)
      function(k, Stretch{table, columns[k], begin, std::min(begin + rows_in_block, table.rows())});
}

/// What a category column takes a cell for: missing is the empty text.
inline std::string_view category_of(std::string_view cell) {
  return is_missing(cell) ? std::string_view{} : cell;
}

/// "numeric column 'x'", for messages.
inline std::string numeric_column(const std::string& name) {
  return "numeric column '" + name + "'";
}
/// "people.csv:3: date column 'x': expected a date as 2024-12-31, found 'two'"
Error no_date(const Table& table, std::size_t row, const std::string& name, DateOrder order, std::string_view cell);

}  // namespace neurone
