// exp, log, tanh and their kin over lanes, each within 2 units in the last place, NaN, ±∞, overflow and denormals as
// IEEE 754 has them. The coefficients are in number_format.h, the errors are measured by
// tests/math/lane_functions_test.cpp, in float over every number there is.
#pragma once

#include <array>
#include <cmath>

#include "neurone/math/lanes.h"
#include "neurone/math/number_format.h"

namespace neurone::NEURONE_LANES {

// c₀ + c₁ x + c₂ x² + …
template <class T, std::size_t N> NEURONE_INLINE Lanes<T> polynomial(const std::array<T, N>& c, Lanes<T> x) {
  Lanes<T> sum(c[N - 1]);
  NEURONE_UNROLL for (std::size_t i = 1; i < N; ++i) sum = multiply_add(sum, x, Lanes<T>(c[N - 1 - i]));
  return sum;
}

// Adding 1.5 · 2^fraction to a whole number leaves it in the lowest bits.
template <class T>
constexpr T into_lowest_bits =
    T(1.5) * static_cast<T>(typename NumberFormat<T>::Bits(1) << NumberFormat<T>::fraction);

/// 2ⁿ for whole n that is the exponent of a normal number.
template <class T> NEURONE_INLINE Lanes<T> power_of_two(Lanes<T> n) {
  using F = NumberFormat<T>;
  const hn::ScalableTag<typename F::Bits> bits;
  const Lanes<T> biased = n + Lanes<T>(into_lowest_bits<T> + static_cast<T>(F::bias));
  return Lanes<T>(hn::BitCast(hn::ScalableTag<T>(), hn::ShiftLeft<F::fraction>(hn::BitCast(bits, biased.all))));
}

// The nearest whole number of one below 2²², ties to even.
template <class T> NEURONE_INLINE Lanes<T> nearest(Lanes<T> x) {
#if HWY_TARGET == HWY_SCALAR
  return (x + Lanes<T>(into_lowest_bits<T>)) - Lanes<T>(into_lowest_bits<T>);  // Highway's is undefined for NaN
#else
  return Lanes<T>(hn::Round(x.all));
#endif
}

/// x = n ln 2 + r with whole n and |r| ≤ ½ ln 2; and eʳ − 1 = r + tail.
template <class T> struct Reduced {
  Lanes<T> n, r, tail;
};
template <class T> NEURONE_INLINE Reduced<T> reduce(Lanes<T> x) {
  using F = NumberFormat<T>;
  const Lanes<T> n = nearest(x * Lanes<T>(1.44269504088896340736));
  const Lanes<T> near = multiply_add(n, Lanes<T>(-F::ln2_high), x);
  const Lanes<T> r = multiply_add(n, Lanes<T>(-F::ln2_low), near);
  const Lanes<T> lost = multiply_add(n, Lanes<T>(-F::ln2_low), near - r);  // what rounding took from r
  return {n, r, multiply_add(r * r, polynomial(F::exp, r), lost)};
}

/// eˣ
template <class T> NEURONE_INLINE Lanes<T> exp(Lanes<T> x) {
  using F = NumberFormat<T>;
  const Reduced<T> reduced = reduce(minimum(maximum(x, Lanes<T>(F::exp_low)), Lanes<T>(F::exp_high)));
  // 2ⁿ in two factors, the second of which may overflow or round to a denormal
  const Lanes<T> half = nearest(reduced.n * Lanes<T>(0.5));
  return (Lanes<T>(1) + (reduced.r + reduced.tail)) * power_of_two(half) * power_of_two(reduced.n - half);
}

/// eˣ − 1, exact for small x.
template <class T> NEURONE_INLINE Lanes<T> expm1(Lanes<T> x) {
  using F = NumberFormat<T>;
  const Lanes<T> lowest(-0.7 * F::fraction - 3);  // below it the result is −1
  const Reduced<T> reduced = reduce(minimum(maximum(x, lowest), Lanes<T>(F::exp_high)));
  // 2 (2ⁿ⁻¹ (r + tail) + (2ⁿ⁻¹ − ½)): where 2ⁿ would overflow, the result need not
  const Lanes<T> scale = power_of_two(reduced.n - Lanes<T>(1));
  const Lanes<T> most = multiply_add(scale, reduced.r, scale - Lanes<T>(0.5));
  const Lanes<T> whole = Lanes<T>(2) * multiply_add(scale, reduced.tail, most);
  const Lanes<T> tiny(F::tiny);
  return select(less(magnitude(x), tiny), x, whole);  // keeps −0
}

/// ln x
template <class T> NEURONE_INLINE Lanes<T> log(Lanes<T> x) {
  using F = NumberFormat<T>;
  using L = Lanes<T>;
  using B = typename F::Bits;
  const hn::ScalableTag<B> bits;
  const hn::ScalableTag<T> number;
  // denormals are lifted to normal numbers
  constexpr int lift = F::fraction + 2;
  const Mask<T> denormal = less(x, L(F::least));
  const L lifted = select(denormal, x * L(static_cast<T>(B(1) << lift)), x);
  // x = 2ᵉ m with √½ ≤ m < √2. The offset makes the exponent positive before it is shifted down.
  constexpr T root_half = static_cast<T>(0.70710678118654752440);
  const auto root_bits = hn::BitCast(bits, hn::Set(number, root_half));
  constexpr B offset = F::bias << F::fraction;
  const auto shifted = hn::Sub(hn::Add(hn::BitCast(bits, lifted.all), hn::Set(bits, offset)), root_bits);
  const auto exponent = hn::ShiftRight<F::fraction>(shifted);
  const auto below = hn::And(shifted, hn::Set(bits, (B(1) << F::fraction) - 1));
  const L m(hn::BitCast(number, hn::Add(below, root_bits)));
  const auto magic = hn::BitCast(bits, hn::Set(number, into_lowest_bits<T>));
  const L e = L(hn::BitCast(number, hn::Add(exponent, magic))) -
              (L(into_lowest_bits<T> + static_cast<T>(F::bias)) + select(denormal, L(lift), L(0)));
  // ln m = 2 atanh s = f − (½ f² − s (½ f² + R)), s = f / (2 + f), R = s² (⅔ + ⅖ s² + …)
  const L f = m - L(1), s = f / (L(2) + f), z = s * s, half_square = L(0.5) * f * f;
  const L R = z * polynomial(F::log, z);
  const L low = multiply_add(s, half_square + R, e * L(F::ln2_low));
  const L result = multiply_add(e, L(F::ln2_high), f - (half_square - low));
  const L infinity(HUGE_VAL);
  const L special =
      select(less(x, L(0)), infinity - infinity, select(less(L(0), x), x, select(is_nan(x), x, -infinity)));
  return select(less(L(0), x) && less(x, infinity), result, special);
}

/// ln(1 + x), exact for small x.
template <class T> NEURONE_INLINE Lanes<T> log1p(Lanes<T> x) {
  using L = Lanes<T>;
  const L u = L(1) + x;
  // what the sum above lost, c = x − (u − 1), moves the logarithm by c / u
  const L lost = select(less(x, L(1)), x - (u - L(1)), L(1) - (u - x));
  const Mask<T> matters = less(L(0), u) && less(u, L(HUGE_VAL));
  const L corrected = log(u) + select(matters, lost / u, L(0));
  const L tiny(NumberFormat<T>::tiny);
  return select(less(magnitude(x), tiny), x, corrected);
}

// --- one lane at a time, by the C library ------------------------------------------------------------------------

template <class T, class F> NEURONE_INLINE Lanes<T> each_lane(Lanes<T> x, F f) {
  T values[Lanes<T>::count] = {};
  x.store(values);
  for (T& value : values) value = f(value);
  return Lanes<T>::load(values);
}

/// tanh x = (e²ˣ − 1) / (e²ˣ + 1)
template <class T> NEURONE_INLINE Lanes<T> tanh(Lanes<T> x) {
#if HWY_TARGET == HWY_SCALAR
  return each_lane(
      x, [](T value) { return static_cast<T>(__builtin_tanhl(value)); });  // the correction below needs multiply_add
#endif
  const Lanes<T> enough(0.35 * NumberFormat<T>::fraction + 2);  // beyond it the result is ± 1
  const Lanes<T> y = minimum(magnitude(x), enough);
  // a / (a + 2), corrected for the roundings of the sum and the quotient
  const Lanes<T> a = expm1(y + y), sum = a + Lanes<T>(2), lost = a - (sum - Lanes<T>(2));
  const Lanes<T> inverse = Lanes<T>(1) / sum, quotient = a * inverse;
  const Lanes<T> rest = multiply_add(-quotient, sum, a) - quotient * lost;
  return Lanes<T>(hn::CopySign(multiply_add(rest, inverse, quotient).all, x.all));
}

template <class T> NEURONE_INLINE Lanes<T> pow(Lanes<T> x, Lanes<T> y) {
  T exponents[Lanes<T>::count] = {};
  y.store(exponents);
  std::size_t i = 0;
  return each_lane(x, [&](T value) {
    if constexpr (std::is_same_v<T, float>)
      return ::powf(value, exponents[i++]);
    else
      return ::pow(value, exponents[i++]);
  });
}
NEURONE_INLINE Lanes<float> erf(Lanes<float> x) {
  return each_lane(x, ::erff);
}
NEURONE_INLINE Lanes<double> erf(Lanes<double> x) {
  return each_lane(x, static_cast<double (*)(double)>(::erf));
}
NEURONE_INLINE Lanes<float> sin(Lanes<float> x) {
  return each_lane(x, ::sinf);
}
NEURONE_INLINE Lanes<double> sin(Lanes<double> x) {
  return each_lane(x, static_cast<double (*)(double)>(::sin));
}
NEURONE_INLINE Lanes<float> cos(Lanes<float> x) {
  return each_lane(x, ::cosf);
}
NEURONE_INLINE Lanes<double> cos(Lanes<double> x) {
  return each_lane(x, static_cast<double (*)(double)>(::cos));
}

}  // namespace neurone::NEURONE_LANES
