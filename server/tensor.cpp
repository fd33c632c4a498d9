#include "server/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/suggestion.h"
#include "server/message.h"

namespace neurone::server {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "binary tensors are little-endian");

struct Datatype {
  std::string_view name;
  std::size_t size;  // bytes of an element, 0 where they differ
};
constexpr std::array<Datatype, 13> datatypes{{{"BOOL", 1},
                                              {"UINT8", 1},
                                              {"UINT16", 2},
                                              {"UINT32", 4},
                                              {"UINT64", 8},
                                              {"INT8", 1},
                                              {"INT16", 2},
                                              {"INT32", 4},
                                              {"INT64", 8},
                                              {"FP16", 2},
                                              {"FP32", 4},
                                              {"FP64", 8},
                                              {"BYTES", 0}}};

Refusal refusal(const Tensor& tensor, const std::string& what) {
  return {400, fmt::format("input '{}': {}", tensor.name, what)};
}

const Datatype& datatype_of(const Tensor& tensor) {
  const auto* const found = std::ranges::find(datatypes, tensor.datatype, &Datatype::name);
  if (found != datatypes.end()) return *found;
  std::vector<std::string> names;
  for (const Datatype& each : datatypes) names.emplace_back(each.name);
  throw refusal(tensor, unknown_name("datatype", tensor.datatype, names).what());
}

// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const double fraction = bits & 0x3FF;
  const double size = exponent == 0      ? std::ldexp(fraction, -24)
                      : exponent == 0x1F ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                         : std::ldexp(fraction + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

template <class T> std::vector<double> numbers_of(std::string_view bytes) {
  std::vector<double> numbers(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    T value{};
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    numbers[i] = static_cast<double>(value);
  }
  return numbers;
}

std::vector<double> numbers_of(std::string_view datatype, std::string_view bytes) {
  if (datatype == "BOOL" || datatype == "UINT8") return numbers_of<std::uint8_t>(bytes);
  if (datatype == "UINT16") return numbers_of<std::uint16_t>(bytes);
  if (datatype == "UINT32") return numbers_of<std::uint32_t>(bytes);
  if (datatype == "UINT64") return numbers_of<std::uint64_t>(bytes);
  if (datatype == "INT8") return numbers_of<std::int8_t>(bytes);
  if (datatype == "INT16") return numbers_of<std::int16_t>(bytes);
  if (datatype == "INT32") return numbers_of<std::int32_t>(bytes);
  if (datatype == "INT64") return numbers_of<std::int64_t>(bytes);
  if (datatype == "FP32") return numbers_of<float>(bytes);
  if (datatype == "FP64") return numbers_of<double>(bytes);
  std::vector<double> halves = numbers_of<std::uint16_t>(bytes);
  for (double& each : halves) each = half(static_cast<std::uint16_t>(each));
  return halves;
}

// Each text is its size, four bytes, and its bytes.
std::vector<std::string> texts_of(const Tensor& tensor, std::string_view bytes) {
  std::vector<std::string> texts;
  while (!bytes.empty()) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof(size)) throw refusal(tensor, "its bytes break off in the size of a text");
    std::memcpy(&size, bytes.data(), sizeof(size));
    bytes.remove_prefix(sizeof(size));
    if (bytes.size() < size)
      throw refusal(tensor, fmt::format("a text of {} bytes, {} are left", size, bytes.size()));
    texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return texts;
}

std::size_t whole(const Tensor& tensor, const Json& value, const char* what) {
  if (!value.is_number_unsigned()) throw refusal(tensor, fmt::format("{}: expected a whole number", what));
  return value.get<std::size_t>();
}

// Lists may stand in lists; the shape is what counts.
void append_elements(Tensor& tensor, const Json& data, int depth) {
  constexpr int deepest = 8;
  if (depth > deepest) throw refusal(tensor, "lists in lists in lists, deeper than any shape");
  for (const Json& each : data) {
    if (each.is_array()) {
      append_elements(tensor, each, depth + 1);
    } else if (auto* texts = std::get_if<std::vector<std::string>>(&tensor.elements)) {
      if (!each.is_string() && !each.is_null()) throw refusal(tensor, "BYTES: expected texts");
      texts->push_back(each.is_null() ? std::string() : each.get<std::string>());
    } else {
      if (!each.is_number() && !each.is_null() && !each.is_boolean())
        throw refusal(tensor, tensor.datatype + ": expected numbers");
      std::get<std::vector<double>>(tensor.elements)
          .push_back(each.is_null()      ? std::nan("")
                     : each.is_boolean() ? (each.get<bool>() ? 1 : 0)
                                         : each.get<double>());
    }
  }
}

// The part of the bytes that a tensor says is its own; nothing where its data stand in the JSON.
bool take_binary(Tensor& tensor, const Json& input, const Datatype& datatype, std::string_view& bytes) {
  const auto parameters = input.find("parameters");
  if (parameters == input.end() || !parameters->is_object() || !parameters->contains("binary_data_size"))
    return false;
  const std::size_t size = whole(tensor, parameters->at("binary_data_size"), "binary_data_size");
  if (size > bytes.size())
    throw refusal(tensor,
                  fmt::format("binary_data_size {}, but {} bytes are left behind the JSON", size, bytes.size()));
  const std::string_view own = bytes.substr(0, size);
  bytes.remove_prefix(size);
  if (datatype.size == 0) {
    tensor.elements = texts_of(tensor, own);
    return true;
  }
  if (size % datatype.size != 0)
    throw refusal(tensor, fmt::format("binary_data_size {}, expected a multiple of {}", size, datatype.size));
  tensor.elements = numbers_of(datatype.name, own);
  return true;
}

}  // namespace

Tensor tensor_of(const Json& input, std::string_view& bytes) {
  if (!input.is_object() || !input.contains("name") || !input["name"].is_string())
    throw Refusal(400, "inputs: expected objects with a name");
  Tensor tensor{.name = input["name"], .datatype = {}, .shape = {}, .elements = {}};
  if (!input.contains("datatype") || !input["datatype"].is_string()) throw refusal(tensor, "has no datatype");
  tensor.datatype = input["datatype"];
  const Datatype& datatype = datatype_of(tensor);
  if (!input.contains("shape") || !input["shape"].is_array()) throw refusal(tensor, "has no shape");
  constexpr std::size_t most = std::size_t{1} << 32;
  std::size_t size = 1;
  for (const Json& each : input["shape"]) {
    tensor.shape.push_back(whole(tensor, each, "shape"));
    if (tensor.shape.back() > most || size * tensor.shape.back() > most)
      throw refusal(tensor, "its shape is too large");
    size *= tensor.shape.back();
  }
  if (!take_binary(tensor, input, datatype, bytes)) {
    if (!input.contains("data") || !input["data"].is_array()) throw refusal(tensor, "has no data");
    if (datatype.size == 0) tensor.elements = std::vector<std::string>();
    append_elements(tensor, input["data"], 0);
  }
  if (tensor.size() != size)
    throw refusal(tensor, fmt::format("{} elements, expected {} for its shape", tensor.size(), size));
  return tensor;
}

std::string bytes_of(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(double), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string bytes_of(const std::vector<std::string>& texts) {
  std::string bytes;
  for (const std::string& text : texts) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::array<char, sizeof(size)> head{};
    std::memcpy(head.data(), &size, sizeof(size));
    bytes.append(head.data(), head.size());
    bytes += text;
  }
  return bytes;
}

}  // namespace neurone::server
