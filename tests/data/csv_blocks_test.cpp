// Blocks of a table: together the table that is read at once, whatever their size, with the same errors.
#include "neurone/data/csv_blocks.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

// Each row as its line and its cells.
using Lines = std::vector<std::string>;

void append_lines(const Table& table, Lines& lines) {
  for (std::size_t i = 0; i < table.rows(); ++i) {
    lines.push_back(std::to_string(table.line(i)) + ":");
    for (std::size_t j = 0; j < table.columns(); ++j)
      lines.back() += table.names()[j] + "=<" + std::string(table.cell(i, j)) + ">";
  }
}

Lines lines_at_once(const std::string& path, const TableFormat& options = {}) {
  Lines lines;
  try {
    append_lines(read_csv(path, options), lines);
  } catch (const Error& error) {
    lines = {error.what()};
  }
  return lines;
}

struct BlockRead {
  Lines lines;
  std::size_t blocks = 0;
};

BlockRead read_blocks(const std::string& path, std::size_t size, const TableFormat& options = {}) {
  BlockRead read;
  try {
    for (CsvBlocks blocks(path, options, {}, size); const auto table = blocks.next(); ++read.blocks)
      append_lines(*table, read.lines);
  } catch (const Error& error) {
    read.lines = {error.what()};
  }
  return read;
}

std::string numbered_rows(int count, const std::string& line_end) {
  std::string text = "name,text,n" + line_end;
  for (int i = 0; i < count; ++i)
    text += "r" + std::to_string(i) +
            (i % 3 == 0 ? ",\"two\nlines, \"\"" + std::to_string(i) + "\"\"\"," : ",a \" b,") + std::to_string(i) +
            (i % 5 == 0 ? line_end + line_end : line_end);
  return text;
}

TEST(CsvBlocks, together_are_the_table_whatever_their_size) {
  const TemporaryFolder folder;
  for (const char* line_end : {"\n", "\r\n", "\r"}) {
    const std::string path = folder.write("t.csv", "\xef\xbb\xbf" + numbered_rows(40, line_end));
    const Lines expected = lines_at_once(path);
    ASSERT_EQ(expected.size(), 40U);
    for (std::size_t size = 16; size < 300; ++size) EXPECT_EQ(read_blocks(path, size).lines, expected) << size;
    EXPECT_GT(read_blocks(path, 64).blocks, 5U);
    EXPECT_EQ(read_blocks(path, 1 << 20).blocks, 1U);
  }
}

TEST(CsvBlocks, a_row_that_is_longer_than_a_block_is_whole) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("t.csv", "a,b\n1,\"" + std::string(5000, '\n') + "\"\n2," + std::string(3000, 'x') + "\n3,y");
  EXPECT_EQ(read_blocks(path, 64).lines, lines_at_once(path));
  EXPECT_EQ(read_blocks(path, 64).lines.size(), 3U);
}

TEST(CsvBlocks, errors_are_those_of_the_whole_table) {
  const TemporaryFolder folder;
  const std::string good = numbered_rows(30, "\n");
  for (const std::string& text :
       {good + "x,y\n" + good, good + "x,\"y\" z,1\n", good + "x,\"y,1\n" + good, good + "name,text,n\n",
        std::string(), std::string("\n\n\n"), std::string("name,text\n"), std::string("\xff\xfe,a\n"),
        good + std::string(1, '\0')}) {
    const std::string path = folder.write("t.csv", text);
    const Lines expected = lines_at_once(path);
    ASSERT_EQ(expected.size(), 1U) << text;
    EXPECT_EQ(read_blocks(path, 48).lines, expected) << text;
  }
}

TEST(CsvBlocks, a_table_without_a_header_gets_the_same_names) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", "1;2\n3;4\n5;6\n");
  EXPECT_EQ(read_blocks(path, 8).lines, lines_at_once(path));
  EXPECT_EQ(read_blocks(path, 8).lines[2], "3:column_1=<5>column_2=<6>");
}

TEST(CsvBlocks, gzip_is_unpacked_as_it_comes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("t.csv.gz");
  const std::string text = numbered_rows(20000, "\n");
  const auto gz = gzopen(path.c_str(), "wb");
  gzwrite(gz, text.data(), static_cast<unsigned>(text.size()));
  gzclose(gz);
  const BlockRead read = read_blocks(path, 1 << 16);
  EXPECT_EQ(read.lines, lines_at_once(path));
  EXPECT_EQ(read.lines.size(), 20000U);
  EXPECT_GT(read.blocks, 5U);
}

RC_GTEST_PROP(CsvBlocks, any_text_is_as_at_once, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>(",", "\n", "\r", "\"", "a", "bc,d\n", "\"x\ny\",z\n", " "));
  std::string text = "p,q\n";
  for (const std::string& piece : pieces) text += piece;
  const TemporaryFolder folder;
  const std::string path = folder.write("t.csv", text);
  const TableFormat commas{.separator = ',', .header = {}};  // which the first block alone might not show
  const Lines expected = lines_at_once(path, commas);
  for (const std::size_t size : {6U, 11U, 32U}) RC_ASSERT(read_blocks(path, size, commas).lines == expected);
}

}  // namespace
}  // namespace neurone
