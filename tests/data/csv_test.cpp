// Text cut into tables: quotes, line ends, separators, headers, and the message of each error.
// Leaves random bytes to fuzz/csv_fuzzer.cpp.
#include "neurone/data/csv.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;
using Rows = std::vector<std::vector<std::string>>;

Table parse(std::string text, const TableFormat& options = {}) {
  return parse_csv(std::move(text), "train.csv", options);
}

Rows rows_of(const Table& table) {
  Rows rows(table.rows());
  for (std::size_t i = 0; i < table.rows(); ++i)
    for (std::size_t j = 0; j < table.columns(); ++j) rows[i].emplace_back(table.cell(i, j));
  return rows;
}

std::string error_of(const std::string& text, const TableFormat& options = {}) {
  return message_of<Error>([&] { parse(text, options); });
}

TEST(Csv, header_names_the_columns) {
  const Table table = parse("species,year\nAdelie,2007\nGentoo,2008\n");
  EXPECT_EQ(table.names(), (Names{"species", "year"}));
  EXPECT_EQ(rows_of(table), (Rows{{"Adelie", "2007"}, {"Gentoo", "2008"}}));
  EXPECT_EQ(table.source(), "train.csv");
}

TEST(Csv, quotes_protect_separators_line_ends_and_quotes) {
  const Table table = parse("name,text\na,\"x, y\"\nb,\"two\nlines\"\nc,\"say \"\"hi\"\"\"\nd,\"\"\n");
  EXPECT_EQ(rows_of(table), (Rows{{"a", "x, y"}, {"b", "two\nlines"}, {"c", "say \"hi\""}, {"d", ""}}));
}

TEST(Csv, cells_after_a_doubled_quote_are_whole) {
  EXPECT_EQ(rows_of(parse("a,b,c\n\"\"\"\"\"\",x,\"y\"\"z\"\nu,v,w\n")),
            (Rows{{"\"\"", "x", "y\"z"}, {"u", "v", "w"}}));
}

// The reader looks at 64 bytes at a time: each thing comes to stand on each side of a border.
TEST(Csv, cells_of_any_length_are_whole) {
  for (std::size_t size = 1; size < 140; ++size) {
    const std::string x(size, 'x'), y = x + "\",\r\n" + x;
    EXPECT_EQ(rows_of(parse("a,b\n" + x + ",\"" + x + "\"\",\r\n" + x + "\"\r\n" + x + " \"\t,z")),
              (Rows{{x, y}, {x + " \"", "z"}}));
  }
}

TEST(Csv, a_quote_inside_an_unquoted_cell_is_text) {
  EXPECT_EQ(rows_of(parse("size,of\n5\" disk,a\"b\"\n")), (Rows{{"5\" disk", "a\"b\""}}));
}

TEST(Csv, spaces_around_unquoted_cells_are_dropped) {
  const Table table = parse(" age , job \n 39, State gov \t\n 50 ,\t\" kept \" \n");
  EXPECT_EQ(table.names(), (Names{"age", "job"}));
  EXPECT_EQ(rows_of(table), (Rows{{"39", "State gov"}, {"50", " kept "}}));
}

TEST(Csv, every_line_end_is_understood) {
  const Rows expected{{"1", "2"}, {"3", "4"}};
  EXPECT_EQ(rows_of(parse("a,b\n1,2\n3,4\n")), expected);
  EXPECT_EQ(rows_of(parse("a,b\r\n1,2\r\n3,4\r\n")), expected);
  EXPECT_EQ(rows_of(parse("a,b\r1,2\r3,4\r")), expected);
}

TEST(Csv, the_last_line_needs_no_end) {
  EXPECT_EQ(rows_of(parse("a,b\n1,2")), (Rows{{"1", "2"}}));
  EXPECT_EQ(rows_of(parse("a,b\n1,")), (Rows{{"1", ""}}));
  EXPECT_EQ(rows_of(parse("a,b\n1,\"2\"")), (Rows{{"1", "2"}}));
}

TEST(Csv, empty_lines_are_skipped) {
  EXPECT_EQ(rows_of(parse("\n\na,b\n\n1,2\r\n\r\n3,4\n\n")), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of(parse("a\n\nx\n\ny\n")), (Rows{{"x"}, {"y"}}));
}

TEST(Csv, an_empty_cell_in_quotes_is_a_row_of_a_one_column_table) {
  EXPECT_EQ(rows_of(parse("a\nx\n\"\"\ny\n")), (Rows{{"x"}, {""}, {"y"}}));
}

TEST(Csv, rows_know_their_lines) {
  const Table table = parse("a,b\r\n1,2\r\n\r\n3,\"x\r\ny\rz\"\r\n5,6\r\n");
  ASSERT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.line(0), 2U);
  EXPECT_EQ(table.line(1), 4U);
  EXPECT_EQ(table.line(2), 7U);
  EXPECT_EQ(table.place(2), "train.csv:7");
}

