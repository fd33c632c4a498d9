// Text with separators to tables, stretch after stretch: the first decides the separator and the names for all.
// Leaves to csv.h and csv_blocks.h where the text comes from.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/data/csv.h"
#include "neurone/data/table.h"

namespace neurone {

class CsvParser {
 public:
  /// `source` is for messages. Throws UsageError for a separator that cannot be one.
  CsvParser(std::string source, const CsvOptions& options);

  /// The rows of the next stretch, which ends where a row ends; none where it holds but empty lines or the header.
  /// Throws Error as parse_csv does for rows; UnclosedQuote where the stretch ends inside quotes, and then nothing
  /// has changed: a longer one may be tried in its place.
  Table parse(std::string text);

  /// To be called behind the last stretch. Throws Error where there was no row.
  void finish() const;

 private:
  std::string source_;
  CsvOptions options_;              // with the separator, and whether there is a header, once they are known
  std::vector<std::string> names_;  // of the columns; none before the first row
  std::size_t line_ = 1;            // on which the next stretch begins
  std::size_t rows_ = 0;            // so far
};

}  // namespace neurone
