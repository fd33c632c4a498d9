// ONNX files put together for a test, with our own writer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/export/onnx_graph.h"
#include "neurone/onnx/graph.h"
#include "neurone/onnx/onnx_file.h"
#include "neurone/onnx/operators.h"

namespace neurone::onnx {

inline std::string constant(OnnxGraph& graph, const std::string& name, const Shape& shape,
                            const std::vector<float>& values) {
  return graph.add_constant<float>(name, shape, std::span<const float>(values));
}

inline Graph parsed(const OnnxGraph& graph) {
  return parse_onnx(graph.format({.name = "test", .description = "", .version = "1"}), "test.onnx");
}

/// What one operator says of these tensors.
inline std::vector<Tensor> computed(std::string_view operation, const std::vector<Tensor>& tensors,
                                    std::map<std::string, Value, std::less<>> attributes = {},
                                    std::int64_t version = 17) {
  const bool is_ml = find_ml_operator(operation) != nullptr;
  const Node node{.name = "n",
                  .operation = std::string(operation),
                  .domain = is_ml ? "ai.onnx.ml" : "",
                  .inputs = {},
                  .outputs = {"y"},
                  .attributes = std::move(attributes)};
  std::vector<const Tensor*> inputs;
  for (const Tensor& each : tensors) inputs.push_back(&each);
  Budget budget(1U << 20, 1U << 20);
  return compute(node, version, inputs, budget);
}

}  // namespace neurone::onnx
