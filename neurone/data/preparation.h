// How the columns of a table, or the pixels of an image, become the numbers that a network sees. Learnt from the
// training rows alone, and kept with the model, so that prediction does the same.
// The target is in target.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/core/matrix.h"
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
/// median, and 1 in an indicator column if training had missing values.
struct NumericColumn {
  static constexpr std::string_view kind = "numeric";
  std::string name;
  double median = 0;
  double center = 0;
  double spread = 1;
  double clip = 0;  ///< 0: none
  bool has_indicator = false;

  std::size_t width() const { return has_indicator ? 2 : 1; }
};

/// One-hot: a 1 at the place of the value. Missing is a value of its own, the empty text, where training had it; a
/// value that training has not seen is all zeros.
struct CategoryColumn {
  static constexpr std::string_view kind = "category";
  std::string name;
  std::vector<std::string> values;  ///< sorted

  std::size_t width() const { return values.size(); }
};

using Column = std::variant<NumericColumn, CategoryColumn>;

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
  /// Throws UsageError for a column that is not there, Error for text in a numeric column and for a number that is
  /// too large for T once standardised, naming line and column.
  template <class T> Surprises encode(const Table& table, MatrixView<T> X) const;
};

/// Which columns are what, where the values alone would say otherwise, and how numbers are scaled.
struct ColumnChoices {
  std::vector<std::string> ignore;    ///< left out, the target among them
  std::vector<std::string> category;  ///< categories although they are numbers
  Scaling scaling = Scaling::standard;
};

struct FittedTable {
  TablePreparation preparation;
  std::vector<std::string> notices;  ///< what was left out and why, a sentence each
};

/// Learns from the training rows. A column is numeric when most of its values are numbers (text among them is an
/// Error), else a category; a column without values, of almost as many categories as rows, or of more than 1,000
/// categories (each is an input) is left out, unless it is chosen as a category.
/// Throws UsageError for a chosen column that is not there, Error when no column is left, and for names and
/// categories that are not UTF-8.
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
