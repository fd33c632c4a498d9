// From columns and pixels to numbers: what is learnt from training rows, and what is done with others.
#include "neurone/data/preparation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

using Texts = std::vector<std::string>;
using Rows = std::vector<Texts>;

Table table_of(const Texts& names, const Rows& rows) {
  return Table(names, rows, "people.csv");
}

Rows one_column(const Texts& values) {
  Rows rows;
  for (const std::string& value : values) rows.push_back({value});
  return rows;
}

// A column x of these values, learnt.
Column learnt(const Texts& values, const ColumnChoices& choices = {}) {
  return fit_table(table_of({"x"}, one_column(values)), choices).preparation.columns.at(0);
}
NumericColumn numeric(const Texts& values) {
  return std::get<NumericColumn>(learnt(values));
}
CategoryColumn category(const Texts& values) {
  return std::get<CategoryColumn>(learnt(values));
}

struct Encoded {
  Matrix<double> X;
  Surprises surprises;
};
Encoded encoded(const TablePreparation& preparation, const Table& table) {
  Encoded made{.X = poisoned<double>(table.rows(), preparation.width()), .surprises = {}};
  made.surprises = preparation.encode<double>(table, made.X);
  return made;
}
Encoded encoded(const Column& column, const Texts& values) {
  return encoded(TablePreparation{.columns = {column}}, table_of({"x"}, one_column(values)));
}

using Numbers = std::vector<double>;
Numbers row(const Encoded& each, std::size_t i) {
  return {each.X[i].begin(), each.X[i].end()};
}

Texts counting(const std::string& prefix, int count) {
  Texts values;
  for (int i = 0; i < count; ++i) values.push_back(prefix + std::to_string(i));
  return values;
}

// --- which columns are what ----------------------------------------------------------------------------------------

TEST(Preparation, a_column_of_numbers_is_numeric_and_one_of_texts_a_category) {
  EXPECT_EQ(column_kind(learnt({"1", "2.5", "-3e4"})), "numeric");
  EXPECT_EQ(column_kind(learnt({"red", "green", "red"})), "category");
}

TEST(Preparation, as_many_texts_as_numbers_are_a_category) {
  EXPECT_EQ(category({"1", "red"}).values, (Texts{"1", "red"}));
}

TEST(Preparation, numbers_that_are_chosen_to_be_a_category_are_one) {
  EXPECT_EQ(std::get<CategoryColumn>(learnt({"10", "9", "10"}, {.ignore = {}, .category = {"x"}})).values,
            (Texts{"10", "9"}));
}

TEST(Preparation, text_among_numbers_is_found_with_its_line) {
  EXPECT_EQ(
      message_of<Error>([] { learnt({"1", "2", "two", "3"}); }),
      "people.csv:3: numeric column 'x': expected a number, found 'two' (if they are categories: --category x)");
}

TEST(Preparation, texts_that_are_almost_all_different_are_left_out) {
  const Table table = table_of({"name", "age"}, [] {
    Rows rows;
    for (const std::string& name : counting("n", 60)) rows.push_back({name, name.substr(1)});
    return rows;
  }());
  const FittedTable fitted = fit_table(table, {});
  ASSERT_EQ(fitted.preparation.columns.size(), 1U);
  EXPECT_EQ(column_name(fitted.preparation.columns[0]), "age");
  EXPECT_EQ(fitted.notices,
            (Texts{"column 'name' is left out: 60 different texts in 60 rows look like names (to keep "
                   "it: --category name)"}));
  EXPECT_EQ(fit_table(table, {.ignore = {}, .category = {"name"}}).preparation.width(), 61U);
}

TEST(Preparation, fifty_categories_or_categories_of_two_rows_each_are_kept) {
  EXPECT_EQ(category(counting("n", 50)).values.size(), 50U);
  const Texts once = counting("n", 60);
  Texts twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(category(twice).values.size(), 60U);
}

TEST(Preparation, more_than_a_thousand_categories_are_left_out_unless_chosen) {
  for (const int count : {1000, 1001}) {
    Rows rows;
    for (const std::string& value : counting("street ", count))
      for (int copy = 0; copy < 3; ++copy) rows.push_back({value, std::to_string(copy)});
    const Table table = table_of({"x", "n"}, rows);
    const FittedTable fitted = fit_table(table, {});
    if (count == 1000) {
      EXPECT_EQ(fitted.notices, Texts{});
      EXPECT_EQ(fitted.preparation.width(), 1001U);
      continue;
    }
    EXPECT_EQ(fitted.preparation.width(), 1U);
    EXPECT_EQ(fitted.notices, Texts{"column 'x' is left out: 1001 different texts in 3003 rows are too many to be an "
                                    "input each (to keep it: --category x)"});
    EXPECT_EQ(fit_table(table, {.ignore = {}, .category = {"x"}}).preparation.width(), 1002U);
  }
}

