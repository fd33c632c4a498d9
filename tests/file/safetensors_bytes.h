// Safetensors files from their two parts, right or wrong.
#pragma once

#include <cstddef>
#include <string>

namespace neurone {

// The bytes of a file with this header and buffer, right or wrong.
inline std::string file_of(const std::string& header, const std::string& buffer = {}) {
  std::string bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + buffer;
}

// A header with the one tensor W and these fields.
inline std::string tensor_header(const std::string& fields) {
  return R"({"W":{)" + fields + "}}";
}

}  // namespace neurone
