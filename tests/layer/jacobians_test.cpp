// Ring 2: the full Jacobians ∂Z/∂X and ∂Z/∂θ of each layer alone: a column by differences of forward, a row by
// backward from one element of Z.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "neurone/core/choice.h"
#include "tests/support/one_layer.h"

namespace neurone {
namespace {

constexpr std::size_t batch = 3, inputs = 4;
const std::vector<std::uint32_t> rows{7, 8, 9};

struct Jacobians {
  Matrix<double> of_X, of_parameters;  // elements of Z × elements of X, elements of Z × parameters
};

// By the central difference of fourth order, off by h⁴ f⁽⁵⁾ / 30 and ε f / h.
Jacobians differenced(OneLayer<double> one) {
  constexpr double h = 1e-3;
  const auto fill = [&](std::span<double> variables, Matrix<double>& D) {
    D = poisoned<double>(one.Z.size(), variables.size());
    for (std::size_t v = 0; v < variables.size(); ++v) {
      const double at = variables[v];
      std::vector<double> slope(one.Z.size());
      for (const auto& [steps, share] : {std::pair(1, 8.0), {-1, -8.0}, {2, -1.0}, {-2, 1.0}}) {
        variables[v] = at + steps * h;
        one.forward();
        for (std::size_t i = 0; i < slope.size(); ++i) slope[i] += share * one.Z.elements()[i] / (12 * h);
      }
      variables[v] = at;
      for (std::size_t i = 0; i < slope.size(); ++i) D(i, v) = slope[i];
    }
  };
  Jacobians result;
  fill(one.X.elements(), result.of_X);
  fill(one.parameters, result.of_parameters);
  return result;
}

Jacobians backpropagated(OneLayer<double> one) {
  Jacobians result{.of_X = poisoned<double>(one.Z.size(), one.X.size()),
                   .of_parameters = poisoned<double>(one.Z.size(), one.parameters.size())};
  one.forward();
  for (std::size_t i = 0; i < one.Z.size(); ++i) {
    Matrix<double> dZ(one.Z.rows(), one.Z.columns());
    dZ.elements()[i] = 1;
    one.backward(dZ);
    std::ranges::copy(one.dX.elements(), result.of_X[i].begin());
    std::ranges::copy(one.gradient, result.of_parameters[i].begin());
  }
  return result;
}

void expect_near(const Matrix<double>& found, const Matrix<double>& expected, const std::string& what) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.columns(), expected.columns());
  for (std::size_t i = 0; i < found.rows(); ++i)
    for (std::size_t j = 0; j < found.columns(); ++j)
      EXPECT_TRUE(near(found(i, j), expected(i, j), 1e-9))
          << what << " at " << i << ", " << j << ": " << found(i, j) << ", expected " << expected(i, j);
}

struct Case {
  LayerSpec spec;
  bool training = true;
  std::size_t members = 1;
};

const std::vector<Case> cases{
    {layers::Dense{.units = 1}},
    {layers::Dense{.units = 5}},
    {layers::Dense{.units = 5, .bias = false}},
    {layers::Dropout{.rate = 0.5}},
    {layers::Dropout{.rate = 0.5}, false},
    {layers::LayerNorm{}},
    {layers::LayerNorm{.epsilon = 0.1}},
    {layers::BatchNorm{}},
    {layers::BatchNorm{.epsilon = 0.1}},
    {layers::BatchNorm{}, false},
    {layers::Scale{}},
    {layers::Embedding{.blocks = "1-4", .dimension = 1}},
    {layers::Embedding{.blocks = "2-3", .dimension = 3}},
    {layers::Embedding{.blocks = "1-1;3-4", .dimension = 2}},
    {layers::Members{.count = 3}},
    {layers::Heads{.units = 2}},
    {layers::Heads{.units = 2}, true, 3},
};

TEST(EveryLayer, has_the_jacobians_that_differences_show) {
  Random random = numbers_of_test(1);
  for (const auto& [spec, training, members] : cases) {
    OneLayer<double> one(spec, random_matrix<double>(batch, inputs, random),
                         {.training = training, .seed = 1, .rows = rows}, 0, members);
    fill_uniform<double>(random, -1, 1, one.parameters);
    fill_uniform<double>(random, 0.5, 1.5, one.statistics);
    const std::string what = choice_text(spec) + (training ? ", training" : ", prediction");
    const Jacobians found = backpropagated(one), expected = differenced(one);
    expect_near(found.of_X, expected.of_X, what + ", X");
    expect_near(found.of_parameters, expected.of_parameters, what + ", θ");
  }
}

TEST(EveryLayer, says_how_large_its_buffers_are_and_fills_all_of_z) {
  Random random = numbers_of_test(2);
  for (const auto& [spec, training, members] : cases) {
    OneLayer<double> one(spec, random_matrix<double>(batch, inputs, random),
                         {.training = training, .seed = 1, .rows = rows}, 0, members);
    EXPECT_TRUE(all_finite<double>(one.parameters)) << choice_text(spec) << " leaves parameters unset";
    EXPECT_TRUE(all_finite<double>(one.statistics)) << choice_text(spec) << " leaves statistics unset";
    one.forward();
    EXPECT_TRUE(all_finite<double>(one.Z.elements())) << choice_text(spec);
    one.backward(one.Z);
    EXPECT_TRUE(all_finite<double>(one.gradient) && all_finite<double>(one.dX.elements())) << choice_text(spec);
  }
}

TEST(LayerNorm, gives_every_row_the_mean_zero_and_the_variance_one) {
  Random random = numbers_of_test(3);
  OneLayer<double> one(layers::LayerNorm{.epsilon = 1e-12}, random_matrix<double>(batch, 50, random), {});
  for (double& x : one.X[1]) x = 100 + 30 * x;
  one.forward();
  for (std::size_t i = 0; i < batch; ++i) {
    double mean = 0, square = 0;
    for (const double z : one.Z[i]) mean += z / 50, square += z * z / 50;
    EXPECT_NEAR(mean, 0, 1e-13);
    EXPECT_NEAR(square, 1, 1e-9);
  }
}

TEST(LayerNorm, has_a_gain_and_a_shift_for_each_column) {
  Matrix<double> X(1, 2);
  X(0, 0) = -1, X(0, 1) = 3;  // mean 1, variance 4
  OneLayer<double> one(layers::LayerNorm{.epsilon = 1e-12}, X, {});
  std::ranges::copy(std::vector{2.0, 3.0, 10.0, 20.0}, one.parameters.begin());  // gain, shift
  one.forward();
  EXPECT_NEAR(one.Z(0, 0), -2 + 10, 1e-11);
  EXPECT_NEAR(one.Z(0, 1), 3 + 20, 1e-11);
}

}  // namespace
}  // namespace neurone
