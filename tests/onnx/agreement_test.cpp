// Exported models say here what they said: every activation, layer and kind of column, in float and in double.
#include "neurone/onnx/agreement.h"

#include <gtest/gtest.h>

#include "neurone/export/onnx.h"
#include "neurone/onnx/onnx_file.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

// Columns of every kind, and one network of these layers with some start.
template <class T>
Model model_of(const Target& target, const Loss& loss, const std::vector<std::string>& layers, std::size_t networks) {
  const TablePreparation table{
      .columns = {
          NumericColumn{.name = "amount",
                        .scale = {.median = 1, .center = 2, .spread = 3, .clip = 3, .lowest = -9, .highest = 12},
                        .has_indicator = true,
                        .knots = {-9, 0, 12}},
          NumericColumn{.name = "plain"},
          DateColumn{.name = "day",
                     .scale = {.median = 100, .center = 150, .spread = 80, .lowest = -400, .highest = 20000},
                     .has_time = true,
                     .has_indicator = true},
          CategoryColumn{.name = "colour", .values = {"", "blue", "red"}}}};
  NetworkSpec spec{.inputs = table.width()};
  for (const std::string& layer : layers) spec.layers.push_back(parse_choice<LayerSpec>("layer", layer));
  Networks<T> all;
  for (std::size_t k = 0; k < networks; ++k) {
    all.emplace_back(spec);
    all.back().initialise(k + 1);
    for (T& each : all.back().statistics()) each += T(0.25);
  }
  return {.preparation = table, .target = target, .loss = loss, .networks = std::move(all), .record = {}};
}

Agreement agreement_of_export(const Model& model, const OnnxOptions& options = {}) {
  return agreement_of(parse_onnx(format_onnx(model, options), "m.onnx")).value();
}

const ClassTarget three{.name = "kind", .classes = {"a", "b", "c"}};
const NumberTarget number{.name = "value", .mean = 3, .deviation = 2, .lowest = -4, .highest = 9};

TEST(OnnxAgreement, of_every_activation) {
  for (const Activation& activation : all_activations()) {
    const std::string layer = "dense 6 " + std::string(activation.name());
    const std::vector<std::string> layers{layer, "dense 1 identity"};
    const Agreement single = agreement_of_export(model_of<float>(number, {losses::SquaredError{}}, layers, 1));
    EXPECT_EQ(single.rows, rows_of_proof);
    EXPECT_LE(single.largest, 1e-5) << activation.name();  // of a sine far out
    const Agreement wide = agreement_of_export(model_of<double>(number, {losses::SquaredError{}}, layers, 1),
                                               {.numbers = OnnxOptions::Numbers::float64});
    EXPECT_LE(wide.largest, activation.name() == "gelu" ? 2e-7 : 1e-11) << activation.name();
  }
}

TEST(OnnxAgreement, of_every_layer_and_several_networks) {
  const std::vector<std::string> layers{"members 3",  "dense 5 tanh", "batch_norm relu", "scale",
                                        "layer_norm", "dropout 0.5",  "heads 3 softmax"};
  const Agreement agreed =
      agreement_of_export(model_of<float>(three, {losses::CategoricalCrossEntropy{}}, layers, 2));
  EXPECT_EQ(agreed.other_labels, 0U);
  EXPECT_LE(agreed.largest, 1e-6);
}

TEST(OnnxAgreement, of_a_number_with_its_deviation) {
  Model model = model_of<double>(number, {losses::GaussianNegativeLogLikelihood{}}, {"dense 2 identity"}, 3);
  for (Network<double>& each : std::get<Networks<double>>(model.networks))
    for (double& parameter : each.parameters()) parameter *= 0.01;  // the variance is an exponential
  EXPECT_LE(agreement_of_export(model, {.numbers = OnnxOptions::Numbers::float64}).largest, 1e-11);
}

TEST(OnnxAgreement, of_two_classes_and_a_temperature) {
  Model model = model_of<double>(ClassTarget{.name = "kind", .classes = {"no", "yes"}},
                                 {losses::BinaryCrossEntropy{}}, {"dense 1 sigmoid"}, 1);
  model.calibration.temperature = 1.7;
  const Agreement agreed = agreement_of_export(model, {.numbers = OnnxOptions::Numbers::float64});
  EXPECT_EQ(agreed.other_labels, 0U);
  EXPECT_LE(agreed.largest, 1e-9);
}

TEST(OnnxAgreement, finds_a_number_and_a_label_that_are_others) {
  const Model model = model_of<float>(three, {losses::CategoricalCrossEntropy{}}, {"dense 3 softmax"}, 1);
  Graph graph = parse_onnx(format_onnx(model), "m.onnx");
  std::string& proof = graph.metadata["neurone.proof"];
  const std::size_t label = proof.find("\"outputs\":[[\"") + 13;
  proof[label] = proof[label] == 'a' ? 'b' : 'a';
  EXPECT_EQ(agreement_of(graph)->other_labels, 1U);
  graph.constants.at("0.b") = real_tensor(Type::float32, {3}, {5, 0, 0});
  EXPECT_GT(agreement_of(graph)->largest, 0.1);
}

TEST(OnnxAgreement, needs_rows_that_fit) {
  Graph graph = parse_onnx(
      format_onnx(model_of<float>(three, {losses::CategoricalCrossEntropy{}}, {"dense 3 softmax"}, 1)), "m.onnx");
  std::string& proof = graph.metadata["neurone.proof"];
  const auto problem = [&] { return message_of<Error>([&] { agreement_of(graph); }); };
  proof = R"({"inputs": {"amount": [[1], [2]]}, "outputs": [], "unit": 1})";
  EXPECT_EQ(problem(), "input 'plain' is missing");
  proof = "{";
  EXPECT_EQ(problem(), "the proof is no JSON from byte 2 on");
  proof = R"({"inputs": {"amount": [[1, 3], [2]]}, "outputs": [], "unit": 1})";
  EXPECT_EQ(problem(), "3 cells for input 'amount' of 2 × 1");
  graph.metadata.clear();
  EXPECT_FALSE(agreement_of(graph).has_value());
}

}  // namespace
}  // namespace neurone::onnx
