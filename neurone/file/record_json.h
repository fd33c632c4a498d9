// The record of a model as JSON, in its file and in what the command prints.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "neurone/model/model.h"

namespace neurone {

/// {"figure": "rmse", "constant": 3.5, "linear": 2.5, "gain": 0.5, "gain_interval": [0.2, 0.7]}
nlohmann::ordered_json comparison_json(const Comparison& comparison);

/// {"parameters": [{"name": "age", "estimate": 1.5, …}], "collinear": [], …}; of classes parameters have a "class",
/// and what several outputs have of their own is in "fits": [{"class": "a", "r_squared": 0.5, …}].
nlohmann::ordered_json estimates_json(const Estimates& estimates);

nlohmann::ordered_json record_json(const TrainingRecord& record);
/// Throws what nlohmann's library throws for JSON that is another, Error for what cannot be.
TrainingRecord read_record(const nlohmann::ordered_json& object);

/// A member that is a whole number. Throws Error where it is none.
std::size_t count_of(const nlohmann::ordered_json& object, const char* key);

}  // namespace neurone
