// Each layer by the formula that stands in its header. Behind a members layer a sample is a row for each member: a
// tensor of rows × members × columns. Every parameter and statistic is a constant by its own name, from which
// onnx/own_export.cpp makes the model again; what is turned here is turned back there.
#include "neurone/export/onnx_layers.h"

#include "neurone/export/onnx_formula.h"

namespace neurone {
namespace {

template <class T> class OnnxLayers {
 public:
  OnnxLayers(const Network<T>& network, const std::string& prefix, OnnxGraph& graph)
      : network_(network), prefix_(prefix), graph_(graph) {}

  std::string outputs_for(const std::string& X) {
    const std::string A = activated(Z_for(X), network_.size() - 1);
    if (!has_members()) return A;
    return graph_.add({"ReduceMean", {A}, {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t{0}}}});
  }

  // Z of the last layer.
  std::string Z_for(const std::string& X) {
    std::string Z = X;
    for (index_ = 0; index_ < network_.size(); ++index_) {
      if (index_ > 0) Z = activated(Z, index_ - 1);
      Z = std::visit([&](const auto& spec) { return add(spec, Z); }, network_.spec().layers[index_]);
    }
    return Z;
  }

 private:
  std::string activated(const std::string& Z, std::size_t layer) {
    return add_activation(network_.layer(layer).activation().name(), onnx_type<T>, Z, graph_);
  }

  // Z = XW + b
  std::string add(const layers::Dense& spec, const std::string& X) {
    const std::string W = parameter("W", {inputs(), outputs()});
    if (!has_members()) {
      std::vector<std::string> operands{X, W};
      if (spec.bias) operands.push_back(parameter("b", {outputs()}));
      return graph_.add({"Gemm", operands});
    }
    const std::string XW = node("MatMul", X, W);
    return spec.bias ? node("Add", XW, parameter("b", {outputs()})) : XW;
  }

  // prediction drops nothing
  std::string add(const layers::Dropout&, const std::string& X) { return X; }

  // Ẑ = (X − mean) / √(variance + ε), Z = gain ⊙ Ẑ + shift, with the running mean and variance
  std::string add(const layers::BatchNorm& spec, const std::string& X) {
    const std::string variance = constant("variance", {inputs()}, statistic("variance").elements());
    const std::string with_epsilon = node("Add", variance, graph_.number(onnx_type<T>, spec.epsilon));
    const std::string inverse = node("Div", graph_.number(onnx_type<T>, 1), graph_.add({"Sqrt", {with_epsilon}}));
    const std::string centred = node("Sub", X, constant("mean", {inputs()}, statistic("mean").elements()));
    const std::string normal = node("Mul", centred, inverse);
    return node("Add", node("Mul", normal, parameter("gain", {inputs()})), parameter("shift", {inputs()}));
  }

  std::string add(const layers::LayerNorm& spec, const std::string& X) {
    return graph_.add({"LayerNormalization",
                       {X, parameter("gain", {inputs()}), parameter("shift", {inputs()})},
                       {{"epsilon", static_cast<float>(spec.epsilon)}}});
  }

  // Z = X ⊙ s
  std::string add(const layers::Scale&, const std::string& X) { return node("Mul", X, parameter("s", {inputs()})); }

  // Z_block = X_block E_block, the other columns as they are
  std::string add(const layers::Embedding& spec, const std::string& X) {
    const std::vector<EmbeddingPart> parts = embedding_parts(spec, network_.layer(index_).inputs());
    const ConstMatrixView<T> all = network_.parameter(name_of("E"));
    const std::string E =
        parameter("E", {static_cast<std::int64_t>(all.rows()), static_cast<std::int64_t>(all.columns())});
    std::vector<std::string> Z;
    for (const EmbeddingPart& part : parts) {
      const std::string x = slice(X, -1, part.x, part.width);
      Z.push_back(part.is_block ? node("MatMul", x, slice(E, 0, part.row, part.width)) : x);
    }
    return graph_.add({"Concat", Z, {{"axis", std::int64_t{-1}}}});
  }

  // So many columns, or rows, of a tensor.
  std::string slice(const std::string& tensor, std::int64_t axis, std::size_t first, std::size_t count) {
    const auto constant_of = [&](const char* name, std::int64_t number) {
      return graph_.add_constant<std::int64_t>(name, {1}, {&number, 1});
    };
    const auto begin = static_cast<std::int64_t>(first);
    return graph_.add({"Slice",
                       {tensor, constant_of("begin", begin),
                        constant_of("end", begin + static_cast<std::int64_t>(count)), constant_of("axis", axis)}});
  }

