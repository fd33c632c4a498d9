// Operators that leave the numbers of a tensor that is followed as they are: other shapes, other types.
#include "neurone/onnx/chain_reader.h"

namespace neurone::onnx {

// A tensor of its shape, with rows, for operators to show what they do to shapes.
Tensor ChainReader::with_rows(const Traced& traced) {
  Shape shape = traced.shape;
  shape.insert(shape.begin(), rows_);
  budget_.spend_elements(count_of(shape));
  return whole_tensor(Type::boolean, shape, Wholes(count_of(shape), 0));
}

// Operators that change the shape at most.
bool ChainReader::trace_same_elements(const Node& node) {
  const bool is_same = node.is("Identity") || node.is("Dropout");
  const bool is_shaped = node.is("Flatten") || node.is("Reshape") || node.is("Squeeze") || node.is("Unsqueeze");
  Traced* const X = only_traced(node);
  if ((!is_same && !is_shaped) || X == nullptr || find(node, 0) != X) return false;
  Traced made = *X;
  if (is_shaped) {
    const Tensor counted = with_rows(*X);
    std::vector<const Tensor*> inputs{&counted};
    for (std::size_t k = 1; k < node.inputs.size(); ++k) inputs.push_back(constant(node, k));
    const Tensor Y = compute(node, graph_.version(""), inputs, budget_).at(0);
    if (Y.rank() == 0 || Y.shape.front() != rows_) return false;
    made.shape = {Y.shape.begin() + 1, Y.shape.end()};
  } else if (node.is("Dropout")) {
    const Tensor *const ratio = constant(node, 1), *const trains = constant(node, 2);
    if (trains != nullptr && trains->size() == 1 && trains->wholes().front() != 0 &&
        !(ratio != nullptr && ratio->size() == 1 && ratio->reals().front() == 0))
      throw Error("it is in training, expected it to predict");
  }
  set(node, std::move(made));
  return true;
}

// The shape of a tensor is known but for its rows.
bool ChainReader::trace_shape(const Node& node) {
  const Traced* const X = find(node, 0);
  if (!node.is("Shape") || X == nullptr || node.outputs.empty()) return false;
  const Tensor counted = with_rows(*X);
  constants_.set(node.outputs.front(), compute(node, graph_.version(""), {&counted}, budget_).at(0));
  return true;
}

bool ChainReader::trace_cast(const Node& node) {
  Traced* const X = find(node, 0);
  if (X == nullptr || (!node.is("Cast") && !node.is("CastLike"))) return false;
  const Tensor* const like = constant(node, 1);
  const Type to = node.is("Cast") ? type_of(node.whole("to", 0)) : like != nullptr ? like->type : X->type;
  const bool is_category =
      X->base == 0 && X->is_plain() && is_whole(X->type) && (to == Type::text || to == Type::int64);
  if (!is_category && (!is_real(to) || X->type == Type::text)) return false;
  if (to == Type::float16 || to == Type::bfloat16) throw computes_in(to);
  Traced made = *X;
  made.type = to;
  if (made.curve) {
    const Node cast{.name = node.name,
                    .operation = "Cast",
                    .domain = "",
                    .inputs = node.inputs,
                    .outputs = node.outputs,
                    .attributes = {{"to", static_cast<std::int64_t>(to)}}};
    made.curve = compute(cast, graph_.version(""), {&*X->curve}, budget_).at(0);
  }
  set(node, std::move(made));
  return true;
}

}  // namespace neurone::onnx
