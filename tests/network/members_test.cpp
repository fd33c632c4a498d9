// Many networks in one: what the members share, what is their own, and what becomes of them together.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "neurone/network/network.h"
#include "neurone/training/trainer.h"
#include "tests/support/message_of.h"
#include "tests/support/network_gradient.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

NetworkSpec two_members() {
  return {.inputs = 1, .layers = {layers::Members{.count = 2}, layers::Heads{.units = 1}}};
}

// Member 0 says 2 x + 1, member 1 says −3 x + 5.
Network<double> known_members() {
  Network<double> network(two_members());
  const std::vector<double> parameters{1, -1, 2, 3, 1, 5};  // r of both; W of both; b of both
  std::ranges::copy(parameters, network.parameters().begin());
  return network;
}

TEST(Members, are_rows_of_their_own_and_predict_their_mean) {
  const Network<double> network = known_members();
  EXPECT_EQ(network.members(), 2U);
  Matrix<double> X(3, 1), Y = poisoned<double>(3, 1);
  X(1, 0) = 1;
  X(2, 0) = 10;
  Workspace<double> workspace(network, 2, WorkspaceFor::prediction);
  const ConstMatrixView<double> A = network.forward({}, X.view().rows(0, 2), workspace);
  EXPECT_EQ(A.rows(), 4U);
  EXPECT_EQ(A(2, 0), 3);
  EXPECT_EQ(A(3, 0), 2);
  network.predict(X, Y, workspace);
  EXPECT_EQ(Y(0, 0), 3);
  EXPECT_EQ(Y(1, 0), 2.5);
  EXPECT_EQ(Y(2, 0), -2);
}

TEST(Members, begin_with_different_signs) {
  Network<double> network({.inputs = 20, .layers = {layers::Members{.count = 2}, layers::Heads{}}});
  network.initialise(1);
  const ConstMatrixView<double> r = network.parameter("0.r");
  int different = 0;
  for (std::size_t j = 0; j < 20; ++j) {
    EXPECT_EQ(std::abs(r(0, j)), 1);
    different += r(0, j) != r(1, j) ? 1 : 0;
  }
  EXPECT_GT(different, 3);
  EXPECT_LT(different, 17);
}

TEST(Members, have_the_gradient_that_differences_show) {
  Network<double> network(
      {.inputs = 3,
       .layers = {layers::Scale{}, layers::Members{.count = 4}, layers::Dense{.units = 5, .activation = "tanh"},
                  layers::Dropout{.rate = 0.3}, layers::Dense{.units = 4, .activation = "mish"},
                  layers::Heads{.units = 3, .activation = "softmax"}}});
  network.initialise(2);
  Random random = numbers_of_test(7);
  const Loss loss{losses::CategoricalCrossEntropy{}};
  Matrix<double> targets(2 * 4, 3);
  for (std::size_t i = 0; i < targets.rows(); ++i) targets(i, i / 4 + 1) = 1;
  const std::vector<std::uint32_t> rows{5, 9};
  const Example<double> example{.network = network,
                                .loss = loss,
                                .pass = {.training = true, .seed = 3, .rows = rows},
                                .X = random_matrix<double>(2, 3, random),
                                .targets = targets};
  const Gradient<double> found = backpropagated(example), expected = differenced(example);
  for (std::size_t p = 0; p < expected.of_parameters.size(); ++p)
    EXPECT_NEAR(found.of_parameters[p], expected.of_parameters[p], 1e-8) << p;
  for (std::size_t i = 0; i < expected.of_inputs.size(); ++i)
    EXPECT_NEAR(found.of_inputs.elements()[i], expected.of_inputs.elements()[i], 1e-8) << i;
}

TEST(Members, drop_different_units_of_a_sample) {
  Network<double> network({.inputs = 1,
                           .layers = {layers::Members{.count = 16}, layers::Dropout{.rate = 0.5},
                                      layers::Dense{.units = 1, .activation = "identity", .bias = false}}});
  network.initialise(1);
  Matrix<double> X(1, 1);
  X(0, 0) = 1;
  Workspace<double> workspace(network, 1, WorkspaceFor::training);
  const std::vector<std::uint32_t> rows{3};
  network.forward({.training = true, .seed = 1, .rows = rows}, X, workspace);
  const ConstMatrixView<double> dropped = workspace.Z(1);
  const auto zeros = std::ranges::count(dropped.elements(), 0.0);
  EXPECT_GT(zeros, 2);
  EXPECT_LT(zeros, 14);
}

// Targets of 1 and 3 for the two members' outputs at x = 1, which are 3 and 2: squared errors against 4 are 1 and 4.
TEST(Members, are_scored_by_the_mean_of_their_losses_and_the_metric_of_their_mean) {
  const Network<double> network = known_members();
  const Dataset<double> data = points<double>({1, 1, 0}, {4, 2, 0}, {1, 3, 0});
  Workspace<double> workspace(network, 2, WorkspaceFor::training);
  const Score found = score<double>(network, {losses::SquaredError{}}, rmse_metric, data, workspace);
  EXPECT_NEAR(found.loss, ((1.0 + 4.0) / 2 + 3 * (1.0 + 0.0) / 2) / 4, 1e-12);
  EXPECT_NEAR(found.metric, std::sqrt((1.5 * 1.5 + 3 * 0.5 * 0.5) / 4), 1e-12);
}

TEST(Members, learn_each_its_own_line) {
  const Dataset<double> data = points<double>({0, 1, 2, 3}, {1, 3, 2, 5}, {1, 1, 2, 1});
  Network<double> network(two_members());
  network.initialise(4);
  const Dataset<double> no_rows{.X = Matrix<double>(0, 1), .targets = Matrix<double>(0, 1), .weights = {}};
  Trainer<double>(network, {losses::SquaredError{}}, rmse_metric, descent(0.05, 4000), data, no_rows).fit();
  Network<double> one(line());
  Trainer<double>(one, {losses::SquaredError{}}, rmse_metric, descent(0.05, 4000), data, no_rows).fit();
  const ConstMatrixView<double> r = network.parameter("0.r"), W = network.parameter("1.W"),
                                b = network.parameter("1.b");
  for (std::size_t m = 0; m < 2; ++m) {
    EXPECT_NEAR(r(m, 0) * W(m, 0), one.parameters()[0], 1e-9);
    EXPECT_NEAR(b(m, 0), one.parameters()[1], 1e-9);
  }
}

TEST(Members, say_why_they_cannot_be_built) {
  EXPECT_EQ(message_of<UsageError>([] {
              Network<float>({.inputs = 1,
                              .layers = {layers::Members{.count = 2}, layers::Members{.count = 2}, layers::Heads{}}});
            }),
            "a network has one layer of members");
  EXPECT_EQ(message_of<UsageError>([] {
              Network<float>(
                  {.inputs = 1,
                   .layers = {layers::Members{.count = 2}, layers::Heads{.units = 3, .activation = "log_softmax"}}});
            }),
            "the mean of several members' log_softmax is no logarithm of a probability: softmax is");
  EXPECT_EQ(message_of<UsageError>([] { parse_choice<LayerSpec>("layer", "members 0"); }),
            "members: count must be from 1 to 1024");
}

}  // namespace
}  // namespace neurone
