// An imported model tried beside the graph that it comes from: what both say of the same rows.
#pragma once

#include <string>
#include <vector>

#include "neurone/model/model.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/graph.h"
#include "neurone/onnx/import_target.h"
#include "neurone/onnx/operators.h"
#include "neurone/onnx/outputs.h"
#include "neurone/onnx/tried_rows.h"

namespace neurone::onnx {

/// What was found out about a graph.
struct Understood {
  const Graph& graph;
  std::vector<InputColumn> columns;
  ReadOutputs outputs;
  TakenTarget taken;
  bool adds_activation = false;  ///< the model has the softmax or sigmoid that the graph leaves out
};

/// How much of a difference, in units, is none: far out, sums of floats differ more than where the columns are.
inline constexpr double trial_limit = 10 * rounding_limit;

/// How the model agrees with the graph on tried_rows. A label is another where its value is not the largest of the
/// model's, but for trial_limit. Of the rows far out differences count that are more than what the graph says of
/// inputs changed in their last digits, and where what it says is finite. Throws Error, naming the node, where the
/// graph cannot be computed.
Agreement agreement_with_graph(const Understood& understood, const Model& model, Budget& budget);

}  // namespace neurone::onnx
