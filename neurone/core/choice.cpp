#include "neurone/core/choice.h"

#include <array>
#include <charconv>
#include <cmath>

namespace neurone {
namespace {

UsageError unreadable(const std::string& what, std::string_view expected, const std::string& text) {
  return UsageError(what + ": expected " + std::string(expected) + ", found '" + text + "'");
}

template <class Number>
bool read_number(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && last == end;
}

}  // namespace

Choice Choice::parse(std::string_view text) {
  constexpr std::string_view separators = ":, \t";
  Choice choice;
  bool first = true;
  std::size_t begin = text.find_first_not_of(separators);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    if (first)
      choice.name = part;
    else if (equals == std::string_view::npos)
      choice.settings.emplace_back("", part);
    else
      choice.settings.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    first = false;
    begin = text.find_first_not_of(separators, end);
  }
  return choice;
}

void read_setting(const std::string& what, const std::string& text, double& value) {
  double number = 0;
  if (!read_number(text, number) || !std::isfinite(number)) throw unreadable(what, "a number", text);
  value = number;
}

void read_setting(const std::string& what, const std::string& text, std::size_t& value) {
  if (!read_number(text, value)) throw unreadable(what, "a whole number", text);
}

void read_setting(const std::string& what, const std::string& text, bool& value) {
  if (text != "true" && text != "false") throw unreadable(what, "true or false", text);
  value = text == "true";
}

void read_setting(const std::string&, const std::string& text, std::string& value) { value = text; }

std::string setting_text(double value) {
  std::array<char, 32> buffer{};
  const auto [last, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), last};
}
std::string setting_text(std::size_t value) { return std::to_string(value); }
std::string setting_text(bool value) { return value ? "true" : "false"; }
std::string setting_text(const std::string& value) { return value; }

}  // namespace neurone
