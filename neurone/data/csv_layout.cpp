// Each possible separator cuts the first rows; the rows of the one that fits best show whether they begin with names.
#include "neurone/data/csv_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/data/csv_header.h"

namespace neurone {
namespace {

// How a separator cuts the first rows.
struct Cut {
  char separator;
  std::vector<std::size_t> columns;  // of each row, at least one
  bool malformed = false;

  bool even() const {
    return !malformed && columns[0] > 1 &&
           std::ranges::all_of(columns, [&](std::size_t n) { return n == columns[0]; });
  }
};

Cut cut_first_rows(std::string_view beginning, bool is_all, CsvMarks marks, char separator) {
  constexpr std::size_t most_rows = 32;
  std::string sample(beginning);  // its own copy: reading writes
  const std::string source;
  marks.separator = separator;
  CsvRows rows(sample, source, marks);
  Cut cut{.separator = separator, .columns = {}};
  std::vector<Cell> row;
  try {
    while (cut.columns.size() < most_rows && rows.next(row)) {
      cut.columns.push_back(row.size());
      row.clear();
    }
  } catch (const UnclosedQuote&) {
    cut.malformed = is_all;
  } catch (const Error&) {
    cut.malformed = true;
  }
  // a row broken off by the end of the beginning counts only where it is the first
  if (cut.malformed) cut.columns.push_back(row.size() + 1);
  if (cut.columns.empty()) cut.columns.push_back(row.size());
  return cut;
}

// The separator that fits, and why it may not be the right one.
char find_separator(std::string_view beginning, bool is_all, const CsvMarks& marks,
                    std::vector<std::string>& doubts) {
  const auto cut = [&](char separator) { return cut_first_rows(beginning, is_all, marks, separator); };
  std::array<Cut, 4> cuts{cut(';'), cut('\t'), cut('|'), cut(',')};
  const auto name = [](char separator) {
    return separator == '\t' ? std::string("tab") : fmt::format("'{}'", separator);
  };
  auto* const even = std::ranges::find_if(cuts, &Cut::even);
  if (even != cuts.end()) {
    const auto* const other = std::find_if(even + 1, cuts.end(), [](const Cut& each) { return each.even(); });
    if (other != cuts.end())
      doubts.push_back(
          fmt::format("{} was taken for the separator, though {} would cut the rows evenly as well: "
                      "--separator says otherwise",
                      name(even->separator), name(other->separator)));
    return even->separator;
  }
  std::ranges::reverse(cuts);  // max_element takes the first of equals: the comma
  const Cut& best = *std::ranges::max_element(cuts, {}, [](const Cut& each) { return each.columns[0]; });
  const auto rival =
      std::ranges::find_if(cuts, [&](const Cut& each) { return &each != &best && each.columns[0] > 1; });
  if (rival != cuts.end())
    doubts.push_back(
        fmt::format("{} was taken for the separator, though {} stands in the first row as well, and none "
                    "cuts all rows into as many columns: --separator says otherwise",
                    name(best.separator), name(rival->separator)));
  else if (best.columns[0] == 1 && best.columns.size() > 1)
    doubts.push_back(fmt::format("no separator was found, so there is one column: {}",
                                 cut(' ').even() ? "--separator space would cut each row into as many columns"
                                                 : "--separator says which it is"));
  return best.separator;
}

// The character of "sep=;", where that is the whole line.
std::optional<char> separator_said_by(std::string_view line) {
  line = line.substr(0, line.find_first_of("\r\n"));
  constexpr std::string_view possible = ";,\t|:";
  if (line.size() != 5 || !line.starts_with("sep=") || possible.find(line.back()) == std::string_view::npos)
    return {};
  return line.back();
}

std::size_t count_line_ends(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }));
}

}  // namespace

std::optional<std::size_t> size_of_beginning(std::string_view text, bool is_all) {
  constexpr std::size_t usual = 1 << 18, fewest_line_ends = 8;
  for (std::size_t size = usual; size < text.size(); size *= 2) {
    const std::string_view first = text.substr(0, size);
    if (count_line_ends(first) >= fewest_line_ends) return behind_last_line_end(first);
  }
  return is_all ? std::optional(text.size()) : std::nullopt;
}

CsvLayout find_layout(std::string_view beginning, bool is_all, const TableFormat& format,
                      const SoughtColumns& sought) {
  CsvLayout layout{.marks = {.quote = format.quote.value_or('"'), .comment = format.comment.value_or('\0')}};
  layout.reading.format = format;
  std::vector<std::string>& doubts = layout.reading.doubts;
  const std::size_t line = place_of_first_line(beginning, layout.marks);
  if (const std::optional<char> said = separator_said_by(beginning.substr(line))) {
    layout.has_separator_line = true;
    layout.marks.separator = *said;
    beginning.remove_prefix(line);
    beginning.remove_prefix(std::min(beginning.find_first_of("\r\n"), beginning.size()));
  }
  if (format.separator)
    layout.marks.separator = *format.separator;
  else if (!layout.has_separator_line)
    layout.marks.separator = find_separator(beginning, is_all, layout.marks, doubts);
  const HeaderFound found = find_header(beginning, layout.marks, format.header, sought);
  layout.has_header = found.has_header;
  layout.reading.header = found.why;
  if (found.is_doubtful) doubts.push_back(found.why);
  if (found.has_apostrophes && !format.quote)
    doubts.emplace_back("cells stand between apostrophes, which were taken for text: --quote \"'\" takes them away");
  if (found.is_sure) doubts.clear();
  return layout;
}

}  // namespace neurone
