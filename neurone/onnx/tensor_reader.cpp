#include "neurone/onnx/tensor_reader.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/onnx/protobuf_reader.h"

namespace neurone::onnx {
namespace {

// Half a float: 1 bit of sign, 5 of exponent, 10 of mantissa.
double from_float16(std::uint64_t bits) {
  const auto mantissa = static_cast<double>(bits & 0x3FF);
  const int exponent = static_cast<int>(bits >> 10 & 0x1F);
  double value = exponent == 0      ? std::ldexp(mantissa, -24)
                 : exponent != 0x1F ? std::ldexp(mantissa + 1024, exponent - 25)
                 : mantissa == 0    ? std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::quiet_NaN();
  if ((bits & 0x8000) != 0) value = -value;
  return value;
}

double real_of_bits(Type type, std::uint64_t bits) {
  switch (type) {
    case Type::float16:
      return from_float16(bits);
    case Type::bfloat16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits << 16));
    case Type::float32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    default:
      return std::bit_cast<double>(bits);
  }
}

// What stands in the message, before any of it is believed.
struct TensorFields {
  Shape shape;
  Type type = Type::float32;
  Reals floats, doubles;
  Wholes small, large;  // int32_data; int64_data or uint64_data
  Texts texts;
  std::string_view raw;
  bool has_raw = false, is_elsewhere = false;
  std::map<std::string, std::string> elsewhere;  // location, offset, length
};

TensorFields read_fields(std::string_view bytes, std::string& name) {
  TensorFields read;
  std::int64_t type = 0;
  for (ProtobufReader message(bytes); message.next();) switch (message.field()) {
      case tensor_proto::dims:
        message.add_numbers(read.shape);
        break;
      case tensor_proto::data_type:
        type = message.number();
        break;
      case tensor_proto::name:
        name = message.bytes();
        break;
      case tensor_proto::float_data:
        message.add_floats(read.floats);
        break;
      case tensor_proto::double_data:
        message.add_doubles(read.doubles);
        break;
      case tensor_proto::int32_data:
        message.add_numbers(read.small);
        break;
      case tensor_proto::int64_data:
      case tensor_proto::uint64_data:
        message.add_numbers(read.large);
        break;
      case tensor_proto::string_data:
        read.texts.emplace_back(message.bytes());
        break;
      case tensor_proto::raw_data:
        read.raw = message.bytes();
        read.has_raw = true;
        break;
      case tensor_proto::data_location:
        read.is_elsewhere = message.number() == 1;
        break;
      case tensor_proto::external_data: {
        std::string key, value;
        for (ProtobufReader entry(message.bytes()); entry.next();) {
          if (entry.field() == entry_proto::key) key = entry.bytes();
          if (entry.field() == entry_proto::value) value = entry.bytes();
        }
        read.elsewhere[key] = value;
        break;
      }
      default:
        break;
    }
  read.type = type_of(type);
  return read;
}

std::size_t number_at(const std::map<std::string, std::string>& entries, const char* key, std::size_t otherwise) {
  const auto found = entries.find(key);
  if (found == entries.end()) return otherwise;
  std::size_t number = 0;
  const std::string& text = found->second;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size())
    throw Error(fmt::format("its {} in another file is '{}', expected a number", key, text));
  return number;
}

std::string_view bytes_elsewhere(const TensorFields& read, const OtherFile& other_file) {
  const auto location = read.elsewhere.find("location");
  if (location == read.elsewhere.end()) throw Error("it stands in another file, whose name is missing");
  const std::string_view file = other_file(location->second);
  const std::size_t offset = number_at(read.elsewhere, "offset", 0);
  const std::size_t length = number_at(read.elsewhere, "length", count_of(read.shape) * size_of(read.type));
  if (offset > file.size() || length > file.size() - offset)
    throw Error(
        fmt::format("bytes {} to {} of '{}', which has {}", offset, offset + length, location->second, file.size()));
  return file.substr(offset, length);
}

Tensor from_raw(const TensorFields& read, std::string_view raw, std::size_t count) {
  const std::size_t width = size_of(read.type);
  if (width == 0) throw Error("strings cannot be raw bytes");
  if (raw.size() % width != 0 || raw.size() / width != count)
    throw Error(fmt::format("{} bytes for {} of {}", raw.size(), shape_text(read.shape), type_name(read.type)));
  const auto bits_of = [&](std::size_t k) {
    std::uint64_t bits = 0;
    for (std::size_t b = 0; b < width; ++b)
      bits |= std::uint64_t{static_cast<std::uint8_t>(raw[k * width + b])} << 8 * b;
    return bits;
  };
  if (is_real(read.type)) {
    Reals elements(count);
    for (std::size_t k = 0; k < count; ++k) elements[k] = real_of_bits(read.type, bits_of(k));
    return real_tensor(read.type, read.shape, std::move(elements));
  }
  Wholes elements(count);
  for (std::size_t k = 0; k < count; ++k) elements[k] = static_cast<std::int64_t>(bits_of(k));
  return whole_tensor(read.type, read.shape, std::move(elements));
}

void expect_count(const TensorFields& read, std::size_t expected, std::size_t found) {
  if (expected != found)
    throw Error(fmt::format("{} elements for {} of {}", found, shape_text(read.shape), type_name(read.type)));
}

Tensor from_lists(TensorFields& read, std::size_t count) {
  if (read.type == Type::text) {
    expect_count(read, count, read.texts.size());
    return text_tensor(read.shape, std::move(read.texts));
  }
  if (is_whole(read.type)) {
    const bool is_large = read.type == Type::int64 || read.type == Type::uint64 || read.type == Type::uint32;
    Wholes& elements = is_large ? read.large : read.small;
    expect_count(read, count, elements.size());
    return whole_tensor(read.type, read.shape, std::move(elements));
  }
  if (read.type == Type::float16 || read.type == Type::bfloat16) {  // their bits, as whole numbers
    expect_count(read, count, read.small.size());
    Reals elements;
    for (const std::int64_t bits : read.small)
      elements.push_back(real_of_bits(read.type, static_cast<std::uint64_t>(bits) & 0xFFFF));
    return real_tensor(read.type, read.shape, std::move(elements));
  }
  Reals& elements = read.type == Type::float32 ? read.floats : read.doubles;
  expect_count(read, count, elements.size());
  return real_tensor(read.type, read.shape, std::move(elements));
}

}  // namespace

NamedTensor read_tensor(std::string_view bytes, const OtherFile& other_file) {
  NamedTensor named;
  try {
    TensorFields read = read_fields(bytes, named.name);
    const std::size_t count = count_of(read.shape);
    if (read.is_elsewhere)
      named.tensor = from_raw(read, bytes_elsewhere(read, other_file), count);
    else
      named.tensor = read.has_raw ? from_raw(read, read.raw, count) : from_lists(read, count);
    if (named.tensor.type == Type::uint64)
      for (const std::int64_t each : named.tensor.wholes())
        if (each < 0) throw Error("a whole number above 9223372036854775807");
  } catch (const Error& error) {
    throw Error(named.name.empty() ? "a tensor" : "tensor '" + named.name + "'", error.what());
  }
  return named;
}

}  // namespace neurone::onnx
