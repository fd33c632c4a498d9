// How the columns of a table, or the pixels of an image, become the numbers that a network sees. Learnt from the
// training rows alone, and kept with the model, so that prediction does the same.
// The target is in target.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/data/cells.h"
#include "neurone/data/dates.h"
#include "neurone/data/idx.h"
#include "neurone/data/table.h"

namespace neurone {

/// How the numbers of a column are brought to one size.
///   standard  center and spread are mean and standard deviation
///   robust    center and spread are median and interquartile range, or half the range where that is 0, so that a few
///             values far away do not squeeze the others together; these are bent to stay within ± 3
///             (Holzmüller, Grinsztajn and Steinwart 2024, "Better by default", section 3)
enum class Scaling { standard, robust };
std::string_view scaling_name(Scaling scaling);
/// Throws UsageError for another name.
Scaling parse_scaling(std::string_view name);

/// z = (value − center) / spread, bent to z / √(1 + (z/clip)²) where there is a clip; a missing value is the training
/// median.
struct Scale {
  double median = 0;
  double center = 0;
  double spread = 1;
  double clip = 0;  ///< 0: none

  double operator()(double value) const;
};

/// The scaled number; 1 in an indicator column for a missing one if training had missing values; and for each bin,
/// from one knot to the next, how far the number has come in it, from 0 to 1 (the piecewise-linear encoding of
/// Gorishniy, Rubachev and Babenko 2022, section 3.2), so that a network need not find the borders that matter.
struct NumericColumn {
  static constexpr std::string_view kind = "numeric";
  std::string name;
  Scale scale{};
  Notation notation = Notation::point;
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

  std::size_t width() const { return 5U + (has_time ? 2 : 0) + (has_indicator ? 1 : 0); }
};

/// One-hot: a 1 at the place of the value. Missing is a value of its own, the empty text, where training had it; a
/// value that training has not seen is all zeros.
struct CategoryColumn {
  static constexpr std::string_view kind = "category";
  std::string name;
  std::vector<std::string> values;  ///< sorted

  std::size_t width() const { return values.size(); }
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

/// What encoding met that training had not seen.
struct Surprises {
  std::size_t unknown_categories = 0;  ///< cells
};

/// A table to numbers, column after column.
struct TablePreparation {
  std::vector<Column> columns;

  std::size_t width() const;

  /// X, rows × width(), overwritten. Columns are found by name; others in the table are not looked at.
  /// Throws UsageError for a column that is not there, Error for text in a column of numbers or dates and for a
  /// number that is too large for T once standardised, naming line and column.
  template <class T> Surprises encode(const Table& table, MatrixView<T> X) const;
};

/// Which columns are what, where the values alone would say otherwise, and how numbers are scaled.
struct ColumnChoices {
  std::vector<std::string> ignore{};    ///< left out, the target among them
  std::vector<std::string> category{};  ///< categories although they are numbers or dates
  std::vector<std::string> numeric{};   ///< numbers although they look like identifiers
  std::optional<std::size_t> bins{};    ///< of the piecewise-linear encoding of a number, at most; none if not said
  std::optional<Scaling> scaling{};     ///< standard if not said
};

struct FittedTable {
  TablePreparation preparation;
  std::vector<std::string> notices;  ///< what was left out and why, a sentence each
};

/// Learns from the training rows. A column is numeric when most of its values are numbers in some notation, a date
/// when most are dates in some order (other text among them is an Error), else a category. Left out, with a notice,
/// are columns without values or with one value only, whole numbers that are all different in a column called like an
/// identifier, and texts that are almost as many as rows, or more than 1,000 (each is an input), unless a choice says
/// otherwise. Throws UsageError for a chosen column that is not there, Error when no column is left, for numbers of
/// which nobody can say whether a comma is their decimal sign, and for names and categories that are not UTF-8.
FittedTable fit_table(const Table& table, const ColumnChoices& choices);

/// (pixel/255 − mean) / deviation, one mean and deviation for all pixels.
struct ImagePreparation {
  std::size_t height = 0;
  std::size_t width_in_pixels = 0;
  double mean = 0;
  double deviation = 1;

  std::size_t width() const { return height * width_in_pixels; }

  /// X, images × width(), overwritten. Throws Error for images of another size.
  template <class T> void encode(const Images& images, MatrixView<T> X) const;
};

ImagePreparation fit_images(const Images& images);

/// The images of these numbers, in this order.
Images select(const Images& images, std::span<const std::uint32_t> numbers);

}  // namespace neurone
