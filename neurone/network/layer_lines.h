// The layers of a network in words, a line each: for whoever shows a model to people.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/network/network.h"

namespace neurone {

struct LayerLine {
  std::string text;        ///< "dense 128 relu"
  std::string activation;  ///< of a layer of neurons; else empty
  std::size_t inputs = 0, outputs = 0, parameters = 0;
  std::string shapes;  ///< "W 784 × 128, b 128"
};

template <class T> std::vector<LayerLine> layer_lines(const Network<T>& network);

}  // namespace neurone
