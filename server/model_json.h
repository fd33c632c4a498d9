// A model told to whoever wants to ask it: what its columns are, what they held in training, what comes out.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/models.h"

namespace neurone::server {

/// {"name", "task", "target", "classes", "columns": [{"name", "kind", "median", "range", "values", …}], "rows",
/// "test"}
nlohmann::ordered_json description_of(const ServedModel& served);

}  // namespace neurone::server
