#include "neurone/network/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// Every kind of layer, 3 → 5 → 5 → 5 → 4 → 4 → 2.
NetworkSpec mixed() {
  return {.inputs = 3,
          .layers = {layers::Dense{.units = 5, .activation = "tanh"}, layers::Dropout{.rate = 0.5},
                     layers::BatchNorm{.activation = "relu"}, layers::Dense{.units = 4, .bias = false},
                     layers::LayerNorm{}, layers::Dense{.units = 2, .activation = "softmax"}}};
}

template <class T = double> Network<T> initialised(std::uint64_t seed = 1) {
  Network<T> network(mixed());
  network.initialise(seed);
  return network;
}

template <class T> Matrix<T> predicted(const Network<T>& network, const Matrix<T>& X, std::size_t piece) {
  Workspace<T> workspace(network, piece, WorkspaceFor::prediction);
  Matrix<T> Y = poisoned<T>(X.rows(), network.outputs());
  network.predict(X, Y, workspace);
  return Y;
}

// --- θ -------------------------------------------------------------------------------------------------------------

struct Block {
  std::string name;
  std::size_t rows, columns;
  bool decays;
  bool operator==(const Block&) const = default;
};
std::vector<Block> shapes(const std::vector<ParameterBlock>& blocks) {
  std::vector<Block> shapes;
  for (const ParameterBlock& each : blocks) shapes.push_back({each.name, each.rows, each.columns, each.decays});
  return shapes;
}

// Blocks follow each other from 0 to `size`: each element is in exactly one.
void expect_cover(const std::vector<ParameterBlock>& blocks, std::size_t size) {
  std::size_t end = 0;
  for (const ParameterBlock& block : blocks) {
    EXPECT_EQ(block.offset, end) << block.name;
    end += block.size();
  }
  EXPECT_EQ(end, size);
}

TEST(Network, parameters_are_named_blocks_that_cover_theta_once) {
  const Network<double> network(mixed());
  EXPECT_EQ(shapes(network.parameter_blocks()), (std::vector<Block>{{"0.W", 3, 5, true},
                                                                    {"0.b", 1, 5, false},
                                                                    {"2.gain", 1, 5, false},
                                                                    {"2.shift", 1, 5, false},
                                                                    {"3.W", 5, 4, true},
                                                                    {"4.gain", 1, 4, false},
                                                                    {"4.shift", 1, 4, false},
                                                                    {"5.W", 4, 2, true},
                                                                    {"5.b", 1, 2, false}}));
  expect_cover(network.parameter_blocks(), network.parameters().size());
  EXPECT_EQ(shapes(network.statistic_blocks()),
            (std::vector<Block>{{"2.mean", 1, 5, false}, {"2.variance", 1, 5, false}}));
  expect_cover(network.statistic_blocks(), network.statistics().size());
}

TEST(Network, layers_fit_one_behind_the_other) {
  const Network<double> network(mixed());
  EXPECT_EQ(network.inputs(), 3U);
  EXPECT_EQ(network.outputs(), 2U);
  ASSERT_EQ(network.size(), 6U);
  for (std::size_t l = 1; l < network.size(); ++l)
    EXPECT_EQ(network.layer(l).inputs(), network.layer(l - 1).outputs());
}

TEST(Network, parameters_are_zero_until_they_are_initialised) {
  const Network<float> network(mixed());
  for (const float parameter : network.parameters()) EXPECT_EQ(parameter, 0);
}

TEST(Network, starts_alike_for_the_same_seed_and_otherwise_for_another) {
  const Network<double> a = initialised(1), b = initialised(1), other = initialised(2);
  EXPECT_TRUE(std::ranges::equal(a.parameters(), b.parameters()));
  EXPECT_FALSE(std::ranges::equal(a.parameters(), other.parameters()));
}

TEST(Network, initialise_overwrites_every_parameter_and_statistic) {
  Network<double> network(mixed());
  poison(network.parameters());
  poison(network.statistics());
  network.initialise(1);
  EXPECT_TRUE(all_finite<double>(network.parameters()));
  EXPECT_TRUE(all_finite<double>(network.statistics()));
  const Network<double> fresh = initialised(1);
  EXPECT_TRUE(std::ranges::equal(network.parameters(), fresh.parameters()));
}

