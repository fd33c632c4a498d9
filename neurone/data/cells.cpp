// Reads single cells: numbers with from_chars, which knows no locale, and UTF-8 by its bit patterns.
#include "neurone/data/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

namespace neurone {
namespace {

enum class Plain { number, too_large, none };

// Where the first digit that counts stands before the point, 1 for the ones, with the exponent: a number of this
// order is at least 10^(order − 1). Of digits that from_chars has found well formed.
long long order_of(std::string_view digits) {
  const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
  const std::string_view mantissa = digits.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = static_cast<long long>(mantissa.find_first_of("123456789"));
  long long exponent = 0;
  if (e < digits.size()) {
    std::string_view written = digits.substr(e + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    constexpr long long far = 1'000'000'000'000;  // as an exponent, more would say the same
    if (std::from_chars(written.data(), written.data() + written.size(), exponent).ec != std::errc{})
      exponent = written.starts_with('-') ? -far : far;
  }
  const auto ones = static_cast<long long>(point);
  return exponent + (first < ones ? ones - first : ones - first + 1);
}

// Digits with at most one point among them, and nothing else. As long as they are a whole number up to 2⁵³ divided by
// a power of ten up to 10²², both are exact in a double and the division rounds correctly (Clinger 1990): several
// times faster than from_chars, to the same bits.
CellNumber read_decimal(std::string_view digits) {
  constexpr std::array<double, 17> powers{1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                          1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
  if (digits.size() >= powers.size()) return {};
  std::uint64_t whole = 0;
  std::size_t point = digits.size();
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(digits[i]) - unsigned{'0'};
    if (digit <= 9)
      whole = 10 * whole + digit;
    else if (digits[i] == '.' && point == digits.size())
      point = i;
    else
      return {};
  }
  constexpr std::uint64_t most_exact = 1ULL << 53U;
  const bool has_point = point < digits.size();
  if (whole > most_exact || digits.size() == (has_point ? 1U : 0U)) return {};
  return static_cast<double>(whole) / powers[has_point ? digits.size() - point - 1 : 0];
}

// The text is trimmed.
Plain read_plain(std::string_view text, double& number) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return Plain::none;
  }
  // from_chars also reads inf and nan: a number has a digit or a point behind its sign
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9'))) return Plain::none;

  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || (error != std::errc{} && error != std::errc::result_out_of_range)) return Plain::none;
  if (error == std::errc{}) return Plain::number;
  if (order_of(digits) > 0) return Plain::too_large;
  number = text.starts_with('-') ? -0.0 : 0.0;
  return Plain::number;
}

bool is_one_of(std::span<const std::string_view> marks, std::string_view cell) {
  constexpr std::size_t longest = std::ranges::max(marks_of_missing, {}, &std::string_view::size).size();
  const std::string_view text = trim(cell);
  return text.size() <= longest && std::ranges::find(marks, text) != marks.end();
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

CellNumber parse_number(std::string_view cell) {
  const bool negative = cell.starts_with('-');
  if (const CellNumber decimal = read_decimal(cell.substr(negative ? 1 : 0))) return negative ? -*decimal : *decimal;
  double number = 0;
  if (read_plain(trim(cell), number) != Plain::number) return {};
  return number;
}

bool is_too_large(std::string_view cell) {
  double number = 0;
  return read_plain(trim(cell), number) == Plain::too_large;
}

bool is_missing(std::string_view cell) {
  return is_one_of(marks_of_missing, cell);
}

bool is_missing_target(std::string_view cell) {
  constexpr std::size_t answers = 3;  // the last of the marks
  return is_one_of(std::span(marks_of_missing).first<marks_of_missing.size() - answers>(), cell);
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
