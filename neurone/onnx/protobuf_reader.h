// The wire format of Protocol Buffers, the side that reads: one field after the other, nothing copied, every length
// checked against the bytes that are there. export/protobuf.h writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace neurone::onnx {

/// Goes through the fields of a message (protobuf.dev, "Encoding"):
///
///     while (message.next())
///       if (message.field() == 3) name = message.bytes();
///
/// All of it throws Error for bytes that are no message, or a field that is of another kind than was asked for.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : left_(bytes) {}

  /// To the next field; false at the end.
  bool next();
  std::uint32_t field() const { return field_; }

  /// An int32, int64, bool or enum.
  std::int64_t number() const;
  float float32() const;
  /// A string, bytes or a message.
  std::string_view bytes() const;

  /// The values of a repeated field, packed or one by one, behind those that are there.
  void add_numbers(std::vector<std::int64_t>& numbers) const;
  void add_floats(std::vector<double>& numbers) const;
  void add_doubles(std::vector<double>& numbers) const;

 private:
  enum class Kind : std::uint8_t { varint = 0, eight_bytes = 1, length = 2, four_bytes = 5 };

  static std::uint64_t take_varint(std::string_view& from);
  static std::uint64_t take_fixed(std::string_view& from, std::size_t size);
  template <class Take> void add_fixed(Kind kind, std::size_t size, const Take& take) const;
  void expect(Kind kind) const;

  std::string_view left_;
  std::uint32_t field_ = 0;
  Kind kind_ = Kind::varint;
  std::uint64_t bits_ = 0;     // of a varint or a fixed field
  std::string_view contents_;  // of a length field
};

}  // namespace neurone::onnx