TEST(Network, layers_of_the_same_shape_start_with_different_weights) {
  Network<double> network({.inputs = 4, .layers = {layers::Dense{.units = 4}, layers::Dense{.units = 4}}});
  network.initialise(1);
  EXPECT_FALSE(std::ranges::equal(network.parameters().subspan(0, 16), network.parameters().subspan(20, 16)));
}

TEST(Network, a_copy_is_independent) {
  Network<double> network = initialised();
  Random random = numbers_of_test(1);
  const Matrix<double> X = random_matrix<double>(4, 3, random);
  const Network<double> copy = network;
  const Matrix<double> before = predicted(copy, X, 4);
  for (double& parameter : network.parameters()) parameter += 1;
  for (double& statistic : network.statistics()) statistic += 1;
  EXPECT_EQ(predicted(copy, X, 4), before);
  EXPECT_NE(predicted(network, X, 4), before);
}

// --- size ----------------------------------------------------------------------------------------------------------

TEST(Network, too_large_to_be_counted_is_refused) {
  const auto refusal = [](std::size_t inputs, std::vector<LayerSpec> layers) {
    return message_of<Error>([&] { Network<float>({.inputs = inputs, .layers = std::move(layers)}); });
  };
  const layers::Dense wide{.units = 2000000000};
  EXPECT_EQ(refusal(4, {wide, wide}), "the network is too large: 1.W has 2000000000 × 2000000000 elements");
  EXPECT_EQ(refusal(std::size_t{1} << 62, {layers::Dense{.units = 4}}),  // the product would be 2⁶⁴, that is 0
            "the network is too large: 0.W has 4611686018427387904 × 4 elements");
  // each of the two would fit
  EXPECT_EQ(refusal(1000000000, {layers::Dense{.units = 1000000000}, layers::Dense{.units = 1000000000}}),
            "the network is too large: 1.W has 1000000000 × 1000000000 elements");
}

TEST(Workspace, too_large_to_be_counted_is_refused) {
  const Network<double> network({.inputs = 4, .layers = {layers::Dense{.units = 4}}});
  EXPECT_EQ(message_of<Error>([&] { Workspace<double>(network, std::size_t{1} << 62, WorkspaceFor::prediction); }),
            "a matrix of 4611686018427387904 × 1 is too large");
}

// --- forward -------------------------------------------------------------------------------------------------------

// σ(XW + b), twice, in the lecture's row convention.
TEST(Network, is_one_layer_on_the_outputs_of_the_other) {
  Network<double> network({.inputs = 2,
                           .layers = {layers::Dense{.units = 2, .activation = "relu"},
                                      layers::Dense{.units = 1, .activation = "square"}}});
  // W = (1 2; 3 4), b = (0.5 −20), then W = (2; 5), b = −1
  std::ranges::copy(std::vector{1.0, 2.0, 3.0, 4.0, 0.5, -20.0, 2.0, 5.0, -1.0}, network.parameters().begin());
  Matrix<double> X(1, 2);
  X(0, 0) = 1, X(0, 1) = 2;  // XW + b = (7.5 −10), A = (7.5 0), Z = 14
  EXPECT_EQ(predicted(network, X, 1)(0, 0), 196);
}

TEST(Network, keeps_a_apart_from_z_only_where_there_is_an_activation) {
  const Network<double> network = initialised();
  Workspace<double> workspace(network, 3, WorkspaceFor::training);
  const std::vector<bool> same{false, true, false, false, true, false};
  for (std::size_t l = 0; l < network.size(); ++l)
    EXPECT_EQ(workspace.A(l).data() == workspace.Z(l).data(), same[l]) << "layer " << l;
}

