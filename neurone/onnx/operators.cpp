#include "neurone/onnx/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace neurone::onnx {
namespace {

template <class Elements> Elements repeat_elements(const Elements& elements, const Shape& from, const Shape& to) {
  if (from == to) return elements;
  if (elements.size() == 1) return Elements(count_of(to), elements.front());
  const std::size_t rank = to.size();
  std::vector<std::size_t> steps(rank, 0);
  std::size_t all = 1;
  for (std::size_t axis = from.size(); axis-- > 0;) {
    if (from[axis] != 1) steps[axis + rank - from.size()] = all;
    all *= static_cast<std::size_t>(from[axis]);
  }
  Elements repeated;
  for (const std::size_t place : places_of(to, steps)) repeated.push_back(elements[place]);
  return repeated;
}

}  // namespace

void Budget::spend_steps(std::uint64_t steps) {
  if (steps > steps_) throw Error("it asks for more arithmetic than a file of this size may");
  steps_ -= steps;
}

void Budget::spend_elements(std::uint64_t elements) {
  spend_steps(elements);
  if (elements > elements_) throw Error("it asks for more memory than a file of this size may");
  elements_ -= elements;
}

const Tensor& Call::input(std::size_t number) const {
  if (!has(number)) throw Error(fmt::format("input {} is missing", number + 1));
  return *inputs_[number];
}

std::size_t Call::spend(const Shape& shape) {
  const std::size_t count = count_of(shape);
  if (count > std::numeric_limits<std::uint64_t>::max() / unit_) throw Error("a tensor is too large");
  budget_.spend_elements(count * unit_);
  return count;
}

std::uint64_t Call::text_unit() const {
  std::size_t longest = 0;
  bool has_texts = false;
  const auto look = [&](const Texts& texts) {
    has_texts = has_texts || !texts.empty();
    for (const std::string& each : texts) longest = std::max(longest, each.size());
  };
  for (const Tensor* const each : inputs_)
    if (each != nullptr && each->type == Type::text) look(each->texts());
  for (const auto& [name, value] : node_.attributes)
    if (const auto* texts = std::get_if<Texts>(&value)) look(*texts);
  return has_texts ? (sizeof(std::string) + longest) / sizeof(double) + 1 : 1;
}

Wholes Call::list(std::string_view attribute, std::size_t input) const {
  return has(input) ? inputs_[input]->wholes() : node_.wholes(attribute);
}

Operator find_operator(const Node& node) {
  if (node.domain == onnx_ml) return find_ml_operator(node.operation);
  if (!node.domain.empty()) return nullptr;
  for (const auto find : {find_unary_operator, find_elementwise_operator, find_product_operator,
                          find_reduction_operator, find_shape_operator, find_picking_operator})
    if (const Operator found = find(node.operation)) return found;
  return nullptr;
}

bool is_elementwise(const Node& node) {
  return node.domain.empty() && node.operation != "Cast" && node.operation != "CastLike" &&
         (find_unary_operator(node.operation) != nullptr || find_elementwise_operator(node.operation) != nullptr);
}

std::vector<Tensor> compute(const Node& node, std::int64_t version, std::vector<const Tensor*> inputs,
                            Budget& budget) {
  const Operator compute = find_operator(node);
  if (compute == nullptr)
    throw node_error(node, fmt::format("neurone does not have the operator {}", node.operation));
  Call call(node, version, std::move(inputs), budget);
  try {
    compute(call);
  } catch (const Error& error) {
    const std::string what = error.what(), named = node.title() + ": ";
    throw node_error(node, what.starts_with(named) ? what.substr(named.size()) : what);
  }
  return std::move(call.outputs());
}

Shape common_shape(const Shape& a, const Shape& b) {
  Shape common(std::max(a.size(), b.size()), 1);
  for (std::size_t k = 0; k < common.size(); ++k) {
    const std::size_t behind = common.size() - k;  // axes are matched from the last on
    const std::int64_t x = behind <= a.size() ? a[a.size() - behind] : 1;
    const std::int64_t y = behind <= b.size() ? b[b.size() - behind] : 1;
    if (x != y && x != 1 && y != 1)
      throw Error(fmt::format("{} and {} do not fit each other", shape_text(a), shape_text(b)));
    common[k] = x == 1 ? y : x;
  }
  return common;
}

Reals repeated(const Reals& elements, const Shape& from, const Shape& to) {
  return repeat_elements(elements, from, to);
}
Wholes repeated(const Wholes& elements, const Shape& from, const Shape& to) {
  return repeat_elements(elements, from, to);
}
Texts repeated(const Texts& elements, const Shape& from, const Shape& to) {
  return repeat_elements(elements, from, to);
}

std::vector<std::size_t> places_of(const Shape& shape, const std::vector<std::size_t>& steps) {
  std::vector<std::size_t> places(count_of(shape));
  Shape index(shape.size(), 0);
  std::size_t at = 0;
  for (std::size_t& place : places) {
    place = at;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      at += steps[axis];
      if (++index[axis] < shape[axis]) break;
      at -= steps[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return places;
}

Axis::Axis(const Shape& shape, std::size_t axis) {
  if (count_of(shape) == 0) {  // nothing to go through; the product of the others may be anything
    size = static_cast<std::size_t>(shape[axis]);
    outer = inner = 0;
    return;
  }
  for (std::size_t k = 0; k < shape.size(); ++k)
    (k < axis ? outer : k == axis ? size : inner) *= static_cast<std::size_t>(shape[k]);
}

}  // namespace neurone::onnx