TEST(Preparation, an_empty_column_is_left_out) {
  const FittedTable fitted = fit_table(table_of({"x", "y"}, {{"", "1"}, {"NA", "2"}}), {});
  EXPECT_EQ(fitted.preparation.columns.size(), 1U);
  EXPECT_EQ(fitted.notices, (Texts{"column 'x' is left out: it has no values"}));
}

TEST(Preparation, a_table_of_which_nothing_is_left_is_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"1", "2"}, {.ignore = {"x"}, .category = {}}); }),
            "people.csv: no column is left to predict from besides the target");
}

TEST(Preparation, a_choice_of_an_unknown_column_gets_a_suggestion) {
  const Table table = table_of({"city", "age"}, {{"Bonn", "1"}});
  EXPECT_EQ(message_of<UsageError>([&] { fit_table(table, {.ignore = {"ctiy"}, .category = {}}); }),
            "people.csv: unknown column 'ctiy': did you mean 'city'?");
  EXPECT_EQ(message_of<UsageError>([&] { fit_table(table, {.ignore = {}, .category = {"aeg"}}); }),
            "people.csv: unknown column 'aeg': did you mean 'age'?");
}

// --- numbers -------------------------------------------------------------------------------------------------------

TEST(Preparation, numbers_are_standardised) {
  const NumericColumn column = numeric({"1", "2", "6"});
  EXPECT_EQ(column.scale.median, 2);
  EXPECT_DOUBLE_EQ(column.scale.center, 3);
  EXPECT_DOUBLE_EQ(column.scale.spread, std::sqrt(14.0 / 3));
  EXPECT_FALSE(column.has_indicator);
  EXPECT_DOUBLE_EQ(encoded(column, {"10"}).X(0, 0), 7 / std::sqrt(14.0 / 3));
}

TEST(Preparation, the_median_of_an_even_number_of_values_is_the_middle_of_two) {
  EXPECT_EQ(numeric({"9", "1", "4", "2"}).scale.median, 3);
}

TEST(Preparation, a_missing_number_is_the_median_and_says_so_in_a_column_of_its_own) {
  const NumericColumn column = numeric({"1", "NA", "2", "9"});
  EXPECT_EQ(column.scale.median, 2);
  EXPECT_EQ(column.scale.center, 3.5);  // of 1, 2, 2, 9
  ASSERT_TRUE(column.has_indicator);
  const Encoded each = encoded(column, {"9", ""});
  EXPECT_EQ(row(each, 0), (Numbers{5.5 / column.scale.spread, 0}));
  EXPECT_EQ(row(each, 1), (Numbers{-1.5 / column.scale.spread, 1}));
}

TEST(Preparation, a_number_first_missing_at_prediction_is_the_median) {
  const NumericColumn column = numeric({"1", "2", "6"});
  EXPECT_EQ(row(encoded(column, {"?"}), 0), (Numbers{-1 / column.scale.spread}));
}

TEST(Preparation, a_constant_column_is_left_out) {
  const FittedTable fitted =
      fit_table(table_of({"x", "city", "y"}, {{" 7", "Bonn", "1"}, {"7.0", "Bonn", "2"}, {"7", "Bonn", "3"}}), {});
  ASSERT_EQ(fitted.preparation.columns.size(), 1U);
  EXPECT_EQ(fitted.notices, (Texts{"column 'x' is left out: it has one value only, '7'",
                                   "column 'city' is left out: it has one value only, 'Bonn'"}));
  EXPECT_EQ(message_of<Error>([] { learnt({"1", "1"}); }),
            "people.csv: no column is left to predict from besides the target\n"
            "  column 'x' is left out: it has one value only, '1'");
}

TEST(Preparation, a_constant_with_missing_values_among_it_becomes_zeros_and_an_indicator) {
  for (const char* value : {"0.1", "7", "-1e17", "0.3333333333333333"}) {
    for (const Scaling scaling : {Scaling::standard, Scaling::robust}) {
      const auto column = std::get<NumericColumn>(learnt({value, "", value}, {.scaling = scaling}));
      EXPECT_EQ(column.scale.spread, 1) << value;
      EXPECT_EQ(row(encoded(column, {value, "NA"}), 0), (Numbers{0, 0})) << value;
      EXPECT_EQ(row(encoded(column, {value, "NA"}), 1), (Numbers{0, 1})) << value;
    }
  }
}

