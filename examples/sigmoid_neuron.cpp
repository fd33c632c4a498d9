// One sigmoid neuron φ(xW + b) learns on which side of a line a point lies. Shown with it: φ and its derivative,
// which is φ in terms of itself, φ' = φ (1 − φ).
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "neurone/neurone.h"

int main() {
  using namespace neurone;
  using activations::Sigmoid;

  bool derivative_holds = true;
  std::printf("     z     φ(z)    φ'(z) = φ(z) (1 − φ(z))\n");
  for (const double z : {-4.0, -2.0, 0.0, 2.0, 4.0}) {
    const double phi = Sigmoid::value(z), slope = Sigmoid::slope(z, phi), h = 1e-5;
    const double difference = (Sigmoid::value(z + h) - Sigmoid::value(z - h)) / (2 * h);
    std::printf("%6.1f %8.5f %8.5f\n", z, phi, slope);
    derivative_holds = derivative_holds && std::abs(slope - difference) < 1e-9;
  }

  // points of the square [−1, 1]²: class 1 above the line x₂ = 0.5 − x₁, class 0 below
  constexpr std::size_t points = 200;
  Matrix<double> X(points, 2), targets(points, 1);
  Random random(1, {.purpose = Purpose::split});
  for (double& x : X.elements()) x = 2 * random.uniform() - 1;
  for (std::size_t i = 0; i < points; ++i) targets(i, 0) = X(i, 0) + X(i, 1) > 0.5 ? 1 : 0;
  const Dataset<double> data{.X = X, .targets = targets, .weights = {}};

  Network<double> neuron({.inputs = 2, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  neuron.initialise(1);
  TrainingOptions options;
  options.optimizer = update_rules::Adam{.learning_rate = 0.05};
  const Loss loss{losses::BinaryCrossEntropy{}};
  const Metric accuracy{.task = Task::classification};
  const Dataset<double> no_validation;
  Trainer<double> trainer(neuron, loss, accuracy, options, data, no_validation);
  trainer.fit();

  Workspace<double> workspace(neuron, points, WorkspaceFor::training);
  const double right = score(neuron, loss, accuracy, data, workspace).metric;
  const double W1 = neuron.parameters()[0], W2 = neuron.parameters()[1], b = neuron.parameters()[2];
  std::printf("\nφ(%.2f x₁ %+.2f x₂ %+.2f): %.1f %% of %zu points right\n", W1, W2, b, 100 * right, points);
  std::printf("φ = ½ on the line x₂ = %.2f %+.2f x₁\n", -b / W2, -W1 / W2);

  return derivative_holds && right >= 0.97 ? 0 : 1;
}
