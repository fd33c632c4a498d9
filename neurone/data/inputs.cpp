#include "neurone/data/inputs.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace neurone {

template <class T>
Inputs<T>::Inputs(Matrix<T> numbers)
    : segments_{{.first = 0, .width = numbers.columns(), .packed = 0, .is_block = false}},
      columns_(numbers.columns()),
      packed_(std::move(numbers)) {}

template <class T>
Inputs<T>::Inputs(std::size_t rows, std::size_t columns, std::vector<OneHotBlock> blocks)
    : blocks_(std::move(blocks)), columns_(columns) {
  std::size_t column = 0, packed = 0;
  const auto add_numbers_before = [&](std::size_t end) {
    assert(column <= end);
    if (column == end) return;
    segments_.push_back({.first = column, .width = end - column, .packed = packed, .is_block = false});
    packed += end - column;
    column = end;
  };
  for (const auto& [first, width] : blocks_) {
    assert(width >= 2 && width <= widest_block);
    add_numbers_before(first);
    segments_.push_back({.first = first, .width = width, .packed = packed++, .is_block = true});
    column += width;
  }
  add_numbers_before(columns);
  packed_ = Matrix<T>(rows, packed);
  for (std::size_t i = 0; i < rows; ++i)
    for (const Segment& each : segments_)
      if (each.is_block) packed_(i, each.packed) = T(-1);
}

template <class T> T Inputs<T>::operator()(std::size_t row, std::size_t column) const {
  const auto at =
      std::ranges::find_if(segments_, [&](const Segment& each) { return column < each.first + each.width; });
  assert(at != segments_.end());
  const std::size_t offset = column - at->first;
  if (!at->is_block) return packed_(row, at->packed + offset);
  return packed_(row, at->packed) == static_cast<T>(offset) ? T(1) : T(0);
}

template <class T> void Inputs<T>::unpack(std::size_t row, std::span<T> x) const {
  assert(x.size() == columns_);
  const T* const packed = packed_[row].data();
  for (const auto& [first, width, at, is_block] : segments_) {
    T* const to = x.data() + first;
    if (!is_block) {
      std::copy_n(packed + at, width, to);
      continue;
    }
    std::fill_n(to, width, T(0));
    if (packed[at] >= 0) to[static_cast<std::size_t>(packed[at])] = T(1);
  }
}

template <class T> ConstMatrixView<T> Inputs<T>::rows(std::size_t first, std::size_t count, Matrix<T>& room) const {
  if (blocks_.empty()) return packed_.view().rows(first, count);
  if (room.rows() < count || room.columns() != columns_) room = Matrix<T>(count, columns_);
  for (std::size_t i = 0; i < count; ++i) unpack(first + i, room[i]);
  return room.view().rows(0, count);
}

template <class T> void Inputs<T>::pack(std::size_t first, ConstMatrixView<T> X) {
  assert(X.columns() == columns_);
  for (std::size_t i = 0; i < X.rows(); ++i) {
    const std::span<T> packed = packed_[first + i];
    for (const Segment& each : segments_) {
      const std::span<const T> x = X[i].subspan(each.first, each.width);
      if (!each.is_block) {
        std::ranges::copy(x, packed.begin() + static_cast<std::ptrdiff_t>(each.packed));
        continue;
      }
      assert(std::ranges::all_of(x, [](T value) { return value == 0 || value == 1; }));
      assert(std::ranges::count(x, T(1)) <= 1);
      const auto one = std::ranges::find(x, T(1));
      packed[each.packed] = one == x.end() ? T(-1) : static_cast<T>(one - x.begin());
    }
  }
}

template <class T> Inputs<T> Inputs<T>::select(std::span<const std::uint32_t> rows) const {
  Inputs chosen;
  chosen.segments_ = segments_;
  chosen.blocks_ = blocks_;
  chosen.columns_ = columns_;
  chosen.packed_ = Matrix<T>(rows.size(), packed_.columns());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(packed_[rows[i]], chosen.packed_[i].begin());
  return chosen;
}

template <class T> Inputs<T> Inputs<T>::with_columns(std::span<const std::size_t> columns) const {
  assert(std::ranges::is_sorted(columns));
  std::vector<OneHotBlock> blocks;
  std::vector<std::size_t> kept;  // of the packed columns
  for (const auto& [first, width, at, is_block] : segments_) {
    const auto from = std::ranges::lower_bound(columns, first);
    const auto count = static_cast<std::size_t>(std::ranges::lower_bound(columns, first + width) - from);
    assert(!is_block || count == 0 || count == width);
    if (is_block && count > 0) {
      blocks.push_back({.first = static_cast<std::size_t>(from - columns.begin()), .width = width});
      kept.push_back(at);
    }
    for (std::size_t k = 0; k < count && !is_block; ++k)
      kept.push_back(at + *(from + static_cast<std::ptrdiff_t>(k)) - first);
  }
  Inputs chosen(rows(), columns.size(), std::move(blocks));
  for (std::size_t i = 0; i < rows(); ++i)
    for (std::size_t j = 0; j < kept.size(); ++j) chosen.packed_(i, j) = packed_(i, kept[j]);
  return chosen;
}

template class Inputs<float>;
template class Inputs<double>;

}  // namespace neurone