TEST(Preparation, numbers_beyond_a_standard_deviation_are_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"1e300", "-1e300"}); }),
            "people.csv: numeric column 'x': the values are too large to be standardised");
}

NumericColumn robust(const std::vector<std::string>& cells) {
  const FittedTable fitted =
      fit_table(table_of({"x"}, one_column(cells)), {.ignore = {}, .category = {}, .scaling = Scaling::robust});
  return std::get<NumericColumn>(fitted.preparation.columns.at(0));
}

TEST(Preparation, robust_scaling_is_by_median_and_quartiles_and_bends_what_is_far_away) {
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

TEST(Preparation, quartiles_lie_between_values_in_proportion) {
  EXPECT_DOUBLE_EQ(robust({"0", "10", "20", "40"}).scale.spread, 25 - 7.5);
}

TEST(Preparation, robust_scaling_takes_half_the_range_where_most_values_are_one) {
  EXPECT_EQ(robust({"5", "5", "5", "5", "5", "9"}).scale.spread, 2);
}

TEST(Preparation, robust_scaling_does_not_count_what_is_missing) {
  const NumericColumn column = robust({"1", "NA", "3", "NA", "NA", "NA"});
  EXPECT_EQ(column.scale.center, 2);
  EXPECT_EQ(column.scale.spread, 1);
  EXPECT_EQ(row(encoded(column, {"?"}), 0), (Numbers{0, 1}));
}

// --- bins ----------------------------------------------------------------------------------------------------------

TEST(Preparation, numbers_are_told_bin_by_bin_where_that_is_wanted) {
  const auto column = std::get<NumericColumn>(learnt({"0", "1", "2", "3", "8"}, {.bins = 4}));
  EXPECT_EQ(column.knots, (Numbers{0, 1, 2, 3, 8}));
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

TEST(Preparation, bins_stand_behind_the_indicator) {
  const auto column = std::get<NumericColumn>(learnt({"0", "1", "", "2"}, {.bins = 2}));
  EXPECT_EQ(column.knots, (Numbers{0, 1, 2}));
  const Numbers missing = row(encoded(column, {"NA"}), 0);
  EXPECT_EQ(missing, (Numbers{missing[0], 1, 1, 0}));
}

TEST(Preparation, bins_without_width_are_left_out) {
  EXPECT_EQ(std::get<NumericColumn>(learnt({"0", "0", "0", "0", "1", "2", "3"}, {.bins = 3})).knots,
            (Numbers{0, 1, 3}));
  EXPECT_EQ(std::get<NumericColumn>(learnt({"0", "1", "0", "1"}, {.bins = 1})).knots, Numbers{});  // a line already
  EXPECT_EQ(std::get<NumericColumn>(learnt({"0", "1", "0", "1"})).knots, Numbers{});
}

// --- identifiers ---------------------------------------------------------------------------------------------------

// A column of this name, of 30 numbers from `first` on, beside another one.
FittedTable with_numbered_column(const std::string& name, int first, const ColumnChoices& choices = {}) {
  Rows rows;
  for (int i = 0; i < 30; ++i) rows.push_back({std::to_string(i % 7), std::to_string(first + i * 11 % 30)});
  return fit_table(table_of({"size", name}, rows), choices);
}

TEST(Preparation, whole_numbers_that_are_all_different_and_called_so_are_an_identifier) {
  for (const std::string name :
       {"id", "ID", "customer_id", "Index", "No.", "row", "column_2", "Unnamed: 0", "orderId"}) {
    const FittedTable fitted = with_numbered_column(name, 1000);
    EXPECT_EQ(fitted.preparation.columns.size(), 1U) << name;
    EXPECT_EQ(fitted.notices,
              Texts{"column '" + name +
                    "' is left out: whole numbers, all different, look like an identifier (to keep it: --numeric " +
                    name + ")"});
  }
  EXPECT_EQ(with_numbered_column("id", 1, {.numeric = {"id"}}).preparation.columns.size(), 2U);
}

TEST(Preparation, other_numbers_that_are_all_different_are_none) {
  for (const std::string name : {"year", "paid", "time", "humid", "x"})
    EXPECT_EQ(with_numbered_column(name, 1).preparation.columns.size(), 2U) << name;
  EXPECT_EQ(column_kind(fit_table(table_of({"id"}, one_column(counting("", 19))), {}).preparation.columns.at(0)),
            "numeric");  // too few to say
  Texts twice = counting("", 30);
  twice.push_back("5");
  EXPECT_EQ(fit_table(table_of({"id"}, one_column(twice)), {}).preparation.columns.size(), 1U);
}

// --- other notations -----------------------------------------------------------------------------------------------

TEST(Preparation, numbers_with_separators_are_recognised) {
  const NumericColumn groups = numeric({"1,234.5", "12", "1,000,000"});
  EXPECT_EQ(groups.notation, Notation::groups);
  EXPECT_EQ(groups.scale.median, 1234.5);
  EXPECT_DOUBLE_EQ(encoded(groups, {"2,234.5"}).X(0, 0), (2234.5 - groups.scale.center) / groups.scale.spread);
  const NumericColumn comma = numeric({"1.234,5", "", "12,5", "7"});
  EXPECT_EQ(comma.notation, Notation::comma);
  EXPECT_EQ(comma.scale.median, 12.5);
  EXPECT_TRUE(comma.has_indicator);
  EXPECT_EQ(message_of<Error>([&] { encoded(comma, {"1.5"}); }),
            "people.csv:1: numeric column 'x': expected a number, found '1.5'");
}

TEST(Preparation, a_comma_of_which_nobody_can_say_what_it_means_is_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"7", "1,234", "2,500"}); }),
            "people.csv:2: numeric column 'x': '1,234' may be 1234 or 1.234, and no other row tells: write numbers "
            "without a comma");
}