TEST(Csv, the_utf8_mark_is_skipped) {
  EXPECT_EQ(parse("\xef\xbb\xbf"s + "a,b\n1,2\n").names(), (Names{"a", "b"}));
  EXPECT_EQ(parse("\xef\xbb\xbf"s + "\"a\",b\n1,2\n").names(), (Names{"a", "b"}));
}

TEST(Csv, the_separator_is_found) {
  const Rows expected{{"1", "2"}, {"3", "4"}};
  for (const char separator : {',', ';', '\t', '|'}) {
    const std::string s(1, separator);
    EXPECT_EQ(rows_of(parse("a" + s + "b\n1" + s + "2\n3" + s + "4\n")), expected) << separator;
  }
}

TEST(Csv, decimal_commas_do_not_hide_the_semicolon) {
  EXPECT_EQ(rows_of(parse("1,5;2,5\n3,5;4,5\n", {.separator = {}, .header = false})),
            (Rows{{"1,5", "2,5"}, {"3,5", "4,5"}}));
}

TEST(Csv, separators_in_quotes_are_not_counted) {
  EXPECT_EQ(rows_of(parse("a,b\n\"x;y\",\"p|q\"\n\"x;y\",\"p|q\"\n")), (Rows{{"x;y", "p|q"}, {"x;y", "p|q"}}));
  EXPECT_EQ(rows_of(parse("\"a;z\",b\n\"x;y\",1\n")), (Rows{{"x;y", "1"}}));
}

