// The block kernel with factors in bfloat16: two steps of the depth at once, sums in float.
// Which blocks a product is cut into is left to bf16_products.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace neurone {

/// Two neighbours of a sum in bfloat16, a float without its lower 16 bits: the first in the lower half.
using Bf16Pair = std::uint32_t;

/// A block of C = S + A B as in ProductBlock, the depth counted in pairs. B is a panel of 32 columns.
struct Bf16Block {
  std::size_t rows = 0, columns = 0, pairs = 0;
  const Bf16Pair* A = nullptr;  ///< element (i, k) at A[i · row_step + k · pair_step]; one of the steps is 1
  std::size_t row_step = 0, pair_step = 1;
  const Bf16Pair* B = nullptr;
  const float* start = nullptr;  ///< none: zero
  std::size_t start_step = 0;    ///< between its rows; 0: one row for all
  float* C = nullptr;
  std::size_t C_step = 0;
};

namespace bf16 {

inline constexpr std::size_t most_rows = 14, panel = 32;

/// Does this processor multiply in bfloat16 (AVX512_BF16: AMD from Zen 4, Intel from Cooper Lake)?
bool usable();

// To be called only where usable() says yes.
void sum_block(const Bf16Block& block);
/// to[k] = the pair from[2k], from[2k + 1], rounded to nearest; a zero stands for what lies behind n.
void pairs_of_row(const float* from, std::size_t n, Bf16Pair* to);
/// to[k · width + j] = the pair of rows 2k and 2k + 1 at column j < columns, zero up to the width, a multiple of 16.
void pairs_of_rows(const float* from, std::size_t from_step, std::size_t rows, std::size_t columns, Bf16Pair* to,
                   std::size_t width);

}  // namespace bf16
}  // namespace neurone
