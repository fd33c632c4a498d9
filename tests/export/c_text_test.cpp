// Pieces of C: what is written reads back as the same.
#include "neurone/export/c_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "neurone/core/error.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

TEST(CText, numbers_read_back_to_the_last_bit) {
  for (const float value : {0.1F, -1.0F, 1e-45F, std::numeric_limits<float>::max(), 16777216.0F, 1.0F / 3})
    EXPECT_EQ(std::strtof(c_number(value).c_str(), nullptr), value) << c_number(value);
  for (const double value : {0.1, -1.0, 5e-324, std::numeric_limits<double>::max(), 1.0 / 3})
    EXPECT_EQ(std::strtod(c_number(value).c_str(), nullptr), value) << c_number(value);
}

TEST(CText, numbers_are_floating_point_whatever_their_value) {
  EXPECT_EQ(c_number(2.0F), "2.0f");
  EXPECT_EQ(c_number(-0.0), "-0.0");
  EXPECT_EQ(c_number(1e30F), "1e+30f");
  EXPECT_EQ(c_number_or_nan(std::numeric_limits<double>::quiet_NaN()), "NAN");
  EXPECT_EQ(message_of<Error>([] { c_number(std::numeric_limits<float>::infinity()); }),
            "the model holds a number that is not finite: it cannot be exported");
}

TEST(CText, texts_are_of_letters_that_every_compiler_takes) {
  EXPECT_EQ(c_string("a \"b\"\\\n", ""), R"("a \"b\"\\\012")");
  EXPECT_EQ(c_string("\xC3\xA9"
                     "1",
                     ""),
            R"("\303\2511")");
  EXPECT_EQ(c_string("what?"
                     "?/",
                     ""),
            R"("what\?\?/")");
}

TEST(CText, texts_that_c_does_not_have_are_refused) {
  EXPECT_EQ(message_of<Error>([] { c_string(std::string("a\0b", 3), "class 2"); }),
            "class 2 holds a zero byte, with which a text of C ends");
  EXPECT_EQ(message_of<Error>([] { c_string(std::string(4096, 'a'), "class 2"); }),
            "class 2 has 4096 bytes, expected at most 4095");
}

TEST(CText, comments_do_not_end_early) {
  EXPECT_EQ(c_comment("a */ b /* c \\\n"), "a * / b / * c    ");
}

TEST(CText, names_are_made_for_c_and_cpp_and_only_once) {
  CNames names;
  EXPECT_EQ(names.make("bill length (mm)"), "bill_length_mm_");
  EXPECT_EQ(names.make("bill-length (mm)"), "bill_length_mm_2");
  EXPECT_EQ(names.make("class"), "class_");
  EXPECT_EQ(names.make("BIAS"), "BIAS_");
  EXPECT_EQ(names.make("2nd"), "x2nd");
  EXPECT_EQ(names.make("_Bool"), "x_Bool");
  EXPECT_EQ(names.make("été"), "x_t_");
  EXPECT_EQ(names.make(""), "x");
}

}  // namespace
}  // namespace neurone
