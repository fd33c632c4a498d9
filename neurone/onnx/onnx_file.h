// The bytes of an ONNX file, read and checked: what comes out is a graph whose tensors are as large as they say.
// Memory stays in proportion to the file, whatever it claims: an element takes eight bytes, a text those of a string.
#pragma once

#include <string>
#include <string_view>

#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// Throws Error, naming the file, for bytes that are no ONNX model, and for what no model of ours has: sequences,
/// sparse tensors, tensors in other files.
Graph parse_onnx(std::string_view bytes, const std::string& source);

/// The same of a file. Tensors that stand in a file beside it, as PyTorch writes them, are read from there: its name
/// has to be one without folders.
Graph load_onnx(const std::string& path);

/// One tensor as bytes of its own, a TensorProto.
Tensor parse_tensor(std::string_view bytes);

}  // namespace neurone::onnx
