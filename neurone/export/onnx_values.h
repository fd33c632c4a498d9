// What the outputs of networks mean, as nodes of ONNX: probabilities and labels, or a number in its unit.
#pragma once

#include <string>
#include <vector>

#include "neurone/export/onnx_graph.h"
#include "neurone/model/model.h"

namespace neurone {

/// Adds the outputs of the model, from those of its networks, each rows × outputs of the networks' type; of networks
/// that have logits, from their Z.
///   classes   "prediction", rows, the label as text; and "probabilities" or, where the model has none, "scores",
///             rows × classes of type `numbers`
///   a number  "prediction", rows × 1 of type `numbers`, and where the loss is gaussian_nll "deviation"
void add_values(const Model& model, const std::vector<std::string>& outputs, OnnxType numbers, OnnxGraph& graph);

}  // namespace neurone
