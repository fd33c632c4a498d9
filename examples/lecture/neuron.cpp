// The neuron of examples/sigmoid_neuron.cpp, φ(x₁W₁ + x₂W₂ + b), as a surface over its two inputs.
#include <array>
#include <string>

#include "examples/lecture/pictures.h"
#include "examples/lecture/surface.h"
#include "neurone/neurone.h"

namespace lecture {

using namespace neurone;

std::string neuron() {
  // points of the square [−1, 1]²: class 1 above the line x₂ = 0.5 − x₁, class 0 below
  constexpr std::size_t points = 200;
  Matrix<double> X(points, 2), targets(points, 1);
  Random random(1, {.purpose = Purpose::split});
  for (double& x : X.elements()) x = 2 * random.uniform() - 1;
  for (std::size_t i = 0; i < points; ++i) targets(i, 0) = X(i, 0) + X(i, 1) > 0.5 ? 1 : 0;
  const Dataset<double> data{.X = X, .targets = targets, .weights = {}};

  Network<double> network({.inputs = 2, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  network.initialise(1);
  TrainingOptions options;
  options.optimizer = update_rules::Adam{.learning_rate = 0.05};
  const Dataset<double> no_validation;
  Trainer<double>(network, Loss{losses::BinaryCrossEntropy{}}, {.task = Task::classification}, options, data,
                  no_validation)
      .fit();

  Workspace<double> workspace(network, 1, WorkspaceFor::prediction);
  Surface surface([&](double x1, double x2) {
    Matrix<double> x(1, 2), A(1, 1);
    x(0, 0) = x1;
    x(0, 1) = x2;
    network.predict(x, A, workspace);
    return A(0, 0);
  });
  for (std::size_t i = 0; i < points; ++i)
    surface.dot(data.X(i, 0), data.X(i, 1), data.targets(i, 0), data.targets(i, 0) > 0 ? 1 : 2);
  return surface.svg("The sigmoid of a neuron over two inputs: 0 on one side of a line, 1 on the other");
}

}  // namespace lecture
