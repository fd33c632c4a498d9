// A tensor of the Open Inference Protocol: its datatype, and its elements read from JSON or from bytes.
// Which tensor is which column is left to oip.h.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace neurone::server {

/// Elements of one tensor, last index fastest.
struct Tensor {
  std::string name, datatype;
  std::vector<std::size_t> shape;
  /// BYTES are texts, everything else numbers; 64-bit integers keep their digits only up to 2^53.
  std::variant<std::vector<double>, std::vector<std::string>> elements;

  std::size_t size() const {
    return std::visit([](const auto& each) { return each.size(); }, elements);
  }
};

/// One member of "inputs". `bytes` are the binary data behind the JSON: the tensor takes its part off their front,
/// where it says that it has one. Throws Refusal 400.
Tensor tensor_of(const nlohmann::json& input, std::string_view& bytes);

/// FP64 and BYTES as the binary extension has them.
std::string bytes_of(const std::vector<double>& values);
std::string bytes_of(const std::vector<std::string>& texts);

}  // namespace neurone::server
