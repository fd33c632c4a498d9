// A whole text is one stretch for the parser.
#include "neurone/data/csv.h"

#include <utility>

#include "neurone/data/bytes.h"
#include "neurone/data/csv_parser.h"

namespace neurone {

Table read_csv(const std::string& path, const CsvOptions& options) {
  return parse_csv(read_bytes(path), source_name(path), options);
}

Table parse_csv(std::string text, const std::string& source, const CsvOptions& options) {
  CsvParser parser(source, options);
  Table table = parser.parse(std::move(text));
  parser.finish();
  return table;
}

}  // namespace neurone
