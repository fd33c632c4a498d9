// Cuts a text with separators into the cells of its rows, in one pass from mark to mark.
// Leaves to csv.h which separator it is, and what the rows make together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/marks.h"
#include "neurone/data/table.h"

namespace neurone {

/// A quote is opened and the text ends before it is closed.
struct UnclosedQuote : Error {
  explicit UnclosedQuote(const Error& error) : Error(error) {}
};

/// The characters that cut a text into cells and lines.
struct CsvMarks {
  char separator = ',';  ///< of spaces any number is one
  char quote = '"';      ///< NUL: none
  char comment = '\0';   ///< NUL: none
};

/// Where the text behind the last line end begins; 0 where there is none. A CR at the very end may be half of one.
std::size_t behind_last_line_end(std::string_view text);

/// Where the first line begins that is neither empty nor a comment.
std::size_t place_of_first_line(std::string_view text, const CsvMarks& marks);

/// Reads one row after the other. Doubled quotes are halved in place: the text changes behind the reading position.
class CsvRows {
 public:
  /// `text` and `source` outlive it. The text begins on this line of the source; at its beginning a byte order mark
  /// is skipped.
  CsvRows(std::string& text, const std::string& source, const CsvMarks& marks, std::size_t first_line = 1);

  /// Appends the cells of the next row; false at the end of the text. Throws Error for quotes that do not fit, NUL
  /// and cells that are too long.
  bool next(std::vector<Cell>& cells);

  /// Passes over the next line that is neither empty nor a comment, whatever it holds; false at the end of the text.
  bool skip_line();

  bool at_end() const { return at_ == size_; }
  /// The line on which the last row began, from 1.
  std::size_t line() const { return row_line_; }
  /// The line on which the next one begins, unless it is empty.
  std::size_t next_line() const { return line_; }

 private:
  bool is_padding(char c) const { return (c == ' ' || c == '\t') && c != separator_; }
  // A cell ends on the separator, on the line end or on the end of the text, which is NUL in every std::string.
  bool ends_cell(char c) const { return c == separator_ || c == '\n' || c == '\r' || c == '\0'; }

  void skip_padding() {
    while (is_padding(text_[at_])) ++at_;
  }
  bool is_quote(char c) const { return c == quote_; }
  void refuse_nul() const {
    if (text_[at_] == '\0' && !at_end()) throw error(line_, "a NUL byte: a binary file, expected text");
  }
  Cell between(std::size_t begin, std::size_t end) const {
    if (end - begin > Cell::longest) throw too_long(end - begin);
    return {begin, end - begin};
  }

  Cell cell();
  Cell quoted_cell();
  bool take_separator();
  bool take_line_end();
  bool take_comment();
  void skip_what_is_no_row();
  Error error(std::size_t line, const char* what) const;
  Error too_long(std::size_t size) const;

  char* const text_;
  const std::size_t size_;
  const std::string& source_;
  const char separator_, comment_;
  const int quote_;  // as a char; none is none of them
  MarkReader marks_;
  std::size_t at_ = 0;
  std::size_t line_;      // of the reading position
  std::size_t row_line_;  // of the last row
};

}  // namespace neurone
