// What predict and evaluate write, digit by digit, and from which files they read.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "tests/cli/command.h"

namespace neurone {
namespace {

// The cells of the only column of predictions.
std::vector<std::string> cells_of(const Outcome& outcome) {
  std::vector<std::string> cells = lines_of(outcome.output);
  EXPECT_EQ(cells.at(0), "prediction");
  cells.erase(cells.begin());
  return cells;
}

TEST(Output, a_large_number_is_predicted_with_all_its_digits) {
  const Command command;
  std::string table = "x,time\n";
  for (int i = 0; i < 100; ++i) table += std::to_string(i) + "," + std::to_string(1'600'000'000 + i) + "\n";
  command.folder.write("times.csv", table);
  ASSERT_EQ(command({"train", "times.csv", "--target", "time", "--epochs", "30"}).code, 0);
  const Outcome outcome = command({"predict", "times.safetensors", "times.csv"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> cells = cells_of(outcome);
  ASSERT_EQ(cells.size(), 100U);
  // floats stand 128 apart here: one or two of them would be all the predictions there are
  EXPECT_GT(std::set(cells.begin(), cells.end()).size(), 50U);
}

TEST(Output, probabilities_of_a_float_model_are_as_short_as_floats) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2"}).code, 0);
  const std::vector<std::string> lines =
      lines_of(command({"predict", "penguins.safetensors", "penguins.csv"}).output);
  ASSERT_GT(lines.size(), 300U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string cell = lines[i].substr(lines[i].rfind(',') + 1);
    float value = -1;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    EXPECT_EQ(end, cell.data() + cell.size()) << cell;
    const std::string digits = cell.substr(0, cell.find('e'));
    EXPECT_LE(digits.substr(digits.find_first_not_of("0.")).size(), 10U) << cell;  // nine digits and a point
  }
}

TEST(Output, none_is_a_class_like_any_other) {
  const Command command;
  std::string table = "x,garage\n";
  for (int i = 0; i < 60; ++i) table += std::to_string(i) + (i < 20 ? ",None\n" : i < 40 ? ",Attached\n" : ",NA\n");
  command.folder.write("houses.csv", table);
  const Outcome train = command({"train", "houses.csv", "--target", "garage", "--epochs", "1"});
  ASSERT_EQ(train.code, 0) << train.errors;
  EXPECT_NE(train.output.find("target garage: 2 classes"), std::string::npos) << train.output;
  EXPECT_NE(train.errors.find("20 rows without a target are left out"), std::string::npos) << train.errors;
  const Outcome predict = command({"predict", "houses.safetensors", "houses.csv"});
  EXPECT_EQ(lines_of(predict.output).at(0), "prediction,probability_Attached,probability_None");
}

// Images of one pixel, bright ones of class 1.
void write_images(const TemporaryFolder& folder, const std::string& part, unsigned count) {
  std::string images =
      std::string("\0\0\x08\x03\0\0\0", 7) + static_cast<char>(count) + std::string("\0\0\0\1\0\0\0\1", 8);
  std::string labels = std::string("\0\0\x08\x01\0\0\0", 7) + static_cast<char>(count);
  for (unsigned i = 0; i < count; ++i) {
    images += static_cast<char>(i % 2 * 200 + i);
    labels += static_cast<char>(i % 2);
  }
  folder.write(part + "-images-idx3-ubyte", images);
  folder.write(part + "-labels-idx1-ubyte", labels);
}

TEST(Output, a_folder_of_test_images_alone_is_evaluated_and_predicted) {
  const Command command;
  std::filesystem::create_directory(command.folder.path("pictures"));
  write_images(command.folder, "pictures/train", 50);
  write_images(command.folder, "pictures/t10k", 10);
  const Outcome train = command({"train", "pictures", "--epochs", "1"});
  ASSERT_EQ(train.code, 0) << train.errors;
  std::filesystem::remove(command.folder.path("pictures/train-images-idx3-ubyte"));
  std::filesystem::remove(command.folder.path("pictures/train-labels-idx1-ubyte"));
  const Outcome evaluate = command({"evaluate", "pictures.safetensors", "pictures"});
  EXPECT_EQ(evaluate.code, 0) << evaluate.errors;
  EXPECT_TRUE(evaluate.output.starts_with("rows               10         95 % interval\n")) << evaluate.output;
  const Outcome predict = command({"predict", "pictures.safetensors", "pictures"});
  EXPECT_EQ(lines_of(predict.output).size(), 11U) << predict.errors;
}

TEST(Output, options_for_tables_are_refused_for_images) {
  const Command command;
  std::filesystem::create_directory(command.folder.path("pictures"));
  write_images(command.folder, "pictures/train", 50);
  for (const auto& [option, value] : {std::pair{"--scaling", "robust"},
                                      {"--ignore", "x"},
                                      {"--category", "x"},
                                      {"--numeric", "x"},
                                      {"--bins", "4"},
                                      {"--weight", "x"},
                                      {"--group", "x"},
                                      {"--time", "x"}}) {
    const Outcome train = command({"train", "pictures", option, value});
    EXPECT_EQ(train.code, 2) << option;
    EXPECT_EQ(
        train.errors,
        "neurone: --task, --category, --numeric, --ignore, --scaling, --bins, --best, --weight, --group, --time "
        "and how a table is written are for tables, and this is an IDX folder\n");
  }
}

TEST(Output, json_does_not_mind_what_the_files_are_called) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const std::string model = "mod\xE8le.safetensors", table =
                                                         "donn\xE9"
                                                         "es.csv";  // Latin-1, not UTF-8
  std::filesystem::rename(command.folder.path("penguins.safetensors"), command.folder.path(model));
  std::filesystem::rename(command.folder.path("penguins.csv"), command.folder.path(table));
  EXPECT_EQ(command({"inspect", model, "--json"}).code, 0);
  EXPECT_EQ(command({"predict", model, table, "--json"}).code, 0);
  EXPECT_EQ(command({"evaluate", model, table, "--json"}).code, 0);
}

}  // namespace
}  // namespace neurone
