// ONNX files put together for a test, with our own writer.
#pragma once

#include <cmath>
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

/// X, rows × 2, then what `build` adds, whose result is the output "y".
template <class Build> Graph graph_of(const Build& build) {
  OnnxGraph graph;
  const std::string X = graph.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, 2}});
  graph.add_output({.name = "y"}, build(graph, X));
  return parsed(graph);
}

inline std::string dense(OnnxGraph& graph, const std::string& X, std::int64_t inputs, std::int64_t outputs) {
  std::vector<float> W, b;
  for (std::int64_t k = 0; k < inputs * outputs; ++k)
    W.push_back(static_cast<float>(std::sin(1.7 * static_cast<double>(k) + 1)));
  for (std::int64_t k = 0; k < outputs; ++k) b.push_back(0.25F * static_cast<float>(k) - 0.3F);
  return graph.add({"Gemm", {X, constant(graph, "W", {inputs, outputs}, W), constant(graph, "b", {outputs}, b)}});
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
