// An activation of one's own: a struct with its names, value and slope, handed to the network beside those of the
// library. The slope is checked by the complex step, f'(z) = Im f(z + ih) / h, exact to the last digits.
#include <cmath>
#include <complex>
#include <cstdio>
#include <string_view>

#include "neurone/neurone.h"

using namespace neurone;

struct BentIdentity {
  static constexpr std::string_view name = "bent_identity", formula = "(sqrt(z^2 + 1) - 1) / 2 + z",
                                    derivative = "z / (2 sqrt(z^2 + 1)) + 1", range = "(-inf, inf)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return (numbers::sqrt(z * z + T(1)) - T(1)) / T(2) + z; }
  template <class T> static T slope(T z, T) { return z / (T(2) * numbers::sqrt(z * z + T(1))) + T(1); }
};

int main() {
  bool right = true;
  std::printf("     z   value   slope  complex step\n");
  for (const double z : {-3.0, -1.0, 0.0, 1.0, 3.0}) {
    const double h = 1e-50, value = BentIdentity::value(z), slope = BentIdentity::slope(z, value);
    const double by_complex_step = BentIdentity::value(std::complex<double>(z, h)).imag() / h;
    std::printf("%6.1f %7.4f %7.4f %7.4f\n", z, value, slope, by_complex_step);
    right = right && std::abs(slope - by_complex_step) < 1e-14;
  }
  right = right && check_slope<BentIdentity>().holds();  // the same at 1024 places

  // the network finds it by its name
  Network<float> network({.inputs = 1,
                          .layers = {layers::Dense{.units = 8, .activation = "bent_identity"},
                                     layers::Dense{.units = 1, .activation = "identity"}},
                          .own_activations = {Activation::of<BentIdentity>()}});
  network.initialise(1);
  Workspace<float> workspace(network, 1, WorkspaceFor::prediction);
  Matrix<float> X(1, 1);
  X(0, 0) = 0.5F;
  network.forward({}, X, workspace);
  const float z = workspace.Z(0)(0, 0), a = workspace.A(0)(0, 0);
  std::printf("first neuron: z %.4f, a %.4f\n", z, a);
  return right && a == BentIdentity::value(z) && a != z ? 0 : 1;
}
