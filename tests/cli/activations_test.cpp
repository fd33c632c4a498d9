// neurone activations: the sheet with its checks, one activation, its picture in letters, JSON, and misspelt names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "neurone/activation/activation.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

// Columns of a terminal, where every code point has one.
std::size_t width_of(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

TEST(ActivationsVerb, prints_the_sheet_in_eighty_columns) {
  const Outcome outcome = Command()({"activations"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  for (const Activation& each : all_activations())
    for (const std::string_view text : {each.name(), each.formula(), each.derivative(), each.range()})
      EXPECT_NE(outcome.output.find(text), std::string::npos) << text;
  for (const std::string& line : lines_of(outcome.output)) EXPECT_LE(width_of(line), 80U) << line;
}

TEST(ActivationsVerb, compares_every_slope_as_it_says) {
  const std::vector<std::string> lines = lines_of(Command()({"activations", "--json"}).output);
  ASSERT_EQ(lines.size(), all_activations().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto object = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(object["name"], all_activations()[i].name());
    EXPECT_GE(object["compared"], 1024);
    EXPECT_LE(object["largest_error"], 1e-10);
    EXPECT_EQ(object["holds"], true);
  }
}

TEST(ActivationsVerb, prints_one_with_values_and_slopes) {
  const Outcome outcome = Command()({"activations", "sigmoid"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("    -2     0.119203     0.104994\n"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("softmax"), std::string::npos) << outcome.output;
}

TEST(ActivationsVerb, prints_the_jacobian_of_a_row) {
  const Outcome outcome = Command()({"activations", "softmax"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("   -0.0561   -0.1525    0.2293   -0.0206\n"), std::string::npos) << outcome.output;
}

// The picture alone: its rows have a bar or a foot behind the numbers.
std::vector<std::string> rows_of_plot(const std::string& output) {
  std::vector<std::string> rows;
  for (const std::string& line : lines_of(output))
    if (line.size() >= 8 && line[7] == '|') rows.push_back(line);
  return rows;
}

TEST(ActivationsVerb, draws_value_and_slope_as_wide_as_columns_says) {
  for (const std::size_t columns : {40U, 80U, 110U}) {
    setenv("COLUMNS", std::to_string(columns).c_str(), 1);
    const Outcome outcome = Command()({"activations", "tanh", "--plot"});
    unsetenv("COLUMNS");
    const std::vector<std::string> rows = rows_of_plot(outcome.output);
    ASSERT_EQ(rows.size(), 21U) << outcome.output;
    std::size_t widest = 0;
    for (const std::string& row : rows) widest = std::max(widest, row.size());
    EXPECT_EQ(widest, columns);
  }
}

TEST(ActivationsVerb, draws_two_curves_that_letters_tell_apart) {
  const std::vector<std::string> rows = rows_of_plot(Command()({"activations", "tanh", "--plot"}).output);
  ASSERT_EQ(rows.size(), 21U);
  const auto column_of = [&](std::size_t column, char mark) {  // the lines with this mark
    std::set<std::size_t> lines;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (column < rows[i].size() && rows[i][column] == mark) lines.insert(i);
    return lines;
  };
  const std::set<std::size_t> first = column_of(8, '*'), last = column_of(79, '*');
  ASSERT_TRUE(first.size() == 1 && last.size() == 1);
  EXPECT_GT(*first.begin(), *last.begin());  // tanh rises
  ASSERT_EQ(column_of(43, 'o').size(), 1U);  // the slope is 1 at 0, as high as tanh gets
  EXPECT_EQ(*column_of(43, 'o').begin(), *last.begin());
}

TEST(ActivationsVerb, answers_a_misspelt_name_with_the_nearest) {
  const Outcome outcome = Command()({"activations", "sigmod"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: unknown activation 'sigmod': did you mean 'sigmoid'?\n");
  EXPECT_EQ(outcome.output, "");
}

TEST(ActivationsVerb, draws_no_picture_into_json) {
  const Outcome outcome = Command()({"activations", "--json", "--plot"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.errors.find("--plot"), std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
}

}  // namespace
}  // namespace neurone
