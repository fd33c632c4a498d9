// Which columns are what, and which are left out.
#include "neurone/data/column_fitting.h"

#include <gtest/gtest.h>

#include "neurone/core/error.h"
#include "neurone/data/csv.h"
#include "tests/data/learnt_columns.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// --- which columns are what ----------------------------------------------------------------------------------------

TEST(ColumnFitting, a_column_of_numbers_is_numeric_and_one_of_texts_a_category) {
  EXPECT_EQ(column_kind(learnt({"1", "2.5", "-3e4"})), "numeric");
  EXPECT_EQ(column_kind(learnt({"red", "green", "red"})), "category");
}

TEST(ColumnFitting, as_many_texts_as_numbers_are_a_category) {
  EXPECT_EQ(category({"1", "red"}).values, (Texts{"1", "red"}));
}

TEST(ColumnFitting, numbers_that_are_chosen_to_be_a_category_are_one) {
  EXPECT_EQ(std::get<CategoryColumn>(learnt({"10", "9", "10"}, {.ignore = {}, .category = {"x"}})).values,
            (Texts{"10", "9"}));
}

TEST(ColumnFitting, the_range_of_numbers_and_dates_is_kept) {
  const Scale numbers = std::get<NumericColumn>(learnt({"3", "", "-2.5", "7"})).scale;
  EXPECT_EQ(numbers.lowest, -2.5);
  EXPECT_EQ(numbers.highest, 7);
  const Scale days = std::get<DateColumn>(learnt({"1970-01-03", "1969-12-31"})).scale;
  EXPECT_EQ(days.lowest, -1);
  EXPECT_EQ(days.highest, 2);
}

TEST(ColumnFitting, columns_may_be_learnt_some_at_a_time) {
  const Table table = table_of({"a", "b", "c", "none", "e"}, {{"1", "red", "", "", "2024-01-02"},
                                                              {"2", "green", "3.5", "", "2024-02-03"},
                                                              {"4", "red", "1", "", "2024-03-05"}});
  const FittedTable at_once = fit_table(table, {});
  ASSERT_EQ(at_once.preparation.columns.size(), 4U);
  for (const std::size_t numbers : {1U, 6U, 9U}) {  // one, two and three columns of three rows
    const FittedTable fitted = fit_table(table, {}, numbers);
    EXPECT_EQ(fitted.notices, at_once.notices);
    ASSERT_EQ(fitted.preparation.columns.size(), 4U);
    for (std::size_t j = 0; j < 4; ++j)
      EXPECT_EQ(column_name(fitted.preparation.columns[j]), column_name(at_once.preparation.columns[j]));
    EXPECT_EQ(fitted.preparation.encode<double>(table).packed(), at_once.preparation.encode<double>(table).packed());
  }
}

TEST(ColumnFitting, text_among_numbers_is_found_with_its_line) {
  EXPECT_EQ(
      message_of<Error>([] { learnt({"1", "2", "two", "3"}); }),
      "people.csv:3: numeric column 'x': expected a number, found 'two' (if they are categories: --category x)");
}

TEST(ColumnFitting, texts_that_are_almost_all_different_are_left_out) {
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

TEST(ColumnFitting, fifty_categories_or_categories_of_two_rows_each_are_kept) {
  EXPECT_EQ(category(counting("n", 50)).values.size(), 50U);
  const Texts once = counting("n", 60);
  Texts twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(category(twice).values.size(), 60U);
}

TEST(ColumnFitting, more_than_a_thousand_categories_are_left_out_unless_chosen) {
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

TEST(ColumnFitting, an_empty_column_is_left_out) {
  const FittedTable fitted = fit_table(table_of({"x", "y"}, {{"", "1"}, {"NA", "2"}}), {});
  EXPECT_EQ(fitted.preparation.columns.size(), 1U);
  EXPECT_EQ(fitted.notices, (Texts{"column 'x' is left out: it has no values"}));
}

TEST(ColumnFitting, a_table_of_which_nothing_is_left_is_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"1", "2"}, {.ignore = {"x"}, .category = {}}); }),
            "people.csv: no column is left to predict from besides the target");
}

TEST(ColumnFitting, a_choice_of_an_unknown_column_gets_a_suggestion) {
  const Table table = table_of({"city", "age"}, {{"Bonn", "1"}});
  EXPECT_EQ(message_of<UsageError>([&] { fit_table(table, {.ignore = {"ctiy"}, .category = {}}); }),
            "people.csv: unknown column 'ctiy': did you mean 'city'?");
  EXPECT_EQ(message_of<UsageError>([&] { fit_table(table, {.ignore = {}, .category = {"aeg"}}); }),
            "people.csv: unknown column 'aeg': did you mean 'age'?");
}

