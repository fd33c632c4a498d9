// What parameters are worth: several outputs against each by itself, and against the formulas with an explicit
// Jacobian.
#include "neurone/solver/parameter_worth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/training/trainer.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

constexpr std::size_t rows = 60, inputs = 2;

// y_j = j + (x_1 − x_2) e^(½ j x_1), with errors that the outputs have in common and errors of their own.
Dataset<double> data_of(std::size_t outputs, bool counts) {
  Random random = numbers_of_test(7);
  Matrix<double> X(rows, inputs);
  Dataset<double> data{.X = {}, .targets = Matrix<double>(rows, outputs)};
  for (std::size_t i = 0; i < rows; ++i) {
    for (double& x : X[i]) x = random.normal();
    const double common = random.normal();
    for (std::size_t j = 0; j < outputs; ++j) {
      const auto number = static_cast<double>(j);
      const double y = number + (X(i, 0) - X(i, 1)) * std::exp(0.5 * number * X(i, 0)) + 0.3 * common +
                       0.1 * (number + 1) * random.normal();
      data.targets(i, j) = counts ? std::round(std::abs(y)) : y;
    }
    data.weights.push_back(1 + static_cast<double>(i % 3));
  }
  data.X = std::move(X);
  return data;
}

Dataset<double> only(const Dataset<double>& data, std::size_t output) {
  Dataset<double> one{.X = data.X, .targets = Matrix<double>(rows, 1), .weights = data.weights};
  for (std::size_t i = 0; i < rows; ++i) one.targets(i, 0) = data.targets(i, output);
  return one;
}

struct Fitted {
  Network<double> network;
  ParameterWorth worth;
};

Fitted fitted(const std::vector<LayerSpec>& all, const Loss& loss, const Dataset<double>& data,
              const solvers::Any& method) {
  const Dataset<double> none;
  Fitted made{.network = Network<double>({.inputs = inputs, .layers = all}), .worth = {}};
  made.network.initialise(3);
  Trainer<double> trainer(
      made.network, loss, Metric{},
      {.epochs = 5000, .optimizer = std::visit([](const auto& each) { return optimizers::Any(each); }, method)}, data,
      none);
  trainer.fit();
  NetworkObjective<double> objective(made.network, {.loss = loss, .data = data});
  const std::vector<double> theta(made.network.parameters().begin(), made.network.parameters().end());
  made.worth = worth_of_parameters(objective, theta);
  return made;
}

double variance(const ParameterWorth& worth, std::size_t place) {
  const auto found = std::ranges::find(worth.determined, place);
  if (found == worth.determined.end() || worth.covariance.empty()) return std::nan("");
  const auto k = static_cast<std::size_t>(found - worth.determined.begin());
  return worth.covariance(k, k);
}

TEST(ParameterWorth, outputs_of_a_single_layer_are_regressions_of_their_own) {
  struct Kind {
    Loss loss;
    const char* output;
    solvers::Any method;
  };
  for (const auto& [loss, output, method] : {Kind{{losses::SquaredError{}}, "identity", solvers::LeastSquares{}},
                                             Kind{{losses::Poisson{}}, "exp", solvers::Newton{}}}) {
    const Dataset<double> data = data_of(3, loss.name() == losses::Poisson::name);
    const ParameterWorth all = fitted({layers::Dense{.units = 3, .activation = output}}, loss, data, method).worth;
    for (std::size_t j = 0; j < 3; ++j) {
      const ParameterWorth own =
          fitted({layers::Dense{.units = 1, .activation = output}}, loss, only(data, j), method).worth;
      for (std::size_t i = 0; i <= inputs; ++i) {  // the bias behind the weights
        EXPECT_NEAR(all.values[3 * i + j], own.values[i], 1e-9) << loss.name();
        EXPECT_NEAR(variance(all, 3 * i + j) / variance(own, i), 1, 1e-9) << loss.name();
      }
      if (own.is_likelihood) continue;
      EXPECT_EQ(all.degrees_of_freedom, own.degrees_of_freedom);
      EXPECT_NEAR(all.residual_deviation(j) / own.residual_deviation(0), 1, 1e-12);
    }
    EXPECT_EQ(all.at_minimum, true);
  }
}

