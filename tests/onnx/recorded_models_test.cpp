// Networks that PyTorch, Keras and scikit-learn wrote say here what they said there (record_models.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "neurone/export/onnx.h"
#include "neurone/file/model_file.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"

namespace neurone::onnx {
namespace {

const std::string models = TEST_DATA "/onnx/models/";

nlohmann::json recorded_models() {
  std::ifstream file(models + "recorded.json");
  return nlohmann::json::parse(file);
}

Imported imported(const std::string& name, const nlohmann::json& recorded) {
  ImportOptions options;
  if (recorded.contains("task")) options.task = Task::classification;
  return import_onnx(load_onnx(models + name + ".onnx"), options);
}

TEST(RecordedModels, say_what_they_said_there) {
  const nlohmann::json all = recorded_models();
  EXPECT_EQ(all.size(), 21U);
  for (const auto& [name, recorded] : all.items()) {
    SCOPED_TRACE(name);
    const Imported made = imported(name, recorded);
    EXPECT_GT(made.agreement.rows, rows_of_proof);
    EXPECT_EQ(made.agreement.other_labels, 0U);
    EXPECT_LE(made.agreement.largest, 1e-5);
    const Table rows(recorded["header"].get<std::vector<std::string>>(),
                     recorded["rows"].get<std::vector<std::vector<std::string>>>(), name);
    const Predictions predictions = predict(made.model, rows);
    const auto expected = recorded["values"].get<std::vector<std::vector<double>>>();
    const auto* target = std::get_if<ClassTarget>(&made.model.target);
    ASSERT_EQ(target != nullptr, recorded.contains("classes"));
    ASSERT_EQ(predictions.values.rows(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      for (std::size_t j = 0; j < expected[i].size(); ++j) {
        const std::size_t at =
            target != nullptr ? target->find(recorded["classes"][j].get<std::string>()).value() : 0;
        EXPECT_NEAR(predictions.values(i, at), expected[i][j], 1e-6 * (1 + std::abs(expected[i][j])));
      }
    for (std::size_t i = 0; target != nullptr && i < expected.size(); ++i)
      EXPECT_EQ(target->classes[predictions.classes[i]], recorded["labels"][i].get<std::string>());
  }
}

TEST(RecordedModels, are_models_like_any_other) {
  const nlohmann::json all = recorded_models();
  for (const auto& [name, recorded] : all.items()) {
    SCOPED_TRACE(name);
    const Model model = imported(name, recorded).model;
    const std::string bytes = format_model(model);
    EXPECT_EQ(format_model(parse_model(bytes, name)), bytes);
    const Agreement again = agreement_of(parse_onnx(format_onnx(model), name)).value();
    EXPECT_EQ(again.other_labels, 0U);
    EXPECT_LE(again.largest, 1e-5);
  }
}

TEST(RecordedModels, keep_what_belongs_to_the_columns) {
  const nlohmann::json all = recorded_models();
  const Model missing = imported("sklearn-missing", all["sklearn-missing"]).model;
  const auto& numbers = std::get<TablePreparation>(missing.preparation).columns;
  ASSERT_EQ(numbers.size(), 4U);
  EXPECT_NEAR(std::get<NumericColumn>(numbers[1]).scale.median, 5, 3);  // the imputer's, about
  EXPECT_NEAR(std::get<NumericColumn>(numbers[1]).scale.spread, 10, 3);
  const Model columns = imported("sklearn-columns", all["sklearn-columns"]).model;
  const auto& kinds = std::get<TablePreparation>(columns.preparation).columns;
  ASSERT_EQ(kinds.size(), 4U);
  EXPECT_EQ(column_name(kinds[0]), "age");
  EXPECT_EQ(std::get<CategoryColumn>(kinds[2]).values, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(std::get<CategoryColumn>(kinds[3]).values, (std::vector<std::string>{"blue", "green", "red"}));
}

TEST(RecordedModels, keep_batch_normalisation_as_a_layer) {
  const Model model = imported("torchscript-classes", recorded_models()["torchscript-classes"]).model;
  const auto& layers = std::get<Networks<float>>(model.networks).front().spec().layers;
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(std::get<layers::BatchNorm>(layers[1]).activation, "relu");
  EXPECT_NEAR(std::get<layers::BatchNorm>(layers[1]).momentum, 0.1, 1e-7);
}

}  // namespace
}  // namespace neurone::onnx
