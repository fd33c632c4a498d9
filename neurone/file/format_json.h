// How a table is written as JSON, in a model's file and in what the command prints.
#pragma once

#include "neurone/data/table_format.h"
#include "neurone/file/json_tree.h"

namespace neurone {

/// {"header": "yes", "missing": ["-", "-999"]}: what was said, in the words of the options; null where nothing was.
JsonTree format_json(const TableFormat& format);
/// Throws Error for JSON that is another, UsageError for what cannot be.
TableFormat read_format(const JsonTree& object);

}  // namespace neurone
