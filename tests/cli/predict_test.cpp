// What neurone predict writes for tables, short and long.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

TEST(Predict, gives_the_prediction_and_probabilities_that_sum_to_one_for_each_row) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "20"}).code, 0);
  const Outcome outcome = command({"predict", "penguins.safetensors", "penguins.csv"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> lines = lines_of(outcome.output);
  ASSERT_EQ(lines.size(), 345U);
  EXPECT_EQ(lines[0], "prediction,probability_Adelie,probability_Chinstrap,probability_Gentoo");
  EXPECT_TRUE(lines[1].starts_with("Adelie,")) << lines[1];

  const Outcome json = command({"predict", "penguins.safetensors", "penguins.csv", "--json"});
  const Json row = Json::parse(lines_of(json.output).front());
  EXPECT_EQ(row.at("prediction"), "Adelie");
  double sum = 0;
  for (const Json& probability : row.at("probabilities")) sum += probability.get<double>();
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(Predict, reads_standard_input_in_any_column_order_and_says_what_training_has_not_seen) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "20"}).code, 0);
  const std::string rows =
      "year,sex,body_mass_g,flipper_length_mm,bill_depth_mm,bill_length_mm,island\n"
      "2009,female,5000,220,14.5,48,Biscoe\n2009,,,220,14.5,48,Atlantis\n";
  const Outcome outcome = command({"predict", "penguins.safetensors", "-"}, rows);
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(lines_of(outcome.output).at(1).starts_with("Gentoo,")) << outcome.output;
  EXPECT_EQ(outcome.errors, "unlike training: 1 cell with a category that it has not seen (island 1)\n");
}

TEST(Predict, flags_what_training_has_not_seen_or_refuses_it) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2"}).code, 0);
  const std::string rows =
      "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n"
      "Biscoe,48,14.5,220,5000,female,2009\nAtlantis,48,14.5,220,50000,female,2009\n";
  const Outcome csv = command({"predict", "penguins.safetensors", "-", "--flags"}, rows);
  ASSERT_EQ(csv.code, 0) << csv.errors;
  EXPECT_TRUE(lines_of(csv.output).at(0).ends_with(",flags"));
  EXPECT_TRUE(lines_of(csv.output).at(1).ends_with(","));
  EXPECT_TRUE(
      lines_of(csv.output)
          .at(2)
          .ends_with(",\"body_mass_g: above 6300, the highest in training; island: a category that training has not "
                     "seen\"") ||
      lines_of(csv.output)
          .at(2)
          .ends_with(
              ",\"island: a category that training has not seen; body_mass_g: above 6300, the highest in training\""))
      << csv.output;

  const Outcome json = command({"predict", "penguins.safetensors", "-", "--flags", "--json"}, rows);
  EXPECT_EQ(Json::parse(lines_of(json.output).at(0)).at("flags"), Json::object());
  EXPECT_EQ(Json::parse(lines_of(json.output).at(1)).at("flags"),
            Json({{"island", "a category that training has not seen"},
                  {"body_mass_g", "above 6300, the highest in training"}}));

  const Outcome strict = command({"predict", "penguins.safetensors", "-", "--strict"}, rows);
  EXPECT_EQ(strict.code, 1);
  EXPECT_EQ(strict.output, "");
  EXPECT_EQ(strict.errors,
            "neurone: standard input:3: column 'island': 'Atlantis' is a category that training has not seen "
            "(--strict)\n");
}

TEST(Predict, a_long_table_gives_the_same_lines_from_any_number_of_threads) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2"}).code, 0);
  const Outcome once = command({"predict", "penguins.safetensors", "penguins.csv"});
  const std::string text = command.bytes("penguins.csv");
  const std::size_t head = text.find('\n') + 1;
  std::ofstream many(command.folder.path("many.csv"));
  many << text.substr(0, head);
  for (int k = 0; k < 200; ++k) many << text.substr(head);  // several blocks of a megabyte
  many.close();
  const std::size_t lines_head = once.output.find('\n') + 1;
  std::string expected = once.output.substr(0, lines_head);
  for (int k = 0; k < 200; ++k) expected += once.output.substr(lines_head);
  for (const char* threads : {"1", "3"}) {
    const Outcome outcome =
        command({"predict", "penguins.safetensors", "many.csv", "--threads", threads, "--output", "out.csv"});
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_TRUE(command.bytes("out.csv") == expected) << threads;
  }
}

TEST(Predict, a_broken_row_far_down_leaves_the_file_that_was_there) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2"}).code, 0);
  std::ofstream(command.folder.path("out.csv")) << "old";
  std::ofstream many(command.folder.path("many.csv"));
  many << "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n";
  for (int i = 0; i < 60'000; ++i) many << "Biscoe,48,14.5,220,5000,female,2009\n";
  many << "Biscoe,wide,14.5,220,5000,female,2009\n";
  many.close();
  const Outcome outcome = command({"predict", "penguins.safetensors", "many.csv", "--output", "out.csv"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors,
            "neurone: many.csv:60002: numeric column 'bill_length_mm': expected a number, found 'wide'\n");
  EXPECT_EQ(command.bytes("out.csv"), "old");
}

TEST(Predict, an_interrupt_leaves_the_file_that_was_there_and_nothing_beside_it) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  std::ofstream(command.folder.path("out.csv")) << "old";
  const std::string text = command.bytes("penguins.csv");
  std::ofstream many(command.folder.path("many.csv"));
  many << text;
  for (int k = 0; k < 3000; ++k) many << text.substr(text.find('\n') + 1);  // a million rows: seconds
  many.close();
  const std::string shell = "cd " + command.folder.path() +
                            " && timeout -s INT --preserve-status 0.5 " NEURONE_COMMAND
                            " predict penguins.safetensors many.csv --output out.csv 2> errors";
  EXPECT_EQ(WEXITSTATUS(std::system(shell.c_str())), 130);
  EXPECT_EQ(command.bytes("errors"), "interrupted: not all rows are predicted, out.csv is left as it was\n");
  EXPECT_EQ(command.bytes("out.csv"), "old");
  for (const auto& each : std::filesystem::directory_iterator(command.folder.path()))
    EXPECT_FALSE(each.path().filename().string().starts_with(".neurone-")) << each.path();
}

}  // namespace
}  // namespace neurone
