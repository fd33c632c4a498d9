// Text with separators (CSV, TSV and their kin) cut into a table, in one pass over the text.
// Leaves to cells.h and preparation what the cells mean.
#pragma once

#include <optional>
#include <string>

#include "neurone/data/table.h"

namespace neurone {

struct CsvOptions {
  std::optional<char> separator;  ///< found by itself when not given
  std::optional<bool> header;     ///< whether the first row names the columns; found by itself when not given
};

/// The table in a file, or in standard input for "-"; gzip is unpacked. Reads as parse_csv does.
Table read_csv(const std::string& path, const CsvOptions& options = {});

/// The table in a text. `source` is for messages.
///
/// - Cells: RFC 4180. In quotes, separators and line ends are text and a doubled quote is one quote; without quotes,
///   the spaces and tabs around a cell are dropped, and a quote inside the cell is text.
/// - Lines end with LF, CR LF or CR, the last one perhaps with nothing; empty lines are skipped; a UTF-8 byte order
///   mark is skipped.
/// - Separator, where not given: the first of semicolon, tab, bar and comma that cuts each of the first 32 rows into
///   the same number of columns, more than one. The comma comes last, since it also stands inside numbers. Where
///   none does, the one that cuts the first row into most columns, so that the error names the right row.
/// - Header, where not given: the first row is one unless one of its cells is a number.
/// - Names: a column without a name is called column_K, K counted from 1.
///
/// Throws Error: no rows, rows of unequal length ("train.csv:41: 5 columns, expected 4"), a quote that is never
/// closed or followed by text, two columns of one name, bytes that are no text (UTF-16, UTF-32, zip, NUL).
Table parse_csv(std::string text, const std::string& source, const CsvOptions& options = {});

}  // namespace neurone
