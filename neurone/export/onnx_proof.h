// The rows by which a model proves itself, as the inputs and outputs of its ONNX graph.
#pragma once

#include <string>

#include "neurone/export/onnx.h"

namespace neurone {

/// JSON: {"inputs": {name: [[…], …], …}, "outputs": [[…], …], "unit"}, null for NaN; the outputs in the order of the
/// graph, labels as texts; differences of numbers are counted in units. Where numbers go in as floats, rows are of
/// such numbers, and the outputs are what the model says of those.
std::string onnx_proof(const Model& model, const OnnxOptions& options);

}  // namespace neurone
