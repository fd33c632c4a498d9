// Bad input: what the message says, and the exit code. 1: the data are not as they have to be; 2: wrong usage.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/cli/command.h"

namespace neurone {
namespace {

struct Case {
  std::vector<std::string> arguments;
  int code;
  std::string message;
};

void expect_refused(const Command& command, const Case& expected) {
  const Outcome outcome = command(expected.arguments);
  EXPECT_EQ(outcome.code, expected.code) << outcome.errors;
  EXPECT_EQ(outcome.errors, "neurone: " + expected.message + "\n");
  EXPECT_EQ(outcome.output, "");
}

TEST(BadInput, a_file_that_is_not_there) {
  expect_refused({}, {{"train", "pinguins.csv", "--target", "species"}, 1, "pinguins.csv: no such file"});
}

TEST(BadInput, a_misspelt_column) {
  expect_refused({}, {{"train", "penguins.csv", "--target", "specis"},
                      2,
                      "penguins.csv: unknown column 'specis': did you mean 'species'?"});
}

TEST(BadInput, a_misspelt_option_verb_and_name) {
  const Command command;
  expect_refused(
      command,
      {{"train", "penguins.csv", "--targte", "species"}, 2, "unknown option '--targte': did you mean '--target'?"});
  expect_refused(command, {{"trian", "penguins.csv"}, 2, "unknown verb 'trian': did you mean 'train'?"});
  expect_refused(command, {{"train", "penguins.csv", "--target", "species", "--activation", "rleu"},
                           2,
                           "unknown activation 'rleu': did you mean 'relu'?"});
  expect_refused(command, {{"train", "penguins.csv", "--target", "species", "--optimizer", "adam:beta=0.5"},
                           2,
                           "optimizer 'adam': unknown setting 'beta': did you mean 'beta1'?"});
}

TEST(BadInput, no_target_names_the_columns) {
  expect_refused({}, {{"train", "penguins.csv"},
                      2,
                      "penguins.csv: which column is to be predicted? --target one of: species, island, "
                      "bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex, year"});
}

TEST(BadInput, an_empty_table_and_one_row) {
  const Command command;
  command.folder.write("empty.csv", "");
  command.folder.write("header.csv", "a,b\n");
  command.folder.write("one.csv", "a,b\n1,x\n");
  const Outcome empty = command({"train", "empty.csv", "--target", "b"});
  EXPECT_EQ(empty.code, 1);
  EXPECT_TRUE(empty.errors.starts_with("neurone: empty.csv: an empty table")) << empty.errors;
  const Outcome header = command({"train", "header.csv", "--target", "b"});
  EXPECT_EQ(header.code, 1);
  EXPECT_TRUE(header.errors.starts_with("neurone: header.csv: ")) << header.errors;
  expect_refused(command, {{"train", "one.csv", "--target", "b"},
                           1,
                           "one.csv: 1 row with a target, expected at least 5 to train and test on"});
}

TEST(BadInput, a_ragged_row) {
  const Command command;
  command.folder.write("ragged.csv", "a,b\n1,x\n2,y\n3,z,4\n5,x\n");
  expect_refused(command, {{"train", "ragged.csv", "--target", "b"}, 1, "ragged.csv:4: 3 columns, expected 2"});
}

TEST(BadInput, text_in_a_numeric_column_of_the_training_rows_and_of_new_ones) {
  const Command command;
  std::string table = "size,kind\n";
  for (int i = 0; i < 20; ++i) table += std::to_string(i) + (i % 2 == 0 ? ",even\n" : ",odd\n");
  command.folder.write("good.csv", table);
  command.folder.write("bad.csv", table + "large,odd\n");
  // no test or validation rows are held out: line 22 is certain to be a training row
  expect_refused(command, {{"train", "bad.csv", "--target", "kind", "--test", "0", "--validation", "0"},
                           1,
                           "bad.csv:22: numeric column 'size': expected a number, found 'large' (if they are "
                           "categories: --category size)"});
  ASSERT_EQ(command({"train", "good.csv", "--target", "kind", "--epochs", "1"}).code, 0);
  expect_refused(command, {{"predict", "good.safetensors", "bad.csv"},
                           1,
                           "bad.csv:22: numeric column 'size': expected a number, found 'large'"});
}

TEST(BadInput, a_target_with_one_value_only) {
  const Command command;
  command.folder.write("same.csv", "a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n6,x\n");
  expect_refused(command, {{"train", "same.csv", "--target", "b"},
                           1,
                           "same.csv: target column 'b' has one value only, 'x' in the training rows: nothing can be "
                           "learnt, expected at least two"});
}

TEST(BadInput, a_class_that_only_the_test_set_has) {
  const Command command;
  std::string table = "a,b\n";
  for (int i = 0; i < 20; ++i) table += std::to_string(i) + (i % 2 == 0 ? ",x\n" : ",y\n");
  command.folder.write("train.csv", table);
  command.folder.write("test.csv", "a,b\n1,x\n2,z\n");
  expect_refused(command, {{"train", "train.csv", "--target", "b", "--test", "test.csv"},
                           1,
                           "test.csv:3: class 'z' of column 'b' is not among the 2 classes of the training rows"});
}

TEST(BadInput, a_folder_without_idx_files_and_an_idx_file_cut_short) {
  const Command command;
  std::filesystem::create_directory(command.folder.path("pictures"));
  Outcome outcome = command({"train", "pictures"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.errors.find("train-images-idx3-ubyte"), std::string::npos) << outcome.errors;

  const std::string images(
      "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02"
      "12345",
      21);
  command.folder.write("pictures/train-images-idx3-ubyte", images);
  command.folder.write("pictures/train-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x02\0\1", 10));
  outcome = command({"train", "pictures"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.errors.find("train-images-idx3-ubyte: cut short"), std::string::npos) << outcome.errors;
}

TEST(BadInput, a_model_that_cannot_be_written) {
  const Command command;
  const std::vector<std::string> train{"train", "penguins.csv", "--target", "species", "--epochs", "1", "--quiet"};
  auto nowhere = train, full = train;
  nowhere.insert(nowhere.end(), {"--output", "nowhere/model.safetensors"});
  full.insert(full.end(), {"--output", "/dev/full"});
  Outcome outcome = command(nowhere);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors, "neurone: nowhere/model.safetensors: cannot be written: No such file or directory\n");
  outcome = command(full);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors, "neurone: /dev/full: cannot be written: No space left on device\n");
}

TEST(BadInput, standard_output_that_is_full) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const std::string shell = "cd " + command.folder.path() +
                            " && " NEURONE_COMMAND " predict penguins.safetensors penguins.csv > /dev/full 2> errors";
  const int status = std::system(shell.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(command.bytes("errors"), "neurone: standard output: cannot be written: No space left on device\n");
}

TEST(BadInput, a_model_file_that_is_something_else_or_damaged) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const std::string model = command.bytes("penguins.safetensors");
  command.folder.write("cut.safetensors", model.substr(0, model.size() / 2));
  EXPECT_EQ(command({"inspect", "cut.safetensors"}).code, 1);
  EXPECT_EQ(command({"inspect", "penguins.csv"}).code, 1);
  const Outcome missing = command({"predict", "model.safetensors", "penguins.csv"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.errors, "neurone: model.safetensors: cannot be read: No such file or directory\n");
}

TEST(BadInput, parts_that_would_be_empty) {
  const Command command;
  std::string two = "x,y,site\n", one = two;
  for (int i = 0; i < 24; ++i) {
    const std::string row = std::to_string(i * i % 7) + (i % 3 == 0 ? ",a," : ",b,");
    two += row + (i % 2 == 0 ? "p\n" : "q\n");
    one += row + "p\n";
  }
  command.folder.write("two.csv", two);
  command.folder.write("one.csv", one);
  command.folder.write("none.csv", "x,y,site\n1,,p\n");
  const std::string three = "3 are needed to train, validate and test";
  expect_refused(command, {{"train", "two.csv", "--target", "y", "--group", "site"},
                           1,
                           "two.csv: column 'site' has 2 values in these rows: " + three});
  expect_refused(command, {{"crossvalidate", "two.csv", "--target", "y", "--group", "site", "--folds", "2"},
                           1,
                           "two.csv: column 'site' has 2 values in these rows: " + three});
  expect_refused(command, {{"crossvalidate", "one.csv", "--target", "y", "--group", "site"},
                           1,
                           "one.csv: column 'site' has 1 value in these rows: " + three});
  expect_refused(command, {{"train", "two.csv", "--target", "y", "--test", "none.csv"},
                           1,
                           "none.csv: no row has a value in target column 'y'"});
  const Outcome groups = command({"train", "two.csv", "--target", "y", "--group", "site", "--validation", "0",
                                  "--hidden", "2", "--epochs", "1", "--report", "none"});
  EXPECT_EQ(groups.code, 0) << groups.errors;
  const Outcome ensemble = command({"train", "two.csv", "--target", "y", "--ensemble", "40", "--hidden", "2",
                                    "--epochs", "1", "--report", "none", "--validation", "0.5"});
  EXPECT_EQ(ensemble.code, 0) << ensemble.errors;
}

TEST(BadInput, a_run_that_does_not_fit_into_memory) {
  const Outcome outcome =
      Command()({"train", "penguins.csv", "--target", "body_mass_g", "--hidden", "1000000000", "--quiet"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(outcome.errors.starts_with("neurone: penguins.csv: the run would take ")) << outcome.errors;
}

TEST(BadInput, a_diverging_run_is_stopped_and_named) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "body_mass_g", "--optimizer", "sgd",
                                   "--learning-rate", "1e6", "--quiet"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(lines_of(outcome.errors).back().starts_with("neurone: training diverged in epoch 1, batch "))
      << outcome.errors;
  EXPECT_NE(outcome.errors.find("Try a smaller learning rate (now 1e+06)"), std::string::npos) << outcome.errors;
  EXPECT_FALSE(std::filesystem::exists(command.folder.path("penguins.safetensors")));
}

TEST(BadInput, settings_that_contradict_each_other) {
  const Command command;
  const auto train = [](std::initializer_list<std::string> more) {
    std::vector<std::string> all{"train", "penguins.csv", "--target", "species"};
    all.insert(all.end(), more);
    return all;
  };
  expect_refused(command,
                 {train({"--loss", "poisson"}), 2, "loss poisson is for numbers, but the target is of classes"});
  expect_refused(command, {train({"--loss", "categorical_cross_entropy", "--output-activation", "sigmoid"}), 2,
                           "loss categorical_cross_entropy needs the output activation softmax or log_softmax, found "
                           "sigmoid"});
  expect_refused(command, {train({"--layer", "dense 8", "--hidden", "4"}), 2,
                           "--hidden cannot go with --layer or --network, which name the hidden layers one by one"});
  expect_refused(command,
                 {train({"--epochs", "0"}), 2, "--epochs: expected a whole number from 1 to 1000000000, found '0'"});
  expect_refused(command, {train({"--validation", "1.5"}), 2,
                           "--validation: expected a file or a fraction below 1, as in 0.2, found '1.5'"});
  command.folder.write("network.toml", "[[layer]]\ntype = \"dense\"\nunits = 3\n\n[[layer]]\ntype = \"dens\"\n");
  expect_refused(command, {train({"--network", "network.toml"}), 2,
                           "network.toml:5: unknown layer 'dens': did you mean 'dense'?"});
}

}  // namespace
}  // namespace neurone
