// What the outputs of a chain mean, as a target of ours.
#pragma once

#include <cstddef>
#include <vector>

#include "neurone/data/target.h"
#include "neurone/loss/loss.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/outputs.h"

namespace neurone::onnx {

struct TakenTarget {
  Target target;
  Loss loss;
  /// Of our classes, or of two the second: which output of the graph's last layer each was.
  std::vector<std::size_t> order{};
};

/// The chain is given the activation that the target needs, and its outputs are put in the order of the classes.
/// Throws UsageError where options do not fit, or where only the user can know what the outputs are.
TakenTarget take_target(const Graph& graph, const ReadOutputs& outputs, const ImportOptions& options, Chain& chain);

}  // namespace neurone::onnx
