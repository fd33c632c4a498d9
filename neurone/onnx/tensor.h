// A tensor as our reader of ONNX sees it. It is built to be right, not fast: numbers of every width lie in double or
// in std::int64_t, and are brought to the width of their type after each step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/export/onnx_graph.h"

namespace neurone::onnx {

using Type = OnnxType;
using Shape = OnnxShape;

using Reals = std::vector<double>;         ///< float16, bfloat16, float32, float64
using Wholes = std::vector<std::int64_t>;  ///< integers of all widths, and booleans as 0 and 1
using Texts = std::vector<std::string>;

/// "float", "int64", "string": as ONNX calls them. Throws Error for a number that is no type of ours.
std::string_view type_name(Type type);
Type type_of(std::int64_t number);
bool is_real(Type type);
/// Integers and booleans.
bool is_whole(Type type);
/// Bytes of an element in a file; 0 for texts.
std::size_t size_of(Type type);

/// The nearest number of that type, ties to even; infinite beyond its largest.
double rounded(Type type, double value);
/// What an integer of that type keeps of it: its lowest bits. A boolean is 0 or 1.
std::int64_t wrapped(Type type, std::int64_t value);

/// A real number to a whole one as a cast does it: towards zero; one out of range becomes the nearest in range, NaN
/// 0.
std::int64_t truncated(double value);

/// The elements that a shape has. Throws Error where they are too many to be counted, or a size is below 0.
std::size_t count_of(const Shape& shape);
/// "3 × 4"; "a single number" for rank 0.
std::string shape_text(const Shape& shape);
/// An axis counted from the end if below 0. Throws Error for one that the rank does not have.
std::size_t axis_of(std::int64_t axis, std::size_t rank);

struct Tensor {
  Type type = Type::float32;
  Shape shape;
  std::variant<Reals, Wholes, Texts> elements;

  std::size_t size() const;
  std::size_t rank() const { return shape.size(); }

  /// Throw Error for a tensor of another kind.
  const Reals& reals() const;
  const Wholes& wholes() const;
  const Texts& texts() const;
  /// The numbers of a tensor of any kind but texts.
  Reals numbers() const;
};

/// Tensors of these elements, as many as the shape has. Numbers are brought to the type.
Tensor real_tensor(Type type, Shape shape, Reals elements);
Tensor whole_tensor(Type type, Shape shape, Wholes elements);
Tensor text_tensor(Shape shape, Texts elements);
Tensor scalar(Type type, double value);

/// The same elements in another shape of as many.
Tensor reshaped(Tensor tensor, Shape shape);

}  // namespace neurone::onnx
