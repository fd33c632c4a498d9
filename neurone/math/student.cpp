#include "neurone/math/student.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace neurone {
namespace {

double log_gamma(double x) {
  int sign = 0;  // lgamma() writes a global, this one does not
  return lgamma_r(x, &sign);
}

// log Γ(a + ½) − log Γ(a), which both are large where a is.
double half_step_of_log_gamma(double a) {
  if (a < 100) return log_gamma(a + 0.5) - log_gamma(a);
  return 0.5 * std::log(a) - 1 / (8 * a) + 1 / (192 * a * a * a) - 1 / (640 * std::pow(a, 5));
}

// The continued fraction of I_x(a, b) (Abramowitz and Stegun 26.5.8), by Lentz's method.
double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300, precision = 1e-15;
  const auto away_from_0 = [](double value) { return std::abs(value) < tiny ? tiny : value; };
  double c = 1, d = 1 / away_from_0(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_0(1 + even * d);
    c = away_from_0(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_0(1 + odd * d);
    c = away_from_0(1 + odd / c);
    fraction *= c * d;
    if (std::abs(c * d - 1) < precision) break;
  }
  return fraction;
}

// I_x(a, ½), with y = 1 − x given apart: either may be too small to be what is left of the other.
double incomplete_beta(double x, double y, double a) {
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  constexpr double b = 0.5;
  const double log_x = y < 0.5 ? std::log1p(-y) : std::log(x);
  const double front =
      std::exp(half_step_of_log_gamma(a) + a * log_x) * std::sqrt(y) * std::numbers::inv_sqrtpi;  // Γ(½) = √π
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(y, b, a) / b;
}

}  // namespace

double student_two_sided(double t, double degrees_of_freedom) {
  if (std::isnan(t) || !(degrees_of_freedom > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(t)) return 0;
  const double sum = degrees_of_freedom + t * t;
  return incomplete_beta(degrees_of_freedom / sum, t * t / sum, degrees_of_freedom / 2);
}

double normal_two_sided(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

}  // namespace neurone
