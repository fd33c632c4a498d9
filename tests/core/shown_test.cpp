#include "neurone/core/shown.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace neurone {
namespace {

TEST(Shown, plain_text_stays_as_it_is) {
  for (const char* text : {"", "bill_length_mm", "Größe in cm²", "σ(−z)", "身長", "back\\slash", "'quoted'"})
    EXPECT_EQ(shown(text), text);
}

TEST(Shown, what_a_terminal_would_obey_is_written_out) {
  EXPECT_EQ(shown("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(shown("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(shown(std::string("nul\0", 4)), "nul\\x00");
  EXPECT_EQ(shown("\x7f"), "\\x7f");
  EXPECT_EQ(shown("\xC2\x9B"
                  "2J"),
            "\\u{9b}2J")
      << "a control sequence of C1";
  EXPECT_EQ(shown("\xE2\x80\xA8"), "\\u{2028}") << "the end of a line";
  EXPECT_EQ(shown("\xE2\x80\xAEtxt.exe"), "\\u{202e}txt.exe") << "from right to left";
  EXPECT_EQ(shown("\xE2\x81\xA6"), "\\u{2066}");
  EXPECT_EQ(shown("price\xE2\x80\x8B"), "price\\u{200b}") << "a space of no width: another name than price";
  EXPECT_EQ(shown("\xEF\xBB\xBFprice"), "\\u{feff}price");
}

TEST(Shown, bytes_that_are_no_utf8_are_written_out) {
  EXPECT_EQ(shown("donn\xE9"
                  "es"),
            "donn\\xe9es");
  EXPECT_EQ(shown("\xC3"), "\\xc3") << "cut short";
  EXPECT_EQ(shown("\xC0\xAF"), "\\xc0\\xaf") << "longer than it has to be";
  EXPECT_EQ(shown("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "half of a pair";
  EXPECT_EQ(shown("\xF8"), "\\xf8");
}

TEST(Shown, is_cut_by_the_columns_that_it_takes) {
  EXPECT_EQ(shown("abcdef", 6), "abcdef");
  EXPECT_EQ(shown("abcdefg", 6), "abcde…");
  EXPECT_EQ(shown("身長身長", 6), "身長…") << "two columns each";
  EXPECT_EQ(shown("ab\n\n\n", 6), "ab\\n…") << "what is written out is not parted";
  EXPECT_EQ(shown("e\xCC\x81"
                  "e\xCC\x81",
                  2),
            "e\xCC\x81"
            "e\xCC\x81")
      << "accents take none";
  std::string marks = "e";
  for (int i = 0; i < 1000; ++i) marks += "\xCC\x81";
  EXPECT_LT(shown(marks).size(), 200U) << "but not in any number";
  EXPECT_EQ(display_width(shown(std::string(15000, 'x'))), 60U);
}

RC_GTEST_PROP(Shown, is_one_line_of_utf8_within_its_columns, (const std::string& text)) {
  const std::string line = shown(text, 20);
  RC_ASSERT(display_width(line) <= 20U);
  RC_ASSERT(std::ranges::none_of(line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }));
  RC_ASSERT(shown(line, 20) == line);  // nothing is left to write out
}

TEST(ShownSentence, keeps_both_ends_of_what_is_too_long) {
  const std::string name(15000, 'x');
  const std::string line = shown_sentence("train.csv:41: column '" + name + "': expected a number, found 'a'");
  EXPECT_TRUE(line.starts_with("train.csv:41: column 'xxx")) << line;
  EXPECT_TRUE(line.ends_with("xxx': expected a number, found 'a'")) << line;
  EXPECT_LE(line.size(), 300U);
  std::string many = "expected one of:";
  for (int i = 0; i < 5000; ++i) many += " name" + std::to_string(i);
  const std::string list = shown_sentence(many);
  EXPECT_LE(display_width(list), 1200U);
  EXPECT_TRUE(list.ends_with("name4999")) << list;
  EXPECT_EQ(shown_sentence("a  b\nc"), "a  b\\nc");
}

}  // namespace
}  // namespace neurone
