// Temperatures and logits of every size: what is exported says what the model says, of both classes alike.
#include <gtest/gtest.h>

#include <cstdio>

#include "neurone/core/instruction_set.h"
#include "neurone/export/c.h"
#include "neurone/export/int8.h"
#include "neurone/export/onnx.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/onnx_file.h"
#include "neurone/onnx/own_export.h"
#include "tests/data/temporary_folder.h"
#include "tests/model/models.h"

namespace neurone {
namespace {

enum class Form { sigmoid, two_outputs, three_outputs, log_softmax, members_of_sigmoid, members_of_softmax };

// Logits in proportion to x, those of a second network half as large and turned.
Model model_of(Form form, std::size_t networks, double temperature) {
  const bool one = form == Form::sigmoid || form == Form::members_of_sigmoid;
  const bool members = form == Form::members_of_sigmoid || form == Form::members_of_softmax;
  const std::size_t outputs = one ? 1 : form == Form::two_outputs ? 2 : 3;
  const char* const activation = one ? "sigmoid" : form == Form::log_softmax ? "log_softmax" : "softmax";
  NetworkSpec spec{.inputs = 1};
  if (members)
    spec.layers = {layers::Members{.count = 2}, layers::Heads{.units = outputs, .activation = activation}};
  else
    spec.layers = {layers::Dense{.units = outputs, .activation = activation}};
  Networks<float> all;
  for (std::size_t k = 0; k < networks; ++k) {
    Network<float> network(spec);
    if (members) std::ranges::fill(network.parameter("0.r").elements(), 1.0F);
    const std::span<float> W = network.parameter(members ? "1.W" : "0.W").elements();
    for (std::size_t j = 0; j < W.size(); ++j)
      W[j] = (k == 0 ? 1.0F : -0.5F) / static_cast<float>(1 + j / outputs) *
             (outputs == 1 ? 1.0F : 0.5F - 0.5F * static_cast<float>(j % outputs));
    all.push_back(std::move(network));
  }
  ClassTarget target{.name = "y", .classes = {"a", "b"}, .one_hot = outputs == 2};
  if (outputs == 3) target.classes.emplace_back("c");
  Model model{.preparation = plain_x(),
              .target = target,
              .loss = one ? Loss{losses::BinaryCrossEntropy{}} : Loss{losses::CategoricalCrossEntropy{}},
              .networks = std::move(all),
              .calibration = {.temperature = temperature},
              .record = {}};
  std::vector<std::string> x{"0"};
  for (const char* each : {"0.01", "0.4", "1", "3", "8", "16.5", "17.5", "18.7", "25", "40", "80", "160"})
    x.insert(x.end(), {each, std::string("-") + each});
  model.proof = prove(model, table_x(x), false);
  return model;
}

class ExportedTemperature : public testing::TestWithParam<std::tuple<Form, int>> {
 protected:
  static Model model_at(double temperature) {
    return model_of(std::get<0>(GetParam()), static_cast<std::size_t>(std::get<1>(GetParam())), temperature);
  }
};

TEST_P(ExportedTemperature, is_that_of_the_model_in_ONNX_and_back) {
  for (const double temperature : {0.05, 0.2, 1.0, 5.0, 20.0}) {
    const Model model = model_at(temperature);
    onnx::Graph graph = onnx::parse_onnx(format_onnx(model), "m.onnx");
    const Agreement agreed = onnx::agreement_of(graph).value();
    EXPECT_EQ(agreed.rows, 25U);
    EXPECT_EQ(agreed.other_labels, 0U) << temperature;
    EXPECT_LE(agreed.largest, 1e-7) << temperature;  // a probability in float
    const Model back = onnx::import_own_export(std::move(graph)).model;
    EXPECT_EQ(predict(back, model.proof->rows).values, model.proof->values) << temperature;
  }
}

TEST_P(ExportedTemperature, is_that_of_the_model_in_C_to_the_bit) {
  for (const bool int8 : {false, true}) {
    const TemporaryFolder folder;
    save_c(model_at(14), folder.path("m.c"), {.int8 = int8});
    const std::string fused = instruction_set() != InstructionSet::baseline ? "-mfma " : "";
    const std::string build = "cc -std=c99 -Wall -Wextra -pedantic -Werror -O1 " + fused + "-DNEURONE_SELF_TEST " +
                              folder.path("m.c") + " -lm -o " + folder.path("m");
    FILE* const pipe = popen((build + " 2>&1 && " + folder.path("m")).c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string said;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_EQ(said, "25 rows, 0 other labels, largest difference 0\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, ExportedTemperature,
                         testing::Combine(testing::Values(Form::sigmoid, Form::two_outputs, Form::three_outputs,
                                                          Form::log_softmax, Form::members_of_sigmoid,
                                                          Form::members_of_softmax),
                                          testing::Values(1, 2)));

// The graph as it was when the temperature was taken of rounded probabilities: in float they are 1 or 0, and 0 is
// what a runtime has at −18.45.
TEST(ExportedTemperature, of_rounded_probabilities_is_found_to_be_another) {
  OnnxGraph graph;
  const std::string z = graph.add_input({.name = "x", .type = OnnxType::float32, .shape = {any_rows, 1}});
  const std::string p = graph.add({"Sigmoid", {z}});
  const std::string wide = graph.add({"Cast", {p}, {{"to", static_cast<std::int64_t>(OnnxType::float64)}}});
  const std::string power = graph.add({"Pow", {wide, graph.number(OnnxType::float64, 1.0 / 20)}});
  graph.add_output({.name = "y", .type = OnnxType::float64, .shape = {any_rows, 1}}, power);
  const std::string file = graph.format(
      {.name = "old",
       .description = "",
       .version = "1",
       .metadata = {{"neurone.proof", R"({"inputs": {"x": [[-18.45]]}, "outputs": [[[0.3975]]], "unit": 1})"}}});
  EXPECT_GT(onnx::agreement_of(onnx::parse_onnx(file, "old.onnx"))->largest, 0.3);
}

}  // namespace
}  // namespace neurone
