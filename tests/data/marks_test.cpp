// Marks found 64 bytes at a time are those that a look at each byte finds.
#include "neurone/data/marks.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace neurone {
namespace {

constexpr Marks marks{',', '\n', '\r', '\0', '"'};

bool is_mark(char c) {
  return std::ranges::find(marks, c) != marks.end();
}

// Half of its characters are marks or next to one.
rc::Gen<std::string> a_text() {
  const auto a_character =
      rc::gen::oneOf(rc::gen::element(',', '\n', '\r', '\0', '"', '+', '\x8a'), rc::gen::arbitrary<char>());
  return rc::gen::scale(3, rc::gen::container<std::string>(a_character));
}

TEST(Marks, each_byte_has_its_bit) {
  for (std::size_t k = 0; k < 64; ++k) {
    std::string block(64, 'x');
    for (const char mark : marks) {
      block[k] = mark;
      EXPECT_EQ(find_marks(std::span<const char, 64>(block), marks), std::uint64_t{1} << k);
    }
  }
}

RC_GTEST_PROP(Marks, only_marks_are_found, ()) {
  const auto block = *rc::gen::container<std::string>(64, rc::gen::arbitrary<char>());
  std::uint64_t expected = 0;
  for (std::size_t k = 0; k < 64; ++k) expected |= std::uint64_t{is_mark(block[k])} << k;
  RC_ASSERT(find_marks(std::span<const char, 64>(block), marks) == expected);
}

RC_GTEST_PROP(Marks, all_are_counted, ()) {
  const auto text = *a_text();
  RC_ASSERT(count_marks(text, marks) == static_cast<std::size_t>(std::ranges::count_if(text, is_mark)));
}

RC_GTEST_PROP(Marks, the_reader_finds_the_next_from_anywhere, ()) {
  const auto text = *a_text();
  MarkReader reader(text, marks);
  for (std::size_t from = 0; from <= text.size(); from += *rc::gen::weightedElement<std::size_t>({{9, 1}, {1, 70}})) {
    const auto found = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), is_mark);
    RC_ASSERT(reader.next(from) == static_cast<std::size_t>(found - text.begin()));
  }
}

TEST(Marks, the_end_of_a_text_counts_as_one) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 128U}) {
    const std::string text(size, 'x');
    EXPECT_EQ(MarkReader(text, marks).next(0), size);
  }
}

TEST(Marks, what_changes_behind_the_reader_is_not_looked_at_again) {
  std::string text = "a,b,c";
  MarkReader reader(text, marks);
  EXPECT_EQ(reader.next(2), 3U);
  text[1] = text[2] = ',';
  EXPECT_EQ(reader.next(4), 5U);
}

}  // namespace
}  // namespace neurone
