// What a formula sheet may use besides + − × ÷: one spelling for float, double and std::complex<double> (the
// complex-step test), with piecewise functions continued analytically from the real axis. Each of them stands for
// lanes in lane_functions.h or lanes.h.
#pragma once

#include <cmath>
#include <complex>
#include <numbers>

namespace neurone::numbers {

using std::cos;
using std::erf;
using std::exp;
using std::log;
using std::sin;
using std::sqrt;
using std::tanh;

template <class R> R real_part(R x) {
  return x;
}
template <class R> R real_part(const std::complex<R>& x) {
  return x.real();
}

/// Is a < b? Complex numbers are compared by their real parts.
template <class T> bool less(T a, T b) {
  return real_part(a) < real_part(b);
}

/// Is a NaN?
template <class T> bool is_nan(T a) {
  return real_part(a) != real_part(a);
}

/// condition ? a : b
template <class T> T select(bool condition, T a, T b) {
  return condition ? a : b;
}

/// The larger of the two; NaN when a is NaN.
template <class T> T maximum(T a, T b) {
  return select(less(a, b), b, a);
}

/// The smaller of the two; NaN when a is NaN.
template <class T> T minimum(T a, T b) {
  return select(less(b, a), b, a);
}

/// |a|
template <class T> T magnitude(T a) {
  return select(less(a, T(0)), -a, a);
}

/// −1, 0 or 1; 0 for NaN.
template <class T> T sign(T a) {
  return select(less(T(0), a), T(1), select(less(a, T(0)), T(-1), T(0)));
}

/// log(1 + a), exact for small a.
template <class T> T log1p(T a) {
  return std::log1p(a);
}
template <class R> std::complex<R> log1p(const std::complex<R>& a) {
  return std::log(R(1) + a);
}

/// eᵃ − 1, exact for small a.
template <class T> T expm1(T a) {
  return std::expm1(a);
}
template <class R> std::complex<R> expm1(const std::complex<R>& a) {
  return std::exp(a) - R(1);
}

/// erf beside the real axis to first order, erf(x + ib) = erf(x) + ib 2/√π e^(−x²): nothing is left out of the b of a
/// complex step, whose square is 0 beside 1.
template <class R> std::complex<R> erf(const std::complex<R>& a) {
  const R x = a.real();
  return {std::erf(x), a.imag() * 2 * std::numbers::inv_sqrtpi_v<R> * std::exp(-x * x)};
}

}  // namespace neurone::numbers
