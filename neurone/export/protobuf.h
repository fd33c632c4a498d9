// The wire format of Protocol Buffers, the side that writes: numbered fields one behind the other. That is all that
// an ONNX file is made of; which number stands for what is left to onnx_graph.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace neurone {

/// A message as the bytes of its fields (protobuf.dev, "Encoding"). A repeated field is written as often as it has
/// values.
class ProtobufMessage {
 public:
  /// An int32, int64, bool or enum: seven bits a byte, the lowest first; a negative number takes ten bytes.
  void add_number(std::uint32_t field, std::int64_t value);
  /// A float: four bytes, the lowest first.
  void add_float(std::uint32_t field, float value);
  /// A string or bytes: their number, then themselves.
  void add_text(std::uint32_t field, std::string_view text);
  /// A message within this one.
  void add_message(std::uint32_t field, const ProtobufMessage& message) { add_text(field, message.bytes()); }

  const std::string& bytes() const { return bytes_; }

 private:
  void add_varint(std::uint64_t value);

  std::string bytes_;
};

}  // namespace neurone
