// Guesses the separator from the first rows, then cuts the text in one pass; cells stay where they stand in it.
#include "neurone/data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/bytes.h"
#include "neurone/data/cells.h"

namespace neurone {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

// Cuts a text into cells, one row at a time. Doubled quotes are halved in place: the text changes behind the
// reading position.
class Tokenizer {
 public:
  Tokenizer(std::string& text, const std::string& source, char separator)
      : text_(text), source_(source), separator_(separator), at_(text.data()), end_(at_ + text.size()) {
    if (text.starts_with(utf8_mark)) at_ += utf8_mark.size();
    for (const char c : {separator, '\n', '\r', '\0'}) ends_cell_[static_cast<unsigned char>(c)] = true;
  }

  // Appends the cells of the next row; false at the end of the text.
  bool next_row(std::vector<Cell>& cells) {
    while (take_line_end()) continue;
    row_line_ = line_;
    if (at_end()) return false;
    cells.push_back(cell());
    while (*at_ == separator_) {
      ++at_;
      cells.push_back(cell());
    }
    take_line_end();
    return true;
  }

  bool at_end() const { return at_ == end_; }
  // The line on which the last row began, from 1.
  std::size_t row_line() const { return row_line_; }

 private:
  // A cell ends on the separator, on the line end or on the end of the text, which is NUL in every std::string.
  bool ends_cell(char c) const { return ends_cell_[static_cast<unsigned char>(c)]; }
  bool is_padding(char c) const { return (c == ' ' || c == '\t') && c != separator_; }

  Cell cell() {
    skip_padding();
    if (*at_ == '"') return quoted_cell();
    const char* const begin = at_;
    while (!ends_cell(*at_)) ++at_;
    refuse_nul();
    const char* end = at_;
    while (end != begin && is_padding(end[-1])) --end;
    return between(begin, end);
  }

  Cell quoted_cell() {
    const std::size_t opened = line_;
    const char* const begin = ++at_;
    char* kept = at_;
    while (true) {
      if (*at_ == '"') {
        ++at_;
        if (*at_ != '"') break;  // else two quotes stand for one
      }
      if (at_end()) throw error(opened, "a quote is opened and never closed");
      refuse_nul();
      if (*at_ == '\r' || (*at_ == '\n' && at_[-1] != '\r')) ++line_;
      *kept++ = *at_++;
    }
    skip_padding();
    refuse_nul();
    if (!ends_cell(*at_)) throw error(line_, "text after a closing quote, expected a separator or a line end");
    return between(begin, kept);
  }

  void skip_padding() {
    while (is_padding(*at_)) ++at_;
  }

  bool take_line_end() {
    if (*at_ != '\n' && *at_ != '\r') return false;
    at_ += (*at_ == '\r' && at_[1] == '\n') ? 2 : 1;
    ++line_;
    return true;
  }

  void refuse_nul() const {
    if (*at_ == '\0' && !at_end()) throw error(line_, "a NUL byte: a binary file, expected text");
  }

  Cell between(const char* begin, const char* end) const {
    const auto size = static_cast<std::size_t>(end - begin);
    if (size > Cell::longest)
      throw error(line_, fmt::format("a cell of {} bytes, expected at most {}", size, Cell::longest));
    return {static_cast<std::size_t>(begin - text_.data()), size};
  }

  Error error(std::size_t line, const std::string& what) const { return {fmt::format("{}:{}", source_, line), what}; }

  const std::string& text_;
  const std::string& source_;
  const char separator_;
  std::array<bool, 256> ends_cell_{};
  char* at_;
  const char* const end_;
  std::size_t line_ = 1;      // of the reading position
  std::size_t row_line_ = 1;  // of the last row
};

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
  std::string sample = text.substr(0, most_bytes);  // its own copy: the tokenizer writes
  const bool partial = sample.size() < text.size();
  const std::string source;
  Tokenizer tokenizer(sample, source, separator);
  Cut cut{.separator = separator, .columns = {}};
  std::vector<Cell> row;
  try {
    while (cut.columns.size() < most_rows && tokenizer.next_row(row)) {
      if (partial && tokenizer.at_end()) break;
      cut.columns.push_back(row.size());
      row.clear();
    }
  } catch (const Error&) {
    cut.malformed = !(partial && tokenizer.at_end());
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

// As many cells as there can be: each ends on a separator, a line end or the end of the text.
std::size_t most_cells(const std::string& text, char separator) {
  const auto count = [&](char c) { return static_cast<std::size_t>(std::ranges::count(text, c)); };
  return count(separator) + count('\n') + count('\r') + 1;
}

void refuse_separator(char separator) {
  if ("\"\n\r\0"sv.find(separator) != std::string_view::npos)
    throw UsageError("a quote, a line end or NUL cannot be the separator");
}

}  // namespace

Table read_csv(const std::string& path, const CsvOptions& options) {
  return parse_csv(read_bytes(path), source_name(path), options);
}

Table parse_csv(std::string text, const std::string& source, const CsvOptions& options) {
  if (options.separator) refuse_separator(*options.separator);
  refuse_what_is_no_text(text, source);

  Table::Content content{.source = source, .names = {}, .text = std::move(text), .cells = {}, .lines = {}};
  const char separator = options.separator ? *options.separator : find_separator(content.text);
  std::vector<Cell>& cells = content.cells;
  cells.reserve(most_cells(content.text, separator));
  Tokenizer tokenizer(content.text, source, separator);
  if (!tokenizer.next_row(cells)) throw Error(source, "an empty table");

  const auto text_of = [&](const Cell& cell) {
    return std::string_view(content.text.data() + cell.begin, cell.size);
  };
  const bool has_header = options.header.value_or(
      std::ranges::none_of(cells, [&](const Cell& cell) { return parse_number(text_of(cell)).has_value(); }));
  for (const Cell& cell : cells) {
    const std::string_view name = has_header ? text_of(cell) : "";
    content.names.push_back(name.empty() ? fmt::format("column_{}", content.names.size() + 1) : std::string(name));
  }
  if (has_header) {
    cells.clear();
  } else {
    content.lines.push_back(tokenizer.row_line());
  }

  const std::size_t expected = content.names.size();
  for (std::size_t before = cells.size(); tokenizer.next_row(cells); before = cells.size()) {
    const std::size_t found = cells.size() - before;
    if (found != expected)
      throw Error(fmt::format("{}:{}", source, tokenizer.row_line()),
                  fmt::format("{} column{}, expected {}", found, found == 1 ? "" : "s", expected));
    content.lines.push_back(tokenizer.row_line());
  }
  if (content.lines.empty()) throw Error(source, "an empty table: a header and no rows below it");
  return Table(std::move(content));
}

}  // namespace neurone
