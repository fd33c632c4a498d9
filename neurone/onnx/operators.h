// What the operators of ONNX compute, as plainly as the standard says it: the reference that `neurone verify` and
// `neurone import` go by. Whole graphs are left to evaluation.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// How much work an evaluation may do and how much memory it may fill, so that a file of a few bytes cannot ask for
/// hours or for gigabytes. Every element of a result is a step and eight bytes of memory, every product of a sum a
/// step.
class Budget {
 public:
  Budget(std::uint64_t steps, std::uint64_t elements) : steps_(steps), elements_(elements) {}
  /// These throw Error where there are fewer left.
  void spend_steps(std::uint64_t steps);
  void spend_elements(std::uint64_t elements);

 private:
  std::uint64_t steps_, elements_;
};

/// One node about to be computed.
class Call {
 public:
  Call(const Node& node, std::int64_t version, std::vector<const Tensor*> inputs, Budget& budget)
      : node_(node), version_(version), inputs_(std::move(inputs)), budget_(budget), unit_(text_unit()) {}

  const Node& node() const { return node_; }
  /// Of the operator set that the node belongs to.
  std::int64_t version() const { return version_; }

  std::size_t inputs() const { return inputs_.size(); }
  bool has(std::size_t input) const { return input < inputs_.size() && inputs_[input] != nullptr; }
  /// Throws Error for one that is left out.
  const Tensor& input(std::size_t number) const;

  /// Counts the elements of a result of that shape before it is made; returns how many they are. Where there are
  /// texts, each counts as the longest.
  std::size_t spend(const Shape& shape);
  void spend_steps(std::uint64_t steps) { budget_.spend_steps(steps); }

  /// The next output.
  void give(Tensor tensor) { outputs_.push_back(std::move(tensor)); }
  std::vector<Tensor>& outputs() { return outputs_; }

  /// An integer list that is an attribute in old operator sets and an input in new ones.
  Wholes list(std::string_view attribute, std::size_t input) const;

 private:
  std::uint64_t text_unit() const;

  const Node& node_;
  std::int64_t version_;
  std::vector<const Tensor*> inputs_;
  Budget& budget_;
  std::uint64_t unit_;  // elements of eight bytes that one takes
  std::vector<Tensor> outputs_;
};

using Operator = void (*)(Call& call);

struct NamedOperator {
  std::string_view name;
  Operator compute;
};

// By name; none where there is none.
Operator find_unary_operator(std::string_view name);
Operator find_elementwise_operator(std::string_view name);  ///< of several tensors; and Cast
Operator find_product_operator(std::string_view name);
Operator find_reduction_operator(std::string_view name);
Operator find_shape_operator(std::string_view name);
Operator find_picking_operator(std::string_view name);
Operator find_ml_operator(std::string_view name);  ///< those of ai.onnx.ml

/// The operator of a node; none where neurone has none.
Operator find_operator(const Node& node);
/// Does every element of the result depend on the elements at its place alone?
bool is_elementwise(const Node& node);

/// Computes a node. Throws Error, naming the node, for an operator that neurone does not have and for inputs that are
/// none of its.
std::vector<Tensor> compute(const Node& node, std::int64_t version, std::vector<const Tensor*> inputs,
                            Budget& budget);

/// The shape to which both are repeated along axes of size 1. Throws Error where there is none.
Shape common_shape(const Shape& a, const Shape& b);
/// The elements of a tensor repeated along axes of size 1, one for each element of `shape`.
Reals repeated(const Reals& elements, const Shape& from, const Shape& to);
Wholes repeated(const Wholes& elements, const Shape& from, const Shape& to);
Texts repeated(const Texts& elements, const Shape& from, const Shape& to);

/// For every index of a shape, the last one fastest, the sum of its indices, each times its step: where the elements
/// of a tensor lie that is turned or repeated.
std::vector<std::size_t> places_of(const Shape& shape, const std::vector<std::size_t>& steps);

/// A shape as an axis lies in it: elements = outer · size · inner, the index along the axis in the middle.
struct Axis {
  std::size_t outer = 1, size = 1, inner = 1;
  Axis(const Shape& shape, std::size_t axis);
};

}  // namespace neurone::onnx
