// Text with separators (CSV, TSV and their kin) cut into a table, in one pass over the text.
// Leaves to cells.h and preparation what the cells mean.
#pragma once

#include <string>
#include <vector>

#include "neurone/data/table.h"
#include "neurone/data/table_format.h"

namespace neurone {

/// The names of columns that somebody asks for: the first row is a header where one of them stands in it.
struct SoughtColumns {
  std::vector<std::string> names{};
  bool are_a_models = false;  ///< all of them are needed, and no others
};

/// The table in a file, or in standard input for "-"; gzip is unpacked. Reads as parse_csv does.
Table read_csv(const std::string& path, const TableFormat& format = {}, const SoughtColumns& sought = {});

/// The table in a text. `source` is for messages.
///
/// - Encoding, where not said: UTF-16 or UTF-32 where the text begins with their byte order mark, else UTF-8, whose
///   mark is skipped.
/// - Cells: RFC 4180. In quotes, separators and line ends are text and a doubled quote is one quote; without quotes,
///   the spaces and tabs around a cell are dropped, and a quote inside the cell is text. A cell that is one of the
///   texts that mean missing becomes empty.
/// - Lines end with LF, CR LF or CR, the last one perhaps with nothing; empty lines are skipped, and so are lines
/// that
///   begin with the comment character, spaces before it or not. A separator at the end of every row, where the header
///   has none, is no column; nor is one at the end of the header, where no row has one.
/// - Separator, where not said: that of a first line "sep=;"; else the first of semicolon, tab, bar and comma that
///   cuts each of the first 32 rows into the same number of columns, more than one. The comma comes last, since it
///   also stands inside numbers. Where none does, the one that cuts the first row into most columns, so that the
///   error names the right row.
/// - Header, where not said. The first row is one where a name that is sought stands in it, or where none of its
/// cells
///   is a number or a date, unless all of them stand below it as well. With whole numbers or dates among its cells,
///   all of them different, it is one where a text stands above numbers only, or texts do not recur below it while
///   all others of their column do, or its numbers are 0, 1, 2, 3 and so on. Else it is data.
/// - Names: a column without a name is called column_K, K counted from 1.
///
/// Table::reading says what was taken for what, and which of it is in doubt.
/// Throws Error: no rows, rows of unequal length ("train.csv:41: 5 columns, expected 4"), a quote that is never
/// closed or followed by text, two columns of one name, bytes that are no text (zip, NUL), or not in the encoding.
/// Throws UsageError for a format that cannot be.
Table parse_csv(std::string text, const std::string& source, const TableFormat& format = {},
                const SoughtColumns& sought = {});

}  // namespace neurone
