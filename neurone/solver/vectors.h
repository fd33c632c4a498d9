// What the methods do with vectors of θ's length, in double. All sums go from the first element to the last.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace neurone {

inline double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

inline double norm(std::span<const double> a) {
  return std::sqrt(dot(a, a));
}

/// The largest magnitude.
inline double largest(std::span<const double> a) {
  double most = 0;
  for (const double each : a) most = std::max(most, std::abs(each));
  return most;
}

/// Does a step lead far from θ, where one that ends at a minimum would not?
inline bool leads_far(std::span<const double> step, std::span<const double> theta) {
  return largest(step) > 1e-3 * (1 + largest(theta));
}

/// y = y + factor · x
inline void add(double factor, std::span<const double> x, std::span<double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += factor * x[i];
}

inline std::vector<double> negated(std::span<const double> a) {
  std::vector<double> result(a.begin(), a.end());
  for (double& each : result) each = -each;
  return result;
}

}  // namespace neurone
