// What becomes of the cells of each kind of column.
#include "neurone/data/columns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "tests/data/learnt_columns.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using Kinds = std::vector<std::pair<std::uint32_t, SurpriseKind>>;

// Rows and kinds of what is surprising in the only column.
Kinds kinds_of(const Encoded& each) {
  Kinds kinds;
  for (const Surprise& surprise : each.surprises.cells) kinds.emplace_back(surprise.row, surprise.kind);
  return kinds;
}

// --- numbers -------------------------------------------------------------------------------------------------------

TEST(Columns, numbers_are_standardised) {
  const NumericColumn column = numeric({"1", "2", "6"});
  EXPECT_EQ(column.scale.median, 2);
  EXPECT_DOUBLE_EQ(column.scale.center, 3);
  EXPECT_DOUBLE_EQ(column.scale.spread, std::sqrt(14.0 / 3));
  EXPECT_FALSE(column.has_indicator);
  EXPECT_DOUBLE_EQ(encoded(column, {"10"}).X(0, 0), 7 / std::sqrt(14.0 / 3));
}

TEST(Columns, the_median_of_an_even_number_of_values_is_the_middle_of_two) {
  EXPECT_EQ(numeric({"9", "1", "4", "2"}).scale.median, 3);
}

TEST(Columns, a_missing_number_is_the_median_and_says_so_in_a_column_of_its_own) {
  const NumericColumn column = numeric({"1", "NA", "2", "9"});
  EXPECT_EQ(column.scale.median, 2);
  EXPECT_EQ(column.scale.center, 3.5);  // of 1, 2, 2, 9
  ASSERT_TRUE(column.has_indicator);
  const Encoded each = encoded(column, {"9", ""});
  EXPECT_EQ(row(each, 0), (Numbers{5.5 / column.scale.spread, 0}));
  EXPECT_EQ(row(each, 1), (Numbers{-1.5 / column.scale.spread, 1}));
}

TEST(Columns, a_number_first_missing_at_prediction_is_the_median) {
  const NumericColumn column = numeric({"1", "2", "6"});
  EXPECT_EQ(row(encoded(column, {"?"}), 0), (Numbers{-1 / column.scale.spread}));
}

TEST(Columns, a_constant_column_is_left_out) {
  const FittedTable fitted =
      fit_table(table_of({"x", "city", "y"}, {{" 7", "Bonn", "1"}, {"7.0", "Bonn", "2"}, {"7", "Bonn", "3"}}), {});
  ASSERT_EQ(fitted.preparation.columns.size(), 1U);
  EXPECT_EQ(fitted.notices, (Texts{"column 'x' is left out: it has one value only, '7'",
                                   "column 'city' is left out: it has one value only, 'Bonn'"}));
  EXPECT_EQ(message_of<Error>([] { learnt({"1", "1"}); }),
            "people.csv: no column is left to predict from besides the target\n"
            "  column 'x' is left out: it has one value only, '1'");
}

TEST(Columns, a_constant_with_missing_values_among_it_becomes_zeros_and_an_indicator) {
  for (const char* value : {"0.1", "7", "-1e17", "0.3333333333333333"}) {
    for (const Scaling scaling : {Scaling::standard, Scaling::robust}) {
      const auto column = std::get<NumericColumn>(learnt({value, "", value}, {.scaling = scaling}));
      EXPECT_EQ(column.scale.spread, 1) << value;
      EXPECT_EQ(row(encoded(column, {value, "NA"}), 0), (Numbers{0, 0})) << value;
      EXPECT_EQ(row(encoded(column, {value, "NA"}), 1), (Numbers{0, 1})) << value;
    }
  }
}

TEST(Columns, numbers_beyond_a_standard_deviation_are_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"1e300", "-1e300"}); }),
            "people.csv: numeric column 'x': the values are too large to be standardised");
}

NumericColumn robust(const std::vector<std::string>& cells) {
  const FittedTable fitted =
      fit_table(table_of({"x"}, one_column(cells)), {.ignore = {}, .category = {}, .scaling = Scaling::robust});
  return std::get<NumericColumn>(fitted.preparation.columns.at(0));
}

TEST(Columns, robust_scaling_is_by_median_and_quartiles_and_bends_what_is_far_away) {
  const NumericColumn column = robust({"1", "2", "3", "4", "1000"});
  EXPECT_EQ(column.scale.center, 3);
  EXPECT_EQ(column.scale.spread, 2);  // from 2 to 4
  EXPECT_EQ(column.scale.clip, 3);
  const Encoded made = encoded(column, {"3", "5", "1", "1000", "-1e300"});
  EXPECT_EQ(made.X(0, 0), 0);
  EXPECT_DOUBLE_EQ(made.X(1, 0), 1 / std::sqrt(1 + 1.0 / 9));
  EXPECT_DOUBLE_EQ(made.X(2, 0), -1 / std::sqrt(1 + 1.0 / 9));
  EXPECT_NEAR(made.X(3, 0), 3, 1e-4);
  EXPECT_DOUBLE_EQ(made.X(4, 0), -3);
}

