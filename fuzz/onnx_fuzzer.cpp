// Any bytes are either refused with neurone::Error or a graph; a graph is computed on its own rows, if it carries
// some, and is refused or imported; what was imported is a model that survives formatting and parsing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/file/model_file.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"
#include "neurone/onnx/own_export.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace neurone;
  onnx::Graph graph;
  try {
    graph = onnx::parse_onnx({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const Error&) {
    return 0;
  }
  try {
    onnx::agreement_of(graph);
  } catch (const Error&) {  // rows that do not fit, operators that we do not have
  }
  std::string formatted;
  try {
    onnx::ImportOptions options;
    if (!onnx::is_own_export(graph)) options.task = Task::classification;
    formatted = format_model(onnx::import_onnx(std::move(graph), options).model);
  } catch (const Error&) {
    return 0;
  }
  if (format_model(parse_model(formatted, "fuzz")) != formatted) std::abort();
  return 0;
}
