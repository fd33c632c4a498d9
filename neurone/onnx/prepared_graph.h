// A graph made ready for import: without the nodes that the wanted outputs do not need, with the linear models of
// ai.onnx.ml as the products that they are, and with the number of columns of its inputs where only constants say it.
#pragma once

#include <string>
#include <vector>

#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// Throws UsageError for an output that the graph does not have, Error for a linear model that is no product.
Graph prepare_graph(Graph graph, const std::vector<std::string>& wanted_outputs);

}  // namespace neurone::onnx