TEST(Preparation, texts_with_commas_are_categories) {
  EXPECT_EQ(column_kind(learnt({"1,2", "3,4,5", "1,2"})), "category");
}

// --- dates ---------------------------------------------------------------------------------------------------------

DateColumn dates(const Texts& values) {
  return std::get<DateColumn>(learnt(values));
}

TEST(Preparation, a_column_of_dates_is_days_and_the_place_in_year_and_week) {
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

TEST(Preparation, dates_with_times_have_a_place_in_the_day) {
  const DateColumn column = dates({"1970-01-01 00:00", "1970-01-02 06:00", "1970-01-03"});
  EXPECT_TRUE(column.has_time);
  EXPECT_EQ(column.scale.median, 1.25);
  const Encoded made = encoded(column, {"1970-01-02 06:00"});
  ASSERT_EQ(made.X.columns(), 7U);
  EXPECT_DOUBLE_EQ(made.X(0, 5), 1);
  EXPECT_NEAR(made.X(0, 6), 0, 1e-15);
}

TEST(Preparation, a_missing_date_is_the_median_in_no_season) {
  const DateColumn column = dates({"1970-01-01", "", "1970-01-03", "1970-01-05"});
  ASSERT_TRUE(column.has_indicator);
  const Encoded made = encoded(column, {"?"});
  EXPECT_EQ(row(made, 0), (Numbers{0, 0, 0, 0, 0, 1}));
}

TEST(Preparation, a_date_that_is_none_is_found_with_its_line) {
  EXPECT_EQ(message_of<Error>([] { learnt({"2024-02-01", "2024-02-30", "2024-03-01"}); }),
            "people.csv:2: date column 'x': expected a date as 2024-12-31, found '2024-02-30' (if they are "
            "categories: --category x)");
  EXPECT_EQ(message_of<Error>([] { encoded(dates({"31.1.2024", "1.2.2024"}), {"2024-02-01"}); }),
            "people.csv:1: date column 'x': expected a date as 31/12/2024, found '2024-02-01'");
  EXPECT_EQ(std::get<CategoryColumn>(learnt({"2024-02-01", "2024-02-30"}, {.category = {"x"}})).values.size(), 2U);
}

TEST(Preparation, dates_that_fit_both_ways_are_told) {
  const FittedTable fitted = fit_table(table_of({"x"}, one_column({"1/2/2024", "3/4/2024"})), {});
  EXPECT_EQ(fitted.notices,
            Texts{"column 'x' is read with the month first: its dates would also fit the other way round"});
  EXPECT_EQ(std::get<DateColumn>(fitted.preparation.columns.at(0)).order, DateOrder::mdy);
}

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

// --- categories ----------------------------------------------------------------------------------------------------

TEST(Preparation, categories_are_one_hot_in_sorted_order) {
  const CategoryColumn column = category({"red", "blue", "red", "green"});
  EXPECT_EQ(column.values, (Texts{"blue", "green", "red"}));
  const Encoded each = encoded(column, {"red", "blue"});
  EXPECT_EQ(row(each, 0), (Numbers{0, 0, 1}));
  EXPECT_EQ(row(each, 1), (Numbers{1, 0, 0}));
  EXPECT_EQ(each.surprises.unknown_categories, 0U);
}

TEST(Preparation, missing_is_a_category_of_its_own) {
  const CategoryColumn column = category({"red", "NA", "blue", ""});
  EXPECT_EQ(column.values, (Texts{"", "blue", "red"}));
  const Encoded each = encoded(column, {"?"});
  EXPECT_EQ(row(each, 0), (Numbers{1, 0, 0}));
  EXPECT_EQ(each.surprises.unknown_categories, 0U);
}

TEST(Preparation, a_category_that_training_has_not_seen_is_all_zeros_and_counted) {
  const Encoded each = encoded(category({"red", "blue"}), {"pink", "red", "NA"});
  EXPECT_EQ(row(each, 0), (Numbers{0, 0}));
  EXPECT_EQ(row(each, 1), (Numbers{0, 1}));
  EXPECT_EQ(row(each, 2), (Numbers{0, 0}));
  EXPECT_EQ(each.surprises.unknown_categories, 2U);
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

TEST(Preparation, categories_and_names_that_are_not_utf8_are_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"Bonn", "K\xF6ln", "K\xF6ln"}); }),
            "people.csv:2: column 'x' is not UTF-8 text: convert the file, as with iconv -f latin1 -t utf8");
  const Table table = table_of({"age",
                                "gr\xF6\xDF"
                                "e"},
                               {{"1", "2"}, {"2", "3"}});
  EXPECT_EQ(message_of<Error>([&] { fit_table(table, {}); }),
            "people.csv: the name of column 2 is not UTF-8 text: convert the file, as with iconv -f latin1 -t utf8");
  EXPECT_EQ(fit_table(table, {.ignore = {"gr\xF6\xDF"
                                         "e"},
                              .category = {}})
                .preparation.width(),
            1U);
}

