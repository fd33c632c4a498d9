// A product as its factors lie in memory, and the part of it that belongs to a block of its result.
// Who computes it is left to products.cpp and bf16_products.cpp.
#pragma once

#include <cstddef>

#include "neurone/math/products.h"

namespace neurone {

enum class Order { as_it_is, transposed };

// C = S + A B, rows × columns over depth. S is one row for all, or zero.
template <class T> struct Product {
  std::size_t rows, columns, depth;
  const T* A;  // as_it_is: rows × depth; transposed: depth × rows
  Order A_order;
  std::size_t A_step;  // between the rows of what lies in memory
  const T* B;          // as_it_is: depth × columns; transposed: columns × depth
  Order B_order;
  std::size_t B_step;
  const T* start;
  T* C;
  std::size_t C_step;
  Block place{};  // of C in the whole result

  const T* A_at(std::size_t i, std::size_t k) const {
    return A_order == Order::as_it_is ? A + i * A_step + k : A + k * A_step + i;
  }
  const T* B_at(std::size_t k, std::size_t j) const {
    return B_order == Order::as_it_is ? B + k * B_step + j : B + j * B_step + k;
  }
};

// The product whose result is a block of the given one's.
template <class T> Product<T> part_of(const Product<T>& product, const Block& block) {
  Product<T> part = product;
  part.rows = block.rows;
  part.columns = block.columns;
  part.A = product.A_at(block.row, 0);
  part.B = product.B_at(0, block.column);
  if (product.start != nullptr) part.start += block.column;
  part.C += block.row * product.C_step + block.column;
  part.place = {.row = product.place.row + block.row,
                .rows = block.rows,
                .column = product.place.column + block.column,
                .columns = block.columns};
  return part;
}

/// The least multiple of the unit that is not below n.
constexpr std::size_t rounded_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

/// By one member, with both factors rounded to bfloat16.
void multiply_in_bf16(const Product<float>& product, Workbench<float>& workbench, std::size_t member, Finish finish);

}  // namespace neurone
