// Operators that give elements another shape, or none at all but shapes and constants.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

void give_reshaped(Call& call, Shape shape) {
  call.spend(call.input(0).shape);
  call.give(reshaped(call.input(0), std::move(shape)));
}

// 0 is the size that X has there, −1 what is left.
void reshape(Call& call) {
  const Tensor& X = call.input(0);
  Shape shape = call.list("shape", 1);
  const bool copies = call.node().whole("allowzero", 0) == 0;
  std::size_t known = 1;
  std::ptrdiff_t open = -1;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (shape[k] == 0 && copies) {
      if (k >= X.rank()) throw Error(fmt::format("axis {} of {}", k, shape_text(X.shape)));
      shape[k] = X.shape[k];
    }
    if (shape[k] != -1) continue;
    if (open >= 0) throw Error("two sizes are left open");
    open = static_cast<std::ptrdiff_t>(k);
  }
  if (open >= 0) {
    Shape others = shape;
    others.erase(others.begin() + open);
    known = count_of(others);
    if (known == 0 || X.size() % known != 0)
      throw Error(fmt::format("{} elements do not fit {}", X.size(), shape_text(shape)));
    shape[static_cast<std::size_t>(open)] = static_cast<std::int64_t>(X.size() / known);
  }
  give_reshaped(call, std::move(shape));
}

void flatten(Call& call) {
  const Tensor& X = call.input(0);
  const std::int64_t given = call.node().whole("axis", 1);
  const auto rank = static_cast<std::int64_t>(X.rank());
  if (given < -rank || given > rank) throw Error(fmt::format("axis {} of a tensor of rank {}", given, rank));
  const auto at = X.shape.begin() + (given < 0 ? given + rank : given);
  give_reshaped(call, {static_cast<std::int64_t>(count_of({X.shape.begin(), at})),
                       static_cast<std::int64_t>(count_of({at, X.shape.end()}))});
}

void squeeze(Call& call) {
  const Tensor& X = call.input(0);
  const Wholes axes = call.list("axes", 1);
  std::vector<bool> is_dropped(X.rank(), false);
  for (const std::int64_t axis : axes) is_dropped[axis_of(axis, X.rank())] = true;
  Shape shape;
  for (std::size_t k = 0; k < X.rank(); ++k)
    if (axes.empty() ? X.shape[k] != 1 : !is_dropped[k]) shape.push_back(X.shape[k]);
  give_reshaped(call, std::move(shape));
}

void unsqueeze(Call& call) {
  const Tensor& X = call.input(0);
  const Wholes axes = call.list("axes", 1);
  constexpr std::size_t most_axes = 64;
  if (axes.size() > most_axes - std::min(most_axes, X.rank()))
    throw Error(fmt::format("{} axes", axes.size() + X.rank()));
  std::vector<bool> is_new(X.rank() + axes.size(), false);
  for (const std::int64_t axis : axes) is_new[axis_of(axis, is_new.size())] = true;
  Shape shape;
  auto next = X.shape.begin();
  for (const bool each : is_new) {
    if (!each && next == X.shape.end()) throw Error("an axis is named twice");
    shape.push_back(each ? 1 : *next++);
  }
  give_reshaped(call, std::move(shape));
}

void shape_of(Call& call) {
  const Tensor& X = call.input(0);
  const auto rank = static_cast<std::int64_t>(X.rank());
  const auto place = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t begin = place(call.node().whole("start", 0)), end = place(call.node().whole("end", rank));
  Wholes sizes;
  for (std::int64_t k = begin; k < end; ++k) sizes.push_back(X.shape[static_cast<std::size_t>(k)]);
  const Shape shape{std::ssize(sizes)};
  call.give(whole_tensor(Type::int64, shape, std::move(sizes)));
}
void size_of_tensor(Call& call) {
  call.give(whole_tensor(Type::int64, {}, {static_cast<std::int64_t>(call.input(0).size())}));
}

void constant_of_shape(Call& call) {
  const Shape shape = call.input(0).wholes();
  const auto found = call.node().attributes.find("value");
  const Tensor* const value = found != call.node().attributes.end() ? std::get_if<Tensor>(&found->second) : nullptr;
  if (value != nullptr && value->size() != 1) throw Error("expected one value");
  Tensor filled = value != nullptr ? reshaped(*value, {1}) : real_tensor(Type::float32, {1}, {0});
  call.spend(shape);
  std::visit([&](auto& elements) { elements = repeated(elements, {1}, shape); }, filled.elements);
  filled.shape = shape;
  call.give(std::move(filled));
}

void constant(Call& call) {
  const Node& node = call.node();
  const auto length = [](const auto& list) { return Shape{std::ssize(list)}; };
  if (const auto found = node.attributes.find("value"); found != node.attributes.end()) {
    if (const auto* tensor = std::get_if<Tensor>(&found->second)) return call.give(*tensor);
    throw Error("its value is no tensor");
  }
  if (node.has("value_float")) return call.give(scalar(Type::float32, node.real("value_float", 0)));
  if (node.has("value_floats"))
    return call.give(real_tensor(Type::float32, length(node.reals("value_floats")), node.reals("value_floats")));
  if (node.has("value_int")) return call.give(whole_tensor(Type::int64, {}, {node.whole("value_int", 0)}));
  if (node.has("value_ints"))
    return call.give(whole_tensor(Type::int64, length(node.wholes("value_ints")), node.wholes("value_ints")));
  if (node.has("value_string")) return call.give(text_tensor({}, {node.text("value_string", "")}));
  if (node.has("value_strings"))
    return call.give(text_tensor(length(node.texts("value_strings")), node.texts("value_strings")));
  throw Error("it has no value");
}

void identity(Call& call) {
  call.spend(call.input(0).shape);
  call.give(call.input(0));
}

// Nothing is dropped but in training, where chance is asked for.
void dropout(Call& call) {
  const bool trains = call.has(2) && call.input(2).size() == 1 && call.input(2).wholes().front() != 0;
  const bool drops = !call.has(1) || call.input(1).size() != 1 || call.input(1).reals().front() != 0;
  if (trains && drops) throw Error("it is in training, expected it to predict");
  const Tensor& X = call.input(0);
  call.spend(X.shape);
  call.give(X);
  call.give(whole_tensor(Type::boolean, X.shape, Wholes(call.spend(X.shape), 1)));
}

constexpr std::array<NamedOperator, 10> shape_operators{{{"Constant", constant},
                                                         {"ConstantOfShape", constant_of_shape},
                                                         {"Dropout", dropout},
                                                         {"Flatten", flatten},
                                                         {"Identity", identity},
                                                         {"Reshape", reshape},
                                                         {"Shape", shape_of},
                                                         {"Size", size_of_tensor},
                                                         {"Squeeze", squeeze},
                                                         {"Unsqueeze", unsqueeze}}};

}  // namespace

Operator find_shape_operator(std::string_view name) {
  const auto* const found = std::ranges::find(shape_operators, name, &NamedOperator::name);
  return found != shape_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
