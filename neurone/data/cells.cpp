// Reads single cells: numbers with from_chars, which knows no locale, and UTF-8 by its bit patterns.
#include "neurone/data/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>

#include "neurone/core/choice.h"
#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

constexpr std::array<std::string_view, 3> notation_names{"point", "groups", "comma"};

}  // namespace

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> parse_number(std::string_view cell) {
  std::string_view text = trim(cell);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return {};
  }
  // from_chars also reads inf and nan: a number has a digit or a point behind its sign
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9'))) return {};

  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.size() <= 9) {  // pixels and counts: whole numbers below 2³² are exact, and read several times faster
    std::uint32_t whole = 0;
    const auto [stop, error] = std::from_chars(begin, end, whole);
    if (error == std::errc{} && stop == end) return whole;
  }
  double number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc{} || stop != end) return {};
  return number;
}

std::string_view notation_name(Notation notation) {
  return notation_names[static_cast<std::size_t>(notation)];
}

Notation parse_notation(std::string_view name) {
  const auto* const found = std::ranges::find(notation_names, name);
  if (found == notation_names.end()) throw unknown_name("notation", name, {"point", "groups", "comma"});
  return static_cast<Notation>(found - notation_names.begin());
}

std::optional<double> parse_number(std::string_view cell, Notation notation) {
  if (notation == Notation::point) return parse_number(cell);
  std::string_view text = trim(cell);
  constexpr std::size_t longest = 64;
  if (text.size() > longest) return {};
  const char decimal = notation == Notation::groups ? '.' : ',';
  const std::string_view separators = notation == Notation::groups ? "," : ".' ";

  std::string plain;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    plain += text.front();
    text.remove_prefix(1);
  }
  const std::size_t whole = std::min(text.find_first_of(std::string{decimal, 'e', 'E'}), text.size());
  const std::size_t first = std::min(text.find_first_of(separators), whole);
  if (first < whole && (first == 0 || first > 3)) return {};
  plain += text.substr(0, first);
  for (std::size_t at = first; at < whole; at += 4) {  // a separator, the same each time, and three digits
    if (text[at] != text[first] || at + 4 > whole) return {};
    plain += text.substr(at + 1, 3);
  }
  for (const char c : text.substr(whole)) plain += c == decimal ? '.' : c == '.' ? '?' : c;
  return parse_number(plain);
}

std::string number_cell(double value, Notation notation) {
  std::string text = setting_text(value);
  if (notation == Notation::comma) std::ranges::replace(text, '.', ',');
  return text;
}

bool is_missing(std::string_view cell) {
  return std::ranges::find(marks_of_missing, trim(cell)) != marks_of_missing.end();
}

bool is_missing_target(std::string_view cell) {
  constexpr std::size_t answers = 3;  // the last of the marks
  const auto marks = std::span(marks_of_missing).first<marks_of_missing.size() - answers>();
  return std::ranges::find(marks, trim(cell)) != marks.end();
}

bool is_utf8(std::string_view text) {
  // 0xxxxxxx | 110xxxxx 10xxxxxx | 1110xxxx 10xxxxxx 10xxxxxx | 11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
  constexpr std::array<std::uint32_t, 4> least{0, 0x80, 0x800, 0x10000};  // the lowest number of 1, 2, 3 and 4 bytes
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    if (first < 0x80) continue;
    if (first < 0xC0 || first >= 0xF8) return false;
    const std::size_t more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if (text.size() - i < more) return false;
    std::uint32_t number = first & (0x3FU >> more);
    for (std::size_t k = 0; k < more; ++k) {
      const auto next = static_cast<unsigned char>(text[i++]);
      if ((next & 0xC0U) != 0x80) return false;
      number = number << 6 | (next & 0x3FU);
    }
    const bool is_surrogate = number >= 0xD800 && number < 0xE000;
    if (number < least[more] || number > 0x10FFFF || is_surrogate) return false;
  }
  return true;
}

}  // namespace neurone
