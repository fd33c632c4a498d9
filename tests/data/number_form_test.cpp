// Numbers as people write them: whatever is spelled reads back as the same number.
#include "neurone/data/number_form.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "neurone/data/form_search.h"
#include "tests/data/learnt_columns.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

constexpr std::array<const char*, 6> spaces{" ", "\u00A0", "\u202F", "\u2009", "\u2007", "\u3000"};
constexpr std::array<const char*, 5> units{"%", "$", "\u20AC", "kg", "CHF"};

// The number with groups of three digits before its decimal sign.
std::string grouped(long long whole, int hundredths, const std::string& separator, char decimal) {
  std::string digits = std::to_string(whole);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), separator);
  return digits + decimal + fmt::format("{:02}", hundredths);
}

RC_GTEST_PROP(NumberForm, what_is_spelled_reads_back_as_the_same, ()) {
  const long long whole = *rc::gen::inRange<long long>(0, 1'000'000'000'000);
  const int hundredths = *rc::gen::inRange(0, 100);
  const std::string space = spaces.at(*rc::gen::inRange<std::size_t>(0, spaces.size()));
  const std::string unit = units.at(*rc::gen::inRange<std::size_t>(0, units.size()));
  const double number = *parse_number(fmt::format("{}.{:02}", whole, hundredths));
  for (const Notation notation : {Notation::groups, Notation::comma}) {
    const char decimal = notation == Notation::groups ? '.' : ',';
    for (const std::string& separator : {std::string(notation == Notation::groups ? "," : "."), std::string("'"),
                                         std::string("\u2019"), std::string(), space}) {
      const std::string text = grouped(whole, hundredths, separator, decimal);
      for (const std::string& plus : {text, "+" + text, space + text + space})
        RC_ASSERT(parse_number(plus, notation) == number);
      for (const std::string& minus : {"-" + text, "\u2212" + text, "\u2212" + space + text, "(" + text + ")"})
        RC_ASSERT(parse_number(minus, notation) == -number);
      const NumberForm form(notation, unit);
      for (const std::string& with : {text + unit, text + space + unit, unit + text, unit + space + text})
        RC_ASSERT(parse_number(with, form) == number);
      for (const std::string& with :
           {"-" + unit + text, unit + "-" + text, "(" + text + space + unit + ")", unit + "(" + text + ")"})
        RC_ASSERT(parse_number(with, form) == -number);
      RC_ASSERT(!parse_number(text, form));
      RC_ASSERT(parse_number(number_cell(number, form), form) == number);
    }
  }
}

TEST(NumberForm, plain_numbers_may_have_signs_and_spaces_of_unicode) {
  EXPECT_EQ(parse_number("\u22125.5", NumberForm{}), -5.5);
  EXPECT_EQ(parse_number("\u00A05.5\u202F", NumberForm{}), 5.5);
  EXPECT_EQ(parse_number("1\u00A0234", NumberForm{}), std::nullopt);
}

TEST(NumberForm, what_is_no_number_is_none) {
  for (const char* text : {"", "%", "-", "--1", "1,23.4", "12,34", ",1", "1,", "1,234,", "1, 234", "1,234'567", "()",
                           "1e", "1.2.3", "(-5)", "5-", "nan", "inf", "0x10"})
    EXPECT_EQ(parse_number(text, Notation::groups), std::nullopt) << text;
  for (const char* text : {"5", "%", "5 %%", "% 5 %", "5 $", "five %"})
    EXPECT_EQ(parse_number(text, {Notation::point, "%"}), std::nullopt) << text;
}

// --- columns -------------------------------------------------------------------------------------------------------

