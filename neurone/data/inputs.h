// The inputs of many samples, kept small: where in a block of columns one is 1 and the others are 0, as of a
// category, only the place of the 1 is kept. A batch of them is unpacked when it is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

/// Neighbouring columns, at least two, of which in every row one is 1, or none, and the others are 0.
struct OneHotBlock {
  std::size_t first;
  std::size_t width;

  bool operator==(const OneHotBlock&) const = default;
};

template <class T> class Inputs {
 public:
  /// A block of more columns could not have its places told apart by a number of type T.
  static constexpr std::size_t widest_block = std::size_t{1} << std::numeric_limits<T>::digits;

  Inputs() = default;
  /// All columns as they are.
  Inputs(Matrix<T> numbers);
  /// Zeros. The blocks in their order, none touching another's columns.
  Inputs(std::size_t rows, std::size_t columns, std::vector<OneHotBlock> blocks);

  std::size_t rows() const { return packed_.rows(); }
  std::size_t columns() const { return columns_; }
  const std::vector<OneHotBlock>& blocks() const { return blocks_; }
  /// What is kept of each row, in the order of its columns: numbers as they are, of a block the place of its 1,
  /// counted from 0, or −1.
  const Matrix<T>& packed() const { return packed_; }

  T operator()(std::size_t row, std::size_t column) const;
  /// Row `row`, overwritten: x has columns() elements.
  void unpack(std::size_t row, std::span<T> x) const;
  /// Rows first … first + count − 1, where they lie if there are no blocks; else in `room`, which is made larger when
  /// it is too small.
  ConstMatrixView<T> rows(std::size_t first, std::size_t count, Matrix<T>& room) const;
  /// Overwrites the rows from `first` on; in X the blocks are what they are called.
  void pack(std::size_t first, ConstMatrixView<T> X);

  /// These rows, in this order.
  Inputs select(std::span<const std::uint32_t> rows) const;
  /// These columns, rising; of a block all columns or none.
  Inputs with_columns(std::span<const std::size_t> columns) const;

 private:
  // Neighbouring numbers, or a block.
  struct Segment {
    std::size_t first, width;  // in the columns
    std::size_t packed;        // where it begins in a packed row
    bool is_block;
  };

  std::vector<Segment> segments_;
  std::vector<OneHotBlock> blocks_;
  std::size_t columns_ = 0;
  Matrix<T> packed_;
};

}  // namespace neurone
