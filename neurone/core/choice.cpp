// Choices as text: splitting "name:key=value", reading single settings and writing them.
// Which settings a struct has is left to the templates in choice.h.
#include "neurone/core/choice.h"

#include <array>
#include <charconv>
#include <ranges>

#include "neurone/core/number_text.h"

namespace neurone {
namespace {

UsageError unreadable(const std::string& what, std::string_view expected, const std::string& text) {
  return UsageError(what + ": expected " + std::string(expected) + ", found '" + text + "'");
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A setting as it was written.
std::string written_setting(const std::pair<std::string, std::string>& setting) {
  return setting.first.empty() ? setting.second : setting.first + "=" + setting.second;
}

}  // namespace

// Parentheses hold together what is inside: a setting may be a choice itself, "dense:initialiser=orthogonal(gain=2)".
Choice Choice::parse(std::string_view text) {
  constexpr std::string_view separators = ":, \t";
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (depth == 0 && separators.find(c) != std::string_view::npos) {
      if (!parts.back().empty()) parts.emplace_back();
    } else {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      parts.back() += c;
    }
  }
  if (parts.back().empty()) parts.pop_back();

  Choice choice;
  if (parts.empty()) return choice;
  choice.name = parts.front();
  if (const std::size_t open = choice.name.find('('); open != std::string::npos && choice.name.ends_with(')')) {
    const Choice inside = parse("x:" + choice.name.substr(open + 1, choice.name.size() - open - 2));
    choice.settings = inside.settings;
    choice.name.resize(open);
  }
  for (const std::string& part : parts | std::views::drop(1)) {
    const std::size_t equals = part.find('=');
    if (equals == 0) throw UsageError(choice.name, "a setting has its name before '=', found '" + part + "'");
    if (equals == std::string::npos)
      choice.settings.emplace_back("", part);
    else
      choice.settings.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return choice;
}

// Decimal commas part a number in two: "beta1=0,9" is 0 and a 9 of its own, "0,9" is 0 and 9.
void check_order(const std::string& what, const Choice& choice) {
  for (std::size_t i = 1; i < choice.settings.size(); ++i) {
    const auto& [key_before, before] = choice.settings[i - 1];
    const auto& [key, text] = choice.settings[i];
    if (!key.empty()) continue;
    const bool is_split = is_digits(before) && is_digits(text);
    const std::string one_number = written_setting({key_before, before + "." + text});
    if (!key_before.empty())
      throw UsageError(what, "'" + text + "' stands alone behind " + written_setting(choice.settings[i - 1]) +
                                 (is_split ? ": a decimal comma? Write " + one_number : ": say which setting it is"));
    if (is_split && before == "0")
      throw UsageError(what, "0 and " + text + " stand alone: a decimal comma? Write " + one_number +
                                 ", or say which settings they are");
  }
}

void read_setting(const std::string& what, const std::string& text, double& value) {
  value = read_real(what, text);
}

void read_setting(const std::string& what, const std::string& text, std::size_t& value) {
  value = read_whole(what, text);
}

void read_setting(const std::string& what, const std::string& text, bool& value) {
  if (text != "true" && text != "false") throw unreadable(what, "true or false", text);
  value = text == "true";
}

void read_setting(const std::string&, const std::string& text, std::string& value) {
  value = text;
}

std::string setting_text(double value) {
  std::array<char, 32> buffer{};
  const auto [last, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), last};
}
std::string setting_text(std::size_t value) {
  return std::to_string(value);
}
std::string setting_text(bool value) {
  return value ? "true" : "false";
}
std::string setting_text(const std::string& value) {
  const Choice inner = Choice::parse(value);  // perhaps a choice with settings of its own
  if (inner.settings.empty()) return inner.name;
  std::string text = inner.name;
  for (const auto& [key, setting] : inner.settings)
    text += (text.size() == inner.name.size() ? "(" : ",") + (key.empty() ? "" : key + "=") + setting;
  return text + ')';
}

}  // namespace neurone