// ∂y/∂θ of every row, by central differences: rows · outputs × parameters.
Matrix<double> slopes(Network<double>& network, const Dataset<double>& data) {
  const std::size_t outputs = network.outputs();
  Workspace<double> workspace(network, rows, WorkspaceFor::prediction);
  Matrix<double> J(rows * outputs, network.parameters().size());
  for (std::size_t k = 0; k < J.columns(); ++k) {
    const double middle = network.parameters()[k];
    constexpr double h = 1e-5;
    for (const double side : {h, -h}) {
      network.parameters()[k] = middle + side;
      const ConstMatrixView<double> Y = network.forward({}, data.X.packed(), workspace);
      for (std::size_t i = 0; i < J.rows(); ++i) J(i, k) += Y.elements()[i] / (2 * side);
    }
    network.parameters()[k] = middle;
  }
  return J;
}

// The solution of A x = b by elimination; A is symmetric and definite.
std::vector<double> solved(Matrix<double> A, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = A(i, k) / A(k, k);
      for (std::size_t j = k; j < n; ++j) A(i, j) -= factor * A(k, j);
      b[i] -= factor * b[k];
    }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= A(k, j) * b[j];
    b[k] /= A(k, k);
  }
  return b;
}

// Of a parameter k: aᵀ M a with a = (JᵀWJ)⁻¹ e_k and M = Σ w J_iᵀ S J_i, S the residuals' covariance.
TEST(ParameterWorth, behind_hidden_layers_outputs_share_parameters_and_errors) {
  constexpr std::size_t outputs = 2;
  const Dataset<double> data = data_of(outputs, false);
  auto [network, worth] = fitted(
      {layers::Dense{.units = 2, .activation = "tanh"}, layers::Dense{.units = outputs, .activation = "identity"}},
      {losses::SquaredError{}}, data, solvers::LevenbergMarquardt{});
  const Matrix<double> J = slopes(network, data);
  const std::size_t n = J.columns();
  ASSERT_EQ(worth.determined.size(), n);
  EXPECT_DOUBLE_EQ(worth.degrees_of_freedom, rows - static_cast<double>(n) / outputs);

  Workspace<double> workspace(network, rows, WorkspaceFor::prediction);
  const ConstMatrixView<double> Y = network.forward({}, data.X.packed(), workspace);
  Matrix<double> S(outputs, outputs), H(n, n), M(n, n);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < outputs; ++j)
      for (std::size_t k = 0; k < outputs; ++k)
        S(j, k) += data.weights[i] * (Y(i, j) - data.targets(i, j)) * (Y(i, k) - data.targets(i, k)) /
                   worth.degrees_of_freedom;
  EXPECT_GT(std::abs(S(0, 1)), 0.1 * S(0, 0));  // or the test would not see what they have in common
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        for (std::size_t j = 0; j < outputs; ++j) {
          H(a, b) += data.weights[i] * J(i * outputs + j, a) * J(i * outputs + j, b);
          for (std::size_t k = 0; k < outputs; ++k)
            M(a, b) += data.weights[i] * J(i * outputs + j, a) * S(j, k) * J(i * outputs + k, b);
        }
  for (std::size_t k = 0; k < n; ++k) {
    std::vector<double> unit(n);
    unit[k] = 1;
    const std::vector<double> a = solved(H, unit);
    double expected = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) expected += a[i] * M(i, j) * a[j];
    EXPECT_NEAR(variance(worth, k) / expected, 1, 1e-6) << k;
  }
  for (std::size_t j = 0; j < outputs; ++j) EXPECT_NEAR(worth.residual_deviation(j), std::sqrt(S(j, j)), 1e-12);
}

