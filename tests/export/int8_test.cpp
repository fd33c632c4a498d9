// Weights of one byte: how far they are from those of the network, and what that does to predictions.
#include "neurone/export/int8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <variant>

#include "tests/model/models.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

template <class T> Network<T> network_with(std::vector<LayerSpec> layers, std::size_t inputs) {
  Network<T> network({.inputs = inputs, .layers = std::move(layers)});
  Random random = numbers_of_test(5);
  fill_uniform(random, -2, 2, network.parameters());
  return network;
}

TEST(Int8Weights, are_the_nearest_whole_numbers_of_steps) {
  const Network<double> network = network_with<double>({layers::Dense{.units = 4}}, 50);
  const ConstMatrixView<double> W = network.parameter("0.W");
  const Int8Weights<double> weights = int8_weights(network, 0);
  ASSERT_EQ(weights.W.size(), 200u);
  ASSERT_EQ(weights.steps.size(), 4u);
  for (std::size_t j = 0; j < 4; ++j) {
    int largest = 0;
    for (std::size_t k = 0; k < 50; ++k) {
      const int whole = weights.W[j * 50 + k];
      EXPECT_LE(std::abs(whole * weights.steps[j] - W(k, j)), 0.5000001 * weights.steps[j]);
      largest = std::max(largest, std::abs(whole));
    }
    EXPECT_EQ(largest, 127);
  }
}

TEST(Int8Weights, of_an_output_without_any_are_zeros) {
  Network<float> network = network_with<float>({layers::Dense{.units = 2}}, 3);
  const MatrixView<float> W = network.parameter("0.W");
  W(0, 0) = W(1, 0) = W(2, 0) = 0;
  W(0, 1) = W(1, 1) = W(2, 1) = 200 * std::numeric_limits<float>::denorm_min();  // a step would not be exact
  const Int8Weights<float> weights = int8_weights(network, 0);
  for (const std::int8_t each : weights.W) EXPECT_EQ(each, 0);
}

TEST(Int8Weights, are_those_of_each_member) {
  const Network<float> network = network_with<float>({layers::Members{.count = 3}, layers::Heads{.units = 2}}, 4);
  const Int8Weights<float> weights = int8_weights(network, 1);
  const ConstMatrixView<float> W = network.parameter("1.W");
  ASSERT_EQ(weights.steps.size(), 6u);
  for (std::size_t i = 0; i < W.elements().size(); ++i)
    EXPECT_NEAR(static_cast<float>(weights.W[i]) * weights.steps[i / 4], W.elements()[i],
                0.5001F * weights.steps[i / 4]);
  EXPECT_TRUE(int8_weights(network, 0).W.empty());
}

TEST(Int8Weights, leave_room_for_every_sum) {
  EXPECT_EQ(largest_int8_input(1), 32767);
  for (const std::size_t inputs : {2U, 516U, 517U, 784U, 10'000U, 1'000'000U}) {
    const auto sum = static_cast<double>(largest_int8_input(inputs)) * 127.0 * static_cast<double>(inputs);
    EXPECT_LE(sum, std::numeric_limits<std::int32_t>::max()) << inputs;
    EXPECT_GE(largest_int8_input(inputs), 1) << inputs;
  }
}

TEST(PredictInt8, is_close_to_the_model) {
  const Model model = model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1});
  const Table table = table_x({"0", "1", "-3.5", ""});
  const Predictions exact = predict(model, table), near = predict_int8(model, table);
  for (std::size_t i = 0; i < exact.values.rows(); ++i)
    EXPECT_NEAR(near.values(i, 0), exact.values(i, 0), 4e-5 * std::abs(exact.values(i, 0)) + 1e-9) << i;
}

// The first unit's sine is none where x is large, the second's is that of 1.
TEST(PredictInt8, says_where_there_is_no_number) {
  Network<float> network({.inputs = 1,
                          .layers = {layers::Dense{.units = 2, .activation = "sin"},
                                     layers::Dense{.units = 1, .activation = "identity"}}});
  std::ranges::copy(std::array{3e38F, 0.0F, 0.0F, 1.0F, 1.0F, 1.0F, 0.0F}, network.parameters().begin());
  Model model = model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 0});
  model.networks = Networks<float>{std::move(network)};
  const Predictions found = predict_int8(model, table_x({"1000", "0"}));
  EXPECT_TRUE(std::isnan(found.values(0, 0))) << found.values(0, 0);
  EXPECT_NEAR(found.values(1, 0), std::sin(1.0), 1e-3);
}

TEST(PredictInt8, gives_the_likeliest_class) {
  const Model model = model_of_x(ClassTarget{.name = "y", .classes = {"no", "yes"}}, {losses::BinaryCrossEntropy{}},
                                 "sigmoid", {2, 1});
  const Predictions found = predict_int8(model, table_x({"-3", "3"}));
  EXPECT_EQ(found.classes, (std::vector<std::uint32_t>{0, 1}));
}

}  // namespace
}  // namespace neurone
