// How a table is written, said on the command line: kept in the model, overruled by what is said again.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

Words joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Two columns of numbers, a region and a target of two classes below this header.
std::string regions(const std::string& header) {
  std::string text = header + "\n";
  for (int i = 0; i < 80; ++i)
    text += std::to_string(i % 17) + ".5,0." + std::to_string(i % 9) + (i % 3 == 0 ? ",blue," : ",red,") +
            (i % 2 == 0 ? "yes\n" : "no\n");
  return text;
}

// The same as somebody in Europe writes it, and somebody who marks what is missing in a way of his own.
std::string european_regions() {
  std::string text = "Messung von 2020\nx;Größe;target\n";
  for (int i = 0; i < 80; ++i)
    text += (i % 10 == 3 ? "k. A." : std::to_string(i % 17) + ",5") + ";1." + std::to_string(100 + i) + ",25;" +
            (i % 2 == 0 ? "'ja'\n" : "'nein'\n") + (i == 40 ? "# Pause\n" : "");
  std::string latin;
  for (std::size_t i = 0; i < text.size(); ++i)  // é is C3 A9 in UTF-8, E9 in Latin-1
    if (text[i] == '\xc3')
      latin += static_cast<char>(static_cast<unsigned char>(text[++i]) + 0x40);
    else
      latin += text[i];
  return latin;
}

const Words european{"--separator", ";", "--decimal", "comma", "--missing",  "k. A.",   "--skip",   "1",
                     "--comment",   "#", "--quote",   "'",     "--encoding", "latin-1", "--header", "yes"};
const Words quick{"--target",   "target", "--epochs", "2",        "--hidden", "4",
                  "--ensemble", "1",      "--quiet",  "--report", "none"};

Json described(const Command& command, const Words& arguments) {
  const Outcome outcome = command(joined({"describe", "--json"}, arguments));
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  return outcome.code == 0 ? Json::parse(outcome.output) : Json{};
}

TEST(TableFormatOptions, a_header_with_numbers_is_found_by_the_target) {
  const Command command;
  for (const char* header : {"2019,2020,region,target", "0,1,2,target"}) {
    command.folder.write("years.csv", regions(header));
    EXPECT_EQ(described(command, {"years.csv", "--target", "target"}).at("rows"), 80) << header;
  }
}

TEST(TableFormatOptions, a_header_that_was_taken_for_data_is_said_with_the_way_out) {
  const Command command;
  command.folder.write("years.csv", "2019,2020\n1,2\n3,4\n5,6\n7,8\n");
  const Outcome outcome = command({"describe", "years.csv", "--target", "sum"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.errors.find("because '2019' is a number: --header yes says otherwise"), std::string::npos)
      << outcome.errors;
  EXPECT_EQ(described(command, {"years.csv", "--header", "yes"}).at("rows"), 4);
  command.folder.write("regions.csv", regions("2019,2020,region,target"));
  EXPECT_EQ(described(command, {"regions.csv", "--header", "no", "--ignore", "column_1"}).at("rows"), 81);
}

TEST(TableFormatOptions, describe_reads_by_all_of_them) {
  const Command command;
  command.folder.write("europa.csv", european_regions());
  const Json described_table = described(command, joined({"europa.csv", "--target", "target"}, european));
  ASSERT_TRUE(described_table.contains("columns"));
  EXPECT_EQ(described_table.at("rows"), 80);
  const Json& columns = described_table.at("columns");
  EXPECT_EQ(columns[0].at("kind"), "numeric");
  EXPECT_EQ(columns[0].at("missing"), 8);
  EXPECT_EQ(columns[1].at("name"), "Größe");
  EXPECT_EQ(columns[1].at("values"), "1.100,25 to 1.179,25, median 1139.75");
}

TEST(TableFormatOptions, a_text_that_means_missing_means_it_in_the_target_too) {
  const Command command;
  command.folder.write("regions.csv", regions("2019,2020,region,target"));
  const Json described_table = described(command, {"regions.csv", "--target", "target", "--task", "classification",
                                                   "--missing", "-9", "--missing", "0.4"});
  EXPECT_EQ(described_table.at("columns")[1].at("missing"), 9);
  const Outcome outcome = command({"describe", "regions.csv", "--target", "region", "--missing", "blue"});
  EXPECT_NE(outcome.code, 0);  // one class is left
  EXPECT_NE(outcome.errors.find("one value only, 'red'"), std::string::npos) << outcome.errors;
}

TEST(TableFormatOptions, are_kept_in_the_model_and_overruled_by_what_is_said_again) {
  const Command command;
  command.folder.write("europa.csv", european_regions());
  const Outcome trained =
      command(joined(joined({"train", "europa.csv", "--output", "m.safetensors"}, quick), european));
  ASSERT_EQ(trained.code, 0) << trained.errors;
  const Outcome inspected = command({"inspect", "m.safetensors"});
  EXPECT_NE(inspected.output.find("--missing 'k. A.' --skip '1'"), std::string::npos) << inspected.output;
  EXPECT_EQ(Json::parse(command({"inspect", "m.safetensors", "--json"}).output).at("format").at("encoding"),
            "latin-1");

  const Outcome predicted = command({"predict", "m.safetensors", "europa.csv"});
  EXPECT_EQ(predicted.code, 0) << predicted.errors;
  EXPECT_EQ(lines_of(predicted.output).size(), 81U);
  EXPECT_EQ(command({"evaluate", "m.safetensors", "europa.csv"}).code, 0);
  EXPECT_EQ(command({"explain", "m.safetensors", "europa.csv"}).code, 0);

  command.folder.write("plain.csv", "x|Größe\n0,5|1.100,25\nk. A.|1.101,25\n");
  const Outcome overruled =
      command({"predict", "m.safetensors", "plain.csv", "--separator", "|", "--skip", "0", "--encoding", "utf-8"});
  EXPECT_EQ(overruled.code, 0) << overruled.errors;
  const std::vector<std::string> was = lines_of(predicted.output), is = lines_of(overruled.output);
  ASSERT_EQ(is.size(), 3U);
  EXPECT_EQ(is[1], was[1]);  // the same row: 0,5 and 1.100,25
}

TEST(TableFormatOptions, a_model_reads_columns_that_are_called_like_numbers) {
  const Command command;
  command.folder.write("years.csv", regions("2019,2020,region,target"));
  ASSERT_EQ(command(joined({"train", "years.csv", "--output", "m.safetensors"}, quick)).code, 0);
  command.folder.write("new.csv", "2020,2019,region\n0.5,3.5,blue\n");
  const Outcome predicted = command({"predict", "m.safetensors", "new.csv"});
  EXPECT_EQ(predicted.code, 0) << predicted.errors;
  EXPECT_EQ(lines_of(predicted.output).size(), 2U);
  EXPECT_EQ(predicted.errors, "");
}

TEST(TableFormatOptions, what_cannot_be_is_wrong_usage) {
  const Command command;
  for (const Words& words :
       {Words{"--header", "perhaps"}, {"--separator", ";;"}, {"--skip", "-1"}, {"--encoding", "klingon"}}) {
    const Outcome outcome = command(joined({"describe", "penguins.csv"}, words));
    EXPECT_EQ(outcome.code, 2) << words[0];
    EXPECT_NE(outcome.errors.find(words[1]), std::string::npos) << outcome.errors;
  }
}

}  // namespace
}  // namespace neurone
