// Three of the wire types are enough: numbers of seven bits a byte (0), lengths followed by bytes (2), four bytes
// (5).
#include "neurone/export/protobuf.h"

#include <bit>

namespace neurone {
namespace {

enum WireType : std::uint32_t { varint_type = 0, length_type = 2, four_bytes_type = 5 };

constexpr std::uint64_t tag_of(std::uint32_t field, WireType type) {
  return std::uint64_t{field} << 3 | type;
}

}  // namespace

void ProtobufMessage::add_varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
  bytes_ += static_cast<char>(value);
}

void ProtobufMessage::add_number(std::uint32_t field, std::int64_t value) {
  add_varint(tag_of(field, varint_type));
  add_varint(static_cast<std::uint64_t>(value));
}

void ProtobufMessage::add_float(std::uint32_t field, float value) {
  add_varint(tag_of(field, four_bytes_type));
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
}

void ProtobufMessage::add_text(std::uint32_t field, std::string_view text) {
  add_varint(tag_of(field, length_type));
  add_varint(text.size());
  bytes_ += text;
}

}  // namespace neurone
