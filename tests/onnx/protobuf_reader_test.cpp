#include "neurone/onnx/protobuf_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "neurone/core/error.h"
#include "neurone/export/protobuf.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

using namespace std::string_literals;

TEST(ProtobufReader, reads_what_is_written) {
  ProtobufMessage message;
  message.add_number(1, -150);
  message.add_float(20, 1.5F);
  message.add_text(3, "testing");
  ProtobufReader reader(message.bytes());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 1U);
  EXPECT_EQ(reader.number(), -150);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 20U);
  EXPECT_EQ(reader.float32(), 1.5F);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.bytes(), "testing");
  EXPECT_FALSE(reader.next());
}

TEST(ProtobufReader, reads_repeated_numbers_packed_or_one_by_one) {
  std::vector<std::int64_t> numbers;
  for (ProtobufReader reader("\x08\x03\x0a\x03\x04\x96\x01"); reader.next();) reader.add_numbers(numbers);
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{3, 4, 150}));
  std::vector<double> floats;
  const std::string bytes = "\x0d\x00\x00\xc0\x3f\x0a\x04\x00\x00\x80\xbf"s;
  for (ProtobufReader reader(bytes); reader.next();) reader.add_floats(floats);
  EXPECT_EQ(floats, (std::vector<double>{1.5, -1}));
}

std::string problem_of(const std::string& bytes) {
  return message_of<Error>([&] {
    for (ProtobufReader reader(bytes); reader.next();) {
    }
  });
}

TEST(ProtobufReader, refuses_bytes_that_are_no_message) {
  EXPECT_EQ(problem_of("\x08\x96"), "a number is cut off");
  EXPECT_EQ(problem_of("\x08" + std::string(10, '\xff')), "a number has more than ten bytes");
  EXPECT_EQ(problem_of("\x12\x07test"), "field 2 claims 7 bytes, but 4 are left");
  EXPECT_EQ(problem_of("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            "field 2 claims 18446744073709551615 bytes, but 0 are left");
  EXPECT_EQ(problem_of("\x00\x01"s), "0 is the number of no field");
  EXPECT_EQ(problem_of("\x0b"), "field 1 is of the unknown wire type 3");
  EXPECT_EQ(problem_of("\x0d\x01"), "a number is cut off");
}

TEST(ProtobufReader, refuses_a_field_of_another_kind) {
  ProtobufReader reader("\x08\x01");
  reader.next();
  EXPECT_EQ(message_of<Error>([&] { reader.bytes(); }), "field 1 is of wire type 0, expected 2");
}

}  // namespace
}  // namespace neurone::onnx
