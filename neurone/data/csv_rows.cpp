// An unquoted cell is the stretch up to the next mark; one in quotes is read from mark to mark up to its closing
// quote.
#include "neurone/data/csv_rows.h"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

namespace neurone {
namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

}  // namespace

CsvRows::CsvRows(std::string& text, const std::string& source, char separator, std::size_t first_line)
    : text_(text.data()),
      size_(text.size()),
      source_(source),
      separator_(separator),
      marks_(text, {separator, '\n', '\r', '\0', '"'}),
      line_(first_line),
      row_line_(first_line) {
  if (first_line == 1 && text.starts_with(utf8_mark)) at_ = utf8_mark.size();
}

bool CsvRows::next(std::vector<Cell>& cells) {
  while (take_line_end()) continue;
  row_line_ = line_;
  if (at_end()) return false;
  cells.push_back(cell());
  while (text_[at_] == separator_) {
    ++at_;
    cells.push_back(cell());
  }
  take_line_end();
  return true;
}

Cell CsvRows::cell() {
  skip_padding();
  if (text_[at_] == '"') return quoted_cell();
  const std::size_t begin = at_;
  at_ = marks_.next(at_);
  while (text_[at_] == '"') at_ = marks_.next(at_ + 1);
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
    if (mark == '"') {
      keep();
      from = ++at_;
      if (text_[at_] != '"') break;  // else two quotes stand for one, the second
    }
    if (at_end()) throw UnclosedQuote(error(opened, "a quote is opened and never closed"));
    refuse_nul();
    if (mark == '\r' || (mark == '\n' && text_[at_ - 1] != '\r')) ++line_;
    ++at_;
  }
  skip_padding();
  refuse_nul();
  if (!ends_cell(text_[at_])) throw error(line_, "text after a closing quote, expected a separator or a line end");
  return between(begin, end);
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
