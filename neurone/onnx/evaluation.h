// A graph computed node after node, in the order of the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/onnx/graph.h"
#include "neurone/onnx/operators.h"

namespace neurone::onnx {

/// The tensors of a graph as they become known. It refers to the graph, which has to stay.
class Evaluation {
 public:
  Evaluation(const Graph& graph, Budget& budget) : graph_(graph), budget_(budget) {}

  void set(const std::string& name, Tensor tensor);
  /// A tensor that is known: a constant, one that was set or computed. None otherwise.
  const Tensor* find(std::string_view name) const;
  /// Are all inputs of the node known?
  bool can_compute(const Node& node) const;
  /// Computes a node whose inputs are known. Throws Error for one whose inputs are not.
  void compute(const Node& node);

 private:
  const Graph& graph_;
  Budget& budget_;
  Tensors known_;
};

/// What the whole graph says of these inputs: its outputs, in their order. Throws Error, naming the node.
std::vector<Tensor> evaluate(const Graph& graph, Tensors inputs, Budget& budget);

/// In proportion to the nodes and constants of the graph: for each row and each of their elements as many steps as
/// they may take `turns`, and 64 elements of results.
Budget budget_for(const Graph& graph, std::size_t rows, std::uint64_t turns);

}  // namespace neurone::onnx
