// What the command says of tables: what is in them, how good models of them are, how sure predictions are.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

// A table with a column of every kind; y is 2 · size with noise.
std::string mixed_table() {
  std::string table = "id,when,size,price,colour,same,note,y\n";
  for (int i = 0; i < 120; ++i) {
    const int size = i * 37 % 50;
    table += std::to_string(i + 1) + ",2024-" + (i % 12 < 9 ? "0" : "") + std::to_string(i % 12 + 1) + "-15," +
             (i % 10 == 3 ? "" : std::to_string(size)) + ",\"" + std::to_string(i % 5) + "," + std::to_string(i % 9) +
             "\"," + (i % 3 == 0 ? "red" : "blue") + ",x,text " + std::to_string(i * i) + "," +
             std::to_string(2 * size + i % 4) + ".5\n";
  }
  return table;
}

// --- describe ------------------------------------------------------------------------------------------------------

TEST(Describe, tells_the_kind_of_each_column_and_what_is_left_out) {
  const Command command;
  command.folder.write("mixed.csv", mixed_table());
  const Outcome outcome = command({"describe", "mixed.csv", "--target", "y", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const Json description = Json::parse(outcome.output);
  EXPECT_EQ(description.at("rows"), 120);
  EXPECT_EQ(description.at("task"), "regression");
  std::map<std::string, std::string> kinds;
  for (const Json& column : description.at("columns")) kinds[column.at("name")] = column.at("kind");
  const std::map<std::string, std::string> expected{
      {"id", "left out"},     {"when", "date"},     {"size", "numeric"},  {"price", "numeric"},
      {"colour", "category"}, {"same", "left out"}, {"note", "left out"}, {"y", "target"}};
  EXPECT_EQ(kinds, expected);
  const Json size = description.at("columns").at(2);
  EXPECT_EQ(size.at("missing"), 12);
  EXPECT_EQ(size.at("values").get<std::string>().substr(0, 8), "0 to 49,");
  EXPECT_GT(size.at("tells").get<double>(), 0.7);
  EXPECT_LT(description.at("columns").at(4).at("tells").get<double>(), 0.2);
  EXPECT_EQ(description.at("notices").size(), 3U);
}

TEST(Describe, without_a_target_shows_the_columns_alone) {
  const Command command;
  const Outcome outcome = command({"describe", "penguins.csv"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(outcome.output.starts_with("344 rows, 8 columns\n")) << outcome.output;
  EXPECT_NE(outcome.output.find("Adelie (152), Gentoo (124), Chinstrap (68)"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("tells"), std::string::npos) << outcome.output;
}

TEST(Describe, warns_of_a_column_that_tells_the_target_and_so_does_train) {
  const Command command;
  std::string table = "x,leak,y\n";
  for (int i = 0; i < 200; ++i) table += std::to_string(i * 7919 % 101) + (i % 2 == 0 ? ",1,yes\n" : ",0,no\n");
  command.folder.write("leak.csv", table);
  const std::string warning =
      "column 'leak' tells nearly all of the target on its own (100 % of it): is it known when";
  EXPECT_NE(command({"describe", "leak.csv", "--target", "y"}).output.find(warning), std::string::npos);
  const Outcome trained = command({"train", "leak.csv", "--target", "y", "--epochs", "1"});
  EXPECT_EQ(trained.code, 0);
  EXPECT_NE(trained.errors.find(warning), std::string::npos) << trained.errors;
}

// --- crossvalidate -------------------------------------------------------------------------------------------------

TEST(Crossvalidate, tests_every_row_once_and_gives_mean_and_deviation) {
  const Command command;
  const std::vector<std::string> arguments{"crossvalidate", "penguins.csv", "--target",   "species", "--folds", "3",
                                           "--epochs",      "10",           "--ensemble", "1",       "--json"};
  const Outcome outcome = command(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> lines = lines_of(outcome.output);
  ASSERT_EQ(lines.size(), 4U);
  int rows = 0;
  double sum = 0, squares = 0;
  for (int fold = 0; fold < 3; ++fold) {
    const Json event = Json::parse(lines[static_cast<std::size_t>(fold)]);
    EXPECT_EQ(event.at("fold"), fold + 1);
    rows += event.at("rows").get<int>();
    const double accuracy = event.at("test").at("accuracy");
    EXPECT_GT(accuracy, 0.9);
    sum += accuracy;
    squares += accuracy * accuracy;
  }
  EXPECT_EQ(rows, 344);
  const Json done = Json::parse(lines.back());
  EXPECT_EQ(done.at("event"), "done");
  EXPECT_NEAR(done.at("mean").at("accuracy").get<double>(), sum / 3, 1e-12);
  EXPECT_NEAR(done.at("deviation").at("accuracy").get<double>(), std::sqrt((squares - sum * sum / 3) / 2), 1e-7);
  EXPECT_EQ(command(arguments).output, outcome.output);
}

TEST(Crossvalidate, refuses_what_cannot_be_split) {
  const Command command;
  command.folder.write("few.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,c\n7,b\n8,a\n9,b\n10,a\n");
  Outcome outcome = command({"crossvalidate", "few.csv", "--target", "y", "--folds", "2"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(
      outcome.errors,
      "neurone: few.csv:7: class 'c' of column 'y' is in this row alone: it cannot be both learnt and tested\n");
  outcome = command({"crossvalidate", "few.csv", "--target", "y", "--folds", "6"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(outcome.errors.starts_with(
      "neurone: --folds 6: a part needs 2 rows at least, and 10 rows have a target: expected at most 5"))
      << outcome.errors;
  EXPECT_EQ(command({"crossvalidate", "few.csv", "--target", "y", "--folds", "1"}).code, 2);
  EXPECT_EQ(command({"crossvalidate", "few.csv"}).errors,
            "neurone: --target is missing: which column is to be predicted?\n");
}

// --- splits and weights --------------------------------------------------------------------------------------------

// Ten patients with ten rows each; y is the patient's own number, which x does not tell.
std::string patients() {
  std::string table = "patient,day,x,count,y\n";
  for (int i = 0; i < 100; ++i)
    table += "p" + std::to_string(i % 10) + ",2024-01-" + (i / 10 < 9 ? "0" : "") + std::to_string(i / 10 + 1) + "," +
             std::to_string(i * 37 % 50) + "," + (i < 50 ? "1" : "0") + "," + (i < 50 ? "0.5" : "9.5") + "\n";
  return table;
}

Json start_of(const Command& command, const std::vector<std::string>& more, const std::string& epochs = "2") {
  std::vector<std::string> arguments{"train", "patients.csv", "--target",   "y",     "--epochs",
                                     epochs,  "--task",       "regression", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = command(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  return Json::parse(lines_of(outcome.output).at(0));
}

TEST(Splits, by_group_hold_out_whole_groups_and_the_group_is_no_input) {
  const Command command;
  command.folder.write("patients.csv", patients());
  const Json start = start_of(command, {"--group", "patient"});
  EXPECT_EQ(start.at("rows").at("test"), 20);
  EXPECT_EQ(start.at("rows").at("validation"), 10);  // one patient of eight
  for (const Json& column : start.at("columns")) EXPECT_NE(column.at("name"), "patient");
  EXPECT_EQ(command({"crossvalidate", "patients.csv", "--target", "y", "--task", "regression", "--epochs", "1",
                     "--group", "patient", "--folds", "5", "--quiet"})
                .code,
            0);
}

TEST(Splits, by_time_test_on_the_latest_rows) {
  const Command command;
  command.folder.write("patients.csv", patients());
  const Json start = start_of(command, {"--time", "day"});
  EXPECT_EQ(start.at("rows").at("test"), 20);
  EXPECT_EQ(start.at("rows").at("validation"), 10);
  const Json model = Json::parse(command({"inspect", "patients.safetensors", "--json"}).output);
  EXPECT_EQ(model.at("training").at("settings").at("time"), "day");
  // the last days' y is 9.5, and half of the first days' is
  EXPECT_NEAR(model.at("training").at("comparison").at("constant").get<double>(), 9.5 - (0.5 * 50 + 9.5 * 20) / 70,
              1e-4);
  const Outcome folds =
      command({"crossvalidate", "patients.csv", "--target", "y", "--task", "regression", "--time", "day"});
  EXPECT_EQ(folds.code, 2);
  EXPECT_EQ(folds.errors, "neurone: rows in the order of time have no folds: the past is not held out\n");
}

TEST(Splits, that_cannot_be_are_refused) {
  const Command command;
  command.folder.write("patients.csv", patients());
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"train", "patients.csv", "--target", "y", "--task", "regression"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return command(arguments).errors;
  };
  EXPECT_EQ(refused({"--time", "day", "--group", "patient"}),
            "neurone: --group and --time both say how to split: give one of them\n");
  EXPECT_EQ(refused({"--time", "patient"}),
            "neurone: patients.csv:2: time column 'patient': expected a number or a date, found 'p0'\n");
  EXPECT_NE(
      refused({"--weight", "patient"}).find("weight column 'patient': expected a number of 0 or above, found 'p"),
      std::string::npos);
  EXPECT_NE(refused({"--group", "patiant"}).find("did you mean 'patient'?"), std::string::npos);
}

TEST(Weights, are_not_needed_of_test_rows) {
  const Command command;
  command.folder.write("patients.csv", patients());
  command.folder.write("test.csv", "patient,day,x,y\np1,2024-02-01,3,0.5\np2,2024-02-01,4,9.5\n");
  EXPECT_EQ(start_of(command, {"--weight", "count", "--test", "test.csv"}).at("rows").at("test"), 2);
}

TEST(Weights, that_are_all_zero_are_refused) {
  const Command command;
  std::string table = "x,w,y\n";
  for (int i = 0; i < 30; ++i) table += std::to_string(i) + ",0," + std::to_string(i) + ".5\n";
  command.folder.write("zero.csv", table);
  const Outcome outcome = command({"train", "zero.csv", "--target", "y", "--weight", "w"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors,
            "neurone: zero.csv: weight column 'w': no row that is to be learnt from counts anything\n");
}

TEST(Weights, rows_that_count_nothing_are_not_learnt) {
  const Command command;
  command.folder.write("patients.csv", patients());
  start_of(command, {"--weight", "count", "--ignore", "day", "--ignore", "patient"}, "60");
  const std::vector<std::string> lines =
      lines_of(command({"predict", "patients.safetensors", "patients.csv"}).output);
  double sum = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) sum += std::stod(lines[i]);
  EXPECT_LT(sum / 100, 1.5);  // 5 without the weights
}

// --- intervals -----------------------------------------------------------------------------------------------------

TEST(Predict, intervals_stand_beside_numbers) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "body_mass_g", "--epochs", "30"}).code, 0);
  const Outcome outcome = command({"predict", "penguins.safetensors", "penguins.csv", "--interval", "0.8"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> lines = lines_of(outcome.output);
  EXPECT_EQ(lines.at(0), "prediction,low,high");
  double prediction = 0, low = 0, high = 0;
  ASSERT_EQ(std::sscanf(lines.at(1).c_str(), "%lf,%lf,%lf", &prediction, &low, &high), 3);
  EXPECT_LT(low, prediction);
  EXPECT_NEAR(prediction - low, high - prediction, 1e-6);

  const Json row = Json::parse(lines_of(
      command({"predict", "penguins.safetensors", "penguins.csv", "--interval", "0.8", "--json"}).output)[0]);
  EXPECT_DOUBLE_EQ(row.at("low").get<double>(), low);
  EXPECT_DOUBLE_EQ(row.at("high").get<double>(), high);
}

TEST(Predict, sets_stand_beside_classes) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "3"}).code, 0);
  const std::vector<std::string> lines =
      lines_of(command({"predict", "penguins.safetensors", "penguins.csv", "--interval", "0.95"}).output);
  EXPECT_TRUE(lines.at(0).ends_with(",probability_Gentoo,set")) << lines.at(0);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string said = lines[i].substr(0, lines[i].find(',')), set = lines[i].substr(lines[i].rfind(',') + 1);
    EXPECT_NE(set.find(said), std::string::npos) << lines[i];
  }
}

TEST(Predict, columns_that_are_not_used_are_said_once) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--ignore", "year", "--epochs", "1"}).code, 0);
  const std::string said =
      "1 column is not used: 'year'\n"
      "unlike training: 3 cells outside its range (bill_depth_mm 1, flipper_length_mm 1, body_mass_g 1)\n";
  EXPECT_EQ(command({"predict", "penguins.safetensors", "penguins.csv"}).errors, said);
  EXPECT_EQ(command({"evaluate", "penguins.safetensors", "penguins.csv"}).errors, said);
}

TEST(Predict, an_interval_that_cannot_be_is_refused) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--validation", "0"}).code, 0);
  Outcome outcome = command({"predict", "penguins.safetensors", "penguins.csv", "--interval", "0.9"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors,
            "neurone: the model has no errors of validation rows, which intervals are learnt from: it was trained "
            "without them, or imported\n");
  outcome = command({"predict", "penguins.safetensors", "penguins.csv", "--interval", "90"});
  EXPECT_EQ(outcome.errors, "neurone: --interval: expected a number between 0 and 1, found '90'\n");
}

}  // namespace
}  // namespace neurone
