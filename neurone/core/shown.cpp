// One code point after the other.
#include "neurone/core/shown.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace neurone {
namespace {

constexpr std::uint32_t no_utf8 = 0xFFFFFFFF;

struct CodePoint {
  std::uint32_t number;  // no_utf8: a byte that belongs to none
  std::size_t size;      // bytes
};

// 0xxxxxxx | 110xxxxx 10xxxxxx | 1110xxxx 10xxxxxx 10xxxxxx | 11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
CodePoint first_code_point(std::string_view text) {
  constexpr std::array<std::uint32_t, 4> least{0, 0x80, 0x800, 0x10000};  // the lowest number of 1, 2, 3 and 4 bytes
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  if (first < 0xC0 || first >= 0xF8 || text.size() <= more) return {no_utf8, 1};
  std::uint32_t number = first & (0x3FU >> more);
  for (std::size_t k = 1; k <= more; ++k) {
    const auto next = static_cast<unsigned char>(text[k]);
    if ((next & 0xC0U) != 0x80) return {no_utf8, 1};
    number = number << 6 | (next & 0x3FU);
  }
  const bool is_surrogate = number >= 0xD800 && number < 0xE000;
  return number < least[more] || number > 0x10FFFF || is_surrogate ? CodePoint{no_utf8, 1}
                                                                   : CodePoint{number, more + 1};
}

struct Interval32 {
  std::uint32_t first, last;
};

bool is_in(std::uint32_t number, std::span<const Interval32> intervals) {
  return std::ranges::any_of(intervals,
                             [&](const Interval32& each) { return number >= each.first && number <= each.last; });
}

// Controls of C0 and C1, line and paragraph ends, directions of writing, and what takes no place.
constexpr std::array<Interval32, 10> written_out{{{0, 0x1F},
                                                  {0x7F, 0x9F},
                                                  {0xAD, 0xAD},
                                                  {0x61C, 0x61C},
                                                  {0x200B, 0x200B},
                                                  {0x200E, 0x200F},
                                                  {0x2028, 0x202E},
                                                  {0x2060, 0x206F},
                                                  {0xFEFF, 0xFEFF},
                                                  {0xE0000, 0xE0FFF}}};
// Marks that stand above or below the letter before, and joiners.
constexpr std::array<Interval32, 12> zero_width{{{0x300, 0x36F},
                                                 {0x483, 0x489},
                                                 {0x591, 0x5BD},
                                                 {0x610, 0x61A},
                                                 {0x64B, 0x65F},
                                                 {0xE34, 0xE3A},
                                                 {0x1AB0, 0x1AFF},
                                                 {0x1DC0, 0x1DFF},
                                                 {0x200C, 0x200D},
                                                 {0x20D0, 0x20FF},
                                                 {0xFE00, 0xFE0F},
                                                 {0xFE20, 0xFE2F}}};
// Chinese, Japanese and Korean letters, and pictures.
constexpr std::array<Interval32, 11> double_width{{{0x1100, 0x115F},
                                                   {0x2E80, 0x303E},
                                                   {0x3041, 0xA4CF},
                                                   {0xA960, 0xA97F},
                                                   {0xAC00, 0xD7A3},
                                                   {0xF900, 0xFAFF},
                                                   {0xFE30, 0xFE6F},
                                                   {0xFF00, 0xFF60},
                                                   {0xFFE0, 0xFFE6},
                                                   {0x1F300, 0x1FAFF},
                                                   {0x20000, 0x3FFFD}}};

std::size_t width_of(std::uint32_t number) {
  if (number < 0x300) return 1;
  return is_in(number, zero_width) ? 0 : is_in(number, double_width) ? 2 : 1;
}

std::string in_hexadecimal(std::uint32_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (; number != 0 || text.size() < 2; number /= 16) text.insert(text.begin(), digits[number % 16]);
  return text;
}

// A code point as it is shown.
std::string spelt(std::string_view bytes, const CodePoint& each) {
  if (each.number == no_utf8) return "\\x" + in_hexadecimal(static_cast<unsigned char>(bytes[0]));
  if (!is_in(each.number, written_out)) return std::string(bytes.substr(0, each.size));
  switch (each.number) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return each.number < 0x80 ? "\\x" + in_hexadecimal(each.number) : "\\u{" + in_hexadecimal(each.number) + "}";
  }
}

// The beginning that takes at most so many columns, and not many marks above them.
std::string_view beginning_of(std::string_view text, std::size_t columns) {
  std::size_t used = 0, marks = 0, size = 0;
  while (size < text.size()) {
    const CodePoint next = first_code_point(text.substr(size));
    const std::size_t width = width_of(next.number);
    used += width;
    marks += width == 0 ? 1 : 0;
    if (used > columns || marks > columns) break;
    size += next.size;
  }
  return text.substr(0, size);
}

// The end that does, to the code point.
std::string_view end_of(std::string_view text, std::size_t columns) {
  std::size_t begin = text.size() - std::min(text.size(), columns);
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) ++begin;
  return text.substr(begin);
}

std::string without_middle(std::string text, std::size_t most, std::size_t at_the_end) {
  if (text.size() <= most || display_width(text) <= most) return text;
  return std::string(beginning_of(text, most - at_the_end - 1)) + "…" + std::string(end_of(text, at_the_end));
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    width += width_of(next.number);
    text.remove_prefix(next.size);
  }
  return width;
}

std::string shown(std::string_view text, std::size_t columns) {
  std::string all;
  std::size_t used = 0, marks = 0, kept = 0;  // kept: bytes that leave a column for "…"
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    const std::string piece = spelt(text, next);
    const std::size_t width = display_width(piece);
    used += width;
    marks += width == 0 ? 1 : 0;
    if (used > columns || marks > columns) return all.substr(0, kept) + "…";
    all += piece;
    if (used < columns) kept = all.size();
    text.remove_prefix(next.size);
  }
  return all;
}

std::string shown_sentence(std::string_view text) {
  constexpr std::size_t most_of_a_word = 160, end_of_a_word = 40, most = 1200, end = 400;
  std::string all;
  while (true) {
    const std::size_t space = std::min(text.find(' '), text.size());
    all += without_middle(shown(text.substr(0, space), std::numeric_limits<std::size_t>::max()), most_of_a_word,
                          end_of_a_word);
    if (space == text.size()) break;
    all += ' ';
    text.remove_prefix(space + 1);
  }
  return without_middle(std::move(all), most, end);
}

}  // namespace neurone
