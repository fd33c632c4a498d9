// What the benchmarks share: the ceiling of this run, random data, and figures in the units of the page.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

#include "bench/peers/ceiling.h"
#include "neurone/core/matrix.h"
#include "neurone/core/random.h"

namespace neurone::bench {

/// FLOP/s that one thread can do at most, measured once, before the first benchmark that asks.
inline double ceiling() {
  static const double flops = peers::measure_ceiling().flops;
  return flops;
}

/// Says how many floating-point operations an iteration is: GFLOP/s, and their share of the ceiling.
inline void count_operations(benchmark::State& state, double operations) {
  const double all = operations * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(all / 1e9, benchmark::Counter::kIsRate);
  state.counters["of_ceiling"] = benchmark::Counter(all / ceiling(), benchmark::Counter::kIsRate);
}

/// Says how many bytes an iteration reads and writes.
inline void count_bytes(benchmark::State& state, double bytes) {
  state.counters["GB/s"] =
      benchmark::Counter(bytes * static_cast<double>(state.iterations()) / 1e9, benchmark::Counter::kIsRate);
}

/// Uniform on [−1, 1).
template <class T> Matrix<T> random_matrix(std::size_t rows, std::size_t columns) {
  Random random(1, {.purpose = Purpose::split});
  Matrix<T> matrix(rows, columns);
  for (T& each : matrix.elements()) each = static_cast<T>(2 * random.uniform() - 1);
  return matrix;
}

}  // namespace neurone::bench
