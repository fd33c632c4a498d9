// What cells say: numbers, missing values; and whether they are UTF-8.
// Leaves the cutting of text into cells to csv_test.cpp.
#include "neurone/data/number_form.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "neurone/core/error.h"

namespace neurone {
namespace {

TEST(Cells, a_number_is_written_as_its_notation_reads_it) {
  EXPECT_EQ(number_cell(-1234.5, Notation::point), "-1234.5");
  EXPECT_EQ(number_cell(-1234.5, Notation::comma), "-1234,5");
  for (const Notation notation : {Notation::point, Notation::groups, Notation::comma})
    for (const double number : {0.1, -1234.5, 1e300, 5e-7, 12345678.0})
      EXPECT_EQ(parse_number(number_cell(number, notation), notation), number);
}

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
  for (const char* small : {"1e-400", "0.1e-399", "1e-99999999999999999999", "100e-402"})
    EXPECT_EQ(parse_number(small), 0.0) << small;
  EXPECT_TRUE(std::signbit(*parse_number("-1e-400")));
  for (const char* large : {"1e400", "-1e400", "0.01e402", "1e99999999999999999999"})
    EXPECT_TRUE(is_too_large(large)) << large;
  for (const char* other : {"1e300", "1e-400", "x", "", "nan", "inf"}) EXPECT_FALSE(is_too_large(other)) << other;
  EXPECT_EQ(parse_number("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(parse_number("5e-324"), std::numeric_limits<double>::denorm_min());
}

RC_GTEST_PROP(Cells, a_number_written_in_full_is_read_back, (double number)) {
  RC_ASSERT(parse_number(fmt::format("{}", number)) == number);
}

RC_GTEST_PROP(Cells, a_whole_number_is_read_back, (std::int64_t number)) {
  RC_ASSERT(parse_number(fmt::format("{}", number)) == static_cast<double>(number));
}

// From one digit to twenty, so on both sides of what is read by one division; the C library says what is right.
RC_GTEST_PROP(Cells, a_decimal_is_rounded_as_the_c_library_rounds_it, (std::uint64_t digits, bool negative)) {
  std::string text = fmt::format("{}", digits >> *rc::gen::inRange(0, 64));
  text.insert(*rc::gen::inRange<std::size_t>(0, text.size() + 1), ".");
  text.insert(0, negative ? "-" : "");
  const CellNumber number = parse_number(text);
  RC_ASSERT(*number == std::strtod(text.c_str(), nullptr));
  RC_ASSERT(std::signbit(*number) == negative);
}

TEST(Cells, whole_numbers_around_two_to_the_53_are_rounded_once) {
  EXPECT_EQ(parse_number("9007199254740992"), 9007199254740992.0);
  EXPECT_EQ(parse_number("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(parse_number("900719925474099.3"), 900719925474099.25);
  EXPECT_EQ(parse_number("9007199254740995"), 9007199254740996.0);
  EXPECT_FALSE(parse_number(".").has_value());
  EXPECT_FALSE(parse_number("-.").has_value());
  EXPECT_FALSE(parse_number("1.2.3").has_value());
}

TEST(Cells, the_usual_words_say_missing) {
  for (const char* text : {"", " ", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", " NA\t"})
    EXPECT_TRUE(is_missing(text)) << "'" << text << "'";
}

TEST(Cells, none_and_null_are_answers_in_a_target) {
  for (const char* const text : {"", "  ", "NA", "N/A", "NaN", "nan", "?"})
    EXPECT_TRUE(is_missing_target(text)) << "'" << text << "'";
  for (const char* const text : {"None", "null", "NULL", "none", "no"}) EXPECT_FALSE(is_missing_target(text)) << text;
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

TEST(Cells, text_of_every_length_of_code_is_utf8) {
  for (const char* text : {"", "Adelie", "Köln", "\u07FF\u0800", "\uD7FF\uE000\uFFFF", "鳥", "\U00010000\U0010FFFF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_TRUE(is_utf8(std::string_view("\0a", 2)));
}

TEST(Cells, other_bytes_are_not_utf8) {
  for (const char* text : {
           "K\xF6ln",  // Latin 1
           "\x80",
           "\xBF",
           "a\xC3\xA9\xA9",  // a continuation of nothing
           "\xC3",
           "\xE2\x82",
           "\xF0\x9F\x90",
           "\xC3(",
           "\xE2\x82(",
           "\xF0\x9F\x90(",  // cut short
           "\xC0\x80",
           "\xC1\xBF",
           "\xE0\x9F\xBF",
           "\xF0\x8F\xBF\xBF",  // overlong
           "\xED\xA0\x80",
           "\xED\xBF\xBF",  // surrogates
           "\xF4\x90\x80\x80",
           "\xF7\xBF\xBF\xBF",  // above U+10FFFF
           "\xF8\x88\x80\x80\x80",
           "\xFE",
           "\xFF"  // of five bytes and more
       })
    EXPECT_FALSE(is_utf8(text)) << text;
}

// The number to UTF-8 and back to a verdict, for every number that 21 bits hold.
TEST(Cells, a_number_in_its_shortest_form_is_utf8_unless_unicode_has_no_such_number) {
  for (std::uint32_t number = 0; number < 0x200000; ++number) {
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (number >> shift & 0x3F)); };
    const auto head = [&](std::uint32_t mark, unsigned shift) { return static_cast<char>(mark | number >> shift); };
    const std::string text = number < 0x80      ? std::string{head(0, 0)}
                             : number < 0x800   ? std::string{head(0xC0, 6), tail(0)}
                             : number < 0x10000 ? std::string{head(0xE0, 12), tail(6), tail(0)}
                                                : std::string{head(0xF0, 18), tail(12), tail(6), tail(0)};
    const bool is_surrogate = number >= 0xD800 && number <= 0xDFFF;
    ASSERT_EQ(is_utf8(text), number <= 0x10FFFF && !is_surrogate) << number;
  }
}

// --- notations -----------------------------------------------------------------------------------------------------

TEST(Notation, of_groups_has_commas_before_each_three_digits) {
  const auto number = [](std::string_view cell) { return parse_number(cell, Notation::groups); };
  EXPECT_EQ(number("1,234.5"), 1234.5);
  EXPECT_EQ(number("-1,234,567"), -1234567);
  EXPECT_EQ(number("1234.5"), 1234.5);
  EXPECT_EQ(number(" +12,000e-3 "), 12);
  EXPECT_EQ(number(".5"), 0.5);
  for (const char* none :
       {"12,5", "1,2345", "1234,567", ",123", "1,234,56", "1,23a", "1.5,000", "", "-", "1,,234", "1.2.3"})
    EXPECT_FALSE(number(none)) << none;
}

TEST(Notation, of_the_comma_has_points_apostrophes_or_spaces_before_each_three_digits) {
  const auto number = [](std::string_view cell) { return parse_number(cell, Notation::comma); };
  EXPECT_EQ(number("1.234,5"), 1234.5);
  EXPECT_EQ(number("1'234'567,25"), 1234567.25);
  EXPECT_EQ(number("1 234"), 1234);
  EXPECT_EQ(number("-12,5"), -12.5);
  EXPECT_EQ(number("12,5e2"), 1250);
  EXPECT_EQ(number("7"), 7);
  for (const char* none : {"1.5", "1.234.5", "1 234'567", "12.34,5", "1,2,3", "1,5.5", "", "red"})
    EXPECT_FALSE(number(none)) << none;
}

TEST(Notation, has_a_name) {
  for (const Notation each : {Notation::point, Notation::groups, Notation::comma})
    EXPECT_EQ(parse_notation(notation_name(each)), each);
  EXPECT_THROW(parse_notation("coma"), UsageError);
  EXPECT_EQ(parse_number("1,234", Notation::point), std::nullopt);
}

}  // namespace
}  // namespace neurone
