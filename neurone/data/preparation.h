// A table to the numbers that a network sees, column after column. Kept with the model, so that prediction does the
// same as training. How it is learnt is in column_fitting.h; images have their own in image_preparation.h.
#pragma once

#include <cstddef>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/data/columns.h"
#include "neurone/data/inputs.h"
#include "neurone/data/surprises.h"
#include "neurone/data/table.h"

namespace neurone {

/// A table to numbers, column after column.
struct TablePreparation {
  std::vector<Column> columns;
  TableFormat format{};  ///< what was said of how the table is written: others are read the same way

  std::size_t width() const;
  /// Numbers that packed inputs keep of a row (inputs.h).
  template <class T> std::size_t packed_width() const;

  /// X, rows × width(), overwritten. Columns are found by name; others in the table are not looked at.
  /// Throws UsageError for a column that is not there, Error for text in a column of numbers or dates and for a
  /// number that is too large for T once standardised, naming line and column.
  template <class T> Surprises encode(const Table& table, MatrixView<T> X) const;
  /// The same, categories packed. What is surprising is not told.
  template <class T> Inputs<T> encode(const Table& table) const;

 private:
  template <class T> std::vector<OneHotBlock> one_hot_blocks() const;
};

}  // namespace neurone
