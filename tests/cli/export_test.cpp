// neurone export as a user runs it.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/command.h"

namespace neurone {
namespace {

class Export : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "2"}).code, 0);
  }
  // What goes wrong, and that nothing is written.
  void expect_refused(const std::vector<std::string>& arguments, int code, const std::string& message) {
    const Outcome outcome = command(arguments);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.errors, "neurone: " + message + "\n");
    EXPECT_FALSE(std::filesystem::exists(command.folder.path("out.onnx")));
  }

  Command command;
};

TEST_F(Export, writes_the_file_that_it_was_told) {
  const Outcome outcome = command({"export", "penguins.safetensors", "out.onnx"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors, "");
  EXPECT_NE(command.bytes("out.onnx").find("bill_length_mm"), std::string::npos);
}

TEST_F(Export, writes_c_and_its_header) {
  const Outcome outcome = command({"export", "penguins.safetensors", "penguins.c"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(command.bytes("penguins.c").starts_with("/* Predicts species, written by neurone "));
  EXPECT_NE(command.bytes("penguins.h").find("double bill_length_mm;"), std::string::npos);
}

TEST_F(Export, tells_what_weights_of_one_byte_cost) {
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "5", "--ensemble", "1"}).code, 0);
  const Outcome outcome = command({"export", "penguins.safetensors", "penguins.c", "--int8"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(
      outcome.output.starts_with("int8: on 32 rows 0 other labels than without, the largest difference of a "
                                 "probability 0.0"))
      << outcome.output;
  EXPECT_NE(command.bytes("penguins.c").find("static const int8_t "), std::string::npos);
}

TEST_F(Export, replaces_no_header_of_somebody_else) {
  command.folder.write("penguins.h", "int mine;\n");
  const Outcome outcome = command({"export", "penguins.safetensors", "penguins.c"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: penguins.h: is there already, and was not written by neurone\n");
  EXPECT_EQ(command.bytes("penguins.h"), "int mine;\n");
  EXPECT_EQ(command({"export", "penguins.safetensors", "pen\"guins.c"}).code, 2);
}

TEST_F(Export, refuses_what_it_cannot_write) {
  expect_refused({"export", "penguins.safetensors", "out.pb"}, 2, "out.pb: expected a name that ends in .onnx or .c");
  expect_refused({"export", "penguins.safetensors", "out.onnx", "--input", "matrix"}, 2,
                 "column 'island' is a category: one matrix is for numbers alone");
  expect_refused({"export", "penguins.safetensors", "out.onnx", "--input", "matrx"}, 2,
                 "unknown --input 'matrx': did you mean 'matrix'?");
  expect_refused({"export", "penguins.safetensors", "out.onnx", "--numbers", "flaot"}, 2,
                 "unknown --numbers 'flaot': did you mean 'float'?");
  expect_refused({"export", "penguins.safetensors", "out.onnx", "--int8"}, 2, "--int8 is for C source");
  expect_refused({"export", "penguins.csv", "out.onnx"}, 1,
                 "penguins.csv: is a table, and MODEL is to be a model: neurone describe penguins.csv shows it");
}

}  // namespace
}  // namespace neurone
