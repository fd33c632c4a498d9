// Tables: names, cells, places, selections.
// Leaves reading them from text to csv_test.cpp.
#include "neurone/data/table.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "neurone/core/error.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

Table penguins() {
  return Table({"species", "island"}, {{"Adelie", "Dream"}, {"Gentoo", "Biscoe"}, {"Chinstrap", ""}}, "penguins.csv");
}

TEST(Table, cells_stand_where_they_were_put) {
  const Table table = penguins();
  EXPECT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.columns(), 2U);
  EXPECT_EQ(table.cell(0, 0), "Adelie");
  EXPECT_EQ(table.cell(1, 1), "Biscoe");
  EXPECT_EQ(table.cell(2, 1), "");
  EXPECT_EQ(table.place(2), "penguins.csv:3");
}

TEST(Table, a_table_without_anything_is_empty) {
  const Table table;
  EXPECT_EQ(table.rows(), 0U);
  EXPECT_EQ(table.columns(), 0U);
  EXPECT_EQ(table.source(), "");
}

TEST(Table, columns_are_found_by_name) {
  const Table table = penguins();
  EXPECT_EQ(table.find("island"), 1U);
  EXPECT_EQ(table.find("Island"), std::nullopt);
  EXPECT_EQ(table.column("species"), 0U);
}

TEST(Table, an_unknown_column_gets_a_suggestion) {
  EXPECT_EQ(message_of<UsageError>([] { penguins().column("specis"); }),
            "penguins.csv: unknown column 'specis': did you mean 'species'?");
  EXPECT_EQ(message_of<UsageError>([] { penguins().column("year"); }),
            "penguins.csv: unknown column 'year', expected one of: species, island");
}

TEST(Table, equal_names_are_refused_with_their_positions) {
  EXPECT_EQ(message_of<Error>([] { Table({"a", "b", "a"}, {}); }),
            "table: two columns are called 'a': columns 1 and 3");
}

TEST(Table, a_row_of_another_length_is_refused_with_its_place) {
  EXPECT_EQ(message_of<Error>([] { Table({"a", "b"}, {{"1", "2"}, {"1", "2", "3"}}); }),
            "table:2: 3 columns, expected 2");
  EXPECT_EQ(message_of<Error>([] { Table({"a", "b"}, {{"1"}}); }), "table:1: 1 column, expected 2");
}

TEST(Table, a_selection_keeps_order_repetition_and_places) {
  const std::array<std::uint32_t, 3> rows{2, 0, 2};
  const Table selected = penguins().select(rows);
  ASSERT_EQ(selected.rows(), 3U);
  EXPECT_EQ(selected.cell(0, 0), "Chinstrap");
  EXPECT_EQ(selected.cell(1, 0), "Adelie");
  EXPECT_EQ(selected.cell(2, 0), "Chinstrap");
  EXPECT_EQ(selected.place(1), "penguins.csv:1");
  EXPECT_EQ(selected.names(), penguins().names());
}

TEST(Table, a_selection_of_a_selection_counts_in_the_selection) {
  const std::array<std::uint32_t, 2> later{1, 2};
  const std::array<std::uint32_t, 1> last{1};
  EXPECT_EQ(penguins().select(later).select(last).cell(0, 0), "Chinstrap");
}

TEST(Table, cells_outlive_the_table_they_were_read_into) {
  Table copy;
  std::string_view cell;
  {
    const Table table = penguins();
    cell = table.cell(1, 0);
    copy = table;
  }
  EXPECT_EQ(cell, "Gentoo");
  const Table moved = std::move(copy);
  EXPECT_EQ(moved.cell(1, 0).data(), cell.data());
}

}  // namespace
}  // namespace neurone
