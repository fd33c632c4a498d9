// Rows of a matrix turned into lanes: column j of as many rows as a vector has lanes. For formulas of a whole row.
#pragma once

#include <span>

#include "neurone/math/lanes.h"
#include "neurone/math/widest_row.h"

namespace neurone::NEURONE_LANES {

template <class T> class RowsInLanes {
 public:
  /// `count` rows of `columns` numbers, `step` apart; lanes without a row repeat the first.
  NEURONE_INLINE void load(const T* from, std::size_t step, std::size_t count, std::size_t columns) {
    for (std::size_t r = 0; r < Lanes<T>::count; ++r) {
      const T* row = from + (r < count ? r : 0) * step;
      for (std::size_t j = 0; j < columns; ++j) turned_[j * Lanes<T>::count + r] = row[j];
    }
    for (std::size_t j = 0; j < columns; ++j) lanes_[j] = Lanes<T>::load(turned_ + j * Lanes<T>::count);
  }
  NEURONE_INLINE void store(T* to, std::size_t step, std::size_t count, std::size_t columns) {
    for (std::size_t j = 0; j < columns; ++j) lanes_[j].store(turned_ + j * Lanes<T>::count);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t j = 0; j < columns; ++j) to[r * step + j] = turned_[j * Lanes<T>::count + r];
  }

  std::span<Lanes<T>> row(std::size_t columns) { return {lanes_, columns}; }

 private:
  alignas(64) T turned_[widest_row_in_lanes * Lanes<T>::count];
  Lanes<T> lanes_[widest_row_in_lanes];
};

/// Calls body(first, count) for groups of rows that fill the lanes; the last may have fewer.
template <class T, class Body> NEURONE_INLINE void for_rows_in_lanes(std::size_t rows, Body body) {
  for (std::size_t first = 0; first < rows; first += Lanes<T>::count)
    body(first, rows - first < Lanes<T>::count ? rows - first : Lanes<T>::count);
}

}  // namespace neurone::NEURONE_LANES
