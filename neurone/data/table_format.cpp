#include "neurone/data/table_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>

#include "neurone/core/choice.h"
#include "neurone/core/error.h"

namespace neurone {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::pair<std::string_view, char>, 6> names_of_separators{
    {{"tab", '\t'}, {"space", ' '}, {"comma", ','}, {"semicolon", ';'}, {"bar", '|'}, {"\\t", '\t'}}};

[[noreturn]] void refuse_part(std::string_view part, std::string_view expected, const std::string& text) {
  throw UsageError(fmt::format("--{}: expected {}, found '{}'", part, expected, text));
}

char read_separator(const std::string& text) {
  for (const auto& [name, separator] : names_of_separators)
    if (text == name) return separator;
  const bool possible = text.size() == 1 && text[0] > 0 && "\"\n\r"sv.find(text[0]) == std::string_view::npos;
  if (!possible)
    refuse_part("separator",
                "one ASCII character that is no quote and no line end, tab, space, comma, semicolon or bar", text);
  return text[0];
}

// A visible ASCII character, or none.
char read_mark(std::string_view part, const std::string& text) {
  if (text == "none") return '\0';
  if (text.size() != 1 || text[0] <= ' ' || text[0] > '~')
    refuse_part(part, "one visible ASCII character or none", text);
  return text[0];
}

bool read_yes(std::string_view part, const std::string& text) {
  if (text != "yes" && text != "no") refuse_part(part, "yes or no", text);
  return text == "yes";
}

// iconv looks names up in the system's folders: letters, digits and what names are made of besides.
std::string read_encoding(const std::string& text) {
  constexpr std::size_t longest = 40;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_."sv.find(c) != ""sv.npos;
  };
  if (text.empty() || text.size() > longest || !std::ranges::all_of(text, fits))
    refuse_part("encoding", "the name of an encoding, such as utf-8, latin-1, windows-1252 or utf-16", text);
  return text;
}

std::string separator_text(char separator) {
  const bool has_name = separator == '\t' || separator == ' ';
  return has_name ? std::string(separator == ' ' ? "space" : "tab") : std::string(1, separator);
}

std::string mark_text(char mark) {
  return mark == '\0' ? "none" : std::string(1, mark);
}

}  // namespace

void set_format_part(std::string_view part, const std::string& text, TableFormat& format) {
  if (part == "header") {
    format.header = read_yes(part, text);
  } else if (part == "separator") {
    format.separator = read_separator(text);
  } else if (part == "decimal") {
    if (text != "point" && text != "comma") refuse_part(part, "point or comma", text);
    format.decimal = text == "comma" ? DecimalSign::comma : DecimalSign::point;
  } else if (part == "missing") {
    const std::string cell(trim(text));
    const auto at = std::ranges::lower_bound(format.missing, cell);
    if (at == format.missing.end() || *at != cell) format.missing.insert(at, cell);
  } else if (part == "skip") {
    std::size_t lines = 0;
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
      refuse_part(part, "a number of lines", text);
    read_setting("--skip", text, lines);
    format.skip = lines;
  } else if (part == "comment" || part == "quote") {
    (part == "quote" ? format.quote : format.comment) = read_mark(part, text);
  } else {
    assert(part == "encoding");
    format.encoding = read_encoding(text);
  }
}

std::vector<std::pair<std::string, std::string>> said_parts(const TableFormat& format) {
  std::vector<std::pair<std::string, std::string>> parts;
  if (format.header) parts.emplace_back("header", *format.header ? "yes" : "no");
  if (format.separator) parts.emplace_back("separator", separator_text(*format.separator));
  if (format.decimal) parts.emplace_back("decimal", *format.decimal == DecimalSign::comma ? "comma" : "point");
  for (const std::string& text : format.missing) parts.emplace_back("missing", text);
  if (format.skip) parts.emplace_back("skip", setting_text(*format.skip));
  if (format.comment) parts.emplace_back("comment", mark_text(*format.comment));
  if (format.quote) parts.emplace_back("quote", mark_text(*format.quote));
  if (format.encoding) parts.emplace_back("encoding", *format.encoding);
  return parts;
}

void check_format(const TableFormat& format) {
  if (format.separator && "\"\n\r\0"sv.find(*format.separator) != std::string_view::npos)
    throw UsageError("a quote, a line end or NUL cannot be the separator");
  const auto equal = [](std::optional<char> a, std::optional<char> b) { return a && b && *a == *b && *a != '\0'; };
  if (equal(format.separator, format.quote)) throw UsageError("--separator and --quote are the same character");
  if (equal(format.separator, format.comment)) throw UsageError("--separator and --comment are the same character");
  if (equal(format.quote.value_or('"'), format.comment))
    throw UsageError("--quote and --comment are the same character");
}

std::vector<std::string> all_marks_of_missing(const TableFormat& format) {
  std::vector<std::string> all(marks_of_missing.begin(), marks_of_missing.end());
  std::ranges::copy_if(format.missing, std::back_inserter(all),
                       [](const std::string& text) { return !is_missing(text); });
  return all;
}

TableFormat said_again(TableFormat first, const TableFormat& again) {
  const auto overrule = [](auto& kept, const auto& said) {
    if (said) kept = said;
  };
  overrule(first.separator, again.separator);
  overrule(first.header, again.header);
  overrule(first.decimal, again.decimal);
  if (!again.missing.empty()) first.missing = again.missing;
  overrule(first.skip, again.skip);
  overrule(first.comment, again.comment);
  overrule(first.quote, again.quote);
  overrule(first.encoding, again.encoding);
  return first;
}

}  // namespace neurone
