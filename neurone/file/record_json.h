// The record of a model as JSON, in its file and in what the command prints.
#pragma once

#include "neurone/file/json_tree.h"
#include "neurone/model/model.h"

namespace neurone {

/// {"figure": "rmse", "constant": 3.5, "linear": 2.5, "gain": 0.5, "gain_interval": [0.2, 0.7]}
JsonTree comparison_json(const Comparison& comparison);

/// {"parameters": [{"name": "age", "estimate": 1.5, …}], "collinear": [], …}; of classes parameters have a "class",
/// and what several outputs have of their own is in "fits": [{"class": "a", "r_squared": 0.5, …}].
JsonTree estimates_json(const Estimates& estimates);

JsonTree record_json(const TrainingRecord& record);
/// Throws Error for what is no record.
TrainingRecord read_record(const JsonTree& object);

}  // namespace neurone
