// Guesses the separator from the first rows, then cuts the text into rows; cells stay where they stand in it.
#include "neurone/data/csv_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/csv_rows.h"
#include "neurone/data/marks.h"

namespace neurone {
namespace {

using namespace std::string_view_literals;

// How a separator cuts the first rows.
struct Cut {
  char separator;
  std::vector<std::size_t> columns;  // of each row, at least one
  bool malformed = false;

  bool even() const {
    return !malformed && columns[0] > 1 &&
           std::ranges::all_of(columns, [&](std::size_t n) { return n == columns[0]; });
  }
};

Cut cut_first_rows(const std::string& text, char separator) {
  constexpr std::size_t most_rows = 32, most_bytes = 1 << 20;
  std::string sample = text.substr(0, most_bytes);  // its own copy: reading writes
  const bool partial = sample.size() < text.size();
  const std::string source;
  CsvRows rows(sample, source, separator);
  Cut cut{.separator = separator, .columns = {}};
  std::vector<Cell> row;
  try {
    while (cut.columns.size() < most_rows && rows.next(row)) {
      if (partial && rows.at_end()) break;
      cut.columns.push_back(row.size());
      row.clear();
    }
  } catch (const Error&) {
    cut.malformed = !(partial && rows.at_end());
  }
  // a row broken off by the end of the sample counts only where it is the first
  if (cut.malformed) cut.columns.push_back(row.size() + 1);
  if (cut.columns.empty()) cut.columns.push_back(row.size());
  return cut;
}

char find_separator(const std::string& text) {
  std::array<Cut, 4> cuts{cut_first_rows(text, ';'), cut_first_rows(text, '\t'), cut_first_rows(text, '|'),
                          cut_first_rows(text, ',')};
  const auto* const even = std::ranges::find_if(cuts, &Cut::even);
  if (even != cuts.end()) return even->separator;
  std::ranges::reverse(cuts);  // max_element takes the first of equals: the comma
  return std::ranges::max_element(cuts, {}, [](const Cut& cut) { return cut.columns[0]; })->separator;
}

void refuse_what_is_no_text(std::string_view bytes, const std::string& source) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> signatures{
      {{"\xff\xfe\0\0"sv, "UTF-32 text, expected UTF-8"},
       {"\0\0\xfe\xff"sv, "UTF-32 text, expected UTF-8"},
       {"\xff\xfe"sv, "UTF-16 text, expected UTF-8"},
       {"\xfe\xff"sv, "UTF-16 text, expected UTF-8"},
       {"PK\x03\x04"sv, "a zip archive or a workbook, expected text"}}};
  for (const auto& [signature, meaning] : signatures)
    if (bytes.starts_with(signature)) throw Error(source, std::string(meaning));
}

void refuse_separator(char separator) {
  if ("\"\n\r\0"sv.find(separator) != std::string_view::npos)
    throw UsageError("a quote, a line end or NUL cannot be the separator");
}

std::string_view text_of(const Table::Content& content, const Cell& cell) {
  return {content.text.data() + cell.begin, cell.size};
}

}  // namespace

CsvParser::CsvParser(std::string source, const CsvOptions& options) : source_(std::move(source)), options_(options) {
  if (options.separator) refuse_separator(*options.separator);
}

Table CsvParser::parse(std::string text) {
  const bool first = names_.empty();
  if (first) refuse_what_is_no_text(text, source_);
  Table::Content content{.source = source_, .names = {}, .text = std::move(text), .cells = {}, .lines = {}};
  const char separator = options_.separator ? *options_.separator : find_separator(content.text);
  std::vector<Cell>& cells = content.cells;
  // as many as there can be: each ends on a separator, a line end or the end of the text
  cells.reserve(count_marks(content.text, {separator, '\n', '\r', '\r', '\r'}) + 1);
  CsvRows rows(content.text, source_, separator, line_);

  bool has_header = options_.header.value_or(false);
  content.names = names_;
  if (first) {
    if (!rows.next(cells)) {
      line_ = rows.next_line();
      return Table();
    }
    has_header = options_.header.value_or(std::ranges::none_of(
        cells, [&](const Cell& cell) { return parse_number(text_of(content, cell)).has_value(); }));
    for (const Cell& cell : cells) {
      const std::string_view name = has_header ? text_of(content, cell) : "";
      content.names.push_back(name.empty() ? fmt::format("column_{}", content.names.size() + 1) : std::string(name));
    }
    if (has_header)
      cells.clear();
    else
      content.lines.push_back(rows.line());
  }

  const std::size_t expected = content.names.size();
  for (std::size_t before = cells.size(); rows.next(cells); before = cells.size()) {
    const std::size_t found = cells.size() - before;
    if (found != expected)
      throw Error(fmt::format("{}:{}", source_, rows.line()),
                  fmt::format("{} column{}, expected {}", found, found == 1 ? "" : "s", expected));
    const auto cell_is_name = [&](std::size_t j) { return text_of(content, cells[before + j]) == content.names[j]; };
    if (has_header && expected > 1 && cell_is_name(0) &&
        std::ranges::all_of(std::views::iota(1UL, expected), cell_is_name))
      throw Error(fmt::format("{}:{}", source_, rows.line()),
                  fmt::format("the header once more: from line {} on another table seems to follow", rows.line()));
    content.lines.push_back(rows.line());
  }

  line_ = rows.next_line();
  rows_ += content.lines.size();
  options_ = {.separator = separator, .header = has_header};
  if (first) names_ = content.names;
  return Table(std::move(content));
}

void CsvParser::finish() const {
  if (names_.empty()) throw Error(source_, "an empty table");
  if (rows_ == 0) throw Error(source_, "an empty table: a header and no rows below it");
}

}  // namespace neurone
