// The features that a chain takes as columns of a table.
#pragma once

#include <string>
#include <vector>

#include "neurone/data/preparation.h"
#include "neurone/onnx/chain.h"
#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// The names of all columns of the inputs: the given ones; else x1, x2, … of a single matrix, the names of the inputs
/// of several, with a number where one has several columns. Throws UsageError where more or fewer are given.
std::vector<std::string> column_names(const Graph& graph, const std::vector<std::string>& given);

/// The columns that the chain takes, in the order of the inputs; the chain is put in that order. Scaling that a
/// column cannot do is moved into the first layer.
TablePreparation take_columns(const std::vector<std::string>& names, Chain& chain);

}  // namespace neurone::onnx
