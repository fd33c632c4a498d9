// Layers and columns as JSON, for inspect and the events of train.
#pragma once

#include <nlohmann/json.hpp>

#include "neurone/model/model.h"

namespace neurone::cli {

/// [{"layer": "dense", "units": 128, "activation": "relu", …, "inputs", "outputs", "parameters"}, …]
template <class T> nlohmann::ordered_json layers_json(const Network<T>& network);

/// [{"name": "age", "kind": "numeric"}, …], or for images {"height", "width"}
nlohmann::ordered_json columns_json(const Preparation& preparation);

}  // namespace neurone::cli