TEST(Columns, quartiles_lie_between_values_in_proportion) {
  EXPECT_DOUBLE_EQ(robust({"0", "10", "20", "40"}).scale.spread, 25 - 7.5);
}

TEST(Columns, robust_scaling_takes_half_the_range_where_most_values_are_one) {
  EXPECT_EQ(robust({"5", "5", "5", "5", "5", "9"}).scale.spread, 2);
}

TEST(Columns, robust_scaling_does_not_count_what_is_missing) {
  const NumericColumn column = robust({"1", "NA", "3", "NA", "NA", "NA"});
  EXPECT_EQ(column.scale.center, 2);
  EXPECT_EQ(column.scale.spread, 1);
  EXPECT_EQ(row(encoded(column, {"?"}), 0), (Numbers{0, 1}));
}

// --- bins ----------------------------------------------------------------------------------------------------------

TEST(Columns, numbers_are_told_bin_by_bin_where_there_are_knots) {
  NumericColumn column = numeric({"0", "1", "2", "3", "8"});
  column.knots = {0, 1, 2, 3, 8};
  EXPECT_EQ(column.width(), 5U);
  const Encoded made = encoded(column, {"-1", "1.25", "5.5", "100", "?"});
  const auto bins_of = [&](std::size_t i) {
    const Numbers all = row(made, i);
    return Numbers(all.begin() + 1, all.end());
  };
  EXPECT_EQ(bins_of(0), (Numbers{0, 0, 0, 0}));
  EXPECT_EQ(bins_of(1), (Numbers{1, 0.25, 0, 0}));
  EXPECT_EQ(bins_of(2), (Numbers{1, 1, 1, 0.5}));
  EXPECT_EQ(bins_of(3), (Numbers{1, 1, 1, 1}));
  EXPECT_EQ(bins_of(4), (Numbers{1, 1, 0, 0}));  // the median
}

TEST(Columns, bins_stand_behind_the_indicator) {
  NumericColumn column = numeric({"0", "1", "", "2"});
  column.knots = {0, 1, 2};
  const Numbers missing = row(encoded(column, {"NA"}), 0);
  EXPECT_EQ(missing, (Numbers{missing[0], 1, 1, 0}));
}

// --- dates ---------------------------------------------------------------------------------------------------------

DateColumn dates(const Texts& values) {
  return std::get<DateColumn>(learnt(values));
}

TEST(Columns, a_column_of_dates_is_days_and_the_place_in_year_and_week) {
  const DateColumn column = dates({"1970-01-01", "1970-01-03", "1970-01-05"});
  EXPECT_EQ(column.order, DateOrder::ymd);
  EXPECT_FALSE(column.has_time || column.has_indicator);
  EXPECT_EQ(column.scale.median, 2);
  EXPECT_EQ(column.scale.center, 2);
  const Encoded made = encoded(column, {"1970-01-01", "1970-07-02 12:00"});
  ASSERT_EQ(made.X.columns(), 5U);
  EXPECT_DOUBLE_EQ(made.X(0, 0), -2 / std::sqrt(8.0 / 3));
  EXPECT_EQ(made.X(0, 1), 0);  // the first of January
  EXPECT_EQ(made.X(0, 2), 1);
  EXPECT_DOUBLE_EQ(made.X(0, 3), std::sin(2 * std::numbers::pi * 3 / 7));  // a Thursday
  EXPECT_DOUBLE_EQ(made.X(0, 4), std::cos(2 * std::numbers::pi * 3 / 7));
  EXPECT_NEAR(made.X(1, 2), -1, 1e-12);  // the middle of the year
}

TEST(Columns, dates_with_times_have_a_place_in_the_day) {
  const DateColumn column = dates({"1970-01-01 00:00", "1970-01-02 06:00", "1970-01-03"});
  EXPECT_TRUE(column.has_time);
  EXPECT_EQ(column.scale.median, 1.25);
  const Encoded made = encoded(column, {"1970-01-02 06:00"});
  ASSERT_EQ(made.X.columns(), 7U);
  EXPECT_DOUBLE_EQ(made.X(0, 5), 1);
  EXPECT_NEAR(made.X(0, 6), 0, 1e-15);
}

TEST(Columns, a_missing_date_is_the_median_in_no_season) {
  const DateColumn column = dates({"1970-01-01", "", "1970-01-03", "1970-01-05"});
  ASSERT_TRUE(column.has_indicator);
  const Encoded made = encoded(column, {"?"});
  EXPECT_EQ(row(made, 0), (Numbers{0, 0, 0, 0, 0, 1}));
}

