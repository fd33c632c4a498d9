// Whole tables to numbers, row by row and by the names of their columns.
#include "neurone/data/preparation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/core/error.h"
#include "tests/data/learnt_columns.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// --- at prediction -------------------------------------------------------------------------------------------------

TEST(Preparation, text_in_a_numeric_column_is_found_at_prediction_too) {
  EXPECT_EQ(message_of<Error>([] { encoded(numeric({"1", "2"}), {"1", "two"}); }),
            "people.csv:2: numeric column 'x': expected a number, found 'two'");
}

TEST(Preparation, of_several_texts_the_first_of_the_leftmost_column_is_reported) {
  const TablePreparation preparation{.columns = {NumericColumn{.name = "age"}, NumericColumn{.name = "size"}}};
  Rows rows(1000, {"1", "2"});
  rows[0][1] = "small";
  rows[900][0] = rows[901][0] = "old";
  EXPECT_EQ(message_of<Error>([&] { encoded(preparation, table_of({"age", "size"}, rows)); }),
            "people.csv:901: numeric column 'age': expected a number, found 'old'");
}

TEST(Preparation, a_long_table_is_encoded_row_by_row) {
  const TablePreparation preparation{
      .columns = {NumericColumn{.name = "x"}, CategoryColumn{.name = "parity", .values = {"even", "odd"}}}};
  Rows rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({std::to_string(i), i % 2 == 0 ? "even" : "odd"});
  const Encoded made = encoded(preparation, table_of({"x", "parity"}, rows));
  for (std::size_t i = 0; i < 1000; ++i)
    EXPECT_EQ(row(made, i), (Numbers{static_cast<double>(i), i % 2 == 0 ? 1.0 : 0.0, i % 2 == 0 ? 0.0 : 1.0}));
}

TEST(Preparation, a_number_that_the_network_cannot_hold_is_found_with_its_line) {
  const TablePreparation preparation{.columns = {numeric({"1", "2", "3"})}};
  const Table table = table_of({"x"}, one_column({"1", " 1e300"}));
  Matrix<float> X = poisoned<float>(2, 1);
  EXPECT_EQ(message_of<Error>([&] { preparation.encode<float>(table, X); }),
            "people.csv:2: numeric column 'x': 1e300 is too large for a model in float");
  EXPECT_TRUE(std::isfinite(encoded(preparation, table).X(1, 0)));
  const TablePreparation narrow{.columns = {NumericColumn{.name = "x", .scale = {.spread = 1e-10}}}};
  EXPECT_EQ(message_of<Error>([&] { encoded(narrow, table); }),
            "people.csv:2: numeric column 'x': 1e300 is too large for a model in double");
}

// --- whole tables --------------------------------------------------------------------------------------------------

TEST(Preparation, columns_are_found_by_name_in_whatever_order_they_come) {
  const TablePreparation preparation =
      fit_table(table_of({"x", "colour", "y"}, {{"1", "red", "5"}, {"3", "blue", "7"}}), {}).preparation;
  const Encoded there = encoded(preparation, table_of({"x", "colour", "y"}, {{"3", "red", "5"}}));
  const Encoded here = encoded(preparation, table_of({"y", "extra", "x", "colour"}, {{"5", "?", "3", "red"}}));
  EXPECT_EQ(row(there, 0), (Numbers{1, 0, 1, -1}));
  EXPECT_EQ(here.X, there.X);
}

TEST(Preparation, a_missing_column_gets_a_suggestion) {
  EXPECT_EQ(message_of<UsageError>([] {
              encoded(TablePreparation{.columns = {NumericColumn{.name = "height"}}}, table_of({"hieght"}, {{"1"}}));
            }),
            "people.csv: unknown column 'height': did you mean 'hieght'?");
}

}  // namespace
}  // namespace neurone
