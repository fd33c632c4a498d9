// The loss of a network as a function of θ: against finite differences, and what solvers make of it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "neurone/loss/curvature.h"
#include "neurone/solver/gradient_check.h"
#include "neurone/solver/network_objective.h"
#include "neurone/solver/parameter_worth.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"
#include "neurone/training/trainer.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// Numbers between −1 and 1 that look like nothing in particular.
double some(std::size_t i) {
  const double scrambled = 43758.5453 * std::sin(12.9898 * static_cast<double>(i));
  return 2 * (scrambled - std::floor(scrambled)) - 1;
}

enum class Kind { numbers, two_classes, classes, counts };

Dataset<double> rows_for(Kind kind, std::size_t rows, std::size_t inputs, std::size_t targets, bool weighted) {
  Matrix<double> X(rows, inputs);
  for (std::size_t i = 0; i < X.size(); ++i) X.elements()[i] = some(i);
  Dataset<double> data{.X = X, .targets = Matrix<double>(rows, targets)};
  for (std::size_t i = 0; i < rows; ++i) {
    if (kind == Kind::classes) data.targets(i, (7 * i + i / 3) % targets) = 1;
    for (std::size_t j = 0; j < targets && kind != Kind::classes; ++j) {
      const double value = some(100 + 3 * i + j);
      data.targets(i, j) = kind == Kind::numbers  ? value
                           : kind == Kind::counts ? std::round(3 + 2 * value)
                                                  : value > 0;
    }
    if (weighted) data.weights.push_back(0.5 + static_cast<double>(i % 3));
  }
  return data;
}

struct Case {
  Kind kind;
  const char* loss;
  const char* output;
  std::size_t outputs;
};

const Case cases[] = {{Kind::numbers, "squared_error", "identity", 2},
                      {Kind::two_classes, "squared_error", "sigmoid", 1},
                      {Kind::two_classes, "binary_cross_entropy", "sigmoid", 1},
                      {Kind::classes, "categorical_cross_entropy", "softmax", 3},
                      {Kind::counts, "poisson", "exp", 1}};

// With a layer that is not dense its Jacobian is found row by row, else a block at a time.
Network<double> small_network(const Case& each, std::size_t inputs, bool with_norm = true) {
  std::vector<LayerSpec> all{layers::Dense{.units = 4, .activation = "tanh"}};
  if (with_norm)
    all.emplace_back(layers::LayerNorm{});
  else
    all.emplace_back(layers::Dense{.units = 3, .activation = "gelu", .bias = false});
  all.emplace_back(layers::Dense{.units = each.outputs, .activation = each.output});
  Network<double> network({.inputs = inputs, .layers = all});
  network.initialise(3);
  return network;
}

std::vector<double> theta_of(const Network<double>& network) {
  return {network.parameters().begin(), network.parameters().end()};
}

TEST(NetworkObjective, gradient_is_that_of_finite_differences_with_weights_and_penalties) {
  for (const Case& each : cases) {
    Network<double> network = small_network(each, 3);
    const Loss loss = Loss::parse(each.loss);
    const Dataset<double> data = rows_for(each.kind, 300, 3, each.outputs, true);  // more than a block
    NetworkObjective<double> objective(network, {.loss = loss,
                                                 .data = data,
                                                 .regularisation = {.l1 = 0.01, .l2 = 0.1},
                                                 .label_smoothing = each.kind == Kind::classes ? 0.1 : 0.0});
    std::vector<double> theta = theta_of(network), gradient(theta.size(), std::numeric_limits<double>::quiet_NaN());
    const double value = objective.gradient(theta, gradient);
    EXPECT_DOUBLE_EQ(value, objective.value(theta)) << each.loss;
    for (std::size_t i = 0; i < theta.size(); ++i) {
      constexpr double h = 1e-5;
      std::vector<double> moved = theta;
      moved[i] += h;
      const double above = objective.value(moved);
      moved[i] -= 2 * h;
      EXPECT_NEAR(gradient[i], (above - objective.value(moved)) / (2 * h), 1e-7) << each.loss << " " << i;
    }
  }
}

