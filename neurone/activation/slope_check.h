// Is the slope of an activation the derivative of its value? The complex step tells: f'(z) = Im f(z + ih) / h (Squire
// and Trapp 1998). No difference is taken, so nothing cancels, and with h = 1e-50 it is exact to the last digits.
// The formulas are in activations.h; what is made of the answer is left to the caller.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "neurone/activation/activation.h"

namespace neurone {

/// Slopes beside the derivatives that they should be.
struct SlopeCheck {
  /// Errors are relative to the derivative, but to no less than this: where a is near 1, the rounding of a is what is
  /// left of 1 − a².
  static constexpr double smallest_derivative = 1e-3;
  static constexpr double tolerance = 1e-10;

  std::size_t compared = 0;
  double largest_error = 0;     ///< |slope − derivative| / max(|derivative|, smallest_derivative); infinite for NaN
  std::vector<double> where{};  ///< the z it was found at, or the row of z; empty when there is no error

  bool holds() const { return largest_error <= tolerance; }
};

namespace complex_step {

using Complex = std::complex<double>;
inline constexpr double h = 1e-50;

/// dσ/dz
template <class F> double derivative(double z) {
  return F::value(Complex(z, h)).imag() / h;
}

/// D(i, j) = ∂a_i/∂z_j, n × n, a column for each z_j.
template <class F> Matrix<double> jacobian(std::span<const double> z) {
  Matrix<double> D(z.size(), z.size());
  std::vector<Complex> a(z.size());
  for (std::size_t j = 0; j < z.size(); ++j) {
    std::vector<Complex> moved(z.begin(), z.end());
    moved[j] += Complex(0, h);
    F::template value<Complex>(moved, a);
    for (std::size_t i = 0; i < z.size(); ++i) D(i, j) = a[i].imag() / h;
  }
  return D;
}

}  // namespace complex_step

/// What check_slope asks of an activation of single numbers.
using Derivative = double (*)(double z);
SlopeCheck check_slope_of(const Activation& activation, Derivative derivative);

/// What it asks of one of a whole row: the Jacobian at z by the complex step, and an element of it as the sheet says.
struct Jacobian {
  Matrix<double> (*by_complex_step)(std::span<const double> z);
  double (*element)(std::span<const double> a, std::size_t i, std::size_t j);
};
SlopeCheck check_jacobian_of(const Activation& activation, const Jacobian& jacobian);

/// The slopes of F as layers compute them in double, at 1024 places of [−8, 8] on both sides of every whole number
/// and on none, where kinks are. Of an activation of a whole row, the Jacobians at 256 rows of four, each both
/// element by element and row by row, as backward gives it.
template <class F> SlopeCheck check_slope() {
  if constexpr (activations::Rowwise<F>)
    return check_jacobian_of(Activation::of<F>(), {complex_step::jacobian<F>, F::template jacobian<double>});
  else
    return check_slope_of(Activation::of<F>(), complex_step::derivative<F>);
}

struct CheckedActivation {
  Activation activation;
  SlopeCheck check;
};

/// Every activation of the sheet, in its order, checked on the spot.
std::vector<CheckedActivation> check_sheet();

}  // namespace neurone