// Softmax does not see a constant that is added to all logits, and so neither may what its parameters are worth.
TEST(ParameterWorth, of_softmax_is_unchanged_by_what_all_classes_have_in_common) {
  Dataset<double> data = data_of(3, false);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < 3; ++j) data.targets(i, j) = j == (5 * i + i / 7) % 3;
  const Loss loss{losses::CategoricalCrossEntropy{}};
  auto [network, before] =
      fitted({layers::Dense{.units = 3, .activation = "softmax"}}, loss, data, solvers::Newton{});
  EXPECT_EQ(before.determined.size(), 6U);
  EXPECT_TRUE(before.collinear.empty());
  EXPECT_EQ(before.degrees_of_freedom, 2.0 * rows - 6);
  for (std::size_t k = 0; k < 9; k += 3) EXPECT_EQ(network.parameters()[k], 0) << "newton's first class";
  std::vector<double> theta(network.parameters().begin(), network.parameters().end());
  for (std::size_t k = 0; k < theta.size(); ++k) theta[k] += 0.5 + static_cast<double>(k / 3);
  NetworkObjective<double> objective(network, {.loss = loss, .data = data});
  const ParameterWorth after = worth_of_parameters(objective, theta);
  ASSERT_EQ(after.determined, before.determined);
  for (std::size_t k = 0; k < theta.size(); ++k) EXPECT_NEAR(after.values[k], before.values[k], 1e-12);
  for (std::size_t i = 0; i < before.covariance.size(); ++i)
    EXPECT_NEAR(after.covariance.elements()[i], before.covariance.elements()[i], 1e-12);
}

// Hidden units h and a sigmoid's w·h + b are softmax's logits (c, w·h + b + c) for any c.
TEST(ParameterWorth, of_two_outputs_of_softmax_behind_hidden_layers_is_that_of_a_sigmoid) {
  Dataset<double> one = data_of(1, false), two = one;
  two.targets = Matrix<double>(rows, 2);
  for (std::size_t i = 0; i < rows; ++i) {
    one.targets(i, 0) = two.targets(i, 1) = one.targets(i, 0) > 0.5 * std::sin(static_cast<double>(i));
    two.targets(i, 0) = 1 - two.targets(i, 1);
  }
  const layers::Dense hidden{.units = 2, .activation = "tanh"};
  Network<double> sigmoid({.inputs = inputs, .layers = {hidden, layers::Dense{.units = 1, .activation = "sigmoid"}}}),
      softmax({.inputs = inputs, .layers = {hidden, layers::Dense{.units = 2, .activation = "softmax"}}});
  sigmoid.initialise(3);
  const std::size_t common = 6;  // of the hidden layer
  std::ranges::copy(sigmoid.parameters().first(common), softmax.parameters().begin());
  for (std::size_t k = 0; k < 3; ++k) {  // two weights and the bias
    softmax.parameters()[common + 2 * k] = 0.25;
    softmax.parameters()[common + 2 * k + 1] = 0.25 + sigmoid.parameters()[common + k];
  }
  const auto worth = [](Network<double>& network, const Loss& loss, const Dataset<double>& data) {
    NetworkObjective<double> objective(network, {.loss = loss, .data = data});
    return worth_of_parameters(objective, {network.parameters().begin(), network.parameters().end()});
  };
  const ParameterWorth a = worth(sigmoid, {losses::BinaryCrossEntropy{}}, one),
                       b = worth(softmax, {losses::CategoricalCrossEntropy{}}, two);
  ASSERT_EQ(a.determined.size(), common + 3);
  ASSERT_EQ(b.determined.size(), common + 3);
  EXPECT_EQ(a.degrees_of_freedom, b.degrees_of_freedom);
  for (std::size_t k = 0; k < common + 3; ++k) {
    const std::size_t place = k < common ? k : 2 * k - common + 1;
    EXPECT_NEAR(b.values[place], a.values[k], 1e-12) << k;
    EXPECT_NEAR(variance(b, place) / variance(a, k), 1, 1e-9) << k;
  }
}

TEST(ParameterWorth, of_a_likelihood_away_from_its_minimum_is_said_to_be_nothing) {
  Dataset<double> data = data_of(1, false);
  for (double& each : data.targets.elements()) each = each > 0;
  const Loss loss{losses::BinaryCrossEntropy{}};
  Network<double> network({.inputs = inputs, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  NetworkObjective<double> objective(network, {.loss = loss, .data = data});
  EXPECT_FALSE(worth_of_parameters(objective, std::vector<double>(3)).at_minimum);
}

}  // namespace
}  // namespace neurone
