#include "neurone/onnx/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "neurone/core/error.h"

namespace neurone::onnx {
namespace {

struct TypeFacts {
  Type type;
  std::string_view name;
  std::size_t size;
  enum class Kind : std::uint8_t { real, whole, text } kind;
};

constexpr std::array<TypeFacts, 14> all_types{{{Type::float32, "float", 4, TypeFacts::Kind::real},
                                               {Type::uint8, "uint8", 1, TypeFacts::Kind::whole},
                                               {Type::int8, "int8", 1, TypeFacts::Kind::whole},
                                               {Type::uint16, "uint16", 2, TypeFacts::Kind::whole},
                                               {Type::int16, "int16", 2, TypeFacts::Kind::whole},
                                               {Type::int32, "int32", 4, TypeFacts::Kind::whole},
                                               {Type::int64, "int64", 8, TypeFacts::Kind::whole},
                                               {Type::text, "string", 0, TypeFacts::Kind::text},
                                               {Type::boolean, "bool", 1, TypeFacts::Kind::whole},
                                               {Type::float16, "float16", 2, TypeFacts::Kind::real},
                                               {Type::float64, "double", 8, TypeFacts::Kind::real},
                                               {Type::uint32, "uint32", 4, TypeFacts::Kind::whole},
                                               {Type::uint64, "uint64", 8, TypeFacts::Kind::whole},
                                               {Type::bfloat16, "bfloat16", 2, TypeFacts::Kind::real}}};

const TypeFacts& facts_of(Type type) {
  return *std::ranges::find(all_types, type, &TypeFacts::type);
}

// To `digits` binary ones, fewer where the exponent would fall below the least one; infinite above `largest`.
double rounded_to(int digits, int least_exponent, double largest, double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int exponent = std::max(std::ilogb(value), least_exponent);
  const double step = std::ldexp(1, exponent - digits + 1);
  const double near = std::nearbyint(value / step) * step;
  return std::abs(near) > largest ? std::copysign(std::numeric_limits<double>::infinity(), value) : near;
}

}  // namespace

std::string_view type_name(Type type) {
  return facts_of(type).name;
}
Type type_of(std::int64_t number) {
  for (const TypeFacts& each : all_types)
    if (static_cast<std::int64_t>(each.type) == number) return each.type;
  throw Error(fmt::format("elements of type {} are none that neurone reads", number));
}
bool is_real(Type type) {
  return facts_of(type).kind == TypeFacts::Kind::real;
}
bool is_whole(Type type) {
  return facts_of(type).kind == TypeFacts::Kind::whole;
}
std::size_t size_of(Type type) {
  return facts_of(type).size;
}

double rounded(Type type, double value) {
  switch (type) {
    case Type::float32:
      return static_cast<float>(value);
    case Type::float16:
      return rounded_to(11, -14, 65504, value);
    case Type::bfloat16:
      return rounded_to(8, -126, 0x1.FEp127, value);
    default:
      return value;
  }
}

std::int64_t wrapped(Type type, std::int64_t value) {
  switch (type) {
    case Type::boolean:
      return value != 0 ? 1 : 0;
    case Type::uint8:
      return static_cast<std::uint8_t>(value);
    case Type::int8:
      return static_cast<std::int8_t>(value);
    case Type::uint16:
      return static_cast<std::uint16_t>(value);
    case Type::int16:
      return static_cast<std::int16_t>(value);
    case Type::uint32:
      return static_cast<std::uint32_t>(value);
    case Type::int32:
      return static_cast<std::int32_t>(value);
    default:
      return value;
  }
}

std::int64_t truncated(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
  if (value < -0x1p63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

std::size_t count_of(const Shape& shape) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double);
  constexpr std::size_t most_axes = 64;
  if (shape.size() > most_axes) throw Error(fmt::format("{} axes, expected at most {}", shape.size(), most_axes));
  std::size_t count = 1;
  for (const std::int64_t size : shape)
    if (size < 0) throw Error(fmt::format("a tensor of {} has a size below 0", shape_text(shape)));
  if (std::ranges::find(shape, 0) != shape.end()) return 0;
  for (const std::int64_t size : shape) {
    if (static_cast<std::size_t>(size) > most / count)
      throw Error(fmt::format("a tensor of {} is too large", shape_text(shape)));
    count *= static_cast<std::size_t>(size);
  }
  return count;
}

std::string shape_text(const Shape& shape) {
  if (shape.empty()) return "a single number";
  std::string text;
  for (const std::int64_t size : shape) text += fmt::format("{}{}", text.empty() ? "" : " × ", size);
  return text;
}

std::size_t axis_of(std::int64_t axis, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (axis < -size || axis >= size) throw Error(fmt::format("axis {} of a tensor of rank {}", axis, rank));
  return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

std::size_t Tensor::size() const {
  return std::visit([](const auto& each) { return each.size(); }, elements);
}

const Reals& Tensor::reals() const {
  if (const auto* found = std::get_if<Reals>(&elements)) return *found;
  throw Error(fmt::format("a tensor of {}, expected float or double", type_name(type)));
}
const Wholes& Tensor::wholes() const {
  if (const auto* found = std::get_if<Wholes>(&elements)) return *found;
  throw Error(fmt::format("a tensor of {}, expected whole numbers", type_name(type)));
}
const Texts& Tensor::texts() const {
  if (const auto* found = std::get_if<Texts>(&elements)) return *found;
  throw Error(fmt::format("a tensor of {}, expected string", type_name(type)));
}
Reals Tensor::numbers() const {
  if (const auto* whole = std::get_if<Wholes>(&elements)) return {whole->begin(), whole->end()};
  return reals();
}

Tensor real_tensor(Type type, Shape shape, Reals elements) {
  assert(is_real(type) && elements.size() == count_of(shape));
  if (type != Type::float64)
    for (double& each : elements) each = rounded(type, each);
  return {.type = type, .shape = std::move(shape), .elements = std::move(elements)};
}
Tensor whole_tensor(Type type, Shape shape, Wholes elements) {
  assert(is_whole(type) && elements.size() == count_of(shape));
  for (std::int64_t& each : elements) each = wrapped(type, each);
  return {.type = type, .shape = std::move(shape), .elements = std::move(elements)};
}
Tensor text_tensor(Shape shape, Texts elements) {
  assert(elements.size() == count_of(shape));
  return {.type = Type::text, .shape = std::move(shape), .elements = std::move(elements)};
}
Tensor scalar(Type type, double value) {
  if (is_real(type)) return real_tensor(type, {}, {value});
  return whole_tensor(type, {}, {truncated(value)});
}

Tensor reshaped(Tensor tensor, Shape shape) {
  if (count_of(shape) != tensor.size())
    throw Error(fmt::format("{} elements do not fit {}", tensor.size(), shape_text(shape)));
  tensor.shape = std::move(shape);
  return tensor;
}

}  // namespace neurone::onnx
