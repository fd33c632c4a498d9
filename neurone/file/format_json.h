// How a table is written as JSON, in a model's file and in what the command prints.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "neurone/data/table_format.h"

namespace neurone {

/// {"header": "yes", "missing": ["-", "-999"]}: what was said, in the words of the options.
nlohmann::ordered_json format_json(const TableFormat& format);
/// Throws what nlohmann's library throws for JSON that is another, UsageError for what cannot be.
TableFormat read_format(const nlohmann::ordered_json& object);

}  // namespace neurone
