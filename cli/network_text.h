// Layers and columns as text and as JSON, for inspect and the events of train.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "neurone/model/model.h"

namespace neurone::cli {

struct LayerLine {
  std::string text;  ///< "dense 128 relu"
  std::size_t inputs = 0, outputs = 0, parameters = 0;
  std::string shapes;  ///< "W 784 × 128, b 128"
};

template <class T> std::vector<LayerLine> layer_lines(const Network<T>& network);

/// [{"layer": "dense", "units": 128, "activation": "relu", …, "inputs", "outputs", "parameters"}, …]
template <class T> nlohmann::ordered_json layers_json(const Network<T>& network);

/// [{"name": "age", "kind": "numeric"}, …], or for images {"height", "width"}
nlohmann::ordered_json columns_json(const Preparation& preparation);

}  // namespace neurone::cli
