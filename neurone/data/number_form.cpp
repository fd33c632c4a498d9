// Signs, units and groups are taken off a cell; what is left is a plain number.
#include "neurone/data/number_form.h"

#include <algorithm>
#include <utility>

#include "neurone/core/choice.h"
#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

constexpr std::array<std::string_view, 3> notation_names{"point", "groups", "comma"};

// U+00A0, U+2000 to U+200A, U+202F, U+205F and U+3000, in UTF-8.
constexpr std::array<std::string_view, 17> spaces{" ",      "\t",     "\u00A0", "\u2000", "\u2001", "\u2002",
                                                  "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
                                                  "\u2009", "\u200A", "\u202F", "\u205F", "\u3000"};
constexpr std::string_view minus = "\u2212", apostrophe = "\u2019";

std::size_t trailing_space(std::string_view text) {
  const auto* const found = std::ranges::find_if(spaces, [&](std::string_view each) { return text.ends_with(each); });
  return found == spaces.end() ? 0 : found->size();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What parts groups: which sign, all spaces alike, and its size in bytes; 0 where there is none.
std::pair<char, std::size_t> separator_at(std::string_view text, Notation notation) {
  if (notation == Notation::point || text.empty()) return {};
  if (text.front() == (notation == Notation::groups ? ',' : '.')) return {text.front(), 1};
  if (text.front() == '\'') return {'\'', 1};
  if (text.starts_with(apostrophe)) return {'\'', apostrophe.size()};
  return {' ', leading_space(text)};
}

// A plain number as it is put together.
class PlainText {
 public:
  explicit PlainText(NumberRoom& room) : room_(room) {}

  void add(char c) {
    if (size_ < room_.size()) room_[size_] = c;
    ++size_;
  }
  std::optional<std::string_view> text() const {
    if (size_ > room_.size()) return {};
    return std::string_view(room_.data(), size_);
  }

 private:
  NumberRoom& room_;
  std::size_t size_ = 0;
};

// Takes signs, unit and parentheses off both ends. Returns whether the unit was there.
bool take_off(std::string_view& text, const std::string& unit, bool& negative) {
  bool has_sign = false, has_unit = unit.empty();
  negative = false;
  while (true) {
    text = trim_spaces(text);
    if (!has_unit && text.starts_with(unit)) {
      text.remove_prefix(unit.size());
      has_unit = true;
    } else if (!has_unit && text.ends_with(unit)) {
      text.remove_suffix(unit.size());
      has_unit = true;
    } else if (const std::size_t size = leading_minus(text); !has_sign && size > 0) {
      text.remove_prefix(size);
      has_sign = negative = true;
    } else if (!has_sign && text.starts_with('+')) {
      text.remove_prefix(1);
      has_sign = true;
    } else if (!has_sign && text.starts_with('(') && text.ends_with(')')) {
      text = text.substr(1, text.size() - 2);
      has_sign = negative = true;
    } else {
      return has_unit;
    }
  }
}

}  // namespace

std::string_view notation_name(Notation notation) {
  return notation_names[static_cast<std::size_t>(notation)];
}

Notation parse_notation(std::string_view name) {
  const auto* const found = std::ranges::find(notation_names, name);
  if (found == notation_names.end()) throw unknown_name("notation", name, {"point", "groups", "comma"});
  return static_cast<Notation>(found - notation_names.begin());
}

std::size_t leading_space(std::string_view text) {
  const auto* const found =
      std::ranges::find_if(spaces, [&](std::string_view each) { return text.starts_with(each); });
  return found == spaces.end() ? 0 : found->size();
}

std::size_t leading_minus(std::string_view text) {
  return text.starts_with('-') ? 1 : text.starts_with(minus) ? minus.size() : 0;
}

std::string_view trim_spaces(std::string_view text) {
  while (const std::size_t size = leading_space(text)) text.remove_prefix(size);
  while (const std::size_t size = trailing_space(text)) text.remove_suffix(size);
  return text;
}

