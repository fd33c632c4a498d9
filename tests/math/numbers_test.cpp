// What numbers.h adds to the standard library's functions of complex numbers.
#include "neurone/math/numbers.h"

#include <gtest/gtest.h>

#include <complex>
#include <numbers>

namespace neurone::numbers {
namespace {

using Complex = std::complex<double>;

// 2/√π Σ (−1)ⁿ z^(2n+1) / (n! (2n + 1)), for small z
Complex series_of_erf(Complex z) {
  Complex power = z, sum = z;
  for (int n = 1; n < 60; ++n) {
    power *= -z * z / static_cast<double>(n);
    sum += power / (2.0 * n + 1);
  }
  return 2 * std::numbers::inv_sqrtpi * sum;
}

TEST(Erf, beside_the_real_axis_is_that_of_its_series) {
  constexpr double b = 1e-50;
  for (const double x : {-2.0, -0.7, -0.1, 0.0, 0.3, 1.0, 2.0}) {
    const Complex expected = series_of_erf({x, b}), found = erf(Complex(x, b));
    EXPECT_NEAR(found.real(), expected.real(), 1e-14) << "at " << x;
    EXPECT_NEAR(found.imag() / b, expected.imag() / b, 1e-14) << "at " << x;
  }
}

}  // namespace
}  // namespace neurone::numbers
