// A formula, step by step, as nodes of ONNX.
#pragma once

#include <string>
#include <string_view>

#include "neurone/export/formula.h"
#include "neurone/export/onnx_graph.h"

namespace neurone {

/// The formula of a tensor of that type, float32 or float64; returns the name of the result.
std::string add_formula(const Formula& formula, OnnxType type, const std::string& variable, OnnxGraph& graph);

/// σ of a tensor, along its last axis where it is of whole rows. Throws UsageError for an activation that is not in
/// the sheet.
std::string add_activation(std::string_view activation, OnnxType type, const std::string& Z, OnnxGraph& graph);

}  // namespace neurone
