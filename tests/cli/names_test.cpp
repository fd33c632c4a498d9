// Names and values that a terminal would obey, that are no UTF-8 or that never end: written out and shortened
// wherever they are shown, and exact in what programs read.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "neurone/core/shown.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

constexpr const char* red = "\x1b[31m";
const std::string long_name(5000, 'x');

// Two categories and names with a colour, a line end and too many letters.
std::string hostile_table(bool with_target = true) {
  std::string table =
      "\"co\x1b[31mlour\",\"new\nline\"," + long_name + (with_target ? ",\"kind\xE2\x80\xAE\"\n" : "\n");
  for (int i = 0; i < 40; ++i)
    table += std::string(i % 2 == 0 ? "\"r\x1b[31med\"" : "\"b\nlue\"") + "," + (i % 3 == 0 ? "\"p\rq\"" : "r") +
             "," + std::to_string(i) +
             (with_target ? (i % 2 == 0 ? ",\"o\nne\"\n" : "," + std::string(300, 't') + "\n") : "\n");
  return table;
}

void expect_safe(const std::string& what, const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(display_width(line), 1300U) << what;
    EXPECT_EQ(shown(line, 2000), line) << what;
  }
}

TEST(Names, do_not_reach_the_terminal_as_they_are) {
  const Command command;
  command.folder.write("table.csv", hostile_table());
  command.folder.write(
      "new.csv", "\"co\x1b[31mlour\",\"new\nline\"," + long_name + ",\"ex\ttra\n\"\n\"gr\x1b[31meen\",r,1e9,7\n");
  const std::string target = "kind\xE2\x80\xAE";
  const auto look = [&](const std::vector<std::string>& words, int code = 0) {
    const Outcome outcome = command(words);
    EXPECT_EQ(outcome.code, code) << words[0] << ": " << outcome.errors;
    expect_safe(words[0], outcome.output);
    expect_safe(words[0], outcome.errors);
    return outcome;
  };
  const Outcome described = look({"describe", "table.csv", "--target", target});
  EXPECT_EQ(lines_of(described.output).size(), 12U) << described.output;
  EXPECT_NE(described.output.find("co\\x1b[31mlour"), std::string::npos) << described.output;
  look({"describe", "table.csv"});
  look({"train", "table.csv", "--target", target, "--epochs", "2", "--ensemble", "1", "--hidden", "4", "--report",
        "none"});
  const Outcome inspected = look({"inspect", "table.safetensors"});
  EXPECT_NE(inspected.output.find("r\\x1b[31med"), std::string::npos) << inspected.output;
  look({"evaluate", "table.safetensors", "table.csv"});
  look({"explain", "table.safetensors", "table.csv", "--backward"});
  look({"explain", "table.safetensors", "table.csv", "--neuron", "2:1"});
  look({"crossvalidate", "table.csv", "--target", target, "--epochs", "1", "--folds", "2", "--hidden", "4"});
  const Outcome unlike = command({"predict", "table.safetensors", "new.csv"});
  expect_safe("unlike training", unlike.errors);
  EXPECT_NE(unlike.errors.find("'ex\\ttra\\n'"), std::string::npos) << unlike.errors;
  look({"predict", "table.safetensors", "new.csv", "--strict"}, 1);
  look({"train", "table.csv", "--target", std::string("no\n") + red}, 2);
  look({"train", "table.csv", "--target", target, "--weight", "co\x1b[31mlour"}, 1);
  look({std::string("tr\n") + red}, 2);
  look({"predict", std::string("m\n") + red, "table.csv"}, 1);
  look({"predict", "table.csv", std::string("m\n") + red}, 1);
}

TEST(Names, are_exact_in_what_programs_read) {
  const Command command;
  command.folder.write("table.csv", hostile_table());
  const std::string target = "kind\xE2\x80\xAE";
  ASSERT_EQ(command({"train", "table.csv", "--target", target, "--epochs", "1", "--ensemble", "1", "--hidden", "4",
                     "--report", "none"})
                .code,
            0);
  const auto model = nlohmann::json::parse(command({"inspect", "table.safetensors", "--json"}).output);
  EXPECT_EQ(model["target"], target);
  EXPECT_EQ(model["columns"][1]["name"], "new\nline");
  const std::string head = command({"predict", "table.safetensors", "table.csv"}).output;
  EXPECT_TRUE(head.starts_with("prediction,\"probability_o\nne\",probability_ttt")) << head.substr(0, 100);
}

TEST(Names, of_estimates_never_run_into_their_numbers) {
  const Command command;
  std::string table = "x,y\n";
  for (int i = 0; i < 30; ++i)
    table += std::to_string(i) + "," + std::to_string(3 * i + 1) + ".000000" + std::to_string(i % 7) + "\n";
  command.folder.write("line.csv", table);
  const Outcome outcome = command({"train", "line.csv", "--target", "y", "--optimizer", "least-squares", "--hidden",
                                   "none", "--quiet", "--report", "none"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> lines = lines_of(outcome.output);
  const auto head = std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("y  "); });
  ASSERT_NE(head, lines.end()) << outcome.output;
  ASSERT_GE(lines.end() - head, 3);
  for (const std::string& line : {*head, *(head + 1), *(head + 2)}) {
    std::istringstream stream(std::regex_replace(line, std::regex("std\\. error|< "), "_"));
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    EXPECT_EQ(words.size(), 5U) << line;
  }
}

}  // namespace
}  // namespace neurone
