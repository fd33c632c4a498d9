#include "bench/peers/ceiling.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace peers {
namespace {

constexpr int chains = 12;  // independent sums: more than latency × units, fewer than registers
constexpr int steps = 100'000;

// Each chain multiplies by 1 and adds 0, over and over. They start differently and end in a sum, so that the compiler
// can neither merge them nor leave them out.
using Loop = float (*)(float one, float zero);

float plain_loop(float one, float zero) {
  float a[4 * chains];  // the compiler makes vectors of four of them
  for (int c = 0; c < 4 * chains; ++c) a[c] = one * static_cast<float>(c);
  for (int i = 0; i < steps; ++i)
    for (float& each : a) each = each * one + zero;
  return std::accumulate(a, a + 4 * chains, 0.0F);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) float avx2_loop(float one, float zero) {
  const __m256 x = _mm256_set1_ps(one), y = _mm256_set1_ps(zero);
  __m256 a[chains];
  for (int c = 0; c < chains; ++c) a[c] = _mm256_set1_ps(one * static_cast<float>(c));
  for (int i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) a[c] = _mm256_fmadd_ps(a[c], x, y);
  }
  for (int c = 1; c < chains; ++c) a[0] = _mm256_add_ps(a[0], a[c]);
  return _mm256_cvtss_f32(a[0]);
}

__attribute__((target("avx512f"))) float avx512_loop(float one, float zero) {
  const __m512 x = _mm512_set1_ps(one), y = _mm512_set1_ps(zero);
  __m512 a[chains];
  for (int c = 0; c < chains; ++c) a[c] = _mm512_set1_ps(one * static_cast<float>(c));
  for (int i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) a[c] = _mm512_fmadd_ps(a[c], x, y);
  }
  for (int c = 1; c < chains; ++c) a[0] = _mm512_add_ps(a[0], a[c]);
  return _mm512_cvtss_f32(a[0]);
}
#endif

struct Choice {
  const char* instructions;
  Loop loop;
  int lanes;
};

std::vector<Choice> choices() {
  std::vector<Choice> result{{"no fused multiply-add", plain_loop, 4}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) result.push_back({"AVX2", avx2_loop, 8});
  if (__builtin_cpu_supports("avx512f")) result.push_back({"AVX-512", avx512_loop, 16});
#endif
  return result;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The best of a tenth of a second.
double flops(const Choice& choice) {
  volatile float one = 1, zero = 0, sink = 0;
  double best = 0;
  for (const auto begin = Clock::now(); seconds_since(begin) < 0.1;) {
    const auto start = Clock::now();
    sink = choice.loop(one, zero);
    best = std::max(best, 2.0 * steps * chains * choice.lanes / seconds_since(start));
  }
  static_cast<void>(sink);
  return best;
}

}  // namespace

Ceiling measure_ceiling() {
  Ceiling ceiling{.instructions = "", .flops = 0};
  for (const Choice& choice : choices()) {
    const double now = flops(choice);
    if (now > ceiling.flops) ceiling = {.instructions = choice.instructions, .flops = now};
  }
  return ceiling;
}

}  // namespace peers