TEST(Columns, a_date_that_is_none_is_found_with_its_line) {
  EXPECT_EQ(message_of<Error>([] { learnt({"2024-02-01", "2024-02-30", "2024-03-01"}); }),
            "people.csv:2: date column 'x': expected a date as 2024-12-31, found '2024-02-30' (if they are "
            "categories: --category x)");
  EXPECT_EQ(message_of<Error>([] { encoded(dates({"31.1.2024", "1.2.2024"}), {"2024-02-01"}); }),
            "people.csv:1: date column 'x': expected a date as 31/12/2024, found '2024-02-01'");
  EXPECT_EQ(std::get<CategoryColumn>(learnt({"2024-02-01", "2024-02-30"}, {.category = {"x"}})).values.size(), 2U);
}

TEST(Columns, dates_that_fit_both_ways_are_told) {
  const FittedTable fitted = fit_table(table_of({"x"}, one_column({"1/2/2024", "3/4/2024"})), {});
  EXPECT_EQ(fitted.notices,
            Texts{"column 'x' is read with the month first: its dates would also fit the other way round"});
  EXPECT_EQ(std::get<DateColumn>(fitted.preparation.columns.at(0)).order, DateOrder::mdy);
}

// --- categories ----------------------------------------------------------------------------------------------------

TEST(Columns, categories_are_one_hot_in_sorted_order) {
  const CategoryColumn column = category({"red", "blue", "red", "green"});
  EXPECT_EQ(column.values, (Texts{"blue", "green", "red"}));
  const Encoded each = encoded(column, {"red", "blue"});
  EXPECT_EQ(row(each, 0), (Numbers{0, 0, 1}));
  EXPECT_EQ(row(each, 1), (Numbers{1, 0, 0}));
  EXPECT_TRUE(each.surprises.cells.empty());
}

TEST(Columns, missing_is_a_category_of_its_own) {
  const CategoryColumn column = category({"red", "NA", "blue", ""});
  EXPECT_EQ(column.values, (Texts{"", "blue", "red"}));
  const Encoded each = encoded(column, {"?"});
  EXPECT_EQ(row(each, 0), (Numbers{1, 0, 0}));
  EXPECT_TRUE(each.surprises.cells.empty());
}

TEST(Columns, a_category_that_training_has_not_seen_is_all_zeros_and_surprising) {
  const Encoded each = encoded(category({"red", "blue"}), {"pink", "red", "NA"});
  EXPECT_EQ(row(each, 0), (Numbers{0, 0}));
  EXPECT_EQ(row(each, 1), (Numbers{0, 1}));
  EXPECT_EQ(row(each, 2), (Numbers{0, 0}));
  EXPECT_EQ(kinds_of(each), (Kinds{{0, SurpriseKind::unknown_category}, {2, SurpriseKind::missing}}));
}

// --- what training has not seen the like of ------------------------------------------------------------------------

TEST(Columns, numbers_outside_those_of_training_are_surprising_and_the_ends_are_not) {
  const NumericColumn column = numeric({"-2.5", "7", "1e3"});
  EXPECT_EQ(kinds_of(encoded(column, {"-2.5", "1000", "-2.6", "1000.1", "0"})),
            (Kinds{{2, SurpriseKind::below}, {3, SurpriseKind::above}}));
  EXPECT_EQ(surprise_text(column, SurpriseKind::below), "below -2.5, the lowest in training");
  EXPECT_EQ(surprise_text(column, SurpriseKind::above), "above 1000, the highest in training");
}

TEST(Columns, a_missing_number_is_surprising_where_training_had_none) {
  EXPECT_EQ(kinds_of(encoded(numeric({"1", "2", "6"}), {"2", "NA"})), (Kinds{{1, SurpriseKind::missing}}));
  EXPECT_EQ(kinds_of(encoded(numeric({"1", "", "6"}), {"2", "NA"})), Kinds{});
}

TEST(Columns, dates_outside_those_of_training_are_surprising) {
  const Column column = learnt({"2020-02-29", "2021-03-01", "2022-12-31"});
  EXPECT_EQ(kinds_of(encoded(column, {"2020-02-29", "2020-02-28", "2023-01-01", "", "2022-12-31"})),
            (Kinds{{1, SurpriseKind::below}, {2, SurpriseKind::above}, {3, SurpriseKind::missing}}));
  EXPECT_EQ(surprise_text(column, SurpriseKind::below), "below 2020-02-29, the lowest in training");
}

TEST(Columns, surprises_of_a_long_table_come_row_by_row) {
  const FittedTable fitted = fit_table(table_of({"a", "b"}, {{"1", "red"}, {"2", "blue"}, {"3", "red"}}), {});
  Rows rows(600, {"2", "red"});
  rows[0] = {"2", "pink"};
  rows[300] = {"9", "pink"};
  rows[599] = {"0", "red"};
  EXPECT_EQ(encoded(fitted.preparation, table_of({"a", "b"}, rows)).surprises.cells,
            (std::vector<Surprise>{{.row = 0, .column = 1, .kind = SurpriseKind::unknown_category},
                                   {.row = 300, .column = 0, .kind = SurpriseKind::above},
                                   {.row = 300, .column = 1, .kind = SurpriseKind::unknown_category},
                                   {.row = 599, .column = 0, .kind = SurpriseKind::below}}));
}

}  // namespace
}  // namespace neurone