// Without hidden layers H is the second derivative itself.
TEST(NetworkObjective, curvature_of_a_single_layer_is_the_second_derivative) {
  for (const Case& each : cases) {
    if (each.kind == Kind::two_classes && std::string(each.loss) == "squared_error") continue;  // bent outputs
    Network<double> network(
        {.inputs = 3, .layers = {layers::Dense{.units = each.outputs, .activation = each.output}}});
    network.initialise(3);
    const Loss loss = Loss::parse(each.loss);
    const Dataset<double> data = rows_for(each.kind, 300, 3, each.outputs, true);
    NetworkObjective<double> objective(network, {.loss = loss, .data = data, .regularisation = {.l2 = 0.1}});
    const std::vector<double> theta = theta_of(network);
    const std::size_t n = theta.size();
    std::vector<double> gradient(n), above(n), below(n);
    Matrix<double> H(n, n);
    objective.curvature(theta, gradient, H);
    for (std::size_t i = 0; i < n; ++i) {
      constexpr double h = 1e-5;
      std::vector<double> moved = theta;
      moved[i] += h;
      objective.gradient(moved, above);
      moved[i] -= 2 * h;
      objective.gradient(moved, below);
      for (std::size_t j = 0; j < n; ++j)
        EXPECT_NEAR(H(i, j), (above[j] - below[j]) / (2 * h), 1e-8) << each.loss << " " << i << " " << j;
    }
  }
}

// H from the rows of J, and the gradient from J and r.
TEST(NetworkObjective, rows_and_curvature_tell_one_story) {
  for (const Case& each : cases)
    for (const bool with_norm : {false, true}) {
      Network<double> network = small_network(each, 3, with_norm);
      const Loss loss = Loss::parse(each.loss);
      const Dataset<double> data = rows_for(each.kind, 270, 3, each.outputs, true);
      NetworkObjective<double> objective(network, {.loss = loss, .data = data});
      const std::vector<double> theta = theta_of(network);
      const std::size_t n = theta.size();
      std::vector<double> gradient(n), from_rows(n);
      Matrix<double> H(n, n), sum(n, n);
      objective.curvature(theta, gradient, H);
      double squares = 0;
      const double value = objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double> r) {
        for (std::size_t i = 0; i < r.size(); ++i) {
          squares += 0.5 * r[i] * r[i];
          add(r[i], J[i], from_rows);
          for (std::size_t a = 0; a < n; ++a) add(J(i, a), J[i], sum[a]);
        }
      });
      for (std::size_t i = 0; i < H.size(); ++i) EXPECT_NEAR(H.elements()[i], sum.elements()[i], 1e-12) << each.loss;
      if (!objective.is_sum_of_squares()) continue;
      EXPECT_NEAR(squares, value, 1e-12);
      for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(gradient[i], from_rows[i], 1e-12);
    }
}

// What the loss reads of all rows, at θ.
std::vector<double> outputs_at(Network<double>& network, const Loss& loss, const Dataset<double>& data,
                               std::span<const double> theta) {
  std::ranges::copy(theta, network.parameters().begin());
  Workspace<double> workspace(network, data.rows(), WorkspaceFor::prediction);
  const ConstMatrixView<double> A = network.forward({}, data.X.packed(), workspace);
  const ConstMatrixView<double> Y =
      loss.takes_logits() ? ConstMatrixView<double>(workspace.Z(network.size() - 1)) : A;
  return {Y.elements().begin(), Y.elements().end()};
}

// Rows √w B ∂y/∂θ, by central differences of y.
Matrix<double> jacobian_by_differences(Network<double>& network, const Loss& loss, const Dataset<double>& data,
                                       const std::vector<double>& theta) {
  constexpr double h = 1e-6;
  const std::size_t outputs = network.outputs();
  const std::vector<double> y = outputs_at(network, loss, data, theta);
  const double total = total_weight<double>({.values = data.targets, .weights = data.weights});
  Matrix<double> J(data.rows() * outputs, theta.size()), B(outputs, outputs);
  for (std::size_t k = 0; k < theta.size(); ++k) {
    std::vector<double> moved = theta;
    moved[k] += h;
    std::vector<double> slope = outputs_at(network, loss, data, moved);
    moved[k] -= 2 * h;
    add(-1, outputs_at(network, loss, data, moved), slope);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const std::size_t first = i * outputs;
      curvature_factor(loss, std::span(y).subspan(first, outputs), data.targets[i], B);
      for (std::size_t a = 0; a < outputs; ++a)
        J(first + a, k) =
            std::sqrt(data.weights[i] / total) * dot(B[a], std::span(slope).subspan(first, outputs)) / (2 * h);
    }
  }
  return J;
}

