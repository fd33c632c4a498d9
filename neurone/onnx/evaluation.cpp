#include "neurone/onnx/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace neurone::onnx {

void Evaluation::set(const std::string& name, Tensor tensor) {
  known_[name] = std::move(tensor);
}

const Tensor* Evaluation::find(std::string_view name) const {
  if (const auto found = known_.find(name); found != known_.end()) return &found->second;
  const auto constant = graph_.constants.find(name);
  return constant != graph_.constants.end() ? &constant->second : nullptr;
}

bool Evaluation::can_compute(const Node& node) const {
  return std::ranges::all_of(node.inputs,
                             [&](const std::string& name) { return name.empty() || find(name) != nullptr; });
}

void Evaluation::compute(const Node& node) {
  std::vector<const Tensor*> inputs;
  for (const std::string& name : node.inputs) {
    const Tensor* const found = name.empty() ? nullptr : find(name);
    if (found == nullptr && !name.empty())
      throw node_error(node, fmt::format("its input '{}' is known nowhere before it", name));
    inputs.push_back(found);
  }
  std::vector<Tensor> outputs = onnx::compute(node, graph_.version(node.domain), std::move(inputs), budget_);
  for (std::size_t k = 0; k < node.outputs.size(); ++k) {
    if (node.outputs[k].empty()) continue;
    if (k >= outputs.size())
      throw node_error(node,
                       fmt::format("it has {} outputs, expected at most {}", node.outputs.size(), outputs.size()));
    known_[node.outputs[k]] = std::move(outputs[k]);
  }
}

std::vector<Tensor> evaluate(const Graph& graph, Tensors inputs, Budget& budget) {
  Evaluation evaluation(graph, budget);
  for (auto& [name, tensor] : inputs) evaluation.set(name, std::move(tensor));
  for (const Node& node : graph.nodes) evaluation.compute(node);
  std::vector<Tensor> outputs;
  for (const std::string& name : graph.outputs) {
    const Tensor* const found = evaluation.find(name);
    if (found == nullptr) throw Error(fmt::format("output '{}' is computed by no node", name));
    outputs.push_back(*found);
  }
  return outputs;
}

Budget budget_for(const Graph& graph, std::size_t rows, std::uint64_t turns) {
  std::uint64_t size = 0;
  for (const auto& [name, tensor] : graph.constants) size += tensor.size();
  for (const Node& node : graph.nodes) {
    size += node.inputs.size() + node.outputs.size();
    for (const auto& [name, value] : node.attributes)
      if (const auto* tensor = std::get_if<Tensor>(&value))
        size += tensor->size();
      else if (const auto* list = std::get_if<Reals>(&value))
        size += list->size();
      else if (const auto* texts = std::get_if<Texts>(&value))
        size += texts->size();
  }
  constexpr std::uint64_t least_steps = 1U << 16, least_elements = 1U << 12, made = 64;
  return {turns * (size + least_steps) * (rows + 1), made * (size + least_elements) * (rows + 1)};
}

}  // namespace neurone::onnx
