// What can be said of a table's format, read and written, and how tables are cut by it, at once and block after
// block.
#include "neurone/data/table_format.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/csv.h"
#include "neurone/data/csv_blocks.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using namespace std::string_literals;
using Said = std::vector<std::pair<std::string, std::string>>;

TableFormat said(const Said& parts) {
  TableFormat format;
  for (const auto& [part, text] : parts) set_format_part(part, text, format);
  return format;
}

// "a|b" is the header, then each row as its line and cells: "a|b 2:1|x 3:2|y"; or the message.
std::string append_text(const Table& table, std::string text) {
  const auto line = [&](auto cell) {
    std::string cells;
    for (std::size_t j = 0; j < table.columns(); ++j) cells += (j == 0 ? "" : "|") + std::string(cell(j));
    return cells;
  };
  if (text.empty()) text = line([&](std::size_t j) { return table.names()[j]; });
  for (std::size_t i = 0; i < table.rows(); ++i)
    text += " " + std::to_string(table.line(i)) + ":" + line([&](std::size_t j) { return table.cell(i, j); });
  return text;
}

std::string in_blocks_of(std::size_t size, const std::string& path, const TableFormat& format) {
  std::string text;
  try {
    for (CsvBlocks blocks(path, format, {}, size); const auto table = blocks.next();)
      text = append_text(*table, text);
  } catch (const Error& error) {
    return error.what();
  }
  return text;
}

struct Case {
  const char* name;
  std::string text;
  Said format;
  std::string expected;
};

class TableFormats : public testing::TestWithParam<Case> {};

