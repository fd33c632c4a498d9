// A model back from the ONNX file that it was exported to: its description stands in the metadata, its parameters
// among the constants of the graph.
#pragma once

#include "neurone/onnx/import.h"

namespace neurone::onnx {

/// Did neurone export it?
bool is_own_export(const Graph& graph);

/// The model, every parameter as it was. What an export leaves out is gone: the errors that intervals are learnt
/// from, and the rows of the table; it proves itself by made-up rows, which the graph has been asked as well. Throws
/// Error for a file that is damaged, or whose graph says something else than its constants mean.
Imported import_own_export(Graph graph);

}  // namespace neurone::onnx
