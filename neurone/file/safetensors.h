// The safetensors container: named tensors and named texts in one file, checked before anything is believed.
// Leaves to others which tensors make up a model and what their names mean.
//
//   8 bytes   n, the length of the header, unsigned, little-endian; at most 100,000,000
//   n bytes   JSON in UTF-8, padded with spaces to a multiple of 8:
//             {"__metadata__": {"key": "text", …},
//              "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
//   the rest  the values, row-major and little-endian; offsets count from here; no gap, no overlap, no remainder
#pragma once

#include <bit>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/file/tensor_type.h"

namespace neurone {

/// A view of values that someone else owns. Rank 0 is one value; a 0 in the shape is none.
struct Tensor {
  TensorType type = TensorType::F32;
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;
  std::endian order = std::endian::little;  ///< of `bytes`; what was read from a file is little-endian
};

using Tensors = std::map<std::string, Tensor>;
using Metadata = std::map<std::string, std::string>;

/// A parsed file: its bytes, and what they hold. Copies share the bytes.
class Safetensors {
 public:
  /// Views into the bytes held here: they live as long as this object or a copy of it.
  const Tensors& tensors() const { return tensors_; }
  const Metadata& metadata() const { return metadata_; }
  /// The name for messages, mostly the path.
  const std::string& source() const { return source_; }
  /// Throws Error when there is no tensor of that name.
  const Tensor& tensor(const std::string& name) const;

 private:
  friend Safetensors parse_safetensors(std::string bytes, const std::string& source);
  Safetensors(std::string bytes, std::string source);

  std::string source_;
  std::shared_ptr<const std::string> bytes_;
  Tensors tensors_;
  Metadata metadata_;
};

/// Throws Error for whatever is not exactly the format above: "model.safetensors: tensor 'W': dtype is missing".
/// `source` names the bytes in messages. Takes memory in proportion to the bytes, whatever they claim.
Safetensors parse_safetensors(std::string bytes, const std::string& source);

/// `parse_safetensors` of a file.
Safetensors read_safetensors(const std::string& path);

/// The file as bytes. Same tensors and metadata, same bytes: larger element types first, then by name, without gaps.
/// The bytes of each tensor have to fit its type and shape, and none is named "__metadata__" (asserted). Throws Error
/// when a name or text is not UTF-8 or the header becomes too long.
std::string format_safetensors(const Tensors& tensors, const Metadata& metadata = {});

/// A view of `values` as a tensor; T is float (F32) or double (F64). The product of the shape is their number.
template <class T> Tensor tensor_of(std::vector<std::size_t> shape, std::span<const T> values);

/// A copy of the values of a tensor; T is float (F32) or double (F64). Throws Error when the tensor is missing or of
/// another type: "model.safetensors: tensor 'W' is F64, expected F32".
template <class T> Vector<T> tensor_values(const Safetensors& file, const std::string& name);
/// The same of what has to be finite: "m.safetensors: tensor 'W' holds a value that is not finite (nan at place 17)".
template <class T> Vector<T> finite_tensor_values(const Safetensors& file, const std::string& name);

}  // namespace neurone
