// The bytes of messages, against the examples of protobuf.dev's page "Encoding".
#include "neurone/export/protobuf.h"

#include <gtest/gtest.h>

#include <string>

namespace neurone {
namespace {

TEST(Protobuf, writes_numbers_seven_bits_a_byte) {
  ProtobufMessage message;
  message.add_number(1, 150);
  EXPECT_EQ(message.bytes(), "\x08\x96\x01");
}

TEST(Protobuf, writes_negative_numbers_in_ten_bytes) {
  ProtobufMessage message;
  message.add_number(1, -2);
  EXPECT_EQ(message.bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Protobuf, writes_texts_behind_their_length) {
  ProtobufMessage message;
  message.add_text(2, "testing");
  EXPECT_EQ(message.bytes(), "\x12\x07testing");
}

TEST(Protobuf, writes_a_message_within_another) {
  ProtobufMessage inner, outer;
  inner.add_number(1, 150);
  outer.add_message(3, inner);
  EXPECT_EQ(outer.bytes(), "\x1a\x03\x08\x96\x01");
}

TEST(Protobuf, writes_floats_lowest_byte_first_and_high_field_numbers) {
  ProtobufMessage message;
  message.add_float(20, 1.5F);
  EXPECT_EQ(message.bytes(), std::string("\xa5\x01\x00\x00\xc0\x3f", 6));
}

}  // namespace
}  // namespace neurone
