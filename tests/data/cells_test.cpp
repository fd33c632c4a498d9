// What cells say: numbers, missing values.
// Leaves the cutting of text into cells to csv_test.cpp.
#include "neurone/data/cells.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

namespace neurone {
namespace {

TEST(Cells, numbers_are_read_whole) {
  EXPECT_EQ(parse_number("0"), 0.0);
  EXPECT_EQ(parse_number("42"), 42.0);
  EXPECT_EQ(parse_number("999999999"), 999999999.0);
  EXPECT_EQ(parse_number("12345678901234567890"), 12345678901234567890.0);
  EXPECT_EQ(parse_number("-1.5"), -1.5);
  EXPECT_EQ(parse_number("+.5"), 0.5);
  EXPECT_EQ(parse_number("7."), 7.0);
  EXPECT_EQ(parse_number("6.02e23"), 6.02e23);
  EXPECT_EQ(parse_number("6e-3"), 6e-3);
  EXPECT_EQ(parse_number("007"), 7.0);
  EXPECT_EQ(parse_number(" \t13 \t"), 13.0);
}

TEST(Cells, minus_zero_keeps_its_sign) {
  ASSERT_TRUE(parse_number("-0").has_value());
  EXPECT_TRUE(std::signbit(*parse_number("-0")));
}

TEST(Cells, other_text_is_no_number) {
  for (const char* text : {"",    " ",   "+",    "-",   ".",   "-.",  "e5",  "1e",  "1.2.3", "12 kg",
                           "1 2", "1,5", "0x10", "+-1", "-+1", "++1", "--1", "- 1", "1_000", "Adelie"})
    EXPECT_FALSE(parse_number(text).has_value()) << "'" << text << "'";
}

TEST(Cells, infinity_and_nan_are_no_numbers) {
  for (const char* text : {"inf", "-inf", "+inf", "Infinity", "nan", "-nan", "NaN", "nan(1)"})
    EXPECT_FALSE(parse_number(text).has_value()) << text;
}

TEST(Cells, what_a_double_cannot_hold_is_no_number) {
  EXPECT_FALSE(parse_number("1e400").has_value());
  EXPECT_FALSE(parse_number("-1e400").has_value());
  EXPECT_FALSE(parse_number("1e-400").has_value());
  EXPECT_EQ(parse_number("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(parse_number("5e-324"), std::numeric_limits<double>::denorm_min());
}

RC_GTEST_PROP(Cells, a_number_written_in_full_is_read_back, (double number)) {
  RC_ASSERT(parse_number(fmt::format("{}", number)) == number);
}

RC_GTEST_PROP(Cells, a_whole_number_is_read_back, (std::int64_t number)) {
  RC_ASSERT(parse_number(fmt::format("{}", number)) == static_cast<double>(number));
}

TEST(Cells, the_usual_words_say_missing) {
  for (const char* text : {"", " ", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", " NA\t"})
    EXPECT_TRUE(is_missing(text)) << "'" << text << "'";
}

TEST(Cells, other_words_are_values) {
  for (const char* text : {"0", "na", "none", "Nan", "-", "NA NA", "??", "missing"})
    EXPECT_FALSE(is_missing(text)) << text;
}

TEST(Cells, trim_keeps_spaces_inside) {
  EXPECT_EQ(trim("\t new york  "), "new york");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace neurone
