// Ring 2: backpropagation through every kind of layer, with every activation, to every loss that takes it, against
// central differences.
#include "neurone/layer/layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/message_of.h"
#include "tests/support/network_gradient.h"
#include "tests/support/targets.h"

namespace neurone {
namespace {

constexpr std::size_t batch = 4, inputs = 3, width = 4;

// A network that ends in the layer under test, with the activation σ.
struct Kind {
  std::string name;
  bool training;
  std::vector<LayerSpec> (*layers)(const std::string& activation);
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

std::vector<Kind> kinds() {
  using Specs = std::vector<LayerSpec>;
  return {{"dense", true, [](const std::string& f) { return Specs{layers::Dense{.units = width, .activation = f}}; }},
          {"dense without bias", true,
           [](const std::string& f) { return Specs{layers::Dense{.units = width, .activation = f, .bias = false}}; }},
          {"dropout in training", true,
           [](const std::string& f) {
             return Specs{layers::Dropout{.rate = 0.4}, layers::Dense{.units = width, .activation = f}};
           }},
          {"layer_norm", true,
           [](const std::string& f) {
             return Specs{layers::Dense{.units = width, .activation = "tanh"}, layers::LayerNorm{.activation = f}};
           }},
          {"scale", true,
           [](const std::string& f) {
             return Specs{layers::Scale{}, layers::Dense{.units = width, .activation = f}, layers::Scale{}};
           }},
          {"embedding", true,
           [](const std::string& f) {
             return Specs{layers::Embedding{.blocks = "2-3", .dimension = 2},
                          layers::Dense{.units = 5, .activation = "tanh"},
                          layers::Embedding{.blocks = "1-1;3-4", .dimension = 2},
                          layers::Dense{.units = width, .activation = f}};
           }},
          {"batch_norm in training", true,
           [](const std::string& f) {
             return Specs{layers::Dense{.units = width, .activation = "tanh"}, layers::BatchNorm{.activation = f}};
           }},
          {"batch_norm in prediction", false,
           [](const std::string& f) {
             return Specs{layers::Dense{.units = width, .activation = "tanh"}, layers::BatchNorm{.activation = f}};
           }},
          {"activation inside", true, [](const std::string& f) {
             return Specs{layers::Dense{.units = 5, .activation = f}, layers::Dense{.units = width, .activation = f}};
           }}};
}

bool takes(const Loss& loss, const Activation& activation) {
  return !loss.takes_logits() || std::ranges::count(loss.links(), activation.name()) > 0;
}

// θ and the running statistics of no particular layer: every gain, shift, mean and variance matters.
void fill_network(Network<double>& network, Random& random) {
  fill_uniform(random, -1, 1, network.parameters());
  fill_uniform(random, 0.5, 1.5, network.statistics());
}

// The smallest change that may count is 1e-8: what differences leave is a thousandth of that.
template <class Found, class Expected>
void expect_same(const Found& found, const Expected& expected, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(near(found[i], expected[i], 1e-6, 1e-2))
        << what << " at " << i << ": " << found[i] << ", expected " << expected[i];
}

void expect_gradient(const Example<double>& example, const std::string& what) {
  const Gradient<double> found = backpropagated(example), expected = differenced(example);
  EXPECT_EQ(found.loss, expected.loss) << what;
  expect_same(found.of_parameters, expected.of_parameters, what + ", θ");
  expect_same(found.of_inputs.elements(), expected.of_inputs.elements(), what + ", X");
}

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, backpropagates_the_gradient_through_every_activation_to_every_loss) {
  const std::vector<std::uint32_t> rows = counting_rows(batch);
  std::size_t compared = 0;
  for (const Activation& activation : all_activations()) {
    for (const Loss& loss : losses_of_test()) {
      if (!takes(loss, activation)) continue;
      Random random = numbers_of_test(2);
      Network<double> network({.inputs = inputs, .layers = GetParam().layers(std::string(activation.name()))});
      fill_network(network, random);
      Example<double> example{.network = network,
                              .loss = loss,
                              .pass = {.training = GetParam().training, .seed = 3, .rows = rows},
                              .X = random_matrix<double>(batch, inputs, random),
                              .targets = targets_for(loss, batch, width / loss.outputs_per_target(), random)};
      expect_gradient(example, GetParam().name + ", " + std::string(activation.name()) + ", " + loss.text());
      ++compared;
    }
  }
  EXPECT_GT(compared, 220U) << "activations and losses went missing";
}

INSTANTIATE_TEST_SUITE_P(Layers, EveryKind, testing::ValuesIn(kinds()), [](const auto& kind) {
  std::string name = kind.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
});

// --- several layers ------------------------------------------------------------------------------------------------

const std::vector<LayerSpec> deep{layers::Embedding{.blocks = "2-3", .dimension = 3},
                                  layers::Dense{.units = 5, .activation = "gelu"},
                                  layers::Dropout{.rate = 0.3},
                                  layers::BatchNorm{.activation = "tanh"},
                                  layers::Dense{.units = 4, .activation = "softmax"},
                                  layers::LayerNorm{.activation = "sigmoid"},
                                  layers::Dropout{.rate = 0.2},
                                  layers::Dense{.units = 3, .activation = "softmax", .bias = false}};

TEST(DeepNetwork, backpropagates_the_gradient) {
  const std::vector<std::uint32_t> rows = counting_rows(batch);
  const Loss loss = Loss::parse("categorical_cross_entropy");
  for (const bool training : {true, false}) {
    Random random = numbers_of_test(4);
    Network<double> network({.inputs = inputs, .layers = deep});
    fill_network(network, random);
    expect_gradient({.network = network,
                     .loss = loss,
                     .pass = {.training = training, .seed = 5, .epoch = 6, .rows = rows},
                     .X = random_matrix<double>(batch, inputs, random),
                     .targets = targets_for(loss, batch, 3, random)},
                    training ? "training" : "prediction");
  }
}

TEST(DeepNetwork, in_float_has_the_gradient_of_double_rounded) {
  const std::vector<std::uint32_t> rows = counting_rows(batch);
  const Loss loss = Loss::parse("categorical_cross_entropy");
  Random random = numbers_of_test(6);
  Network<double> wide({.inputs = inputs, .layers = deep});
  Network<float> narrow({.inputs = inputs, .layers = deep});
  fill_network(wide, random);
  const auto rounded = [](double x) { return static_cast<float>(x); };
  std::ranges::transform(wide.parameters(), narrow.parameters().begin(), rounded);
  const Pass pass{.training = true, .seed = 7, .rows = rows};
  const Example<double> example{.network = wide,
                                .loss = loss,
                                .pass = pass,
                                .X = random_matrix<double>(batch, inputs, random),
                                .targets = targets_for(loss, batch, 3, random)};
  Example<float> other{narrow, loss, pass, Matrix<float>(batch, inputs), Matrix<float>(batch, 3)};
  std::ranges::transform(example.X.elements(), other.X.elements().begin(), rounded);
  std::ranges::transform(example.targets.elements(), other.targets.elements().begin(), rounded);
  const Gradient<double> expected = backpropagated(example);
  const Gradient<float> found = backpropagated(other);
  for (std::size_t i = 0; i < found.of_parameters.size(); ++i)
    EXPECT_TRUE(near(static_cast<double>(found.of_parameters[i]), expected.of_parameters[i], 1e-4, 0.1))
        << "θ at " << i;
  for (std::size_t i = 0; i < found.of_inputs.size(); ++i)
    EXPECT_TRUE(
        near(static_cast<double>(found.of_inputs.elements()[i]), expected.of_inputs.elements()[i], 1e-4, 0.1));
}

TEST(DeepNetwork, leaves_the_gradient_alike_when_nobody_wants_that_of_the_inputs) {
  const std::vector<std::uint32_t> rows = counting_rows(batch);
  const Loss loss = Loss::parse("categorical_cross_entropy");
  for (const LayerSpec& first : deep) {
    Random random = numbers_of_test(8);
    Network<double> network(
        {.inputs = inputs, .layers = {first, layers::Dense{.units = 3, .activation = "softmax"}}});
    fill_network(network, random);
    const Example<double> example{.network = network,
                                  .loss = loss,
                                  .pass = {.training = true, .rows = rows},
                                  .X = random_matrix<double>(batch, inputs, random),
                                  .targets = targets_for(loss, batch, 3, random)};
    const Gradient<double> with = backpropagated(example);
    Workspace<double> workspace(network, batch, WorkspaceFor::training);
    loss_of(example, workspace);
    poison(workspace.gradient());
    network.backward(example.pass, example.X, GradientOf::logits, workspace);
    EXPECT_TRUE(std::ranges::equal(workspace.gradient(), with.of_parameters)) << choice_text(first);
  }
}

// --- settings ------------------------------------------------------------------------------------------------------

TEST(MakeLayer, refuses_settings_out_of_range) {
  const auto message = [](const LayerSpec& spec) { return message_of([&] { make_layer<float>(spec, 2, 0, {}); }); };
  EXPECT_EQ(message(layers::Dense{.units = 0}), "dense: units must be at least 1");
  EXPECT_EQ(message(layers::Dense{.units = 2147483648}), "dense: units must be at most 2147483647");
  EXPECT_EQ(message(layers::Dense{.units = 2147483647}), "no error");
  EXPECT_EQ(message(layers::Dense{.activation = "rleu"}), "unknown activation 'rleu': did you mean 'relu'?");
  EXPECT_EQ(message(layers::Dense{.initialiser = "he"}).substr(0, 24), "unknown initialiser 'he'");
  EXPECT_EQ(message(layers::Dropout{.rate = 1}), "dropout: rate must be at least 0 and below 1");
  EXPECT_EQ(message(layers::Dropout{.rate = -0.1}), "dropout: rate must be at least 0 and below 1");
  EXPECT_EQ(message(layers::BatchNorm{.momentum = 0}), "batch_norm: momentum must be above 0 and at most 1");
  EXPECT_EQ(message(layers::BatchNorm{.epsilon = 0}), "batch_norm: epsilon must be above 0");
  EXPECT_EQ(message(layers::Dense{.bias_initialiser = "zero"}), "unknown initialiser 'zero': did you mean 'zeros'?");
  EXPECT_EQ(message(layers::Dense{.bias_rate = -1}), "dense: bias_rate must be 0 or above");
  EXPECT_EQ(message(layers::Scale{.rate = -1}), "scale: rate must be 0 or above");
  EXPECT_EQ(message(layers::LayerNorm{.epsilon = -1}), "layer_norm: epsilon must be above 0");
  EXPECT_EQ(message(layers::LayerNorm{.activation = "tan"}), "unknown activation 'tan': did you mean 'tanh'?");
}

TEST(MakeLayer, a_dense_layer_tells_the_rates_of_its_parameters) {
  const auto rates = [](const layers::Dense& spec) {
    const auto blocks = make_layer<float>(spec, 16, 0, {})->parameters();
    return std::pair(blocks[0].rate, blocks[1].rate);
  };
  EXPECT_EQ(rates({.units = 3}), std::pair(1.0, 1.0));
  EXPECT_EQ(rates({.units = 3, .bias_rate = 0.1, .ntk = true}), std::pair(0.25, 0.1));  // 1/√16
}

TEST(MakeLayer, a_scale_starts_by_changing_nothing) {
  const auto layer = make_layer<double>(layers::Scale{.rate = 6}, 3, 0, {});
  Vector<double> scale(3);
  layer->initialise(Random(1, {.purpose = Purpose::initialise}), scale, {});
  EXPECT_EQ(scale, (Vector<double>{1, 1, 1}));
  EXPECT_EQ(layer->parameters()[0].rate, 6);
}

TEST(MakeLayer, a_bias_is_drawn_behind_the_weights) {
  const auto parameters = [](const std::string& bias_initialiser) {
    const auto layer =
        make_layer<double>(layers::Dense{.units = 400, .bias_initialiser = bias_initialiser}, 2, 0, {});
    Vector<double> values(1200);
    layer->initialise(Random(1, {.purpose = Purpose::initialise}), values, {});
    return values;
  };
  const Vector<double> zeros = parameters("zeros"), normal = parameters("lecun_normal");
  EXPECT_TRUE(std::equal(zeros.begin(), zeros.begin() + 800, normal.begin()));
  double squares = 0;
  for (std::size_t i = 800; i < 1200; ++i) {
    EXPECT_EQ(zeros[i], 0);
    squares += normal[i] * normal[i];
  }
  EXPECT_NEAR(squares / 400, 1, 0.2);  // 1 × n: of one input, so the standard normal distribution
}

TEST(MakeLayer, scratch_of_too_many_rows_is_refused_instead_of_wrapping_around) {
  for (const LayerSpec& spec :
       {LayerSpec(layers::Dropout{}), LayerSpec(layers::BatchNorm{}), LayerSpec(layers::LayerNorm{})}) {
    const auto layer = make_layer<float>(spec, std::size_t{1} << 31, 0, {});
    EXPECT_EQ(message_of<Error>([&] { layer->scratch(std::size_t{1} << 33); }),
              "a matrix of 8589934592 × 2147483648 is too large");
  }
}

}  // namespace
}  // namespace neurone
