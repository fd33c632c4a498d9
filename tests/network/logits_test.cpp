// What a network says before its last activation, alone and as several members.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "neurone/network/network.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

// Z of one layer of members whose weights are these, for x: one output, or two with the second one 0.
Network<float> members_with(const std::vector<float>& weights, std::size_t outputs, const char* activation) {
  Network<float> network({.inputs = 1,
                          .layers = {layers::Members{.count = weights.size()},
                                     layers::Heads{.units = outputs, .activation = activation}}});
  std::ranges::fill(network.parameters(), 0.0F);
  std::ranges::fill(network.parameter("0.r").elements(), 1.0F);
  const MatrixView<float> W = network.parameter("1.W");
  for (std::size_t m = 0; m < weights.size(); ++m) W.elements()[m * outputs] = weights[m];
  return network;
}

Matrix<double> logits_of(const Network<float>& network, const std::vector<float>& x) {
  Matrix<float> X(x.size(), 1);
  std::ranges::copy(x, X.elements().begin());
  Matrix<double> L = poisoned<double>(x.size(), network.outputs());
  logits_together<float>(network, X, L, 1);
  return L;
}

TEST(Logits, are_Z_of_the_last_layer) {
  Network<float> network({.inputs = 1,
                          .layers = {layers::Dense{.units = 3, .activation = "tanh"},
                                     layers::Dense{.units = 2, .activation = "softmax"}}});
  network.initialise(3);
  Matrix<float> X(1, 1);
  X(0, 0) = 0.75F;
  Workspace<float> workspace(network, 1, WorkspaceFor::prediction);
  network.forward({}, X, workspace);
  const std::vector<float> Z(workspace.Z(1).elements().begin(), workspace.Z(1).elements().end());
  const Matrix<double> L = logits_of(network, {0.75F});
  EXPECT_EQ(L(0, 0), Z[0]);
  EXPECT_EQ(L(0, 1), Z[1]);
}

TEST(Logits, of_members_are_those_of_the_mean_of_their_probabilities) {
  const Matrix<double> one = logits_of(members_with({2, -1, 30}, 1, "sigmoid"), {1});
  const auto sigmoid = [](long double z) { return 1 / (1 + std::exp(-z)); };
  const long double yes = sigmoid(2) + sigmoid(-1) + sigmoid(30), no = sigmoid(-2) + sigmoid(1) + sigmoid(-30);
  EXPECT_NEAR(one(0, 0), static_cast<double>(std::log(yes / no)), 1e-15);
  const Matrix<double> two = logits_of(members_with({2, -1, 30}, 2, "softmax"), {1});
  EXPECT_NEAR(two(0, 0) - two(0, 1), static_cast<double>(std::log(yes / no)), 1e-15);
}

// In float each of these sigmoids is 1 or next to nothing.
TEST(Logits, of_members_that_are_certain_keep_their_size) {
  for (const float z : {20.0F, 80.0F, 700.0F}) {
    EXPECT_NEAR(logits_of(members_with({1, 1, 1}, 1, "sigmoid"), {z})(0, 0), z, 1e-12 * z) << z;
    const Matrix<double> L = logits_of(members_with({1, 1, 1}, 2, "softmax"), {z});
    EXPECT_NEAR(L(0, 0) - L(0, 1), z, 1e-12 * z) << z;
  }
}

TEST(Logits, of_members_are_finite_where_a_probability_is_too_small_for_a_double) {
  EXPECT_NEAR(logits_of(members_with({1, 1}, 1, "sigmoid"), {2000})(0, 0), 708.4, 2);
}

TEST(Logits, of_a_mirrored_row_are_mirrored) {
  const Network<float> network = members_with({0.3F, -1.7F, 2.9F}, 1, "sigmoid");
  const Matrix<double> L = logits_of(network, {0.4F, -0.4F, 11, -11});
  EXPECT_EQ(L(0, 0), -L(1, 0));
  EXPECT_EQ(L(2, 0), -L(3, 0));
}

}  // namespace
}  // namespace neurone
