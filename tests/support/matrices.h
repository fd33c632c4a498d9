// What the tests of formulas share: matrices of random numbers, and outputs poisoned with NaN before a call, so that
// an element which nobody writes shows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "neurone/core/matrix.h"
#include "neurone/core/random.h"

namespace neurone {

/// A stream of random numbers for a test: the same in every run.
inline Random numbers_of_test(std::uint64_t seed) {
  return {seed, {.purpose = Purpose::split}};
}

template <class T> void poison(std::span<T> elements) {
  std::ranges::fill(elements, std::numeric_limits<T>::quiet_NaN());
}

template <class T> Matrix<T> poisoned(std::size_t rows, std::size_t columns) {
  Matrix<T> matrix(rows, columns);
  poison(matrix.elements());
  return matrix;
}

/// Overwrites with numbers uniform on [low, high).
template <class T> void fill_uniform(Random& random, double low, double high, std::span<T> elements) {
  for (T& each : elements) each = static_cast<T>(low + (high - low) * random.uniform());
}

/// Uniform on [−1, 1).
template <class T> Matrix<T> random_matrix(std::size_t rows, std::size_t columns, Random& random) {
  Matrix<T> matrix(rows, columns);
  fill_uniform(random, -1, 1, matrix.elements());
  return matrix;
}

template <class T> bool all_finite(std::span<const T> elements) {
  return std::ranges::all_of(elements, [](T each) { return std::isfinite(each); });
}

/// |found − expected| ≤ tolerance · max(|expected|, floor); false for NaN.
inline bool near(double found, double expected, double tolerance, double floor = 1) {
  return std::abs(found - expected) <= tolerance * std::max(std::abs(expected), floor);
}

}  // namespace neurone
