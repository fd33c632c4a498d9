// Any text is either refused with neurone::Error or cut into a table; a table written in quotes reads as the same
// table. The first two bytes choose the format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/csv.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

std::string in_quotes(const neurone::Table& table) {
  std::string text;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    for (std::size_t j = 0; j < table.columns(); ++j) {
      text += j == 0 ? "\"" : ",\"";
      for (const char c : table.cell(i, j)) text += c == '"' ? "\"\"" : std::string(1, c);
      text += '"';
    }
    text += '\n';
  }
  return text;
}

neurone::TableFormat format_of(std::uint8_t first, std::uint8_t second) {
  constexpr std::array<char, 8> separators{',', ';', '\t', '|', ' ', '"', '\n', 'x'};
  constexpr std::array<const char*, 4> encodings{"utf-8", "latin-1", "utf-16", "windows-1252"};
  neurone::TableFormat format;
  if ((first & 1) != 0) format.separator = separators[first >> 1 & 7];
  if ((first & 16) != 0) format.header = (first & 32) != 0;
  if ((first & 64) != 0) format.missing = {"-", "x"};
  if ((first & 128) != 0) format.skip = second & 3;
  if ((second & 4) != 0) format.comment = '#';
  if ((second & 8) != 0) format.quote = (second & 16) != 0 ? '\'' : '\0';
  if ((second & 32) != 0) format.encoding = encodings[second >> 6];
  return format;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  neurone::Table table;
  try {
    table = neurone::parse_csv(text, "fuzz", format_of(data[0], data[1]));
  } catch (const neurone::Error&) {
    return 0;
  }

  check(table.rows() > 0 && table.columns() > 0);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    check(table.line(i) > (i == 0 ? 0 : table.line(i - 1)));
    for (std::size_t j = 0; j < table.columns(); ++j) {
      const std::string_view cell = table.cell(i, j);
      check(cell.find('\0') == cell.npos);
      check(!(neurone::parse_number(cell) && neurone::is_missing(cell)));
    }
  }

  const neurone::Table again = neurone::parse_csv(in_quotes(table), "again", {.separator = ',', .header = false});
  check(again.rows() == table.rows() && again.columns() == table.columns());
  for (std::size_t i = 0; i < table.rows(); ++i)
    for (std::size_t j = 0; j < table.columns(); ++j) check(again.cell(i, j) == table.cell(i, j));
  return 0;
}