std::optional<std::string_view> plain_number(std::string_view cell, const NumberForm& form, NumberRoom& room) {
  std::string_view text = cell;
  bool negative = false;
  if (!take_off(text, form.unit, negative)) return {};
  PlainText plain(room);
  if (negative) plain.add('-');
  char separator = 0;      // the same each time
  std::size_t digits = 0;  // since the last one
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || separator_at(text.substr(at), form.notation).second > 0);) {
    if (is_digit(text[at])) {
      plain.add(text[at++]);
      ++digits;
      continue;
    }
    const auto [found, size] = separator_at(text.substr(at), form.notation);
    const bool fits = separator == 0 ? digits > 0 && digits <= 3 : found == separator && digits == 3;
    if (!fits) return {};
    separator = found;
    digits = 0;
    at += size;
  }
  if (separator != 0 && digits != 3) return {};
  const char decimal = form.notation == Notation::comma ? ',' : '.';
  for (const char c : text.substr(at)) {
    const bool fits = is_digit(c) || c == decimal || c == 'e' || c == 'E' || c == '-' || c == '+';
    if (!fits || (c == '.' && decimal == ',')) return {};
    plain.add(c == decimal ? '.' : c);
  }
  const std::optional<std::string_view> found = plain.text();
  if (!found || found->ends_with('-') || found->ends_with('+')) return {};
  if (parse_number(*found) || is_too_large(*found)) return found;
  return {};
}

CellNumber parse_number(std::string_view cell, const NumberForm& form) {
  if (form.is_plain())
    if (const CellNumber number = parse_number(cell)) return number;
  if (std::ranges::none_of(cell, is_digit)) return {};  // of most texts nothing more is to be seen
  NumberRoom room;                                      // NOLINT(*-member-init): written before it is read
  const std::optional<std::string_view> plain = plain_number(cell, form, room);
  return plain ? parse_number(*plain) : std::nullopt;
}

std::string number_cell(double value, const NumberForm& form) {
  std::string text = setting_text(value);
  if (form.notation == Notation::comma) std::ranges::replace(text, '.', ',');
  return form.unit.empty() ? text : text + ' ' + form.unit;
}

std::string_view unit_of(std::string_view cell) {
  const auto bare = [](std::string_view text) {  // without what may stand beside a unit
    while (true) {
      text = trim_spaces(text);
      if (const std::size_t size = leading_minus(text))
        text.remove_prefix(size);
      else if (text.starts_with('+') || text.starts_with('(') || text.starts_with(')'))
        text.remove_prefix(1);
      else if (text.ends_with('(') || text.ends_with(')') || text.ends_with('+') || text.ends_with('-'))
        text.remove_suffix(1);
      else if (text.ends_with(minus))
        text.remove_suffix(minus.size());
      else
        return text;
    }
  };
  const std::size_t first = std::min(cell.find_first_of("0123456789"), cell.size());
  if (first == cell.size()) return {};
  std::string_view in_front = cell.substr(0, first), behind = cell.substr(cell.find_last_of("0123456789") + 1);
  if (in_front.ends_with('.') || in_front.ends_with(',')) in_front.remove_suffix(1);  // .5
  if (behind.starts_with('.') || behind.starts_with(',')) behind.remove_prefix(1);    // 7.
  in_front = bare(in_front);
  behind = bare(behind);
  if (!in_front.empty() && !behind.empty()) return {};
  constexpr std::size_t longest = 16;
  const std::string_view unit = in_front.empty() ? behind : in_front;
  return unit.size() > longest ? std::string_view{} : unit;
}

Error no_number(const Table& table, std::size_t row, const std::string& column, std::string_view cell,
                const NumberForm& form) {
  NumberRoom room;  // NOLINT(*-member-init): written before it is read
  const std::optional<std::string_view> plain = plain_number(cell, form, room);
  if (plain && is_too_large(*plain))
    return {table.place(row), column + ": '" + std::string(trim(cell)) + "' is too large: numbers go up to 1.8e308"};
  return {table.place(row), column + ": expected a number" +
                                (form.unit.empty() ? "" : " with the unit " + form.unit) + ", found '" +
                                std::string(cell) + "'"};
}

}  // namespace neurone
