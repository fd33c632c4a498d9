// A linear regression is one neuron without activation, y = xW + b: gradient descent on the squared error takes it to
// the line that least squares has in closed form.
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "neurone/neurone.h"

int main() {
  using namespace neurone;

  // 40 points around the line y = 3x − 2
  constexpr std::size_t points = 40;
  Matrix<double> x(points, 1), y(points, 1);
  Random random(1, {.purpose = Purpose::split});
  for (std::size_t i = 0; i < points; ++i) {
    x(i, 0) = 2 * random.uniform() - 1;
    y(i, 0) = 3 * x(i, 0) - 2 + 0.3 * random.normal();
  }

  // closed form: W = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²,  b = ȳ − x̄W
  double mean_x = 0, mean_y = 0, products = 0, squares = 0;
  for (std::size_t i = 0; i < points; ++i) {
    mean_x += x(i, 0) / points;
    mean_y += y(i, 0) / points;
  }
  for (std::size_t i = 0; i < points; ++i) {
    products += (x(i, 0) - mean_x) * (y(i, 0) - mean_y);
    squares += (x(i, 0) - mean_x) * (x(i, 0) - mean_x);
  }
  const double line_W = products / squares, line_b = mean_y - mean_x * line_W;

  // one neuron: θ = (W, b), zero at first
  Network<double> neuron({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "identity"}}});
  const double& W = neuron.parameters()[0];
  const double& b = neuron.parameters()[1];
  Workspace<double> workspace(neuron, points, WorkspaceFor::training);
  Optimizer<double> optimizer({.rule = update_rules::SGD{}}, neuron.parameter_blocks(), neuron.parameters().size());
  const Loss loss{losses::SquaredError{}};
  const Pass pass{.training = true};
  for (int step = 0; step <= 400; ++step) {
    const ConstMatrixView<double> Y = neuron.forward(pass, x, workspace);
    const double error = loss(Y, {.values = y, .weights = {}}, workspace.output_gradient());
    if (step % 80 == 0) std::printf("step %3d  y = %.6f x %+.6f  mean squared error %.6f\n", step, W, b, error);
    neuron.backward(pass, x, GradientOf::outputs, workspace);
    optimizer.step(0.1, neuron.parameters(), workspace.gradient());
  }
  std::printf("least squares  y = %.6f x %+.6f\n", line_W, line_b);

  return std::abs(W - line_W) < 1e-9 && std::abs(b - line_b) < 1e-9 ? 0 : 1;
}