TEST_P(TableFormats, cut_a_table_at_once_and_block_after_block) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", GetParam().text);
  const TableFormat format = said(GetParam().format);
  std::string whole;
  try {
    whole = append_text(read_csv(path, format), "");
  } catch (const Error& error) {
    whole = error.what();
    if (whole.starts_with(path)) whole.erase(0, path.size());
  }
  EXPECT_EQ(whole, GetParam().expected);
  for (const std::size_t size : {3U, 7U, 16U, 1U << 18}) {
    std::string blocks = in_blocks_of(size, path, format);
    if (blocks.starts_with(path)) blocks.erase(0, path.size());
    EXPECT_EQ(blocks, GetParam().expected) << "in blocks of " << size;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TableFormats,
    testing::Values(
        Case{"HeaderYes", "2019,2020\n1,2\n", {{"header", "yes"}}, "2019|2020 2:1|2"},
        Case{"HeaderNo", "a,b\nc,d\n", {{"header", "no"}}, "column_1|column_2 1:a|b 2:c|d"},
        Case{"Tab", "a\tb\n1\t2\n", {{"separator", "\\t"}}, "a|b 2:1|2"},
        Case{"Spaces", "  a  b \n1 2\n 3   4   \n", {{"separator", "space"}}, "a|b 2:1|2 3:3|4"},
        Case{"SpacesAndQuotes", "a b\n\"1 2\"  \"\"\n", {{"separator", "space"}}, "a|b 2:1 2|"},
        Case{"Missing",
             "a,b\n-999,x\n1, - \n\"-999\",NA\n",
             {{"missing", "-999"}, {"missing", "-"}},
             "a|b 2:|x 3:1| 4:|NA"},
        Case{"MissingLeavesTheHeader", "a,-\nu,-\n", {{"missing", "-"}}, "a|- 2:u|"},
        Case{"Skip", "made by \"x\r\nin 2020\r\na,b\r\n1,2\r\n", {{"skip", "2"}}, "a|b 4:1|2"},
        Case{"SkipOldMac", "one\rtwo\ra,b\r1,2\r", {{"skip", "2"}}, "a|b 4:1|2"},
        Case{"SkipNothing", "a,b\n1,2\n", {{"skip", "0"}}, "a|b 2:1|2"},
        Case{"SkipBeyondTheEnd",
             "a,b\n1,2\n",
             {{"skip", "9"}},
             ": an empty table: no row behind the 9 lines of --skip"},
        Case{"SkipAll", "a,b\n1,2", {{"skip", "2"}}, ": an empty table: no row behind the 2 lines of --skip"},
        Case{"Comments",
             "# it's \"so\n\n #x,y\na,b\n# 1\n1,\"#\n#\"\n2,#3\n#",
             {{"comment", "#"}},
             "a|b 6:1|#\n# 8:2|#3"},
        Case{"CommentNone", "a,b\n#1,2\n", {{"comment", "none"}}, "a|b 2:#1|2"},
        Case{"TabBeforeAComment", "a\tb\n\t#2\n", {{"comment", "#"}, {"separator", "tab"}}, "a|b 2:|#2"},
        Case{"QuoteNone", "a,b\n5\",\"x\n\",y\"z\n", {{"quote", "none"}}, "a|b 2:5\"|\"x 3:\"|y\"z"},
        Case{"Apostrophe", "a,b\n'x,y','it''s \"'\n", {{"quote", "'"}}, "a|b 2:x,y|it's \""},
        Case{"Latin1", "a,b\n\xe9,\xfc\n", {{"encoding", "latin-1"}}, "a|b 2:é|ü"},
        Case{"Windows1252", "a,b\n\x80,\x93x\x94\n", {{"encoding", "windows-1252"}}, "a|b 2:€|“x”"},
        Case{"Utf16",
             "\xff\xfe"s + "a\0,\0b\0\n\0\xac\x20,\0"s + "\x3d\xd8\x00\xde\n\0"s,
             {{"encoding", "utf-16"}},
             "a|b 2:€|😀"},
        Case{"Utf16ByItsMark", "\xff\xfe"s + "a\0,\0b\0\n\0"s + "1\0,\0"s + "2\0\n\0"s, {}, "a|b 2:1|2"},
        Case{"Utf16CutShort",
             "\xff\xfe"s + "a\0,\0b\0\n\0"s + "1\0,\0"s + "2"s,
             {},
             ": byte 15 is no text in UTF-16 (--encoding says in which it is)"},
        Case{"Utf8", "a,b\né,2\n", {{"encoding", "utf-8"}}, "a|b 2:é|2"},
        Case{"NotUtf8",
             "a,b\n\xe9x,2\n",
             {{"encoding", "ascii"}},
             ": byte 5 is no text in ascii (--encoding says in which it is)"},
        Case{"SeparatorLine", "sep=;\r\na;b\r\n1,5;2\r\n", {}, "a|b 3:1,5|2"},
        Case{"SeparatorLineOfTabs", "\xef\xbb\xbfsep=\t\na\tb\n1\t2\n", {}, "a|b 3:1|2"},
        Case{"SeparatorLineOverruled", "sep=;\na,b\n1,2\n", {{"separator", ","}}, "a|b 3:1|2"},
        Case{"MixedLineEnds", "a,b\r\n1,2\n3,4\r5,6", {}, "a|b 2:1|2 3:3|4 4:5|6"},
        Case{"SeparatorsAtTheEndOfRows", "a,b\n1,2,\n3,,\n", {}, "a|b 2:1|2 3:3|"},
        Case{"SeparatorAtTheEndOfTheHeader", "a,b,\n1,2\n3,4\n", {}, "a|b 2:1|2 3:3|4"},
        Case{"SeparatorAtTheEndOfSomeRows",
             "a,b\n1,2,\n3,4\n",
             {},
             ":3: 2 columns, expected 2 and a separator behind them"},
        Case{"SeparatorAtTheEndOfOneRow", "a,b\n1,2\n3,4,\n", {}, ":3: 3 columns, expected 2"},
        Case{"NamesOfRowsInNoColumn", "a,b\nr1,1,2\n", {}, ":2: 3 columns, expected 2"},
        Case{"Footer", "a,b\n1,2\nsum of 1\n", {}, ":3: 1 column, expected 2"},
        Case{"AnUnfitSeparator", "a;b,c\n1;2,3\n4;5,6,7\n", {{"separator", ","}}, ":3: 3 columns, expected 2"}),
    [](const auto& each) { return each.param.name; });

