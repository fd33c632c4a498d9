// Cuts the text into rows; cells stay where they stand in it.
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

void refuse_what_is_no_text(std::string_view bytes, const std::string& source) {
  if (bytes.starts_with("PK\x03\x04"sv)) throw Error(source, "a zip archive or a workbook, expected text");
}

std::string_view text_of(const Table::Content& content, const Cell& cell) {
  return {content.text.data() + cell.begin, cell.size};
}

const char* plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

}  // namespace

CsvParser::CsvParser(std::string source, const TableFormat& format, SoughtColumns sought)
    : source_(std::move(source)), sought_(std::move(sought)), to_skip_(format.skip.value_or(0)) {
  check_format(format);
  layout_.reading.format = format;
}

std::size_t CsvParser::behind_skipped(std::string_view text, bool is_all) {
  std::size_t at = 0;
  for (; to_skip_ > 0; --to_skip_, ++line_) {
    std::size_t end = text.find_first_of("\r\n", at);
    if (end == std::string_view::npos) {
      if (!is_all || at == text.size()) break;
      end = text.size();
    } else if (text[end] == '\r' && end + 1 == text.size() && !is_all) {
      break;  // perhaps half of a line end
    } else {
      end += text.substr(end).starts_with("\r\n") ? 2U : 1U;
    }
    at = end;
  }
  return at;
}

void CsvParser::look(std::string_view beginning, bool is_all) {
  if (line_ == 1) refuse_what_is_no_text(beginning, source_);
  layout_ = find_layout(beginning, is_all, layout_.reading.format, sought_);
  separator_line_ahead_ = layout_.has_separator_line;
}

Table CsvParser::parse(std::string text) {
  Table::Content content{.source = source_,
                         .names = names_,
                         .text = std::move(text),
                         .cells = {},
                         .lines = {},
                         .reading = layout_.reading};
  std::vector<Cell>& cells = content.cells;
  // as many as there can be: each ends on a separator, a line end or the end of the text
  cells.reserve(count_marks(content.text, {layout_.marks.separator, '\n', '\r', '\r', '\r'}) + 1);
  CsvRows rows(content.text, source_, layout_.marks, line_);

  const bool separator_line_ahead = separator_line_ahead_ && !rows.skip_line();
  const bool first = content.names.size() == 0;
  if (first) {
    if (!rows.next(cells)) {
      line_ = rows.next_line();
      separator_line_ahead_ = separator_line_ahead;
      return Table();
    }
    std::vector<std::string> names;
    for (const Cell& cell : cells) {
      const std::string_view name = layout_.has_header ? text_of(content, cell) : "";
      names.push_back(name.empty() ? fmt::format("column_{}", names.size() + 1) : std::string(name));
    }
    header_ends_empty_ = layout_.has_header && cells.back().size == 0;  // the same when it is tried again
    content.names = std::move(names);
    if (layout_.has_header)
      cells.clear();
    else
      content.lines.push_back(rows.line());
  }

  bool has_extra = has_extra_;
  for (std::size_t before = cells.size(); rows.next(cells); before = cells.size()) {
    const std::size_t found = cells.size() - before;
    if (rows_ + content.lines.size() == 0) has_extra = fit_to_first_row(found, cells.back().size == 0, content.names);
    const std::size_t expected = content.names.size();
    if (found != expected + (has_extra ? 1 : 0) || (has_extra && cells.back().size != 0))
      throw Error(fmt::format("{}:{}", source_, rows.line()),
                  fmt::format("{} column{}, expected {}{}{}", found, plural(found), expected,
                              has_extra ? " and a separator behind them" : "", doubts()));
    if (has_extra) cells.pop_back();
    const auto cell_is_name = [&](std::size_t j) {
      return text_of(content, cells[before + j]) == content.names.list()[j];
    };
    if (layout_.has_header && expected > 1 && cell_is_name(0) &&
        std::ranges::all_of(std::views::iota(1UL, expected), cell_is_name))
      throw Error(fmt::format("{}:{}", source_, rows.line()),
                  fmt::format("the header once more: from line {} on another table seems to follow{}", rows.line(),
                              layout_.reading.format.header ? "" : " (if the first row is data: --header no)"));
    content.lines.push_back(rows.line());
  }

  line_ = rows.next_line();
  separator_line_ahead_ = separator_line_ahead;
  rows_ += content.lines.size();
  names_ = content.names;
  has_extra_ = has_extra;
  return Table(std::move(content));
}

// Rows may end on a separator where the header has none: R and spreadsheets write them so; or the other way round.
bool CsvParser::fit_to_first_row(std::size_t found, bool ends_empty, ColumnNames& names) const {
  if (!layout_.has_header) return false;
  if (header_ends_empty_ && found + 1 == names.size()) {
    std::vector<std::string> shorter = names.list();
    shorter.pop_back();
    names = std::move(shorter);
  }
  return ends_empty && found == names.size() + 1;
}

std::string CsvParser::doubts() const {
  const std::vector<std::string>& all = layout_.reading.doubts;
  return all.empty() ? "" : fmt::format(" ({})", fmt::join(all, "; "));
}

void CsvParser::finish() const {
  const std::size_t skip = layout_.reading.format.skip.value_or(0);
  if (names_.size() == 0)
    throw Error(source_,
                skip == 0 ? "an empty table"
                          : fmt::format("an empty table: no row behind the {} line{} of --skip", skip, plural(skip)));
  if (rows_ == 0) throw Error(source_, "an empty table: a header and no rows below it");
}

}  // namespace neurone
