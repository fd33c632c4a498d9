#include "neurone/core/number_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "tests/support/message_of.h"

namespace neurone {
namespace {

std::string refusal_of_whole(const std::string& text, const WholeRange& range = {}) {
  return message_of([&] { read_whole("--seed", text, range); });
}
std::string refusal_of_real(const std::string& text, const RealRange& range = {}) {
  return message_of([&] { read_real("--l2", text, range); });
}

TEST(WholeNumber, is_decimal_whatever_zeros_stand_before_it) {
  EXPECT_EQ(read_whole("n", "0"), 0U);
  EXPECT_EQ(read_whole("n", "010"), 10U);
  EXPECT_EQ(read_whole("n", "08"), 8U);
  EXPECT_EQ(read_whole("n", "000000000000000000000000000001"), 1U);
  EXPECT_EQ(read_whole("n", "18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(WholeNumber, says_what_it_expected) {
  for (const char* text : {"-1", "-0", "+1", "", " 1", "1 ", "1.0", "1e3", "0x10", "1,000", "ten", "٣"})
    EXPECT_EQ(refusal_of_whole(text),
              "--seed: expected a whole number of 0 or above, found '" + std::string(text) + "'");
  for (const char* text : {"18446744073709551616", "99999999999999999999999"})
    EXPECT_EQ(refusal_of_whole(text),
              "--seed: expected a whole number from 0 to 18446744073709551615, found '" + std::string(text) + "'");
  EXPECT_EQ(refusal_of_whole("0", {.least = 1}), "--seed: expected a whole number of 1 or above, found '0'");
  for (const char* text : {"0", "1025", "-1", "18446744073709551616"})
    EXPECT_EQ(refusal_of_whole(text, {.least = 1, .most = 1024}),
              "--seed: expected a whole number from 1 to 1024, found '" + std::string(text) + "'");
  EXPECT_EQ(read_whole("n", "1024", {.least = 1, .most = 1024}), 1024U);
}

RC_GTEST_PROP(WholeNumber, every_one_reads_back, (std::uint64_t value)) {
  RC_ASSERT(read_whole("n", std::to_string(value)) == value);
  RC_ASSERT(read_whole("n", "00" + std::to_string(value)) == value);
}

TEST(RealNumber, is_finite_and_has_a_decimal_point) {
  EXPECT_EQ(read_real("x", "0.5"), 0.5);
  EXPECT_EQ(read_real("x", "-1e-3"), -1e-3);
  EXPECT_EQ(read_real("x", "007"), 7);
  for (const char* text : {"nan", "inf", "-inf", "0x10", "", "+1", "1 ", "half", "1.2.3"})
    EXPECT_EQ(refusal_of_real(text), "--l2: expected a number, found '" + std::string(text) + "'");
  for (const char* text : {"1e400", "-1e400", "1e-400"})
    EXPECT_EQ(refusal_of_real(text), "--l2: expected a number, found '" + std::string(text) +
                                         "' (a double holds 2.3e-308 to 1.7e308, and 0)");
  EXPECT_EQ(refusal_of_real("0,5"), "--l2: expected a number, found '0,5' (a decimal comma: write 0.5)");
  EXPECT_EQ(refusal_of_real("1,2,3"), "--l2: expected a number, found '1,2,3'");
}

TEST(RealNumber, the_message_names_the_range) {
  const auto message = [](const RealRange& range) { return refusal_of_real("-1", range); };
  EXPECT_EQ(message({.least = 0}), "--l2: expected a number of 0 or above, found '-1'");
  EXPECT_EQ(message({.least = 0, .without_least = true}), "--l2: expected a number above 0, found '-1'");
  EXPECT_EQ(message({.least = 0, .most = 1}), "--l2: expected a number from 0 to 1, found '-1'");
  EXPECT_EQ(message({.least = 0, .most = 1, .without_least = true, .without_most = true}),
            "--l2: expected a number between 0 and 1, found '-1'");
  EXPECT_EQ(message({.least = 0, .most = 1024, .without_least = true}),
            "--l2: expected a number above 0 and up to 1024, found '-1'");
  EXPECT_EQ(message({.least = 0, .most = 1, .without_most = true}),
            "--l2: expected a number of 0 or above and below 1, found '-1'");
}

TEST(RealNumber, the_ends_of_a_range_belong_to_it_or_not) {
  const RealRange closed{.least = 0, .most = 1};
  const RealRange open{.least = 0, .most = 1, .without_least = true, .without_most = true};
  for (const char* end : {"0", "1"}) {
    EXPECT_EQ(message_of([&] { read_real("x", end, closed); }), "no error");
    EXPECT_NE(message_of([&] { read_real("x", end, open); }), "no error");
  }
}

}  // namespace
}  // namespace neurone
