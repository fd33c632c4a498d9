// Text with separators to tables, stretch after stretch: its beginning decides how all of it is read.
// Leaves to csv.h and csv_blocks.h where the text comes from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "neurone/data/csv.h"
#include "neurone/data/csv_layout.h"
#include "neurone/data/table.h"

namespace neurone {

class CsvParser {
 public:
  /// `source` is for messages. Throws UsageError for a format that cannot be.
  CsvParser(std::string source, const TableFormat& format, SoughtColumns sought);

  /// Are there lines before the table that have not been passed over?
  bool skips() const { return to_skip_ > 0; }
  /// Where the text begins behind such of them as it holds; `is_all` when nothing follows. To be called before look.
  std::size_t behind_skipped(std::string_view text, bool is_all);

  /// Decides from the beginning of the table what was not said; as find_layout. To be called before the first
  /// stretch.
  void look(std::string_view beginning, bool is_all);

  /// The rows of the next stretch, which ends where a row ends; none where it holds but empty lines or the header.
  /// Throws Error as parse_csv does for rows; UnclosedQuote where the stretch ends inside quotes, and then nothing
  /// has changed: a longer one may be tried in its place.
  Table parse(std::string text);

  /// To be called behind the last stretch. Throws Error where there was no row.
  void finish() const;

 private:
  bool fit_to_first_row(std::size_t found, bool ends_empty, ColumnNames& names) const;
  std::string doubts() const;

  std::string source_;
  SoughtColumns sought_;
  CsvLayout layout_{};
  ColumnNames names_;                  // of the columns; none before the first row
  std::size_t to_skip_;                // lines before the table
  bool separator_line_ahead_ = false;  // "sep=;" has not been passed over
  bool header_ends_empty_ = false;     // its last name
  bool has_extra_ = false;             // rows end on a separator, the header does not
  std::size_t line_ = 1;               // on which the next stretch begins
  std::size_t rows_ = 0;               // so far
};

}  // namespace neurone
