// Models that come back from the ONNX files they were exported to.
#include "neurone/onnx/own_export.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/export/onnx.h"
#include "neurone/onnx/onnx_file.h"
#include "tests/model/models.h"
#include "tests/support/matrices.h"

namespace neurone::onnx {
namespace {

const ClassTarget three_classes{.name = "y", .classes = {"a", "b", "c"}};

TablePreparation two_columns() {
  return {
      .columns = {NumericColumn{.name = "amount",
                                .scale = {.median = 2.5, .center = 2, .spread = 1.25, .lowest = -4, .highest = 11},
                                .has_indicator = true,
                                .knots = {-4, 0, 2.5, 11}},
                  CategoryColumn{.name = "colour", .values = {"", "blue", "red"}}}};
}

template <class T> Model model_with(std::vector<LayerSpec> layers, std::size_t count) {
  Networks<T> networks;
  Random random = numbers_of_test(11);
  for (std::size_t k = 0; k < count; ++k) {
    Network<T> network({.inputs = two_columns().width(), .layers = layers});
    fill_uniform(random, -0.7, 0.7, network.parameters());
    fill_uniform(random, 0.5, 2, network.statistics());
    networks.push_back(std::move(network));
  }
  return {.preparation = two_columns(),
          .target = three_classes,
          .loss = {losses::CategoricalCrossEntropy{}},
          .networks = std::move(networks),
          .calibration = {.temperature = 1.5},
          .record = {}};
}

Graph exported(const Model& model, const OnnxOptions& options = {}) {
  return parse_onnx(format_onnx(model, options), "m.onnx");
}

template <class T> void expect_back(const Model& model, const OnnxOptions& options = {}) {
  const Model back = import_onnx(exported(model, options)).model;
  const auto& before = std::get<Networks<T>>(model.networks);
  const auto& after = std::get<Networks<T>>(back.networks);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t k = 0; k < before.size(); ++k) {
    EXPECT_TRUE(std::ranges::equal(before[k].parameters(), after[k].parameters()));
    EXPECT_TRUE(std::ranges::equal(before[k].statistics(), after[k].statistics()));
  }
  EXPECT_EQ(back.calibration.temperature, model.calibration.temperature);
  ASSERT_TRUE(back.proof.has_value());
  EXPECT_TRUE(back.proof->made_up);
}

template <class T> class OwnExport : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(OwnExport, Precisions);

TYPED_TEST(OwnExport, gives_every_layer_back) {
  using namespace layers;
  const std::vector<LayerSpec> every{Embedding{.blocks = "3-4;6-8", .dimension = 2},
                                     neurone::layers::Scale{},
                                     Dense{.units = 9, .activation = "tanh", .bias = false},
                                     BatchNorm{},
                                     Dropout{.rate = 0.3},
                                     LayerNorm{.activation = "silu"},
                                     Dense{.units = 1, .activation = "identity"},
                                     Dense{.units = 3, .activation = "softmax"}};
  expect_back<TypeParam>(model_with<TypeParam>(every, 1));
  expect_back<TypeParam>(model_with<TypeParam>(every, 2), {.numbers = OnnxOptions::Numbers::float64});
}

TYPED_TEST(OwnExport, gives_members_and_heads_back) {
  using namespace layers;
  for (const std::size_t count : {1U, 5U})
    expect_back<TypeParam>(model_with<TypeParam>(
        {neurone::layers::Scale{}, Members{.count = count}, Dense{.units = 7, .activation = "selu"},
         Embedding{.blocks = "2-7", .dimension = 3}, Heads{.units = 3, .activation = "softmax"}},
        2));
}

TYPED_TEST(OwnExport, gives_embeddings_back) {
  for (const std::string blocks : {"6-8", "1-1", "1-8", "1-5;6-8"})
    expect_back<TypeParam>(model_with<TypeParam>(
        {layers::Embedding{.blocks = blocks}, layers::Dense{.units = 3, .activation = "softmax"}}, 2));
}

TEST(OwnExports, of_a_matrix_and_of_images_come_back) {
  expect_back<double>(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1}),
                      {.inputs = OnnxOptions::Inputs::matrix});
  const Model images = model_of_images();
  expect_back<float>(images);
  expect_back<float>(images, {.inputs = OnnxOptions::Inputs::matrix});
}

// Columns whose names are those of a parameter, and of the matrix that could be instead of them.
TEST(OwnExports, are_read_by_what_they_are_not_by_names_that_look_so) {
  const Scale far{
      .median = 50000.123, .center = 50000.123, .spread = 0.01, .lowest = 49999.1237, .highest = 50001.0711};
  for (const TablePreparation& columns :
       {TablePreparation{.columns = {DateColumn{.name = "day"}, NumericColumn{.name = "0.W", .scale = far}}},
        TablePreparation{.columns = {CategoryColumn{.name = "X", .values = {"a", "b"}}}},
        TablePreparation{.columns = {NumericColumn{.name = "X", .scale = far}}}}) {
    Network<float> network(
        {.inputs = columns.width(), .layers = {layers::Dense{.units = 1, .activation = "identity"}}});
    network.initialise(2);
    expect_back<float>({.preparation = columns,
                        .target = NumberTarget{.name = "y"},
                        .loss = {losses::SquaredError{}},
                        .networks = Networks<float>{std::move(network)},
                        .record = {}});
  }
}

// What is wrong with the graph.
std::string refused(Graph graph) {
  try {
    import_own_export(std::move(graph));
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

TEST(OwnExports, that_were_changed_are_refused) {
  const Graph graph = exported(model_with<double>({layers::Dense{.units = 3, .activation = "softmax"}}, 1));
  ASSERT_EQ(refused(graph), "nothing");
  Graph doubled = graph;
  for (Node& node : doubled.nodes)
    if (node.operation == "Gemm") node.attributes["alpha"] = 2.0;
  EXPECT_TRUE(refused(doubled).starts_with("its graph says something else than its parameters")) << refused(doubled);
  Graph other_layer = graph;
  other_layer.constants["7.W"] = other_layer.constants.at("0.W");
  EXPECT_EQ(refused(other_layer), "constant '7.W' is of no layer");
  Graph deep = graph;
  deep.constants["0.b"] = real_tensor(Type::float64, {1, 3, 2}, Reals(6, 1.0));
  EXPECT_EQ(refused(deep), "the model inside: damaged model: tensor '0.b' has another shape");
  Graph text = graph;
  text.constants["0.b"] = text_tensor({3}, {"a", "b", "c"});
  EXPECT_EQ(refused(text), "a tensor of string, expected float or double");
  Graph without = graph;
  without.constants.erase("0.b");
  EXPECT_EQ(refused(without), "the model inside: damaged model: layers have more parameters than the file");
  Graph undescribed = graph;
  undescribed.metadata["neurone.model"] = "[1, 2";
  EXPECT_TRUE(refused(undescribed).starts_with("the description is no JSON from byte ")) << refused(undescribed);
}

TEST(OwnExports, know_their_columns) {
  const Graph graph = exported(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1}));
  EXPECT_THROW(import_onnx(graph, {.columns = {"a"}}), UsageError);
}

}  // namespace
}  // namespace neurone::onnx
