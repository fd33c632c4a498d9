// neurone import as a user runs it.
#include <gtest/gtest.h>

#include <filesystem>

#include "neurone/core/file.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

class Import : public testing::Test {
 protected:
  Import() {
    for (const char* name : {"sklearn-two-classes", "torchscript-logits", "sklearn-linear"})
      command.folder.write(name + std::string(".onnx"),
                           read_file(TEST_DATA "/onnx/models/" + std::string(name) + ".onnx"));
    command.folder.write("rows.csv", "x1,x2,x3,x4,output_label\n1,2,0.1,0,yes\n-1,3,0,2,no\n,4,0,1,yes\n");
  }
  Command command;
};

TEST_F(Import, makes_a_model_that_does_what_models_do) {
  const Outcome outcome = command({"import", "sklearn-two-classes.onnx", "m.safetensors"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
  EXPECT_NE(outcome.errors.find(
                "target output_label: 2 classes\nnetwork 4 → dense 6 tanh → dense 5 tanh → dense 1 sigmoid\n"
                "beside the ONNX file: 56 made-up rows, 0 other labels, largest difference "),
            std::string::npos)
      << outcome.errors;
  const Outcome predicted = command({"predict", "m.safetensors", "rows.csv"});
  EXPECT_EQ(predicted.code, 0) << predicted.errors;
  EXPECT_TRUE(predicted.output.starts_with("prediction,probability_no,probability_yes\nyes,")) << predicted.output;
  EXPECT_EQ(command({"evaluate", "m.safetensors", "rows.csv"}).code, 0);
  EXPECT_EQ(command({"explain", "m.safetensors", "rows.csv", "--row", "1"}).code, 0);
  EXPECT_EQ(command({"verify", "m.safetensors"}).output, "32 rows, 0 other labels, largest difference 0\n");
  EXPECT_EQ(command({"export", "m.safetensors", "again.onnx"}).code, 0);
  EXPECT_EQ(command({"verify", "again.onnx"}).code, 0);
  EXPECT_NE(command({"inspect", "m.safetensors"}).output.find("imported from an ONNX file that skl2onnx"),
            std::string::npos);
}

TEST_F(Import, names_columns_classes_and_target) {
  const Outcome outcome = command({"import", "torchscript-logits.onnx", "m.safetensors", "--task", "classification",
                                   "--columns", "a,b,c,d,e", "--classes", "red,green,blue", "--target", "colour"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::string shown = command({"inspect", "m.safetensors"}).output;
  EXPECT_NE(shown.find("target   colour: 3 classes: blue, green, red"), std::string::npos) << shown;
  EXPECT_NE(shown.find("  e "), std::string::npos) << shown;
}

TEST_F(Import, refuses_what_it_cannot_do) {
  const auto refused = [&](const std::vector<std::string>& arguments, int code, const std::string& message) {
    const Outcome outcome = command(arguments);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.errors, "neurone: " + message + "\n");
    EXPECT_FALSE(std::filesystem::exists(command.folder.path("out.safetensors")));
  };
  refused(
      {"import", "torchscript-logits.onnx", "out.safetensors"}, 2,
      "there are 3 outputs, and a target is one number or classes: --task classification says that they are classes, "
      "from before the softmax");
  refused({"import", "sklearn-linear.onnx", "out.bin"}, 2, "out.bin: expected a name that ends in .safetensors");
  refused({"import", "penguins.csv", "out.safetensors"}, 1,
          "penguins.csv: is a table, and NET is to be an ONNX file: neurone describe penguins.csv shows it");
  refused({"import", "none.onnx", "out.safetensors"}, 1, "none.onnx: cannot be read: No such file or directory");
  refused({"import", "sklearn-linear.onnx", "out.safetensors", "--task", "regresion"}, 2,
          "unknown task 'regresion': did you mean 'regression'?");
}

}  // namespace
}  // namespace neurone