TEST(TableFormat, a_separator_that_hardly_fits_is_said_with_the_row_that_does_not) {
  const std::string message = message_of<Error>([] { parse_csv("a;b,c;d\n1;2,3;4\n5;6,7\n1,2,3;\n", "t.csv"); });
  EXPECT_NE(message.find("t.csv:3: 2 columns, expected 3"), message.npos) << message;
  EXPECT_NE(message.find("';' was taken for the separator, though ',' stands in the first row as well"), message.npos)
      << message;
  EXPECT_NE(message.find("--separator"), message.npos);
}

TEST(TableFormat, is_said_again_as_it_was_said) {
  const Said parts{{"header", "no"}, {"separator", "tab"}, {"decimal", "comma"},
                   {"missing", "-"}, {"missing", "-999"},  {"skip", "3"},
                   {"comment", "%"}, {"quote", "none"},    {"encoding", "latin-1"}};
  EXPECT_EQ(said_parts(said(parts)), parts);
  EXPECT_TRUE(said_parts({}).empty());
}

TEST(TableFormat, what_is_said_later_overrules_part_by_part) {
  const TableFormat first = said({{"header", "no"}, {"missing", "-"}, {"skip", "3"}, {"comment", "#"}});
  EXPECT_EQ(said_again(first, {}), first);
  const TableFormat again = said_again(first, said({{"skip", "0"}, {"missing", "x"}, {"comment", "none"}}));
  EXPECT_EQ(said_parts(again), (Said{{"header", "no"}, {"missing", "x"}, {"skip", "0"}, {"comment", "none"}}));
}

TEST(TableFormat, what_cannot_be_is_refused_with_what_can) {
  for (const auto& [part, text, expected] : std::vector<std::array<std::string, 3>>{
           {"header", "true", "--header: expected yes or no, found 'true'"},
           {"decimal", ".", "--decimal: expected point or comma, found '.'"},
           {"skip", "-1", "--skip: expected a number of lines, found '-1'"},
           {"skip", "1.5", "--skip: expected a number of lines, found '1.5'"},
           {"comment", "//", "--comment: expected one visible ASCII character or none, found '//'"},
           {"quote", "", "--quote: expected one visible ASCII character or none, found ''"},
           {"quote", "«", "--quote: expected one visible ASCII character or none, found '«'"}})
    EXPECT_EQ(message_of<UsageError>([&] { said({{part, text}}); }), expected);
  for (const std::string& separator : {""s, ";;"s, "\""s, "\n"s, "·"s, "\xff"s})
    EXPECT_TRUE(message_of<UsageError>([&] {
                  said({{"separator", separator}});
                }).starts_with("--separator: expected one ASCII character"));
  for (const std::string& encoding : {""s, "../x"s, "latin1//IGNORE"s})
    EXPECT_TRUE(message_of<UsageError>([&] { said({{"encoding", encoding}}); }).starts_with("--encoding: expected"));
  EXPECT_TRUE(message_of<UsageError>([] {
                parse_csv("a\n", "t", said({{"encoding", "nonsense"}}));
              }).starts_with("unknown encoding 'nonsense'"));
}

TEST(TableFormat, one_character_has_one_meaning) {
  for (const Said& parts : {Said{{"separator", ";"}, {"quote", ";"}}, Said{{"separator", "#"}, {"comment", "#"}},
                            Said{{"comment", "\""}}, Said{{"quote", "'"}, {"comment", "'"}}})
    EXPECT_TRUE(
        message_of<UsageError>([&] { parse_csv("a,b\n1,2\n", "t", said(parts)); }).ends_with("the same character"));
}

}  // namespace
}  // namespace neurone
