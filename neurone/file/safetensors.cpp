// Offsets against shapes, each other and the file when reading; the layout of the buffer when writing.
#include "neurone/file/safetensors.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/core/finite.h"
#include "neurone/file/safetensors_header.h"

namespace neurone {
namespace {

constexpr std::size_t length_bytes = 8;              // of the header's length
constexpr std::size_t longest_header = 100'000'000;  // bytes, the format's limit
constexpr std::size_t alignment = 8;                 // of the end of the header

template <class T> constexpr TensorType type_of = std::is_same_v<T, float> ? TensorType::F32 : TensorType::F64;

using Entries = std::map<std::string, TensorEntry>;

// The product of the shape and the size of an element; nothing when it does not fit.
std::optional<std::size_t> byte_count(TensorType type, const std::vector<std::size_t>& shape) {
  std::size_t product = size_of(type);
  for (const std::size_t size : shape) {
    if (size != 0 && product > std::numeric_limits<std::size_t>::max() / size) return std::nullopt;
    product *= size;
  }
  return product;
}

std::string list_text(const std::vector<std::size_t>& shape) {
  constexpr std::size_t most = 8;  // a damaged file may have millions
  std::string text;
  for (std::size_t i = 0; i < std::min(shape.size(), most); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return "[" + text + (shape.size() > most ? ", …]" : "]");
}

std::size_t header_length(const std::string& bytes, const std::string& source) {
  if (bytes.size() < length_bytes)
    throw Error(source, std::to_string(bytes.size()) + " bytes, expected at least " + std::to_string(length_bytes));
  std::uint64_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = (length << 8) | static_cast<unsigned char>(bytes[i]);
  if (length > longest_header)
    throw Error(source,
                "header of " + std::to_string(length) + " bytes, expected at most " + std::to_string(longest_header));
  if (length > bytes.size() - length_bytes)
    throw Error(source, "header of " + std::to_string(length) + " bytes, but the file ends after " +
                            std::to_string(bytes.size() - length_bytes));
  return static_cast<std::size_t>(length);
}

// Each tensor takes the bytes that its type and shape want.
void check_sizes(const Entries& entries, const std::string& source) {
  for (const auto& [name, entry] : entries) {
    const std::string where = "tensor " + quoted_name(name) + ": ";
    if (entry.begin > entry.end)
      throw Error(source, where + "data_offsets " + list_text({entry.begin, entry.end}) + " run backwards");
    const auto wanted = byte_count(entry.type, entry.shape);
    if (!wanted) throw Error(source, where + "shape " + list_text(entry.shape) + " is too large");
    if (*wanted != entry.end - entry.begin)
      throw Error(source, where + "shape " + list_text(entry.shape) + " of " + std::string(name_of(entry.type)) +
                              " takes " + std::to_string(*wanted) + " bytes, data_offsets give " +
                              std::to_string(entry.end - entry.begin));
  }
}

// The tensors fill the buffer from its first byte to its last, side by side.
void check_layout(const Entries& entries, std::size_t buffer_size, const std::string& source) {
  std::vector<const Entries::value_type*> in_order;
  for (const auto& entry : entries) in_order.push_back(&entry);
  std::ranges::sort(in_order, {}, [](const auto* e) { return std::pair(e->second.begin, e->second.end); });

  std::size_t filled = 0;
  for (const auto* named : in_order) {
    const auto& [name, entry] = *named;
    const std::string where = "tensor " + quoted_name(name);
    if (entry.end > buffer_size)
      throw Error(source, where + " ends at byte " + std::to_string(entry.end) + " of the buffer, which ends at " +
                              std::to_string(buffer_size));
    if (entry.begin < filled)
      throw Error(source, where + " begins at byte " + std::to_string(entry.begin) +
                              " of the buffer and overlaps the tensor before it, which ends at " +
                              std::to_string(filled));
    if (entry.begin > filled)
      throw Error(source, "bytes " + std::to_string(filled) + " to " + std::to_string(entry.begin) +
                              " of the buffer belong to no tensor");
    filled = entry.end;
  }
  if (filled < buffer_size)
    throw Error(source, std::to_string(buffer_size - filled) + " bytes are left over after the last tensor");
}

// Larger element types first, so that each tensor is aligned to its elements without gaps; then by name.
std::vector<const Tensors::value_type*> file_order(const Tensors& tensors) {
  std::vector<const Tensors::value_type*> order;
  for (const auto& tensor : tensors) order.push_back(&tensor);
  std::ranges::sort(order, [](const auto* a, const auto* b) {
    const std::size_t a_size = size_of(a->second.type), b_size = size_of(b->second.type);
    return a_size != b_size ? a_size > b_size : a->first < b->first;
  });
  return order;
}

// Copies elements of `size` bytes, turned round where the orders differ.
void copy_elements(const Tensor& tensor, std::endian order, std::byte* out) {
  if (tensor.bytes.empty()) return;  // memcpy takes no null pointer
  std::memcpy(out, tensor.bytes.data(), tensor.bytes.size());
  if (tensor.order == order) return;
  const std::size_t size = size_of(tensor.type);
  for (std::size_t i = 0; i < tensor.bytes.size(); i += size) std::reverse(out + i, out + i + size);
}

}  // namespace

Safetensors::Safetensors(std::string bytes, std::string source)
    : source_(std::move(source)), bytes_(std::make_shared<const std::string>(std::move(bytes))) {
  const std::size_t length = header_length(*bytes_, source_);
  SafetensorsHeader header =
      parse_header(std::string_view(*bytes_).substr(length_bytes, length), length_bytes, source_);
  const auto buffer = std::as_bytes(std::span(*bytes_)).subspan(length_bytes + length);
  check_sizes(header.tensors, source_);
  check_layout(header.tensors, buffer.size(), source_);
  for (auto& [name, entry] : header.tensors)
    tensors_.emplace_hint(tensors_.end(), name,
                          Tensor{entry.type, std::move(entry.shape),
                                 buffer.subspan(entry.begin, entry.end - entry.begin), std::endian::little});
  metadata_ = std::move(header.metadata);
}

const Tensor& Safetensors::tensor(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw Error(source_, "tensor " + quoted_name(name) + " is missing");
  return found->second;
}

Safetensors parse_safetensors(std::string bytes, const std::string& source) {
  return Safetensors(std::move(bytes), source);
}

Safetensors read_safetensors(const std::string& path) {
  return parse_safetensors(read_file(path), path);
}

std::string format_safetensors(const Tensors& tensors, const Metadata& metadata) {
  const auto order = file_order(tensors);
  SafetensorsHeader header{.tensors = {}, .metadata = metadata};
  std::size_t buffer_size = 0;
  for (const auto* named : order) {
    const auto& [name, tensor] = *named;
    assert(byte_count(tensor.type, tensor.shape) == tensor.bytes.size());
    const std::size_t begin = std::exchange(buffer_size, buffer_size + tensor.bytes.size());
    header.tensors[name] = {tensor.type, tensor.shape, begin, buffer_size};
  }

  std::string json = format_header(header);
  json.resize((json.size() + alignment - 1) / alignment * alignment, ' ');
  if (json.size() > longest_header)
    throw Error("safetensors", "header of " + std::to_string(json.size()) + " bytes, expected at most " +
                                   std::to_string(longest_header));
  std::string bytes;
  bytes.reserve(length_bytes + json.size() + buffer_size);
  for (std::size_t i = 0; i < length_bytes; ++i)
    bytes += static_cast<char>(static_cast<unsigned char>(std::uint64_t{json.size()} >> (8 * i)));
  bytes += json;
  std::size_t end = bytes.size();
  bytes.resize(end + buffer_size);
  const auto out = std::as_writable_bytes(std::span(bytes));
  for (const auto* named : order) {
    copy_elements(named->second, std::endian::little, out.data() + end);
    end += named->second.bytes.size();
  }
  return bytes;
}

template <class T> Tensor tensor_of(std::vector<std::size_t> shape, std::span<const T> values) {
  assert(byte_count(type_of<T>, shape) == values.size_bytes());
  return {type_of<T>, std::move(shape), std::as_bytes(values), std::endian::native};
}

template <class T> Vector<T> tensor_values(const Safetensors& file, const std::string& name) {
  const Tensor& tensor = file.tensor(name);
  if (tensor.type != type_of<T>)
    throw Error(file.source(), "tensor " + quoted_name(name) + " is " + std::string(name_of(tensor.type)) +
                                   ", expected " + std::string(name_of(type_of<T>)));
  Vector<T> values(tensor.bytes.size() / sizeof(T));
  copy_elements(tensor, std::endian::native, std::as_writable_bytes(std::span(values)).data());
  return values;
}

template <class T> Vector<T> finite_tensor_values(const Safetensors& file, const std::string& name) {
  Vector<T> values = tensor_values<T>(file, name);
  if (const std::string found = not_finite_text(std::span<const T>(values)); !found.empty())
    throw Error(file.source(), "tensor " + quoted_name(name) + " holds a value that is not finite (" + found + ")");
  return values;
}

template Tensor tensor_of(std::vector<std::size_t>, std::span<const float>);
template Tensor tensor_of(std::vector<std::size_t>, std::span<const double>);
template Vector<float> tensor_values(const Safetensors&, const std::string&);
template Vector<double> tensor_values(const Safetensors&, const std::string&);
template Vector<float> finite_tensor_values(const Safetensors&, const std::string&);
template Vector<double> finite_tensor_values(const Safetensors&, const std::string&);

}  // namespace neurone