TEST(NumberForm, of_a_column_is_found_from_all_its_values) {
  const auto form = [](const Texts& values) { return numeric(values).form; };
  EXPECT_EQ(form({"45%", "12.5%", "100 %"}), NumberForm(Notation::point, "%"));
  EXPECT_EQ(form({"$1,200", "$12.50", "-$3"}), NumberForm(Notation::groups, "$"));
  EXPECT_EQ(form({"\u20AC 12,50", "3 \u20AC"}), NumberForm(Notation::comma, "\u20AC"));
  EXPECT_EQ(form({"1\u202F234", "56,5"}), NumberForm(Notation::comma));
  EXPECT_EQ(form({"1'234.5", "1"}), NumberForm(Notation::groups));
  EXPECT_EQ(form({"\u22125", "4"}), NumberForm{});
}

TEST(NumberForm, a_value_unlike_the_others_is_named) {
  Texts rates;
  for (int i = 0; i < 10; ++i) rates.push_back(std::to_string(i) + "%");
  rates.push_back("0.5");
  EXPECT_EQ(
      message_of<Error>([&] { learnt(rates); }),
      "people.csv:11: numeric column 'x': expected a number with the unit %, found '0.5' (if they are categories: "
      "--category x)");
  EXPECT_EQ(message_of<Error>([] { learnt({"1", "2", "1e400"}); }),
            "people.csv:3: numeric column 'x': '1e400' is too large: numbers go up to 1.8e308");
  EXPECT_EQ(message_of<Error>([] { encoded(numeric({"1%", "2%"}), {"3"}); }),
            "people.csv:1: numeric column 'x': expected a number with the unit %, found '3'");
}

TEST(NumberForm, a_unit_that_is_not_known_is_said_and_read_on_demand) {
  const Table table = table_of({"x"}, one_column({"12 kg", "13 kg", "12 kg"}));
  EXPECT_EQ(fit_table(table, {}).notices,
            Texts{"column 'x': most of its values are numbers followed by kg (to read them: --numeric x)"});
  const FittedTable read = fit_table(table, {.numeric = {"x"}});
  EXPECT_EQ(std::get<NumericColumn>(read.preparation.columns.at(0)).form.unit, "kg");
  EXPECT_EQ(read.notices, Texts{"column 'x' is read as numbers in kg"});
  EXPECT_EQ(category({"Q1", "Q2", "Q1"}).values.size(), 2U);
}

TEST(NumberForm, of_categories_is_one_value_for_one_number) {
  const CategoryColumn column = std::get<CategoryColumn>(learnt({"7", "7.0", "8.0", ""}, {.category = {"x"}}));
  EXPECT_EQ(column.values, (Texts{"", "7", "8"}));
  for (const char* seven : {"7", "7.0", "+7", "70e-1"}) EXPECT_EQ(column.find(seven), 1U) << seven;
  for (const char* none : {"07", "9", "seven"}) EXPECT_EQ(column.find(none), std::nullopt) << none;
  EXPECT_EQ(std::get<CategoryColumn>(learnt({"07", "7", "7.0"}, {.category = {"x"}})).values.size(), 3U);
  EXPECT_EQ(category({"True", "true", "FALSE"}).values, (Texts{"false", "true"}));
  EXPECT_EQ(category({"True", "true", "FALSE"}).find("False"), 0U);
}

TEST(NumberForm, times_with_and_without_an_offset_are_said) {
  const Table table = table_of({"x"}, one_column({"2024-03-01T10:00Z", "2024-03-02T10:00", "2024-03-03"}));
  const FittedTable fitted = fit_table(table, {});
  EXPECT_EQ(fitted.notices,
            Texts{"column 'x': 1 of its 2 times have an offset from UTC; the others are taken for times in UTC"});
  EXPECT_EQ(std::get<DateColumn>(fitted.preparation.columns.at(0)).has_offset, std::nullopt);
  const Column utc = learnt({"2024-03-01T10:00Z", "2024-03-02T10:00+02:00"});
  EXPECT_EQ(encoded(utc, {"2024-03-01T12:00", "2024-03-02"}).surprises.cells,
            (std::vector<Surprise>{{.row = 0, .column = 0, .kind = SurpriseKind::clock}}));
}

}  // namespace
}  // namespace neurone
