// The gradient of a network's loss, by backpropagation and by central differences.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "neurone/loss/loss.h"
#include "neurone/network/network.h"
#include "tests/support/matrices.h"

namespace neurone {

/// One batch on its way through a network, to a loss.
template <class T> struct Example {
  Network<T>& network;
  const Loss& loss;
  Pass pass;
  Matrix<T> X, targets;

  /// Does the loss take Z of the last layer and not A?
  GradientOf from() const { return loss.takes_logits() ? GradientOf::logits : GradientOf::outputs; }
};

template <class T> struct Gradient {
  double loss = 0;
  Vector<T> of_parameters;
  Matrix<T> of_inputs;
};

/// Forward, loss, and backward where `gradient` is wanted. Everything that has to be written is NaN before.
template <class T>
double loss_of(const Example<T>& example, Workspace<T>& workspace, Gradient<T>* gradient = nullptr) {
  const Network<T>& network = example.network;
  network.forward(example.pass, example.X, workspace);  // the workspace now has the rows of the batch
  for (std::size_t l = 0; l < network.size(); ++l) {
    poison(workspace.Z(l).elements());
    poison(workspace.A(l).elements());
    poison(workspace.dZ(l).elements());
    poison(workspace.scratch(l));
  }
  const ConstMatrixView<T> A = network.forward(example.pass, example.X, workspace);
  const ConstMatrixView<T> Y = example.loss.takes_logits() ? workspace.Z(network.size() - 1) : A;
  const double loss =
      example.loss(Y, Targets<T>{.values = example.targets, .weights = {}}, workspace.output_gradient());
  if (!gradient) return loss;
  gradient->loss = loss;
  gradient->of_inputs = poisoned<T>(example.X.rows(), example.X.columns());
  poison(workspace.gradient());
  network.backward(example.pass, example.X, example.from(), workspace, gradient->of_inputs);
  gradient->of_parameters.assign(workspace.gradient().begin(), workspace.gradient().end());
  return loss;
}

template <class T> Gradient<T> backpropagated(const Example<T>& example) {
  Workspace<T> workspace(example.network, example.X.rows(), WorkspaceFor::training);
  Gradient<T> gradient;
  loss_of(example, workspace, &gradient);
  return gradient;
}

/// The same by f'(x) = (f(x + h) − f(x − h)) / 2h, off by h² f‴ / 6 = 2e-11 f‴ and by ε f / h = 2e-11 f.
inline Gradient<double> differenced(Example<double> example) {
  constexpr double h = 1e-5;
  Workspace<double> workspace(example.network, example.X.rows(), WorkspaceFor::training);
  const auto slope = [&](double& x) {
    const double at = x;
    x = at + h;
    const double above = loss_of(example, workspace);
    x = at - h;
    const double below = loss_of(example, workspace);
    x = at;
    return (above - below) / (2 * h);
  };
  Gradient<double> gradient{.loss = loss_of(example, workspace), .of_parameters = {}, .of_inputs = example.X};
  for (double& parameter : example.network.parameters()) gradient.of_parameters.push_back(slope(parameter));
  for (std::size_t i = 0; i < example.X.size(); ++i)
    gradient.of_inputs.elements()[i] = slope(example.X.elements()[i]);
  return gradient;
}

/// 0, 1, 2, …: the numbers of the samples of a batch.
inline std::vector<std::uint32_t> counting_rows(std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace neurone
