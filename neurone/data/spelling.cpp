// Numbers are compared as digits and exponents, not as doubles: identifiers of twenty digits stay different.
#include "neurone/data/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

constexpr std::array<std::string_view, 3> spelling_names{"text", "number", "boolean"};

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

bool is_boolean(std::string_view cell) {
  const std::string text = lower(trim(cell));
  return text == "true" || text == "false";
}

// "007", "-01.5"
bool has_zeros_in_front(std::string_view plain) {
  if (plain.starts_with('-') || plain.starts_with('+')) plain.remove_prefix(1);
  return plain.size() > 1 && plain[0] == '0' && plain[1] >= '0' && plain[1] <= '9';
}

// A plain number without what says nothing: 70e-1, 7.0 and +7 become 7.
std::string plainest(std::string_view plain) {
  const bool negative = plain.starts_with('-');
  if (negative || plain.starts_with('+')) plain.remove_prefix(1);
  const std::size_t e = std::min(plain.find_first_of("eE"), plain.size());
  long long exponent = 0;  // of the last digit
  if (e < plain.size()) {
    std::string_view written = plain.substr(e + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    const auto [stop, error] = std::from_chars(written.data(), written.data() + written.size(), exponent);
    constexpr long long far = 1'000'000;
    if (error != std::errc{} || exponent > far || exponent < -far) return std::string(plain);
  }
  std::string digits;
  bool behind_point = false;
  for (const char c : plain.substr(0, e)) {
    behind_point = behind_point || c == '.';
    if (c == '.') continue;
    digits += c;
    if (behind_point) --exponent;
  }
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  const std::size_t last = digits.find_last_not_of('0');
  exponent += static_cast<long long>(digits.size() - 1 - last);
  digits = digits.substr(first, last + 1 - first);

  const auto size = static_cast<long long>(digits.size());
  constexpr long long most_zeros = 20;
  std::string text = negative ? "-" : "";
  if (exponent > most_zeros || exponent + size < -most_zeros) return text + digits + "e" + std::to_string(exponent);
  if (exponent >= 0) return text + digits + std::string(static_cast<std::size_t>(exponent), '0');
  if (size + exponent <= 0)
    return text + "0." + std::string(static_cast<std::size_t>(-exponent - size), '0') + digits;
  return text + digits.insert(static_cast<std::size_t>(size + exponent), ".");
}

}  // namespace

std::string Spelling::value_of(std::string_view cell) const {
  if (kind == Kind::boolean && is_boolean(cell)) return lower(trim(cell));
  if (kind == Kind::number) {
    NumberRoom room;  // NOLINT(*-member-init): written before it is read
    const std::optional<std::string_view> plain = plain_number(cell, form, room);
    if (plain && !has_zeros_in_front(*plain)) return plainest(*plain);
  }
  return std::string(cell);
}

std::vector<std::string> Spelling::usual(const std::string& value) const {
  if (kind == Kind::boolean && value == "true") return {value, "True", "TRUE"};
  if (kind == Kind::boolean && value == "false") return {value, "False", "FALSE"};
  const bool is_whole = !value.empty() && value.find_first_not_of("-0123456789") == std::string::npos;
  if (kind == Kind::number && is_whole) return {value, value + ".0"};
  return {value};
}

std::string_view spelling_name(Spelling::Kind kind) {
  return spelling_names[static_cast<std::size_t>(kind)];
}

Spelling::Kind parse_spelling(std::string_view name) {
  const auto* const found = std::ranges::find(spelling_names, name);
  if (found == spelling_names.end()) throw unknown_name("spelling", name, {"text", "number", "boolean"});
  return static_cast<Spelling::Kind>(found - spelling_names.begin());
}

Spelling find_spelling(const std::vector<std::string_view>& values, const NumberForm& form) {
  if (values.empty()) return {};
  if (std::ranges::all_of(values, is_boolean)) return {.kind = Spelling::Kind::boolean};
  const bool numbers = std::ranges::all_of(values, [&](std::string_view cell) {
    NumberRoom room;  // NOLINT(*-member-init): written before it is read
    const std::optional<std::string_view> plain = plain_number(cell, form, room);
    return plain && !has_zeros_in_front(*plain);
  });
  return numbers ? Spelling{.kind = Spelling::Kind::number, .form = form} : Spelling{};
}

std::string notice_of_alike(const std::string& what, const std::vector<std::string>& values) {
  std::map<std::string, const std::string*> seen;
  std::string pairs;
  std::size_t count = 0;
  constexpr std::size_t most_named = 3;
  for (const std::string& value : values) {
    std::string bare;  // without capitals, and with one space where there are several
    for (std::string_view rest = trim_spaces(value); !rest.empty();) {
      const std::size_t space = leading_space(rest);
      if (space == 0) bare += lower(rest.substr(0, 1));
      if (space > 0 && !bare.ends_with(' ')) bare += ' ';
      rest.remove_prefix(std::max<std::size_t>(space, 1));
    }
    const auto [at, is_new] = seen.try_emplace(std::move(bare), &value);
    if (is_new || ++count > most_named) continue;
    pairs += fmt::format("{}'{}' and '{}'", pairs.empty() ? "" : ", ", *at->second, value);
  }
  if (count == 0) return {};
  return fmt::format("{}: {}{} differ in capitals or spaces alone, and count as different values", what, pairs,
                     count > most_named ? fmt::format(" and {} more", count - most_named) : "");
}

}  // namespace neurone
