#include "server/json_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

#include "neurone/data/cells.h"
#include "server/message.h"

namespace neurone::server {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// No byte has its highest bit: eight at a time.
bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  while (text.size() >= sizeof(seen)) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data(), sizeof(block));
    seen |= block;
    text.remove_prefix(sizeof(block));
  }
  constexpr std::uint64_t highest = 0x8080808080808080;
  return (seen & highest) == 0 && std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

// UTF-8 of a code point.
void append_letter(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0U | point >> 6U);
    put(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    put(0xE0U | point >> 12U);
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  } else {
    put(0xF0U | point >> 18U);
    put(0x80U | (point >> 12U & 0x3FU));
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  }
}

}  // namespace

JsonScanner::JsonScanner(std::string_view body) : body_(body) {
  if (!is_ascii(body) && !is_utf8(body)) throw Refusal(400, "the body is no JSON: it is not UTF-8 text");
}

// Lines and columns are counted from 1, columns in letters.
void JsonScanner::refuse(const char* expected) const {
  const std::string_view before = body_.substr(0, at_);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::string_view in_line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  const auto column = std::ranges::count_if(in_line, [](char c) { return (c & 0xC0) != 0x80; }) + 1;
  throw Refusal(400, fmt::format("the body is no JSON: line {}, column {}: expected {}{}", line, column, expected,
                                 at_ < body_.size() ? "" : ", found the end"));
}

char JsonScanner::next() {
  while (at_ < body_.size()) {
    const char c = body_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return c;
    ++at_;
  }
  return '\0';
}

bool JsonScanner::take(char letter) {
  if (next() != letter || at_ == body_.size()) return false;
  ++at_;
  return true;
}

void JsonScanner::expect(char letter, const char* what) {
  if (!take(letter)) refuse(what);
}

std::string_view JsonScanner::text() {
  expect('"', "a text in quotes");
  const std::size_t begin = at_;
  for (; at_ < body_.size(); ++at_) {
    const char c = body_[at_];
    if (c == '"') return body_.substr(begin, at_++ - begin);
    if (c == '\\') return text_with_escapes(begin);
    if (static_cast<unsigned char>(c) < 0x20) refuse("no control character in a text");
  }
  refuse("a quote behind the text");
}

std::string_view JsonScanner::text_with_escapes(std::size_t begin) {
  constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  resolved_ = body_.substr(begin, at_ - begin);
  while (at_ < body_.size()) {
    const char c = body_[at_];
    if (static_cast<unsigned char>(c) < 0x20) refuse("no control character in a text");
    ++at_;
    if (c == '"') return resolved_;
    if (c != '\\') {
      resolved_ += c;
      continue;
    }
    const char letter = at_ < body_.size() ? body_[at_] : '\0';
    const std::size_t known = letter == '\0' ? std::string_view::npos : letters.find(letter);
    if (known == std::string_view::npos && letter != 'u') refuse("an escape");
    ++at_;
    if (letter != 'u') {
      resolved_ += meanings[known];
      continue;
    }
    std::uint32_t point = code_unit();
    if (point >= 0xD800 && point < 0xDC00) {  // the first half of a pair
      if (body_.substr(at_, 2) != "\\u") refuse("the second half of a pair of surrogates");
      at_ += 2;
      const std::uint32_t second = code_unit();
      if (second < 0xDC00 || second >= 0xE000) refuse("the second half of a pair of surrogates");
      point = 0x10000 + ((point - 0xD800) << 10U) + (second - 0xDC00);
    } else if (point >= 0xDC00 && point < 0xE000) {
      refuse("the first half of a pair of surrogates");
    }
    append_letter(resolved_, point);
  }
  refuse("a quote behind the text");
}

unsigned JsonScanner::code_unit() {
  constexpr std::size_t digits = 4;
  constexpr int hexadecimal = 16;
  const std::string_view number = body_.substr(at_, digits);
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value, hexadecimal);
  if (error != std::errc() || end != number.data() + digits) refuse("four hexadecimal digits");
  at_ += digits;
  return value;
}