TEST(NetworkObjective, rows_of_the_jacobian_are_those_of_finite_differences) {
  for (const Case& each : cases)
    for (const bool with_norm : {false, true}) {
      Network<double> network = small_network(each, 3, with_norm);
      const Loss loss = Loss::parse(each.loss);
      const Dataset<double> data = rows_for(each.kind, 9, 3, each.outputs, true);
      const std::vector<double> theta = theta_of(network);
      const Matrix<double> expected = jacobian_by_differences(network, loss, data, theta);
      NetworkObjective<double> objective(network, {.loss = loss, .data = data});
      objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double>) {
        for (std::size_t i = 0; i < J.size(); ++i)
          EXPECT_NEAR(J.elements()[i], expected.elements()[i], 1e-8) << each.loss << (with_norm ? " norm" : "");
      });
    }
}

// y = e^(wx): ÿ = (x δ)² y and J = x y, by hand.
TEST(NetworkObjective, bend_of_one_neuron_by_hand) {
  Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "exp", .bias = false}}});
  Matrix<double> X(2, 1);
  X(0, 0) = 1;
  X(1, 0) = 2;
  const Dataset<double> data{.X = X, .targets = Matrix<double>(2, 1)};
  const Loss loss{losses::SquaredError{}};
  NetworkObjective<double> objective(network, {.loss = loss, .data = data});
  const std::vector<double> theta{0.5}, direction{0.01};
  std::vector<double> bend(1);
  objective.bend(theta, direction, bend);
  double expected = 0;
  for (const double x : {1.0, 2.0}) expected += x * std::exp(0.5 * x) * std::pow(0.01 * x, 2) * std::exp(0.5 * x);
  EXPECT_NEAR(bend[0], expected, 1e-6 * expected);  // W is 2 / 2 rows; differences over a tenth of the direction
}

/// tanh with a slope that is a tenth too small.
struct WrongTanh {
  static constexpr std::string_view name = "wrong_tanh", formula = "tanh z", derivative = "", range = "(-1, 1)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return std::tanh(z); }
  template <class T> static T slope(T, T a) { return T(0.9) * (T(1) - a * a); }
};

TEST(GradientCheck, is_small_for_every_kind_of_layer_and_sees_a_wrong_slope) {
  const Dataset<double> data = rows_for(Kind::classes, 300, 3, 3, true);
  const Loss loss{losses::CategoricalCrossEntropy{}};
  const layers::Dense output{.units = 3, .activation = "softmax", .initialiser = "zeros"};
  const std::vector<std::vector<LayerSpec>> networks{
      {layers::Scale{}, layers::Dense{.units = 20, .activation = "relu"}, layers::Dropout{.rate = 0.5}, output},
      {layers::Dense{.units = 5, .activation = "gelu"}, layers::BatchNorm{}, layers::LayerNorm{}, output},
      {layers::Members{.count = 4}, layers::Dense{.units = 5, .activation = "selu"},
       layers::Heads{.units = 3, .activation = "softmax"}}};
  for (const std::vector<LayerSpec>& all : networks) {
    const GradientCheck check = check_gradient({.inputs = 3, .layers = all}, loss, data, 1, 60);
    EXPECT_LT(check.largest_error, 1e-6) << choice_text(all.front());
    EXPECT_EQ(check.rows, 256U);
    EXPECT_EQ(check.checked, std::min<std::size_t>(60, check.parameters));
  }
  const NetworkSpec wrong{.inputs = 3,
                          .layers = {layers::Dense{.units = 5, .activation = "wrong_tanh"}, output},
                          .own_activations = {Activation::of<WrongTanh>()}};
  EXPECT_NEAR(check_gradient(wrong, loss, data, 1).largest_error, 0.1, 0.02);
}

