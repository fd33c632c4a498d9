// From a graph to a chain of layers: every tensor is followed from the inputs on. It is known of each how it comes
// from the end of the chain so far: as a factor and a shift of each column, or as a curve, the same for all columns.
// When the next layer begins, factors and shifts go into the layer before, and the curve has to be one of our
// activations. Whatever comes behind the last layer, labels and such, is left to outputs.h.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "neurone/onnx/chain.h"
#include "neurone/onnx/curve.h"
#include "neurone/onnx/evaluation.h"
#include "neurone/onnx/graph.h"

namespace neurone::onnx {

struct ReadChain {
  Chain chain;
  std::string end;            ///< the tensor that the last layer's outputs are
  Shape end_shape;            ///< without its rows
  Type type = Type::float32;  ///< of that tensor
};

/// Throws Error, naming the node, for a graph that is no chain of layers that neurone has.
ReadChain read_chain(const Graph& graph, Budget& budget);

/// Of half floats: they round more than a network of ours would.
Error computes_in(Type type);

/// What is known of a tensor that comes from the inputs.
struct Traced {
  std::size_t base = 0;             ///< which end of the chain it comes from; 0: the inputs
  Affine affine{};                  ///< of its columns, where it has no curve
  std::optional<Tensor> curve{};    ///< what becomes of the points of the reader
  std::vector<Feature> features{};  ///< of the inputs: what its columns are
  Shape shape{};                    ///< without its rows
  Type type = Type::float32;
  std::string made_by{};  ///< the node, for messages

  std::size_t columns() const { return affine.columns(); }
  bool is_plain() const { return !curve && affine.is_identity(); }
};

class ChainReader {
 public:
  ChainReader(const Graph& graph, Budget& budget);
  ReadChain read();

 private:
  // --- following tensors: chain_reader.cpp
  void trace_input(const Port& port);
  void trace(const Node& node);
  bool trace_as_layer_or_curve(const Node& node);
  void leave_to_outputs(const Node& node);
  void set(const Node& node, Traced traced, std::size_t output = 0);
  Traced* find(const Node& node, std::size_t input);
  /// A constant input of the node; none where it is left out or no constant.
  const Tensor* constant(const Node& node, std::size_t input) const;
  Traced* only_traced(const Node& node);
  void expect_end(const Node& node, const Traced& traced) const;
  void settle(Traced& traced);
  std::optional<FoundActivation> find_activation(const Tensor& curve);
  void spend(const Traced& traced);
  void append(const Node& node, const Traced& before, Stage stage, Type type);
  void move_on(Traced& traced);
  bool is_used_once(const Traced& traced, const Node& node) const;
  std::optional<std::string> activated_tensor();
  std::optional<std::string> bounded_output();
  std::string last_tensor();

  // --- what operators do with them: chain_operators.cpp. False: it is none of this node's cases.
  bool trace_product(const Node& node);
  bool trace_batch_norm(const Node& node);
  bool trace_layer_norm(const Node& node);
  bool trace_softmax(const Node& node);
  bool trace_affine(const Node& node);
  bool trace_scaler(const Node& node);
  bool trace_curve(const Node& node);

  // --- what changes no number: shape_tracing.cpp
  bool trace_same_elements(const Node& node);
  bool trace_shape(const Node& node);
  bool trace_cast(const Node& node);
  Tensor with_rows(const Traced& traced);

  // --- what they do with inputs: input_operators.cpp
  bool trace_imputer(const Node& node);
  bool trace_categories(const Node& node);
  bool trace_joined_inputs(const Node& node);
  bool trace_picked_inputs(const Node& node);

  void give_affine(const Node& node, Traced& from, const Affine& next, bool is_bias);
  std::optional<std::vector<double>> of_columns(const Tensor& constant, const Traced& traced) const;

  const Graph& graph_;
  Budget& budget_;
  Evaluation constants_;
  std::map<std::string, Traced, std::less<>> traced_;
  // tensors that are left to the outputs, and since which node
  std::map<std::string, std::string, std::less<>> behind_;
  std::map<std::string, std::size_t, std::less<>> uses_;
  std::vector<std::string> order_;  // of the traced tensors
  std::vector<std::pair<double, double>> before_curves_;
  std::int64_t rows_ = 0;
  std::size_t columns_ = 0;  // of all inputs
  std::size_t base_ = 0;
  std::vector<double> points_;  // at which curves are computed
  Chain chain_;
};

}  // namespace neurone::onnx
