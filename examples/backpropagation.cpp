// Backpropagation through two layers, σ₂(σ₁(XW₁ + b₁)W₂ + b₂): every gradient written out as a product of matrices,
// beside the library's.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <span>

#include "neurone/neurone.h"

using namespace neurone;
using View = ConstMatrixView<double>;

static Matrix<double> make(std::size_t rows, std::size_t columns, auto element) {
  Matrix<double> made(rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) made(i, j) = element(i, j);
  return made;
}
static Matrix<double> times(View A, View B) {
  return make(A.rows(), B.columns(), [&](auto i, auto j) {
    double sum = 0;
    for (std::size_t k = 0; k < A.columns(); ++k) sum += A(i, k) * B(k, j);
    return sum;
  });
}
static Matrix<double> transposed(View A) {
  return make(A.columns(), A.rows(), [&](auto i, auto j) { return A(j, i); });
}
static Matrix<double> column_sums(View A) {
  return times(make(1, A.rows(), [](auto, auto) { return 1.0; }), A);
}

int main() {
  constexpr std::size_t batch = 5, d = 3, hidden = 4, n = 2;
  Network<double> network({.inputs = d,
                           .layers = {layers::Dense{.units = hidden, .activation = "tanh"},
                                      layers::Dense{.units = n, .activation = "sigmoid"}}});
  network.initialise(1);
  Random random(2, {.purpose = Purpose::split});
  const auto X = make(batch, d, [&](auto, auto) { return random.normal(); });
  const auto T = make(batch, n, [](auto i, auto j) { return i % 2 == j ? 1.0 : 0.0; });

  // the library: forward, the loss and its gradient, backward
  Workspace<double> workspace(network, batch, WorkspaceFor::training);
  const Pass pass{.training = true};
  const View Y = network.forward(pass, X, workspace);
  Loss{losses::SquaredError{}}(Y, {.values = T, .weights = {}}, workspace.output_gradient());
  Matrix<double> library_dX(batch, d);
  network.backward(pass, X, GradientOf::outputs, workspace, library_dX);

  // by hand; the loss is the mean of (A₂ − T)² over samples and outputs
  const auto& blocks = network.parameter_blocks();  // 0.W, 0.b, 1.W, 1.b
  const double* theta = network.parameters().data();
  const View W1(theta + blocks[0].offset, d, hidden), W2(theta + blocks[2].offset, hidden, n);
  const View A1 = workspace.A(0), A2 = workspace.A(1);

  const auto dA2 = make(batch, n, [&](auto i, auto j) { return 2 * (A2(i, j) - T(i, j)) / (batch * n); });
  const auto dZ2 = make(batch, n, [&](auto i, auto j) { return dA2(i, j) * A2(i, j) * (1 - A2(i, j)); });  // φ(1 − φ)
  const auto dW2 = times(transposed(A1), dZ2);
  const auto db2 = column_sums(dZ2);
  const auto dA1 = times(dZ2, transposed(W2));
  const auto dZ1 = make(batch, hidden, [&](auto i, auto j) { return dA1(i, j) * (1 - A1(i, j) * A1(i, j)); });
  const auto dW1 = times(transposed(X), dZ1);
  const auto db1 = column_sums(dZ1);
  const auto dX = times(dZ1, transposed(W1));

  double largest = 0;
  const auto compare = [&](const char* name, const Matrix<double>& hand, std::span<const double> library) {
    std::printf("%-3s  by hand %9.6f …  library %9.6f …\n", name, hand(0, 0), library[0]);
    for (std::size_t i = 0; i < hand.size(); ++i)
      largest = std::max(largest, std::abs(hand.elements()[i] - library[i]));
  };
  const std::span<const double> gradient = workspace.gradient();  // θ's layout
  compare("dZ2", dZ2, workspace.dZ(1).elements());
  compare("dW2", dW2, gradient.subspan(blocks[2].offset));
  compare("db2", db2, gradient.subspan(blocks[3].offset));
  compare("dZ1", dZ1, workspace.dZ(0).elements());
  compare("dW1", dW1, gradient.subspan(blocks[0].offset));
  compare("db1", db1, gradient.subspan(blocks[1].offset));
  compare("dX", dX, library_dX.elements());
  std::printf("largest difference %.1e\n", largest);
  return largest < 1e-14 ? 0 : 1;
}