TEST(Solvers, all_reach_the_same_minimum_of_a_convex_loss) {
  for (const Case& each : {cases[2], cases[4]}) {
    const Dataset<double> data = rows_for(each.kind, 300, 3, 1, true), none;
    const Loss loss = Loss::parse(each.loss);
    std::vector<std::vector<double>> found;
    for (const char* method : {"newton", "levenberg-marquardt", "lbfgs", "conjugate-gradient"}) {
      Network<double> network({.inputs = 3, .layers = {layers::Dense{.units = 1, .activation = each.output}}});
      Trainer<double> trainer(network, loss, Metric{},
                              {.epochs = 1000, .optimizer = parse_choice<optimizers::Any>("optimizer", method)}, data,
                              none);
      trainer.fit();
      EXPECT_LT(trainer.epoch(), 200U) << method;
      found.push_back(theta_of(network));
      for (std::size_t i = 0; i < found.back().size(); ++i)
        EXPECT_NEAR(found.back()[i], found.front()[i], 1e-7) << method << " " << each.loss;
    }
  }
}

TEST(Solvers, newton_says_where_classes_can_be_told_apart_without_an_error) {
  Dataset<double> data = rows_for(Kind::two_classes, 40, 2, 1, false), none;
  for (std::size_t i = 0; i < 40; ++i) data.targets(i, 0) = data.X(i, 0) > 0.1;
  const Loss loss{losses::BinaryCrossEntropy{}};
  const auto remark = [&](double l2) {
    Network<double> network({.inputs = 2, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
    Trainer<double> trainer(network, loss, {.task = Task::classification},
                            {.epochs = 1000, .optimizer = solvers::Newton{}, .regularisation = {.l2 = l2}}, data,
                            none);
    trainer.fit();
    return trainer.remark();
  };
  EXPECT_NE(remark(0).find("can be told apart without an error"), std::string::npos);
  EXPECT_EQ(remark(0.01), "");
}

TEST(Solvers, refuse_what_they_cannot_do) {
  const auto refusal = [](const char* method, std::vector<LayerSpec> layers, const char* loss,
                          Regularisation regularisation = {}) {
    const Network<double> network({.inputs = 2, .layers = std::move(layers)});
    return message_of([&] {
      check_solver_fits<double>(parse_choice<solvers::Any>("optimizer", method), network, Loss::parse(loss),
                                regularisation);
    });
  };
  const layers::Dense hidden{.units = 3}, line{.units = 1, .activation = "identity"};
  EXPECT_EQ(refusal("lbfgs", {hidden, layers::Dropout{.rate = 0.5}, line}, "squared_error"),
            "lbfgs looks at all rows with one θ, which dropout does not let it");
  EXPECT_EQ(refusal("least-squares", {hidden, line}, "squared_error"),
            "least-squares is for a network without hidden layers, found 2 layers");
  EXPECT_EQ(refusal("least-squares", {line}, "huber"),
            "least-squares needs loss squared_error and the output activation identity, found huber and identity");
  EXPECT_EQ(
      refusal("levenberg-marquardt", {hidden, line}, "absolute_error"),
      "levenberg-marquardt needs a loss with a second derivative (squared_error, poisson, binary_cross_entropy, "
      "categorical_cross_entropy), found absolute_error");
  EXPECT_EQ(refusal("lbfgs", {line}, "squared_error", {.l1 = 1}),
            "an l1 penalty has a kink at 0, where lbfgs cannot go: use l2, or rprop");
  EXPECT_EQ(refusal("rprop", {line}, "squared_error", {.l1 = 1}), "no error");
  EXPECT_EQ(refusal("levenberg-marquardt", {layers::Dense{.units = 5000}, line}, "squared_error"),
            "levenberg-marquardt keeps a matrix of parameters × parameters: expected at most 8192 parameters, found "
            "20001. lbfgs has no such limit");
}

}  // namespace
}  // namespace neurone
