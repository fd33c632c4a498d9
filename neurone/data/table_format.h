// How a table is written, as far as somebody said so: header, separator, decimal sign, what means missing …
// One grammar for the command line, for model files and for whoever shows it. What is not said is found in the text
// by csv_layout.h.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/data/cells.h"

namespace neurone {

enum class DecimalSign : char { point = '.', comma = ',' };

/// What was said; the rest is found out, or as usual.
struct TableFormat {
  std::optional<char> separator{};        ///< between cells; of ' ' any number is one
  std::optional<bool> header{};           ///< whether the first row names the columns
  std::optional<DecimalSign> decimal{};   ///< of every number in the table
  std::vector<std::string> missing{};     ///< cells that mean missing besides marks_of_missing; sorted, trimmed
  std::optional<std::size_t> skip{};      ///< lines before the table
  std::optional<char> comment{};          ///< what lines begin with that are not of the table; NUL: no such lines
  std::optional<char> quote{};            ///< around cells; NUL: quotes are text; '"' if not said
  std::optional<std::string> encoding{};  ///< a name that iconv knows; UTF-8, or by its byte order mark, if not said

  bool operator==(const TableFormat&) const = default;
};

/// The parts of a format by the names of their options, in the order in which they are shown.
inline constexpr std::array<std::string_view, 8> format_parts{"header", "separator", "decimal", "missing",
                                                              "skip",   "comment",   "quote",   "encoding"};

/// Sets one of these parts by a text as it stands behind its option: "yes", "tab", "comma", "-999", "3", "#", "none",
/// "latin-1". Texts that mean missing are added to those that are there. Throws UsageError for another text.
void set_format_part(std::string_view part, const std::string& text, TableFormat& format);

/// What was said, part by part, as set_format_part reads it; a part for each text that means missing.
std::vector<std::pair<std::string, std::string>> said_parts(const TableFormat& format);

/// Throws UsageError for parts that cannot go together, such as a quote that is the separator as well.
void check_format(const TableFormat& format);

/// All texts that mean missing in a column, each once, the empty one first.
std::vector<std::string> all_marks_of_missing(const TableFormat& format);

/// What was said first, but for the parts that were said again.
TableFormat said_again(TableFormat first, const TableFormat& again);

}  // namespace neurone
