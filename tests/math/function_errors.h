// How far the functions over lanes are from the C library's in the next wider precision, in units in the last place.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "neurone/math/function_kernels.h"

namespace neurone {

inline const FunctionKernels<float>& lane_functions(float) {
  return NEURONE_KERNELS(functions_in_float);
}
inline const FunctionKernels<double>& lane_functions(double) {
  return NEURONE_KERNELS(functions_in_double);
}

/// A function over lanes and what it should be; the C library's long double is right to 64 bits, its double to 53.
template <class T, class Wide> struct Compared {
  std::string_view name;
  typename FunctionKernels<T>::Function fast;
  Wide (*exact)(Wide);
};

template <class T, class Wide> std::vector<Compared<T, Wide>> compared_functions() {
  const FunctionKernels<T>& fast = lane_functions(T());
  return {{"exp", fast.exp, [](Wide x) { return std::exp(x); }},
          {"expm1", fast.expm1, [](Wide x) { return std::expm1(x); }},
          {"log", fast.log, [](Wide x) { return std::log(x); }},
          {"log1p", fast.log1p, [](Wide x) { return std::log1p(x); }},
          {"tanh", fast.tanh, [](Wide x) { return std::tanh(x); }}};
}

/// |found − exact| in units of the last place that T has at `exact`; infinite where only one of the two is NaN, or an
/// infinity is not the right one.
template <class T, class Wide> double error_in_ulp(T found, Wide exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(exact) || std::isnan(found)) return std::isnan(exact) && std::isnan(found) ? 0 : wrong;
  const T rounded = static_cast<T>(exact);
  if (std::isinf(rounded) || std::isinf(found)) {
    if (found == rounded) return 0;
    const T neighbour = std::nextafter(rounded, found);  // at the edge of overflow either may be
    return found == neighbour ? 1 : wrong;
  }
  if (rounded == 0 && found == 0) return std::signbit(rounded) == std::signbit(found) ? 0 : wrong;
  int exponent = 0;
  std::frexp(exact, &exponent);
  const int unit = std::max(exponent - std::numeric_limits<T>::digits,
                            std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::ldexp(std::abs(static_cast<Wide>(found) - exact), -unit));
}

/// The largest error over all the numbers, and where it is.
template <class T> struct WorstCase {
  double ulp = 0;
  T at = 0;
};
template <class T, class Wide>
WorstCase<T> worst_case(const Compared<T, Wide>& function, const std::vector<T>& x, WorstCase<T> worst = {}) {
  std::vector<T> y(x.size());
  function.fast(x.data(), x.size(), y.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double ulp = error_in_ulp(y[i], function.exact(static_cast<Wide>(x[i])));
    if (ulp > worst.ulp) worst = {ulp, x[i]};
  }
  return worst;
}

/// Floats whose bits are first, first + step, …, below 2³².
inline std::vector<float> floats(std::uint64_t first, std::uint64_t step, std::size_t most) {
  std::vector<float> x;
  for (std::uint64_t bits = first; bits < (std::uint64_t(1) << 32) && x.size() < most; bits += step)
    x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return x;
}

}  // namespace neurone
