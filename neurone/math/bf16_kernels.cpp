// The kernels of bf16_kernels.h by the instruction vdpbf16ps, which no portable layer offers. The functions carry
// their instruction set with them, so that the file is compiled for everyone.
#include "neurone/math/bf16_kernels.h"

#ifdef __x86_64__
#include <immintrin.h>

#include <utility>

#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // g++ 12 finds its own _mm512_undefined_epi32() undefined
#endif

#define NEURONE_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

namespace neurone::bf16 {
namespace {

constexpr std::size_t lanes = 16;

NEURONE_BF16 inline __mmask16 first(std::size_t n) {
  return n >= lanes ? static_cast<__mmask16>(0xffff) : static_cast<__mmask16>((1U << n) - 1);
}

NEURONE_BF16 inline __m512 start_of(const Bf16Block& block, std::size_t i, std::size_t j) {
  if (block.start == nullptr || j >= block.columns) return _mm512_setzero_ps();
  return _mm512_maskz_loadu_ps(first(block.columns - j), block.start + i * block.start_step + j);
}

// Rows × 32 sums in registers, as in products.lanes.cpp.
template <std::size_t Rows, bool by_rows> NEURONE_BF16 void sum(const Bf16Block& block) {
  __m512 low[Rows], high[Rows];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < Rows; ++i) {
    low[i] = start_of(block, i, 0);
    high[i] = start_of(block, i, lanes);
  }
  constexpr std::size_t groups = (Rows + 2) / 3;
  const Bf16Pair* A[groups];
#pragma GCC unroll 16
  for (std::size_t g = 0; g < groups; ++g) A[g] = block.A + 3 * g * block.row_step;
  const Bf16Pair* B = block.B;
  const std::size_t row_step = block.row_step, pair_step = block.pair_step;
  for (std::size_t k = 0; k < block.pairs; ++k, B += panel) {
    const auto b_low = reinterpret_cast<__m512bh>(_mm512_loadu_si512(B));
    const auto b_high = reinterpret_cast<__m512bh>(_mm512_loadu_si512(B + lanes));
#pragma GCC unroll 16
    for (std::size_t i = 0; i < Rows; ++i) {
      const Bf16Pair pair = by_rows ? A[i / 3][(i % 3) * row_step + k] : A[0][i];
      const auto a = reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(pair)));
      low[i] = _mm512_dpbf16_ps(low[i], a, b_low);
      high[i] = _mm512_dpbf16_ps(high[i], a, b_high);
    }
    if constexpr (!by_rows) A[0] += pair_step;
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < Rows; ++i) {
    float* const row = block.C + i * block.C_step;
    _mm512_mask_storeu_ps(row, first(block.columns), low[i]);
    if (block.columns > lanes) _mm512_mask_storeu_ps(row + lanes, first(block.columns - lanes), high[i]);
  }
}

template <bool by_rows> void with_rows(const Bf16Block& block) {
  static constexpr auto sums = []<std::size_t... R>(std::index_sequence<R...>) {
    struct {
      void (*of_rows[most_rows])(const Bf16Block&);
    } all{{sum<R + 1, by_rows>...}};
    return all;
  }(std::make_index_sequence<most_rows>());
  sums.of_rows[block.rows - 1](block);
}

}  // namespace

bool usable() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

void sum_block(const Bf16Block& block) {
  block.pair_step == 1 && block.row_step != 1 ? with_rows<true>(block) : with_rows<false>(block);
}

NEURONE_BF16 void pairs_of_row(const float* from, std::size_t n, Bf16Pair* to) {
  for (std::size_t j = 0; j < n; j += 2 * lanes) {
    const std::size_t left = n - j;
    const __m512 low = _mm512_maskz_loadu_ps(first(left), from + j);
    const __m512 high =
        left > lanes ? _mm512_maskz_loadu_ps(first(left - lanes), from + j + lanes) : _mm512_setzero_ps();
    _mm512_mask_storeu_epi32(to + j / 2, first((left + 1) / 2),
                             reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
  }
}

NEURONE_BF16 void pairs_of_rows(const float* from, std::size_t from_step, std::size_t rows, std::size_t columns,
                                Bf16Pair* to, std::size_t width) {
  for (std::size_t i = 0; i < rows; i += 2, to += width) {
    const float* const even = from + i * from_step;
    for (std::size_t j = 0; j < width; j += lanes) {
      const __mmask16 mask = first(j < columns ? columns - j : 0);
      const __m512 a = _mm512_maskz_loadu_ps(mask, even + j);
      const __m512 b = i + 1 < rows ? _mm512_maskz_loadu_ps(mask, even + from_step + j) : _mm512_setzero_ps();
      const __m512i low = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(a)));
      const __m512i high = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(b)));
      _mm512_storeu_si512(to + j, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
    }
  }
}

}  // namespace neurone::bf16

#else

#include <cassert>

namespace neurone::bf16 {

bool usable() {
  return false;
}
void sum_block(const Bf16Block&) {
  assert(false);
}
void pairs_of_row(const float*, std::size_t, Bf16Pair*) {
  assert(false);
}
void pairs_of_rows(const float*, std::size_t, std::size_t, std::size_t, Bf16Pair*, std::size_t) {
  assert(false);
}

}  // namespace neurone::bf16

#endif
