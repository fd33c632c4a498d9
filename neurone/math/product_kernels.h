// The one kernel behind all products of a dense layer: a small block of C = S + A B, held in registers while it sums.
// Which blocks a product is cut into is left to products.cpp.
#pragma once

#include <cstddef>

#include "neurone/core/instruction_set.h"

namespace neurone {

/// A block of C, rows × columns: C = S + A B, every element summed over the depth in order, one multiply-add each, so
/// that neither the block it lies in nor the width of a register changes its bits.
template <class T> struct ProductBlock {
  std::size_t rows = 0, columns = 0, depth = 0;
  const T* A = nullptr;  ///< element (i, k) at A[i · row_step + k · depth_step]; one of the steps is 1
  std::size_t row_step = 0, depth_step = 1;
  const T* B = nullptr;  ///< element (k, j) at B[k · B_step + j]; whole vectors of `columns` are read
  std::size_t B_step = 0;
  const T* start = nullptr;    ///< S; none: zero
  std::size_t start_step = 0;  ///< between its rows; 0: one row for all, the bias
  T* C = nullptr;
  std::size_t C_step = 0;
};

template <class T> struct ProductKernels {
  std::size_t rows;     ///< the most of a block
  std::size_t columns;  ///< the most of a block, a whole number of vectors
  std::size_t wide;     ///< the most columns of a block of a single row
  std::size_t vector;   ///< numbers in a vector
  /// One block. B must be readable up to the next whole vector.
  void (*block)(const ProductBlock<T>& block);
  /// A block of one row and up to `wide` columns; nothing is read behind the columns.
  void (*row)(const ProductBlock<T>& block);
  /// Σ a_i b_i in 16 interleaved parts, added pairwise at the end.
  T (*dot)(const T* a, const T* b, std::size_t n);
  /// sums[j] = Σ_i M[i · columns + j], each in order.
  void (*column_sums)(const T* M, std::size_t rows, std::size_t columns, T* sums);
  /// to[i · width + j] = from[i · from_step + j] for i < rows, j < columns; zeros up to the width, which is a whole
  /// number of vectors.
  void (*panel)(const T* from, std::size_t from_step, std::size_t rows, std::size_t columns, T* to,
                std::size_t width);
  /// to[k · to_step + j] = from[j · from_step + k] for j < rows, k < columns.
  void (*transpose)(const T* from, std::size_t from_step, std::size_t rows, std::size_t columns, T* to,
                    std::size_t to_step);
};

NEURONE_DECLARE_KERNELS(ProductKernels<float>, products_in_float)
NEURONE_DECLARE_KERNELS(ProductKernels<double>, products_in_double)

}  // namespace neurone
