// Products with both factors rounded to bfloat16 and sums in float: the nest of products.cpp, where each piece of B
// and each tile of A is rounded as it is packed, two neighbours of a sum side by side.
#include <algorithm>
#include <cassert>

#include "neurone/math/bf16_kernels.h"
#include "neurone/math/product.h"
#include "neurone/math/product_kernels.h"

namespace neurone {
namespace {

using Bench = Workbench<float>;
constexpr std::size_t most_pairs = Bench::depth;  // a pair takes the room of a float

// Packed memory holds pairs instead of floats.
Bf16Pair* as_pairs(float* memory) {
  static_assert(sizeof(Bf16Pair) == sizeof(float));
  return reinterpret_cast<Bf16Pair*>(memory);
}

// B's rows k … k + depth − 1, columns j … j + columns − 1 as panels, each pairs × 32. `room` is for 16 rows of A.
void pack_panels(const Product<float>& product, std::size_t k, std::size_t depth, std::size_t j, std::size_t columns,
                 Bf16Pair* to, Bf16Pair* room) {
  const ProductKernels<float>& kernels = NEURONE_KERNELS(products_in_float);
  const std::size_t pairs = (depth + 1) / 2;
  for (std::size_t c = 0; c < columns; c += bf16::panel, to += pairs * bf16::panel) {
    const std::size_t here = std::min(bf16::panel, columns - c);
    if (product.B_order == Order::as_it_is) {
      bf16::pairs_of_rows(product.B_at(k, j + c), product.B_step, depth, here, to, bf16::panel);
      continue;
    }
    // the columns of B lie as rows: their pairs are turned, 16 at a time
    constexpr std::size_t turned = 16;
    for (std::size_t first = 0; first < bf16::panel; first += turned) {
      const std::size_t rows = first < here ? std::min(turned, here - first) : 0;
      for (std::size_t r = 0; r < rows; ++r)
        bf16::pairs_of_row(product.B_at(k, j + c + first + r), depth, room + r * pairs);
      const float* const moved = reinterpret_cast<const float*>(room);  // moved, never computed with
      kernels.transpose(moved, pairs, rows, pairs, reinterpret_cast<float*>(to) + first, bf16::panel);
      for (std::size_t i = 0; i < pairs && rows < turned; ++i)
        std::fill_n(to + i * bf16::panel + first + rows, turned - rows, Bf16Pair(0));
    }
  }
}

}  // namespace

void multiply_in_bf16(const Product<float>& product, Workbench<float>& workbench, std::size_t member, Finish finish) {
  static_assert(Bench::most_rows >= bf16::most_rows && Bench::most_rows >= 16);
  const bool by_rows = product.A_order == Order::as_it_is;
  const std::size_t tiles = (product.rows + bf16::most_rows - 1) / bf16::most_rows;
  const std::size_t tile_rows = tiles == 0 ? 0 : (product.rows + tiles - 1) / tiles;
  Bf16Pair* const A = as_pairs(workbench.A_of(member));
  Bf16Pair* const B = as_pairs(workbench.B_of(member));
  for (std::size_t j = 0; j < product.columns; j += Bench::columns) {
    const std::size_t columns = std::min(Bench::columns, product.columns - j);
    std::size_t k = 0;
    do {
      const std::size_t depth = std::min(2 * most_pairs, product.depth - k);
      const bool first = k == 0, last = k + depth == product.depth;
      pack_panels(product, k, depth, j, columns, B, A);
      for (std::size_t i = 0; i < product.rows; i += tile_rows) {
        if (member == 0) workbench.look_ahead().some(Bench::lines_a_tile);
        Bf16Block block{.rows = std::min(tile_rows, product.rows - i), .pairs = (depth + 1) / 2, .A = A};
        if (by_rows) {
          for (std::size_t r = 0; r < block.rows; ++r)
            bf16::pairs_of_row(product.A_at(i + r, k), depth, A + r * Bench::A_step);
          block.row_step = Bench::A_step;
        } else {
          constexpr std::size_t width = Bench::most_rows;
          bf16::pairs_of_rows(product.A_at(i, k), product.A_step, depth, block.rows, A, width);
          block.row_step = 1;
          block.pair_step = width;
        }
        block.C_step = product.C_step;
        block.start_step = first ? 0 : product.C_step;
        for (std::size_t c = 0; c < columns; c += bf16::panel) {
          block.columns = std::min(bf16::panel, columns - c);
          block.B = B + c * block.pairs;
          block.C = product.C + i * product.C_step + j + c;
          block.start = !first ? block.C : product.start == nullptr ? nullptr : product.start + j + c;
          bf16::sum_block(block);
        }
        if (last && finish)
          finish({.row = product.place.row + i,
                  .rows = block.rows,
                  .column = product.place.column + j,
                  .columns = columns});
      }
      k += depth;
    } while (k < product.depth);
  }
}

}  // namespace neurone
