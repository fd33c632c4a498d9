// Where slopes are compared, and how far apart they are.
// The derivative itself is taken in slope_check.h, where the formula is known.
#include "neurone/activation/slope_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace neurone {
namespace {

void compare_slope(SlopeCheck& check, double slope, double derivative, std::span<const double> z) {
  ++check.compared;
  double error = std::abs(slope - derivative) / std::max(std::abs(derivative), SlopeCheck::smallest_derivative);
  if (std::isnan(error)) error = std::numeric_limits<double>::infinity();
  if (error <= check.largest_error) return;
  check.largest_error = error;
  check.where.assign(z.begin(), z.end());
}

// The row numbered so: its elements are the digits to base 4.
Matrix<double> row_of_four(std::size_t number) {
  constexpr std::array digits{-4.0, -1.0, 0.5, 2.0};
  Matrix<double> z(1, 4);
  for (double& each : z.elements()) {
    each = digits[number % 4];
    number /= 4;
  }
  return z;
}

template <class... F> std::vector<CheckedActivation> check_each(activations::List<F...>) {
  return {{Activation::of<F>(), check_slope<F>()}...};
}

}  // namespace

SlopeCheck check_slope_of(const Activation& activation, Derivative derivative) {
  constexpr std::size_t places = 1024;
  Matrix<double> Z(1, places), A(1, places), slopes(1, places);
  for (std::size_t i = 0; i < places; ++i) Z(0, i) = -8 + (static_cast<double>(i) + 0.5) / 64;
  std::ranges::fill(slopes.elements(), 1.0);  // dA = 1, so that dZ is the slope
  activation.forward(Z, A);
  activation.backward(Z, A, slopes, slopes);
  SlopeCheck check;
  for (std::size_t i = 0; i < places; ++i)
    compare_slope(check, slopes(0, i), derivative(Z(0, i)), Z[0].subspan(i, 1));
  return check;
}

SlopeCheck check_jacobian_of(const Activation& activation, const Jacobian& jacobian) {
  SlopeCheck check;
  for (std::size_t number = 0; number < 256; ++number) {
    const Matrix<double> z = row_of_four(number);
    Matrix<double> a(1, 4), row(1, 4);
    activation.forward(z, a);
    const Matrix<double> D = jacobian.by_complex_step(z[0]);
    for (std::size_t i = 0; i < 4; ++i) {
      std::ranges::fill(row.elements(), 0.0);
      row(0, i) = 1;  // dA picks out row i of the Jacobian
      activation.backward(z, a, row, row);
      for (std::size_t j = 0; j < 4; ++j) {
        compare_slope(check, row(0, j), D(i, j), z[0]);
        compare_slope(check, jacobian.element(a[0], i, j), D(i, j), z[0]);
      }
    }
  }
  return check;
}

std::vector<CheckedActivation> check_sheet() {
  return check_each(activations::All{});
}

}  // namespace neurone