TEST(Network, takes_smaller_batches_than_its_workspace_is_made_for) {
  const Network<double> network = initialised();
  Random random = numbers_of_test(2);
  const Matrix<double> X = random_matrix<double>(10, 3, random);
  Workspace<double> workspace(network, 10, WorkspaceFor::prediction);
  const Pass pass;
  const Matrix<double> expected = predicted(network, X, 10);
  for (const std::size_t rows : {10U, 1U, 7U}) {
    const ConstMatrixView<double> A = network.forward(pass, X.view().rows(0, rows), workspace);
    EXPECT_EQ(workspace.rows(), rows);
    EXPECT_TRUE(std::ranges::equal(A.elements(), expected.view().rows(0, rows).elements()));
  }
}

template <class T> class Prediction : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(Prediction, Numbers, );

TYPED_TEST(Prediction, in_pieces_gives_the_same_bits_as_at_once) {
  const Network<TypeParam> network = initialised<TypeParam>();
  Random random = numbers_of_test(3);
  const Matrix<TypeParam> X = random_matrix<TypeParam>(50, 3, random);
  const Matrix<TypeParam> at_once = predicted(network, X, 50);
  EXPECT_TRUE(all_finite<TypeParam>(at_once.elements()));
  for (const std::size_t piece : {1U, 3U, 7U, 49U, 64U}) EXPECT_EQ(predicted(network, X, piece), at_once) << piece;
}

TYPED_TEST(Prediction, from_two_threads_at_once_gives_the_same_bits) {
  const Network<TypeParam> network = initialised<TypeParam>();
  Random random = numbers_of_test(4);
  const Matrix<TypeParam> X = random_matrix<TypeParam>(2000, 3, random);
  const Matrix<TypeParam> alone = predicted(network, X, 64);
  Matrix<TypeParam> first, second;
  std::thread thread([&] { first = predicted(network, X, 16); });
  second = predicted(network, X, 17);
  thread.join();
  EXPECT_EQ(first, alone);
  EXPECT_EQ(second, alone);
}

TEST(Network, of_no_rows_predicts_nothing) {
  EXPECT_TRUE(predicted(initialised(), Matrix<double>(0, 3), 4).empty());
}

TEST(Network, moves_its_statistics_only_when_it_is_told) {
  Network<double> network = initialised();
  Random random = numbers_of_test(5);
  const Matrix<double> X = random_matrix<double>(8, 3, random);
  const std::vector<std::uint32_t> rows{0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<double> before(network.statistics().begin(), network.statistics().end());
  Workspace<double> workspace(network, 8, WorkspaceFor::training);
  network.forward({.training = true, .rows = rows}, X, workspace);
  EXPECT_TRUE(std::ranges::equal(network.statistics(), before));
  network.update_statistics(workspace);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NE(network.statistics()[i], before[i]) << "at " << i;
}

// --- what cannot be built ------------------------------------------------------------------------------------------

TEST(Network, says_why_it_cannot_be_built) {
  const auto message = [](const NetworkSpec& spec) { return message_of([&] { Network<float> network(spec); }); };
  EXPECT_EQ(message({.inputs = 0, .layers = {layers::Dense{}}}), "a network needs at least one input");
  EXPECT_EQ(message({.inputs = 3}), "a network needs at least one layer");
  EXPECT_EQ(message({.inputs = 3, .layers = {layers::Dense{.units = 0}}}), "dense: units must be at least 1");
  EXPECT_EQ(message({.inputs = 3, .layers = {layers::Dense{}, layers::Dense{.activation = "sofmax"}}}),
            "unknown activation 'sofmax': did you mean 'softmax'?");
  EXPECT_EQ(message({.inputs = 3, .layers = {layers::Dropout{.rate = 1.5}}}),
            "dropout: rate must be at least 0 and below 1");
}

TEST(Network, takes_denormal_numbers_for_zero_in_a_prediction) {
  Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "identity"}}});
  network.parameters()[0] = 1;
  Workspace<double> workspace(network, 1, WorkspaceFor::prediction);
  Matrix<double> X(1, 1), Y(1, 1);
  X(0, 0) = std::numeric_limits<double>::denorm_min();
  network.predict(X, Y, workspace);
  EXPECT_EQ(Y(0, 0), 0);
}

}  // namespace
}  // namespace neurone
