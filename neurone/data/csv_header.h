// Whether the first row of a table names its columns, by the names that are sought and by what stands below them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "neurone/data/csv.h"
#include "neurone/data/csv_rows.h"

namespace neurone {

struct HeaderFound {
  bool has_header = false;
  /// "the first row was taken for data, because '2019' is a number: --header yes says otherwise"; empty where it was
  /// said, or names are all that the first row can be.
  std::string why{};
  bool is_doubtful = false;      ///< the user should be told
  bool is_sure = false;          ///< it holds every name of a model
  bool has_apostrophes = false;  ///< around every cell of a column
};

/// The first rows are looked at, up to a thousand. The rules are those of parse_csv.
HeaderFound find_header(std::string_view beginning, const CsvMarks& marks, std::optional<bool> said,
                        const SoughtColumns& sought);

}  // namespace neurone
