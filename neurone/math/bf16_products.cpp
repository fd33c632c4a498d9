// Products with both factors rounded to bfloat16 and sums in float: each piece of B and each tile of A is rounded as
// it is packed, two neighbours of a sum side by side.
#include <algorithm>

#include "neurone/math/bf16_kernels.h"
#include "neurone/math/pieces.h"
#include "neurone/math/product.h"
#include "neurone/math/product_kernels.h"

namespace neurone {
namespace {

using Bench = Workbench<float>;

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

// Factors as pairs of bfloat16, for multiply_by_pieces.
class Bf16Format {
 public:
  Bf16Format(const Product<float>& product, Bench& workbench, std::size_t member)
      : product_(product), A_(as_pairs(workbench.A_of(member))), B_(as_pairs(workbench.B_of(member))) {}

  static std::size_t most_rows() { return bf16::most_rows; }
  static std::size_t most_depth() { return 2 * Bench::depth; }  // a pair takes the room of a float
  static std::size_t width(std::size_t) { return bf16::panel; }

  void take_piece(std::size_t k, std::size_t depth, std::size_t j, std::size_t columns) {
    pack_panels(product_, k, depth, j, columns, B_, A_);
  }

  void take_tile(std::size_t i, std::size_t rows, std::size_t k, std::size_t depth) {
    static_assert(Bench::most_rows >= bf16::most_rows && Bench::most_rows % 16 == 0);
    block_ = {.rows = rows, .pairs = (depth + 1) / 2, .A = A_};
    if (product_.A_order == Order::as_it_is) {
      for (std::size_t r = 0; r < rows; ++r)
        bf16::pairs_of_row(product_.A_at(i + r, k), depth, A_ + r * Bench::A_step);
      block_.row_step = Bench::A_step;
    } else {
      constexpr std::size_t width = Bench::most_rows;
      // a row in memory is a step of the depth  NOLINTNEXTLINE(readability-suspicious-call-argument)
      bf16::pairs_of_rows(product_.A_at(i, k), product_.A_step, depth, rows, A_, width);
      block_.row_step = 1;
      block_.pair_step = width;
    }
  }

  void sum(std::size_t column, const BlockOfC<float>& C) {
    block_.columns = C.columns;
    block_.B = B_ + column * block_.pairs;
    block_.start = C.start;
    block_.start_step = C.start_step;
    block_.C = C.C;
    block_.C_step = product_.C_step;
    bf16::sum_block(block_);
  }

 private:
  const Product<float>& product_;
  Bf16Pair* A_;
  Bf16Pair* B_;
  Bf16Block block_{};
};

}  // namespace

void multiply_in_bf16(const Product<float>& product, Workbench<float>& workbench, std::size_t member, Finish finish) {
  Bf16Format format(product, workbench, member);
  multiply_by_pieces(product, workbench.look_ahead_of(member), finish, format);
}

}  // namespace neurone
