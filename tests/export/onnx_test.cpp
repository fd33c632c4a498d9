// What an ONNX file holds and what cannot be one. That runtimes compute from it what the library computes is shown by
// make check-export, in ONNX Runtime.
#include "neurone/export/onnx.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "neurone/core/file.h"
#include "neurone/export/onnx_graph.h"
#include "neurone/file/model_description.h"
#include "tests/data/temporary_folder.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

Model number_of_x() {
  return model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1});
}

bool holds(const std::string& bytes, const std::string& part) {
  return bytes.find(part) != std::string::npos;
}

TEST(Onnx, is_the_same_bytes_for_the_same_model) {
  EXPECT_EQ(format_onnx(number_of_x()), format_onnx(number_of_x()));
}

TEST(Onnx, begins_with_its_version_and_who_wrote_it) {
  const std::string bytes = format_onnx(number_of_x(), {.version = "0.1"});
  EXPECT_TRUE(
      bytes.starts_with("\x08\x08\x12\x07neurone\x1a\x03"
                        "0.1"));  // IR 8
}

TEST(Onnx, has_the_description_of_the_model_in_its_metadata) {
  const Model model = number_of_x();
  EXPECT_TRUE(holds(format_onnx(model), describe_model(model)));
}

TEST(Onnx, names_inputs_and_outputs_as_columns_and_predictions) {
  const std::string bytes = format_onnx(number_of_x());
  EXPECT_TRUE(holds(bytes, "\x0a\x01x"));
  EXPECT_TRUE(holds(bytes, "\x0a\x0aprediction"));
}

TEST(Onnx, says_which_numbers_training_has_seen) {
  Model model = number_of_x();
  auto& column = std::get<NumericColumn>(std::get<TablePreparation>(model.preparation).columns[0]);
  column.scale.lowest = -0.5;
  column.scale.highest = 12;
  EXPECT_TRUE(holds(format_onnx(model), "number, NaN where missing; training had -0.5 to 12"));
}

TEST(Onnx, of_one_matrix_takes_no_categories) {
  Model model = number_of_x();
  model.preparation = TablePreparation{.columns = {CategoryColumn{.name = "colour", .values = {"red"}}}};
  EXPECT_EQ(message_of<UsageError>([&] { format_onnx(model, {.inputs = OnnxOptions::Inputs::matrix}); }),
            "column 'colour' is a category: one matrix is for numbers alone");
}

TEST(Onnx, takes_no_column_without_a_name) {
  Model model = number_of_x();
  std::get<NumericColumn>(std::get<TablePreparation>(model.preparation).columns[0]).name = "";
  EXPECT_EQ(message_of<Error>([&] { format_onnx(model); }), "a column without a name cannot be an input of ONNX");
}

TEST(Onnx, keeps_an_output_apart_from_a_column_of_its_name) {
  OnnxGraph graph;
  const std::string column = graph.add_input({.name = "prediction"});
  graph.add_output({.name = "prediction"}, column);
  EXPECT_TRUE(holds(graph.format({}), "prediction_"));
}

TEST(Onnx, is_a_file_like_any_other) {
  const TemporaryFolder folder;
  save_onnx(number_of_x(), folder.path("m.onnx"));
  EXPECT_EQ(read_file(folder.path("m.onnx")), format_onnx(number_of_x()));
}

}  // namespace
}  // namespace neurone
