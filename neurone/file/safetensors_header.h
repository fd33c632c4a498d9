// The JSON header of a safetensors file, to and from a plain struct.
// Leaves to safetensors.cpp whether the offsets fit the shapes, each other and the file.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/file/safetensors.h"

namespace neurone {

/// What the header says of one tensor.
struct TensorEntry {
  TensorType type = TensorType::F32;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;  ///< data_offsets, in bytes from the end of the header
  std::size_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, TensorEntry> tensors;
  Metadata metadata;
};

/// `first_byte` is where the header begins in the file, for messages. Throws Error that begins with `source`.
SafetensorsHeader parse_header(std::string_view json, std::size_t first_byte, const std::string& source);

/// Without the padding. Throws Error when a name or a text is not UTF-8.
std::string format_header(const SafetensorsHeader& header);

/// A name from a file, quoted and fit for a message: short, without control characters that a terminal would obey.
std::string quoted_name(std::string_view name);

}  // namespace neurone
