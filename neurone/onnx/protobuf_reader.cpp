// Four wire types; groups, which protobuf gave up long ago, are refused.
#include "neurone/onnx/protobuf_reader.h"

#include <fmt/format.h>

#include <bit>

#include "neurone/core/error.h"

namespace neurone::onnx {

std::uint64_t ProtobufReader::take_varint(std::string_view& from) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) throw Error("a number is cut off");
    const auto byte = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  throw Error("a number has more than ten bytes");
}

std::uint64_t ProtobufReader::take_fixed(std::string_view& from, std::size_t size) {
  if (from.size() < size) throw Error("a number is cut off");
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < size; ++k) value |= std::uint64_t{static_cast<std::uint8_t>(from[k])} << 8 * k;
  from.remove_prefix(size);
  return value;
}

bool ProtobufReader::next() {
  if (left_.empty()) return false;
  const std::uint64_t tag = take_varint(left_);
  if (tag >> 3 == 0 || tag >> 3 >= 1U << 29) throw Error(fmt::format("{} is the number of no field", tag >> 3));
  field_ = static_cast<std::uint32_t>(tag >> 3);
  kind_ = static_cast<Kind>(tag & 7);
  switch (kind_) {
    case Kind::varint:
      bits_ = take_varint(left_);
      return true;
    case Kind::eight_bytes:
      bits_ = take_fixed(left_, 8);
      return true;
    case Kind::four_bytes:
      bits_ = take_fixed(left_, 4);
      return true;
    case Kind::length: {
      const std::uint64_t size = take_varint(left_);
      if (size > left_.size())
        throw Error(fmt::format("field {} claims {} bytes, but {} are left", field_, size, left_.size()));
      contents_ = left_.substr(0, size);
      left_.remove_prefix(size);
      return true;
    }
  }
  throw Error(fmt::format("field {} is of the unknown wire type {}", field_, tag & 7));
}

void ProtobufReader::expect(Kind kind) const {
  if (kind_ != kind)
    throw Error(fmt::format("field {} is of wire type {}, expected {}", field_, static_cast<int>(kind_),
                            static_cast<int>(kind)));
}

std::int64_t ProtobufReader::number() const {
  expect(Kind::varint);
  return static_cast<std::int64_t>(bits_);
}

float ProtobufReader::float32() const {
  expect(Kind::four_bytes);
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits_));
}

std::string_view ProtobufReader::bytes() const {
  expect(Kind::length);
  return contents_;
}

void ProtobufReader::add_numbers(std::vector<std::int64_t>& numbers) const {
  if (kind_ != Kind::length) return numbers.push_back(number());
  for (std::string_view packed = contents_; !packed.empty();)
    numbers.push_back(static_cast<std::int64_t>(take_varint(packed)));
}

template <class Take> void ProtobufReader::add_fixed(Kind kind, std::size_t size, const Take& take) const {
  if (kind_ != Kind::length) {
    expect(kind);
    return take(bits_);
  }
  for (std::string_view packed = contents_; !packed.empty();) take(take_fixed(packed, size));
}

void ProtobufReader::add_floats(std::vector<double>& numbers) const {
  add_fixed(Kind::four_bytes, 4,
            [&](std::uint64_t bits) { numbers.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits))); });
}

void ProtobufReader::add_doubles(std::vector<double>& numbers) const {
  add_fixed(Kind::eight_bytes, 8, [&](std::uint64_t bits) { numbers.push_back(std::bit_cast<double>(bits)); });
}

}  // namespace neurone::onnx
