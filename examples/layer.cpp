// The layer of the lecture, σ([x1 x2] · W + [b1 b2 b3]) = [o1 o2 o3], on numbers small enough to follow: by hand, by
// DenseLayer, and by a network of that one layer.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

#include "neurone/neurone.h"

int main() {
  using namespace neurone;
  // W is d × n = 2 × 3, row after row, then b, 1 × 3: the layer's parameters
  const std::vector<double> parameters{1,  0,  -1,   //
                                       2,  1,  0.5,  //
                                       -4, -2, -1};
  const auto W = [&](std::size_t k, std::size_t j) { return parameters[3 * k + j]; };
  const auto b = [&](std::size_t j) { return parameters[6 + j]; };
  Matrix<double> X(1, 2);  // one sample
  X(0, 0) = 1;
  X(0, 1) = 2;

  // by hand: z_j = x1 W_1j + x2 W_2j + b_j,  o_j = 1 / (1 + e^(−z_j))
  double z[3], o[3];
  for (std::size_t j = 0; j < 3; ++j) {
    z[j] = X(0, 0) * W(0, j) + X(0, 1) * W(1, j) + b(j);
    o[j] = 1 / (1 + std::exp(-z[j]));
  }

  // by the layer, whose parameters and buffers a network would lend it
  const Activation sigmoid = find_activation("sigmoid");
  const DenseLayer<double> layer({.units = 3, .activation = "sigmoid"}, 2, sigmoid);
  Matrix<double> Z(1, 3), A(1, 3);
  Workbench<double> workbench;
  layer.forward({.pass = Pass{},
                 .parameters = parameters,
                 .statistics = {},
                 .X = X,
                 .Z = Z,
                 .scratch = {},
                 .workbench = &workbench});
  sigmoid.forward(Z, A);

  // by a network of this one layer
  Network<double> network({.inputs = 2, .layers = {layers::Dense{.units = 3, .activation = "sigmoid"}}});
  std::ranges::copy(parameters, network.parameters().begin());
  Workspace<double> workspace(network, 1, WorkspaceFor::prediction);
  Matrix<double> O(1, 3);
  network.predict(X, O, workspace);

  bool agree = true;
  std::printf("          by hand          DenseLayer       Network\n");
  for (std::size_t j = 0; j < 3; ++j) {
    std::printf("neuron %zu  z %4.1f o %.4f  Z %4.1f A %.4f  O %.4f\n", j + 1, z[j], o[j], Z(0, j), A(0, j), O(0, j));
    agree = agree && Z(0, j) == z[j] && std::abs(A(0, j) - o[j]) < 1e-15 && O(0, j) == A(0, j);
  }
  const bool as_on_paper = z[0] == 1 && z[1] == 0 && z[2] == -1;
  return agree && as_on_paper ? 0 : 1;
}