// --- images --------------------------------------------------------------------------------------------------------

Images two_images(std::vector<std::uint8_t> pixels) {
  return {.height = 1, .width = 2, .pixels = std::move(pixels), .labels = {3, 4}, .source = "digits"};
}

TEST(Preparation, pixels_are_standardised_all_alike) {
  const ImagePreparation images = fit_images(two_images({0, 255, 255, 0}));
  EXPECT_EQ(images.width(), 2U);
  EXPECT_DOUBLE_EQ(images.mean, 0.5);
  EXPECT_DOUBLE_EQ(images.deviation, 0.5);
  Matrix<float> X = poisoned<float>(2, 2);
  images.encode<float>(two_images({0, 255, 51, 0}), X);
  EXPECT_FLOAT_EQ(X(0, 0), -1);
  EXPECT_FLOAT_EQ(X(0, 1), 1);
  EXPECT_FLOAT_EQ(X(1, 0), -0.6F);
  EXPECT_FLOAT_EQ(X(1, 1), -1);
}

TEST(Preparation, images_of_one_grey_become_zeros) {
  const Images grey = two_images({37, 37, 37, 37});
  const ImagePreparation images = fit_images(grey);
  EXPECT_EQ(images.deviation, 1);
  Matrix<double> X = poisoned<double>(2, 2);
  images.encode<double>(grey, X);
  for (const double x : X.elements()) EXPECT_EQ(x, 0);
}

TEST(Preparation, images_of_another_size_are_refused) {
  const ImagePreparation images{.height = 2, .width_in_pixels = 1};
  Matrix<double> X(2, 2);
  EXPECT_EQ(message_of<Error>([&] { images.encode<double>(two_images({1, 2, 3, 4}), X); }),
            "digits: images of 1 × 2 pixels, expected 2 × 1");
}

TEST(Preparation, images_are_selected_with_their_labels) {
  const Images chosen = select(two_images({1, 2, 3, 4}), std::vector<std::uint32_t>{1, 0, 1});
  EXPECT_EQ(chosen.pixels, (std::vector<std::uint8_t>{3, 4, 1, 2, 3, 4}));
  EXPECT_EQ(chosen.labels, (std::vector<std::uint8_t>{4, 3, 4}));
  EXPECT_EQ(chosen.source, "digits");
}

}  // namespace
}  // namespace neurone
