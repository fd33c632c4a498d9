// The element types of safetensors files: their names and sizes.
// Leaves the values to others.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace neurone {

/// The types whose elements are whole bytes, by their names in the file.
enum class TensorType { BOOL, U8, I8, F8_E4M3, F8_E5M2, U16, I16, F16, BF16, U32, I32, F32, U64, I64, F64 };

/// "F32"
std::string_view name_of(TensorType type);

/// Bytes an element.
std::size_t size_of(TensorType type);

/// The type of that name; nothing when there is none.
std::optional<TensorType> tensor_type(std::string_view name);

}  // namespace neurone
