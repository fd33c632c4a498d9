// An unquoted cell is the stretch up to the next mark; one in quotes is read from mark to mark up to its closing
// quote.
#include "neurone/data/csv_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "neurone/data/cells.h"

namespace neurone {
namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

}  // namespace

std::size_t behind_last_line_end(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text.find_last_of("\n\r") + 1;
}

std::size_t place_of_first_line(std::string_view text, const CsvMarks& marks) {
  std::size_t at = text.starts_with(utf8_mark) ? utf8_mark.size() : 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    if (!line.empty() && (marks.comment == '\0' || line.front() != marks.comment)) return at;
    at = std::min(end + 1, text.size());
  }
  return at;
}

CsvRows::CsvRows(std::string& text, const std::string& source, const CsvMarks& marks, std::size_t first_line)
    : text_(text.data()),
      size_(text.size()),
      source_(source),
      separator_(marks.separator),
      comment_(marks.comment),
      quote_(marks.quote != '\0' ? marks.quote : std::numeric_limits<int>::max()),
      marks_(text, {marks.separator, '\n', '\r', '\0', marks.quote}),
      line_(first_line),
      row_line_(first_line) {
  if (first_line == 1 && text.starts_with(utf8_mark)) at_ = utf8_mark.size();
}

bool CsvRows::next(std::vector<Cell>& cells) {
  skip_what_is_no_row();
  row_line_ = line_;
  if (at_end()) return false;
  do cells.push_back(cell());
  while (take_separator());
  take_line_end();
  return true;
}

bool CsvRows::skip_line() {
  skip_what_is_no_row();
  if (at_end()) return false;
  at_ = std::min(std::string_view(text_, size_).find_first_of("\r\n", at_), size_);
  take_line_end();
  return true;
}

Cell CsvRows::cell() {
  skip_padding();
  if (is_quote(text_[at_])) return quoted_cell();
  const std::size_t begin = at_;
  at_ = marks_.next(at_);
  while (is_quote(text_[at_])) at_ = marks_.next(at_ + 1);
  refuse_nul();
  std::size_t end = at_;
  while (end != begin && is_padding(text_[end - 1])) --end;
  return between(begin, end);
}

Cell CsvRows::quoted_cell() {
  const std::size_t opened = line_;
  const std::size_t begin = ++at_;
  std::size_t end = begin;   // of what is kept
  std::size_t from = begin;  // what lies from here to the reading position is not yet with it
  const auto keep = [&] {
    if (end != from) std::memmove(text_ + end, text_ + from, at_ - from);
    end += at_ - from;
  };
  while (true) {
    at_ = marks_.next(at_);
    const char mark = text_[at_];
    if (is_quote(mark)) {
      keep();
      from = ++at_;
      if (!is_quote(text_[at_])) break;  // else two quotes stand for one, the second
    }
    if (at_end())
      throw UnclosedQuote(error(opened, "a quote is opened and never closed (if quotes are text: --quote none)"));
    refuse_nul();
    if (mark == '\r' || (mark == '\n' && text_[at_ - 1] != '\r')) ++line_;
    ++at_;
  }
  skip_padding();
  refuse_nul();
  if (!ends_cell(text_[at_]))
    throw error(line_,
                "text after a closing quote, expected a separator or a line end (if quotes are text: --quote none)");
  return between(begin, end);
}

bool CsvRows::take_separator() {
  if (text_[at_] != separator_) return false;
  ++at_;
  if (separator_ != ' ') return true;
  while (text_[at_] == ' ') ++at_;
  return text_[at_] != '\n' && text_[at_] != '\r' && !at_end();  // spaces at the end of a line part nothing
}

void CsvRows::skip_what_is_no_row() {
  do
    while (separator_ == ' ' && text_[at_] == ' ') ++at_;
  while (take_line_end() || take_comment());
}

bool CsvRows::take_comment() {
  if (comment_ == '\0') return false;
  std::size_t first = at_;
  while (is_padding(text_[first])) ++first;
  if (text_[first] != comment_) return false;
  at_ = std::min(std::string_view(text_, size_).find_first_of("\r\n", first), size_);
  return true;
}

bool CsvRows::take_line_end() {
  const char c = text_[at_];
  if (c != '\n' && c != '\r') return false;
  at_ += (c == '\r' && text_[at_ + 1] == '\n') ? 2 : 1;
  ++line_;
  return true;
}

Error CsvRows::error(std::size_t line, const char* what) const {
  return {fmt::format("{}:{}", source_, line), what};
}

Error CsvRows::too_long(std::size_t size) const {
  return error(line_, fmt::format("a cell of {} bytes, expected at most {}", size, Cell::longest).c_str());
}

}  // namespace neurone
