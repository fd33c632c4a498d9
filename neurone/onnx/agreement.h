// An ONNX file of ours predicts the rows that it carries (docs/export.md, "Proof"), computed here, without a runtime.
#pragma once

#include <optional>

#include "neurone/model/proof.h"
#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// How what the graph says agrees with its metadata "neurone.proof"; none where it has no such rows. Throws Error for
/// a graph that cannot be computed, and for rows that do not fit it.
std::optional<Agreement> agreement_of(const Graph& graph);

}  // namespace neurone::onnx
