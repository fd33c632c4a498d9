// What is not said of a table's format, found from the beginning of its text: the separator, and whether the first
// row is a header; with the reason for what was taken, and doubts.
// Leaves to csv_parser.h what is made of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/data/csv.h"
#include "neurone/data/csv_rows.h"
#include "neurone/data/table.h"

namespace neurone {

struct CsvLayout {
  CsvMarks marks{};
  bool has_separator_line = false;  ///< the first line is "sep=;", as spreadsheets write it
  bool has_header = false;
  Reading reading{};
};

/// How many bytes of a text are looked at: the lines that begin in the first 256 KiB, or more until there are eight
/// of them. Nothing where `text` has not enough of them and is not all that there is.
std::optional<std::size_t> size_of_beginning(std::string_view text, bool is_all);

/// What the beginning of a text shows; `is_all` when nothing follows. The rules are those of parse_csv.
CsvLayout find_layout(std::string_view beginning, bool is_all, const TableFormat& format,
                      const SoughtColumns& sought);

}  // namespace neurone
