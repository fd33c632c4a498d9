// An ONNX file once it is read: a graph of nodes between named tensors. What the nodes compute is in operators.h, how
// bytes become this in onnx_file.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/onnx/tensor.h"

namespace neurone::onnx {

/// The value of an attribute; nothing for a kind that no operator of ours has (graphs, sparse tensors, types).
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Wholes, Reals, Texts, Tensor>;

struct Node {
  std::string name, operation;
  std::string domain;  ///< "" is ai.onnx
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Value, std::less<>> attributes;

  /// "node 'dense/MatMul' (MatMul)", for messages.
  std::string title() const;
  bool is(std::string_view other_operation, std::string_view other_domain = {}) const {
    return operation == other_operation && domain == other_domain;
  }
  bool has(std::string_view attribute) const { return attributes.contains(attribute); }
  /// An attribute, or `otherwise` where it is left out. Throws Error for one of another kind.
  std::int64_t whole(std::string_view attribute, std::int64_t otherwise) const;
  double real(std::string_view attribute, double otherwise) const;
  std::string text(std::string_view attribute, std::string_view otherwise) const;
  /// A list; empty where it is left out.
  Wholes wholes(std::string_view attribute) const;
  Reals reals(std::string_view attribute) const;
  Texts texts(std::string_view attribute) const;

 private:
  template <class T> const T* find(std::string_view attribute, std::string_view expected) const;
};

/// An input or output of the graph.
struct Port {
  std::string name;
  Type type = Type::float32;
  Shape shape{};  ///< any_rows where a size is free
};

using Tensors = std::map<std::string, Tensor, std::less<>>;

struct Graph {
  std::vector<Node> nodes;  ///< each behind those that it needs
  Tensors constants;
  std::vector<Port> inputs;  ///< without those that have a constant as their default
  std::vector<std::string> outputs;
  std::map<std::string, std::int64_t, std::less<>> versions;  ///< of the operator sets, by domain; "" is ai.onnx
  std::map<std::string, std::string, std::less<>> metadata;
  std::string producer;  ///< "pytorch 2.13.0"

  std::int64_t version(std::string_view domain) const;
};

/// "node 'fc1' (Gemm): what".
Error node_error(const Node& node, const std::string& what);

}  // namespace neurone::onnx
