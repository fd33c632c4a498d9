// A whole text is one stretch for the parser.
#include "neurone/data/csv.h"

#include <string_view>
#include <utility>

#include "neurone/data/bytes.h"
#include "neurone/data/csv_layout.h"
#include "neurone/data/csv_parser.h"
#include "neurone/data/encoding.h"

namespace neurone {

Table read_csv(const std::string& path, const TableFormat& format, const SoughtColumns& sought) {
  return parse_csv(read_bytes(path), source_name(path), format, sought);
}

Table parse_csv(std::string text, const std::string& source, const TableFormat& format, const SoughtColumns& sought) {
  CsvParser parser(source, format, sought);
  text = to_utf8(std::move(text), format.encoding, source);
  if (const std::size_t skipped = parser.behind_skipped(text, true); skipped > 0) text.erase(0, skipped);
  parser.look(std::string_view(text).substr(0, *size_of_beginning(text, true)), true);
  Table table = parser.parse(std::move(text));
  parser.finish();
  return table;
}

}  // namespace neurone