bool JsonScanner::takes_digits() {
  const std::size_t begin = at_;
  while (at_ < body_.size() && is_digit(body_[at_])) ++at_;
  return at_ > begin;
}

std::string_view JsonScanner::number() {
  next();
  const std::size_t begin = at_;
  const auto takes = [&](char c) { return at_ < body_.size() && body_[at_] == c && ++at_ > 0; };
  takes('-');
  if (!takes('0') && !takes_digits()) refuse("a value");
  if (takes('.') && !takes_digits()) refuse("a digit behind the point");
  has_exponent_ = takes('e') || takes('E');
  if (has_exponent_) {
    if (!takes('+')) takes('-');
    if (!takes_digits()) refuse("a digit in the exponent");
  }
  return body_.substr(begin, at_ - begin);
}

std::string_view JsonScanner::finite_number() {
  const std::string_view digits = number();
  constexpr std::size_t short_enough = 300;  // without an exponent: below 10^300
  if (!has_exponent_ && digits.size() < short_enough) return digits;
  double value = 0;
  const char* const last = digits.data() + digits.size();
  if (std::from_chars(digits.data(), last, value).ec == std::errc()) return digits;
  // from_chars says the same of too large and too small: the place of the first digit, and the exponent, tell
  const std::size_t letter = std::min(digits.find_first_of("eE"), digits.size());
  const std::string_view mantissa = digits.substr(0, letter);
  const std::string_view exponent = digits.substr(std::min(letter + 1, digits.size()));
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), letter));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  std::int64_t power = 0;
  const char* const begin = exponent.data() + (exponent.starts_with('+') ? 1 : 0);
  if (std::from_chars(begin, last, power).ec == std::errc::result_out_of_range)
    power = exponent.starts_with('-') ? std::numeric_limits<std::int32_t>::min()
                                      : std::numeric_limits<std::int32_t>::max();
  if (point - first + power < 0) return "0";
  constexpr std::size_t most = 40;
  throw Refusal(400, fmt::format("{}{}: expected a number below 1.8e308 in size", digits.substr(0, most),
                                 digits.size() > most ? "…" : ""));
}

std::string_view JsonScanner::word() {
  next();
  constexpr std::array<std::string_view, 3> words{"true", "false", "null"};
  for (const std::string_view each : words) {
    if (!body_.substr(at_).starts_with(each)) continue;
    at_ += each.size();
    return each;
  }
  refuse("a value");
}

void JsonScanner::object(std::initializer_list<JsonMember> known) {
  expect('{', "an object");
  if (take('}')) return;
  std::uint32_t seen = 0;
  do {
    const std::string_view name = text();
    const auto* const found = std::ranges::find(known, name, &JsonMember::name);
    expect(':', "a colon");
    if (found == known.end()) {
      skip();
      continue;
    }
    const std::uint32_t bit = 1U << static_cast<unsigned>(found - known.begin());
    if ((seen & bit) != 0) throw Refusal(400, fmt::format("'{}' stands twice in one object", found->name));
    seen |= bit;
    found->read();
  } while (take(','));
  expect('}', "a comma or }");
}

void JsonScanner::skip(int depth) {
  constexpr int deepest = 100;
  if (depth > deepest) throw Refusal(400, "the body is JSON of too many levels");
  const char first = next();
  if (first == '"') {
    text();
  } else if (first == '{') {
    take('{');
    if (take('}')) return;
    do {
      text();
      expect(':', "a colon");
      skip(depth + 1);
    } while (take(','));
    expect('}', "a comma or }");
  } else if (first == '[') {
    take('[');
    if (take(']')) return;
    do skip(depth + 1);
    while (take(','));
    expect(']', "a comma or ]");
  } else if (first == '-' || is_digit(first)) {
    number();
  } else {
    word();
  }
}

void JsonScanner::end() {
  next();
  if (at_ < body_.size()) refuse("nothing more");
}

}  // namespace neurone::server