TEST(Csv, the_separator_is_found_in_a_file_longer_than_the_sample) {
  std::string text = "a;b\n";
  const std::string cell = "\"" + std::string(60'000, 'x') + "\n,\"";
  for (int i = 0; i < 40; ++i) text += cell + ";1\n";
  EXPECT_EQ(parse(text).names(), (Names{"a", "b"}));
}

TEST(Csv, a_header_that_comes_again_is_refused) {
  EXPECT_EQ(
      message_of<Error>([] { parse("age,city\n1,Bonn\nage,city\n2,Rom\n"); }),
      "train.csv:3: the header once more: from line 3 on another table seems to follow (if the first row is data: "
      "--header no)");
  EXPECT_EQ(rows_of(parse("age,city\n1,Bonn\nage,Rom\n")), (Rows{{"1", "Bonn"}, {"age", "Rom"}}));
  EXPECT_EQ(rows_of(parse("age\n1\nage\n")), (Rows{{"1"}, {"age"}}));  // one column: a text like any other
}

TEST(Csv, the_separator_is_found_in_a_header_longer_than_the_sample) {
  std::string header = "a", row = "1";
  for (int i = 0; i < 200'000; ++i) {
    header += "\tgene" + std::to_string(i);
    row += "\t1";
  }
  EXPECT_EQ(parse(header + "\n" + row + "\n").columns(), 200'001U);
}

TEST(Csv, the_separator_can_be_given) {
  EXPECT_EQ(rows_of(parse("a b\n1 2\n", {.separator = ' ', .header = {}})), (Rows{{"1", "2"}}));
  EXPECT_EQ(rows_of(parse("a,b\n1,2\n", {.separator = ';', .header = {}})), (Rows{{"1,2"}}));
  EXPECT_EQ(rows_of(parse("a\tb\n\t2\n", {.separator = '\t', .header = {}})), (Rows{{"", "2"}}));
}

TEST(Csv, some_characters_cannot_separate) {
  for (const char separator : {'"', '\n', '\r', '\0'})
    EXPECT_EQ(message_of<UsageError>([&] { parse("a,b\n1,2\n", {.separator = separator, .header = {}}); }),
              "a quote, a line end or NUL cannot be the separator");
}

TEST(Csv, a_number_in_the_first_row_means_no_header) {
  const Table table = parse("5.1,3.5,setosa\n4.9,3.0,setosa\n");
  EXPECT_EQ(table.names(), (Names{"column_1", "column_2", "column_3"}));
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.line(0), 1U);
}

TEST(Csv, the_header_can_be_given) {
  EXPECT_EQ(parse("2019,2020\n1,2\n", {.header = true}).names(), (Names{"2019", "2020"}));
  EXPECT_EQ(rows_of(parse("a,b\nc,d\n", {.separator = {}, .header = false})), (Rows{{"a", "b"}, {"c", "d"}}));
}

TEST(Csv, a_column_without_a_name_gets_one) {
  EXPECT_EQ(parse(",a,\"\"\n0,1,2\n").names(), (Names{"column_1", "a", "column_3"}));
}

TEST(Csv, equal_names_are_refused_with_their_positions) {
  EXPECT_EQ(error_of("a,b,a\n1,2,3\n"), "train.csv: two columns are called 'a': columns 1 and 3");
}

TEST(Csv, ragged_row_is_reported_with_its_line) {
  EXPECT_EQ(error_of("a,b,c,d\n1,2,3,4\n1,2,3,4,5\n"), "train.csv:3: 5 columns, expected 4");
  EXPECT_EQ(error_of("a,b,c\n\n\"x\ny\",2,3\n1\n"), "train.csv:5: 1 column, expected 3");
  EXPECT_EQ(error_of("a,b\n1,2,3\n"), "train.csv:2: 3 columns, expected 2");
}

TEST(Csv, an_empty_table_is_refused) {
  for (const char* text : {"", "\n", "\r\n\n", "\xef\xbb\xbf"})
    EXPECT_EQ(error_of(text), "train.csv: an empty table");
}

TEST(Csv, a_header_alone_is_refused) {
  EXPECT_EQ(error_of("a,b\n"), "train.csv: an empty table: a header and no rows below it");
}

TEST(Csv, an_open_quote_is_reported_where_it_opened) {
  EXPECT_EQ(error_of("a,b\n1,\"x\n2,y\n"),
            "train.csv:2: a quote is opened and never closed (if quotes are text: --quote none)");
  EXPECT_EQ(error_of("a,\""), "train.csv:1: a quote is opened and never closed (if quotes are text: --quote none)");
}

TEST(Csv, text_after_a_closing_quote_is_refused) {
  EXPECT_EQ(error_of("a,b\n1,\"x\"y\n"),
            "train.csv:2: text after a closing quote, expected a separator or a line end"
            " (if quotes are text: --quote none)");
}

TEST(Csv, binary_files_are_refused) {
  EXPECT_EQ(error_of("a,b\n1,\0\n"s), "train.csv:2: a NUL byte: a binary file, expected text");
  EXPECT_EQ(error_of("a,b\n1,\"x\0y\"\n"s), "train.csv:2: a NUL byte: a binary file, expected text");
  EXPECT_EQ(error_of("a,b\n1,\"x\"\0\n"s), "train.csv:2: a NUL byte: a binary file, expected text");
  EXPECT_EQ(error_of("PK\x03\x04"s), "train.csv: a zip archive or a workbook, expected text");
}

TEST(Csv, a_byte_order_mark_tells_the_encoding) {
  const Rows expected{{"é"}};
  EXPECT_EQ(rows_of(parse("\xff\xfe"s + "a\0\n\0\xe9\0"s)), expected);
  EXPECT_EQ(rows_of(parse("\xfe\xff"s + "\0a\0\n\0\xe9"s)), expected);
  EXPECT_EQ(rows_of(parse("\xff\xfe\0\0a\0\0\0\n\0\0\0\xe9\0\0\0"s)), expected);
  EXPECT_EQ(rows_of(parse("\0\0\xfe\xff\0\0\0a\0\0\0\n\0\0\0\xe9"s)), expected);
  EXPECT_EQ(error_of("\xff\xfe"s + "a\0\n\0\xe9"s),
            "train.csv: byte 7 is no text in UTF-16 (--encoding says in which it is)");
}

TEST(Csv, a_cell_of_sixteen_mebibytes_is_refused) {
  EXPECT_EQ(error_of("a,b\n1," + std::string(1 << 24, 'x')),
            "train.csv:2: a cell of 16777216 bytes, expected at most 16777215");
}

TEST(Csv, a_file_is_read) {
  const TemporaryFolder folder;
  const Table table = read_csv(folder.write("some.csv", "a,b\n1,2\n"));
  EXPECT_EQ(table.source(), folder.path("some.csv"));
  EXPECT_EQ(table.cell(0, 1), "2");
}

TEST(Csv, penguins_have_their_rows_and_columns) {
  const Table table = read_csv(PROJECT_DATA "/penguins/penguins.csv");
  EXPECT_EQ(table.rows(), 344U);
  EXPECT_EQ(table.names(), (Names{"species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm",
                                  "body_mass_g", "sex", "year"}));
  EXPECT_EQ(table.cell(0, table.column("species")), "Adelie");
}

std::string quoted(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

RC_GTEST_PROP(Csv, cells_written_in_quotes_are_read_back, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
  const auto a_character = rc::gen::weightedOneOf<char>(
      {{3, rc::gen::element('"', ',', ';', '\t', '|', ' ', '\n', '\r')}, {1, rc::gen::nonZero<char>()}});
  const auto a_row =
      rc::gen::container<std::vector<std::string>>(columns, rc::gen::container<std::string>(a_character));
  const Rows rows = *rc::gen::nonEmpty(rc::gen::container<Rows>(a_row));
  const char separator = *rc::gen::element(',', ';', '\t', '|');
  const std::string line_end = *rc::gen::element("\n"s, "\r\n"s, "\r"s);

  std::string text;
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t j = 0; j < row.size(); ++j) text += (j == 0 ? ""s : ""s + separator) + quoted(row[j]);
    text += line_end;
  }
  RC_ASSERT(rows_of(parse(text, {.separator = separator, .header = false})) == rows);
}

}  // namespace
}  // namespace neurone
