// A tensor of the Open Inference Protocol: its datatype, and its elements read from JSON or from bytes.
// Which tensor is which column is left to oip.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/data/table.h"
#include "server/json_scanner.h"

namespace neurone::server {

struct Datatype {
  std::string_view name;
  std::size_t size;  ///< bytes of an element; 0 for BYTES, where they differ
  std::int64_t least = 0;
  std::uint64_t most = 0;  ///< of a whole number
  double largest = 0;      ///< of a number with a fraction, in size

  bool is_whole() const { return most != 0; }
};
std::span<const Datatype> all_datatypes();

/// Elements as text, one behind the other.
struct Texts {
  std::string text;
  std::vector<Cell> cells;

  void add(std::string_view element) {
    cells.emplace_back(text.size(), element.size());
    text += element;
  }
  std::string_view operator[](std::size_t i) const { return {text.data() + cells[i].begin, cells[i].size}; }
};

/// Elements of one tensor, last index fastest.
struct Tensor {
  std::string name;
  const Datatype* datatype = nullptr;
  std::vector<std::size_t> shape;
  /// As numbers what came as bytes of at most 53 bits of precision; all else as text: BYTES as they are, numbers as
  /// their digits, a missing value as nothing.
  std::variant<std::vector<double>, Texts> elements;
};

/// How many elements it has by its shape.
std::size_t size_of(const Tensor& tensor);

/// Reads one member of "inputs". `bytes` are the binary data behind the JSON: the tensor takes its part off their
/// front, where it says that it has one. `check` sees name, datatype and shape before any element is read, and throws
/// where they are not as they should be. Throws Refusal 400.
Tensor read_tensor(JsonScanner& json, std::string_view& bytes, const std::function<void(const Tensor&)>& check);

/// The JSON value that comes next, where it is a text, or true or false; otherwise it is passed over.
std::optional<std::string> text_or_nothing(JsonScanner& json);
std::optional<bool> flag_or_nothing(JsonScanner& json);

/// FP64 and BYTES as the binary extension has them.
std::string bytes_of(const std::vector<double>& values);
std::string bytes_of(const std::vector<std::string>& texts);

}  // namespace neurone::server
