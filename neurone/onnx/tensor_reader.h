// TensorProto: the shape, the type, and the elements in one of the ways that onnx.proto has for them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "neurone/onnx/tensor.h"

namespace neurone::onnx {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// All bytes of the file of that name, in which tensors stand. Throws Error where there may be none.
using OtherFile = std::function<std::string_view(const std::string& name)>;

/// Throws Error where elements are fewer or more than the shape has.
NamedTensor read_tensor(std::string_view bytes, const OtherFile& other_file);

}  // namespace neurone::onnx
