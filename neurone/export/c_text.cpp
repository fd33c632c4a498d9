// Numbers by to_chars, texts letter by letter.
#include "neurone/export/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "neurone/core/error.h"

namespace neurone {
namespace {

template <class T> std::string c_constant(T value) {
  if (!std::isfinite(value)) throw Error("the model holds a number that is not finite: it cannot be exported");
  std::array<char, 32> buffer{};
  const auto [last, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), last);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// What C99 and C++20 keep for themselves, macros of their libraries, and those of our own source.
constexpr std::array<std::string_view, 133> reserved{"alignas",
                                                     "alignof",
                                                     "and",
                                                     "and_eq",
                                                     "asm",
                                                     "atomic_cancel",
                                                     "auto",
                                                     "bitand",
                                                     "bitor",
                                                     "bool",
                                                     "break",
                                                     "case",
                                                     "catch",
                                                     "char",
                                                     "char16_t",
                                                     "char32_t",
                                                     "char8_t",
                                                     "class",
                                                     "co_await",
                                                     "co_return",
                                                     "co_yield",
                                                     "compl",
                                                     "concept",
                                                     "const",
                                                     "const_cast",
                                                     "consteval",
                                                     "constexpr",
                                                     "constinit",
                                                     "continue",
                                                     "decltype",
                                                     "default",
                                                     "delete",
                                                     "do",
                                                     "double",
                                                     "dynamic_cast",
                                                     "else",
                                                     "enum",
                                                     "explicit",
                                                     "export",
                                                     "extern",
                                                     "false",
                                                     "float",
                                                     "for",
                                                     "friend",
                                                     "goto",
                                                     "if",
                                                     "inline",
                                                     "int",
                                                     "long",
                                                     "mutable",
                                                     "namespace",
                                                     "new",
                                                     "noexcept",
                                                     "not",
                                                     "not_eq",
                                                     "nullptr",
                                                     "operator",
                                                     "or",
                                                     "or_eq",
                                                     "private",
                                                     "protected",
                                                     "public",
                                                     "reflexpr",
                                                     "register",
                                                     "restrict",
                                                     "return",
                                                     "reinterpret_cast",
                                                     "requires",
                                                     "short",
                                                     "signed",
                                                     "sizeof",
                                                     "static",
                                                     "static_cast",
                                                     "static_assert",
                                                     "struct",
                                                     "switch",
                                                     "synchronized",
                                                     "template",
                                                     "this",
                                                     "thread_local",
                                                     "throw",
                                                     "true",
                                                     "try",
                                                     "typedef",
                                                     "typeid",
                                                     "typename",
                                                     "typeof",
                                                     "union",
                                                     "unsigned",
                                                     "using",
                                                     "virtual",
                                                     "void",
                                                     "volatile",
                                                     "wchar_t",
                                                     "while",
                                                     "xor",
                                                     "xor_eq",
                                                     "linux",
                                                     "unix",
                                                     "errno",
                                                     "assert",
                                                     "stdin",
                                                     "stdout",
                                                     "stderr",
                                                     "I",
                                                     "NULL",
                                                     "EOF",
                                                     "NAN",
                                                     "INFINITY",
                                                     "HUGE_VAL",
                                                     "HUGE_VALF",
                                                     "HUGE_VALL",
                                                     "BUFSIZ",
                                                     "M_PI",
                                                     "M_E",
                                                     "FLT_MIN",
                                                     "FLT_MAX",
                                                     "DBL_MIN",
                                                     "DBL_MAX",
                                                     "INT_MAX",
                                                     "INT_MIN",
                                                     "REAL",
                                                     "FUSED",
                                                     "FRACTION",
                                                     "BIAS",
                                                     "LEAST",
                                                     "TINY",
                                                     "LN2_HIGH",
                                                     "LN2_LOW",
                                                     "EXP_LOW",
                                                     "EXP_HIGH",
                                                     "EXP_COEFFICIENTS",
                                                     "LOG_COEFFICIENTS"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string c_number(float value) {
  return c_constant(value) + "f";
}
std::string c_number(double value) {
  return c_constant(value);
}
std::string c_number(std::int8_t value) {
  return std::to_string(value);
}
std::string c_number_or_nan(double value) {
  return std::isnan(value) ? "NAN" : c_number(value);
}

std::string c_string(std::string_view text, const std::string& what) {
  constexpr std::size_t longest = 4095;
  if (text.find('\0') != std::string_view::npos)
    throw Error(what + " holds a zero byte, with which a text of C ends");
  if (text.size() > longest)
    throw Error(fmt::format("{} has {} bytes, expected at most {}", what, text.size(), longest));
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?')  // ??/ would be a trigraph
      quoted += {'\\', c};
    else if (byte < 0x20 || byte >= 0x7F)
      quoted += fmt::format("\\{:03o}", byte);
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string c_comment(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const bool ends = c == '/' && safe.ends_with('*'), begins = c == '*' && safe.ends_with('/');
    if (ends || begins || c == '\\') safe += ' ';
    safe += static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == '?' ? ' ' : c;
  }
  return safe;
}

std::string CNames::make(std::string_view name) {
  std::string made;
  for (const char c : name) made += is_letter_or_digit(c) ? c : '_';
  if (made.empty() || !(made[0] >= 'A')) made.insert(0, "x");
  if (made[0] == '_') made.insert(0, "x");
  while (made.find("__") != std::string::npos) made.erase(made.find("__"), 1);  // C++ keeps such names
  if (std::ranges::find(reserved, made) != reserved.end()) made += '_';
  std::string free = made;
  for (std::size_t number = 2; !taken_.insert(free).second; ++number)
    free = fmt::format("{}{}{}", made, made.ends_with('_') ? "" : "_", number);
  return free;
}

template <class T> std::string c_array(const std::string& declaration, std::span<const std::span<const T>> rows) {
  constexpr std::size_t longest = 110;
  std::string text = declaration + " = {";
  for (const std::span<const T>& row : rows) {
    std::string line = "\n    {";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string number = c_number(row[i]) + (i + 1 < row.size() ? "," : "}");
      if (line.size() + number.size() + 1 > longest) {
        text += line;
        line = "\n     ";
      }
      line += (line.ends_with('{') || line.ends_with("\n     ") ? "" : " ") + number;
    }
    text += line + (&row == &rows.back() ? "" : ",");
  }
  return text + "};\n";
}

template std::string c_array<float>(const std::string&, std::span<const std::span<const float>>);
template std::string c_array<std::int8_t>(const std::string&, std::span<const std::span<const std::int8_t>>);
template std::string c_array<double>(const std::string&, std::span<const std::span<const double>>);

}  // namespace neurone
