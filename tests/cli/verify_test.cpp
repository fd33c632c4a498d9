// neurone verify as a user runs it. ONNX in onnxruntime is for make check-export, which has one.
#include <gtest/gtest.h>

#include "neurone/core/file.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

class Verify : public testing::Test {
 protected:
  void train(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"train",    "penguins.csv", "--target", "species",    "--epochs",
                                       "1",        "--hidden",     "8",        "--ensemble", "2",
                                       "--report", "none",         "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ASSERT_EQ(command(arguments).code, 0);
  }

  Command command;
};

TEST_F(Verify, a_model_says_what_it_said) {
  train();
  const Outcome outcome = command({"verify", "penguins.safetensors"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "32 rows, 0 other labels, largest difference 0\n");
}

TEST_F(Verify, c_says_what_the_model_said) {
  train();
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.c"}).code, 0);
  const Outcome outcome = command({"verify", "p.c"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(outcome.output.starts_with("32 rows, 0 other labels, largest difference ")) << outcome.output;
}

TEST_F(Verify, c_that_says_something_else_is_found) {
  train();
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.c"}).code, 0);
  std::string source = command.bytes("p.c");
  const std::string expected = "expected[32][3] = {\n    {0.";
  ASSERT_NE(source.find(expected), std::string::npos);
  source.replace(source.find(expected), expected.size(), "expected[32][3] = {\n    {7.");
  command.folder.write("p.c", source);
  const Outcome outcome = command({"verify", "p.c"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.output, "32 rows, 0 other labels, largest difference 7\n");
  EXPECT_EQ(outcome.errors, "neurone: p.c: says something else than the model did, by more than 1e-05\n");
  EXPECT_EQ(command({"verify", "p.c", "--limit", "8"}).code, 0);
}

// Prices of 1e5 to 1e6 in float: a quarter is a rounding, one in a thousand is not.
TEST_F(Verify, numbers_are_compared_in_their_own_size) {
  command.folder.write("prices.onnx", read_file(TEST_DATA "/onnx/models/sklearn-prices.onnx"));
  ASSERT_EQ(command({"import", "prices.onnx", "m.safetensors"}).code, 0);
  for (const std::string file : {"m.onnx", "m.c"}) {
    ASSERT_EQ(command({"export", "m.safetensors", file}).code, 0);
    EXPECT_EQ(command({"verify", file}).code, 0) << file;
  }
  std::string source = command.bytes("m.c");
  const std::string result = "output->prediction = values[0] / 1.0;";
  ASSERT_NE(source.find(result), std::string::npos) << source;
  source.replace(source.find(result), result.size(), "output->prediction = values[0] * 1.001;");
  command.folder.write("m.c", source);
  EXPECT_EQ(command({"verify", "m.c"}).code, 1);
}

TEST_F(Verify, onnx_says_what_the_model_said) {
  train();
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.onnx"}).code, 0);
  const Outcome outcome = command({"verify", "p.onnx"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(outcome.output.starts_with("neurone: 32 rows, 0 other labels, largest difference ")) << outcome.output;
}

TEST_F(Verify, onnx_that_says_something_else_is_found) {
  train();
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.onnx"}).code, 0);
  std::string bytes = command.bytes("p.onnx");
  const std::size_t label = bytes.find("\"outputs\":[[\"") + 13;
  bytes.replace(label, 1, "?");
  command.folder.write("p.onnx", bytes);
  const Outcome outcome = command({"verify", "p.onnx"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(outcome.output.starts_with("neurone: 32 rows, 1 other labels")) << outcome.output;
}

TEST_F(Verify, rows_of_the_table_stay_out_where_they_are_to) {
  train({"--no-rows"});
  EXPECT_EQ(command({"verify", "penguins.safetensors"}).code, 0);
  EXPECT_EQ(command.bytes("penguins.safetensors").find("\"39.1\""), std::string::npos);
  EXPECT_NE(command({"inspect", "penguins.safetensors"}).output.find("32 made-up rows to prove itself by"),
            std::string::npos);
}

TEST_F(Verify, rows_of_the_table_stay_out_of_an_export_where_they_are_to) {
  train();
  EXPECT_NE(
      command({"inspect", "penguins.safetensors"}).output.find("32 rows of the training data to prove itself by"),
      std::string::npos);
  ASSERT_EQ(command({"export", "penguins.safetensors", "with.onnx"}).code, 0);
  ASSERT_EQ(command({"export", "penguins.safetensors", "without.onnx", "--no-rows"}).code, 0);
  EXPECT_NE(command.bytes("with.onnx").find("\"inputs\":{\"island\":[[\"Torgersen\"]"), std::string::npos);
  EXPECT_NE(command.bytes("without.onnx").find("\"inputs\":{\"island\":[[\"\"]"), std::string::npos);
}

TEST_F(Verify, names_what_it_cannot_verify) {
  train();
  const auto errors_of = [&](const std::vector<std::string>& arguments) { return command(arguments).errors; };
  EXPECT_EQ(errors_of({"verify", "penguins.csv"}),
            "neurone: penguins.csv: expected a name that ends in .safetensors, .onnx or .c\n");
  EXPECT_EQ(errors_of({"verify", "none.c"}), "neurone: none.c: cannot be read: No such file or directory\n");
  EXPECT_EQ(errors_of({"verify", "penguins.safetensors", "--limit", "-1"}),
            "neurone: --limit: expected a number of 0 or above, found '-1'\n");
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.onnx"}).code, 0);
  const Outcome outcome = command({"verify", "p.onnx", "--python", "python-of-nobody"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors, "neurone: p.onnx: there is no python-of-nobody to run onnxruntime\n");
  command.folder.write("empty.onnx", "");
  EXPECT_EQ(errors_of({"verify", "empty.onnx"}),
            "neurone: empty.onnx: no ONNX model that neurone reads: there is no graph in it\n");
  for (const char* source : {"", "a,b\n1,2\n", "int main(void) { return 0; }\n"}) {
    command.folder.write("other.c", source);
    EXPECT_EQ(errors_of({"verify", "other.c"}),
              "neurone: other.c: there is no self-test in it, as there is in C that neurone export writes\n");
  }
  command.folder.write("silent.c", "/* NEURONE_SELF_TEST */ int main(void) { return 0; }\n");
  EXPECT_EQ(errors_of({"verify", "silent.c"}), "neurone: silent.c: its self-test says: nothing\n");
  EXPECT_EQ(errors_of({"verify", "."}), "neurone: .: expected a name that ends in .safetensors, .onnx or .c\n");
}

}  // namespace
}  // namespace neurone