  // Z = k rows X ⊙ r_m
  std::string add(const layers::Members& spec, const std::string& X) {
    if (spec.count == 1) return node("Mul", X, parameter("r", {inputs()}));
    const std::string axis = "axis of members";
    const std::int64_t one = 1;
    const std::string rows = node("Unsqueeze", X, graph_.add_constant<std::int64_t>(axis, {1}, {&one, 1}));
    return node("Mul", rows, parameter("r", {static_cast<std::int64_t>(spec.count), inputs()}));
  }

  // Z = x W_m + b_m: members first, so that each has a product of its own
  std::string add(const layers::Heads&, const std::string& X) {
    const auto members = static_cast<std::int64_t>(network_.copies(index_));
    const std::string W = turned(members);
    if (members == 1) return graph_.add({"Gemm", {X, W, parameter("b", {outputs()})}});
    const auto swap = [&](const std::string& tensor) {
      return graph_.add({"Transpose", {tensor}, {{"perm", std::vector<std::int64_t>{1, 0, 2}}}});
    };
    return swap(node("Add", node("MatMul", swap(X), W), parameter("b", {members, 1, outputs()})));
  }

  // W of heads, kept as members · outputs × inputs, with a matrix inputs × outputs for each member.
  std::string turned(std::int64_t members) {
    const ConstMatrixView<T> W = network_.parameter(name_of("W"));
    std::vector<T> elements;
    elements.reserve(W.size());
    const auto n = static_cast<std::size_t>(outputs());
    for (std::size_t m = 0; m < static_cast<std::size_t>(members); ++m)
      for (std::size_t j = 0; j < W.columns(); ++j)
        for (std::size_t c = 0; c < n; ++c) elements.push_back(W(m * n + c, j));
    const OnnxShape shape = members == 1 ? OnnxShape{inputs(), outputs()} : OnnxShape{members, inputs(), outputs()};
    return constant("W", shape, std::span<const T>(elements));
  }

  bool has_members() const { return network_.copies(std::min(index_, network_.size() - 1)) > 1; }
  std::int64_t inputs() const { return static_cast<std::int64_t>(network_.layer(index_).inputs()); }
  std::int64_t outputs() const { return static_cast<std::int64_t>(network_.layer(index_).outputs()); }
  std::string name_of(const std::string& block) const { return std::to_string(index_) + "." + block; }

  std::string node(const char* operation, const std::string& a, const std::string& b) {
    return graph_.add({operation, {a, b}});
  }
  std::string constant(const std::string& block, const OnnxShape& shape, std::span<const T> elements) {
    return graph_.add_constant<T>(prefix_ + name_of(block), shape, elements);
  }
  std::string parameter(const std::string& block, const OnnxShape& shape) {
    return constant(block, shape, network_.parameter(name_of(block)).elements());
  }
  ConstMatrixView<T> statistic(const std::string& block) const {
    const ParameterBlock& found =
        *std::ranges::find(network_.statistic_blocks(), name_of(block), &ParameterBlock::name);
    return {network_.statistics().data() + found.offset, found.rows, found.columns};
  }

  const Network<T>& network_;
  const std::string& prefix_;
  OnnxGraph& graph_;
  std::size_t index_ = 0;  // of the layer that is being added
};

}  // namespace

template <class T>
std::string add_network(const Network<T>& network, const std::string& prefix, const std::string& X,
                        OnnxGraph& graph) {
  return OnnxLayers<T>(network, prefix, graph).outputs_for(X);
}

template <class T>
std::string add_network_before_activation(const Network<T>& network, const std::string& prefix, const std::string& X,
                                          OnnxGraph& graph) {
  return OnnxLayers<T>(network, prefix, graph).Z_for(X);
}

template std::string add_network<float>(const Network<float>&, const std::string&, const std::string&, OnnxGraph&);
template std::string add_network<double>(const Network<double>&, const std::string&, const std::string&, OnnxGraph&);
template std::string add_network_before_activation<float>(const Network<float>&, const std::string&,
                                                          const std::string&, OnnxGraph&);
template std::string add_network_before_activation<double>(const Network<double>&, const std::string&,
                                                           const std::string&, OnnxGraph&);

}  // namespace neurone