// --- identifiers ---------------------------------------------------------------------------------------------------

// A column of this name, of 30 numbers from `first` on, beside another one.
FittedTable with_numbered_column(const std::string& name, int first, const ColumnChoices& choices = {}) {
  Rows rows;
  for (int i = 0; i < 30; ++i) rows.push_back({std::to_string(i % 7), std::to_string(first + i * 11 % 30)});
  return fit_table(table_of({"size", name}, rows), choices);
}

TEST(ColumnFitting, whole_numbers_that_are_all_different_and_called_so_are_an_identifier) {
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

TEST(ColumnFitting, other_numbers_that_are_all_different_are_none) {
  for (const std::string name : {"year", "paid", "time", "humid", "x"})
    EXPECT_EQ(with_numbered_column(name, 1).preparation.columns.size(), 2U) << name;
  EXPECT_EQ(column_kind(fit_table(table_of({"id"}, one_column(counting("", 19))), {}).preparation.columns.at(0)),
            "numeric");  // too few to say
  Texts twice = counting("", 30);
  twice.push_back("5");
  EXPECT_EQ(fit_table(table_of({"id"}, one_column(twice)), {}).preparation.columns.size(), 1U);
}

// --- other notations -----------------------------------------------------------------------------------------------

TEST(ColumnFitting, numbers_with_separators_are_recognised) {
  const NumericColumn groups = numeric({"1,234.5", "12", "1,000,000"});
  EXPECT_EQ(groups.form.notation, Notation::groups);
  EXPECT_EQ(groups.scale.median, 1234.5);
  EXPECT_DOUBLE_EQ(encoded(groups, {"2,234.5"}).X(0, 0), (2234.5 - groups.scale.center) / groups.scale.spread);
  const NumericColumn comma = numeric({"1.234,5", "", "12,5", "7"});
  EXPECT_EQ(comma.form.notation, Notation::comma);
  EXPECT_EQ(comma.scale.median, 12.5);
  EXPECT_TRUE(comma.has_indicator);
  EXPECT_EQ(message_of<Error>([&] { encoded(comma, {"1.5"}); }),
            "people.csv:1: numeric column 'x': expected a number, found '1.5'");
}

TEST(ColumnFitting, a_comma_of_which_nobody_can_say_what_it_means_is_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"7", "1,234", "2,500"}); }),
            "people.csv:2: numeric column 'x': '1,234' may be 1234 or 1.234, and no other row tells: say --decimal "
            "point or --decimal comma");
}

TEST(ColumnFitting, the_decimal_sign_that_was_said_is_that_of_every_column) {
  const auto column = [](const std::string& cells, DecimalSign decimal) {
    const Table table =
        parse_csv("x;y\n" + cells, "people.csv", {.separator = ';', .header = true, .decimal = decimal});
    const FittedTable fitted = fit_table(table, {.ignore = {"y"}});
    EXPECT_EQ(fitted.preparation.format.decimal, decimal);
    return std::get<NumericColumn>(fitted.preparation.columns.front());
  };
  EXPECT_EQ(column("7;1\n1,234;2\n2,500;3\n", DecimalSign::comma).scale.median, 2.5);
  EXPECT_EQ(column("7;1\n1,234;2\n2,500;3\n", DecimalSign::point).scale.median, 1234);
  EXPECT_EQ(column("7;1\n1.234;2\n2.500;3\n", DecimalSign::comma).scale.median, 1234);
  EXPECT_EQ(message_of<Error>([&] { column("7;1\n1.5;2\n", DecimalSign::comma); }),
            "people.csv:3: column 'x': '1.5' is no number with a decimal comma, which --decimal says (if they are "
            "categories: --category x)");
}

TEST(ColumnFitting, texts_with_commas_are_categories) {
  EXPECT_EQ(column_kind(learnt({"1,2", "3,4,5", "1,2"})), "category");
}

TEST(ColumnFitting, categories_and_names_that_are_not_utf8_are_refused) {
  EXPECT_EQ(message_of<Error>([] { learnt({"Bonn", "K\xF6ln", "K\xF6ln"}); }),
            "people.csv:2: column 'x' is not UTF-8 text: say in which encoding it is, as in --encoding windows-1252");
  const Table table = table_of({"age",
                                "gr\xF6\xDF"
                                "e"},
                               {{"1", "2"}, {"2", "3"}});
  EXPECT_EQ(message_of<Error>([&] { fit_table(table, {}); }),
            "people.csv: the name of column 2 is not UTF-8 text: say in which encoding it is, as in --encoding "
            "windows-1252");
  EXPECT_EQ(fit_table(table, {.ignore = {"gr\xF6\xDF"
                                         "e"},
                              .category = {}})
                .preparation.width(),
            1U);
}

}  // namespace
}  // namespace neurone
