// Safetensors files that are damaged, or claim what cannot be: each is refused, with what is wrong and where.
#include <gtest/gtest.h>

#include <string>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"
#include "tests/file/safetensors_bytes.h"

namespace neurone {
namespace {

std::string message_for(const std::string& bytes) {
  try {
    parse_safetensors(bytes, "a.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string message_for_fields(const std::string& fields, const std::string& buffer = {}) {
  return message_for(file_of(tensor_header(fields), buffer));
}
TEST(DamagedSafetensors, every_truncation_is_rejected) {
  for (const std::string& bytes : {read_file(TEST_DATA "/file/python.safetensors"), format_safetensors({}),
                                   format_safetensors({}, {{"a", "b"}})})
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_THROW(parse_safetensors(bytes.substr(0, size), "a"), Error) << size;
}

TEST(DamagedSafetensors, every_changed_byte_of_the_header_is_rejected_or_harmless) {
  const std::string bytes = read_file(TEST_DATA "/file/python.safetensors");
  for (std::size_t i = 0; i < bytes.size() - 68; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      try {
        const Safetensors file = parse_safetensors(damaged, "a");
        EXPECT_LE(file.tensors().size(), 7U);
      } catch (const Error&) {
      }
    }
  }
}

TEST(DamagedSafetensors, a_file_too_short_for_a_length_is_rejected) {
  EXPECT_EQ(message_for(""), "a.safetensors: 0 bytes, expected at least 8");
  EXPECT_EQ(message_for("1234567"), "a.safetensors: 7 bytes, expected at least 8");
}

TEST(DamagedSafetensors, a_header_past_the_end_is_rejected) {
  EXPECT_EQ(message_for(std::string("\x05\0\0\0\0\0\0\0{}", 10)),
            "a.safetensors: header of 5 bytes, but the file ends after 2");
}

TEST(DamagedSafetensors, a_header_over_the_limit_is_rejected) {
  EXPECT_EQ(message_for(std::string("\x01\xE1\xF5\x05\0\0\0\0{}", 10)),
            "a.safetensors: header of 100000001 bytes, expected at most 100000000");
  EXPECT_EQ(message_for(std::string(8, '\xFF')),
            "a.safetensors: header of 18446744073709551615 bytes, expected at most 100000000");
}

TEST(DamagedSafetensors, a_header_that_is_no_object_is_rejected) {
  for (const char* header : {"", "[]", "1", "null", " {}", "\xEF\xBB\xBF{}"})
    EXPECT_EQ(message_for(file_of(header)), "a.safetensors: header does not begin with {") << header;
}

TEST(DamagedSafetensors, a_header_that_is_no_json_is_rejected_with_the_byte) {
  EXPECT_EQ(message_for(file_of(R"({"W":x})")), "a.safetensors: header is not JSON in UTF-8 at byte 13");
  EXPECT_EQ(message_for(file_of("{}}")), "a.safetensors: header is not JSON in UTF-8 at byte 10");
  EXPECT_EQ(message_for(file_of("{")), "a.safetensors: header is not JSON in UTF-8 at byte 9");
  EXPECT_EQ(message_for(file_of(tensor_header(R"("shape":[1e999])"))),
            "a.safetensors: header is not JSON in UTF-8 at byte 27");
}

TEST(DamagedSafetensors, invalid_utf8_is_rejected_with_the_byte) {
  EXPECT_EQ(message_for(file_of("{\"\xC3(\":{}}")), "a.safetensors: header is not JSON in UTF-8 at byte 11");
  EXPECT_EQ(message_for(file_of(R"({"\uD800":{}})")), "a.safetensors: header is not JSON in UTF-8 at byte 16");
}

TEST(DamagedSafetensors, a_zero_in_the_header_is_rejected) {
  EXPECT_EQ(message_for(file_of(std::string("{}\0 ", 4))), "a.safetensors: header holds a zero at byte 10");
}

TEST(DamagedSafetensors, deep_nesting_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":)" + std::string(1'000'000, '[')),
            "a.safetensors: tensor 'W': shape holds a list, expected whole numbers below 2⁶⁴");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(message_for(file_of(objects)), "a.safetensors: tensor 'a': unknown field 'a'");
}

TEST(DamagedSafetensors, names_that_come_twice_are_rejected) {
  const std::string fields = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_EQ(message_for(file_of(R"({"W":)" + fields + R"(,"W":)" + fields + "}")),
            "a.safetensors: tensor 'W' comes twice");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","dtype":"U8")"), "a.safetensors: tensor 'W': dtype comes twice");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{},"__metadata__":{}})")),
            "a.safetensors: __metadata__ comes twice");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":"","a":""}})")),
            "a.safetensors: __metadata__: 'a' comes twice");
}

TEST(DamagedSafetensors, missing_fields_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":[0],"data_offsets":[0,0])"), "a.safetensors: tensor 'W': dtype is missing");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape is missing");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[0])"), "a.safetensors: tensor 'W': data_offsets is missing");
}

TEST(DamagedSafetensors, unknown_fields_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("offsets":[0,0])"), "a.safetensors: tensor 'W': unknown field 'offsets'");
}

TEST(DamagedSafetensors, fields_of_the_wrong_kind_are_rejected) {
  EXPECT_EQ(message_for(file_of(R"({"W":7})")), "a.safetensors: tensor 'W' is 7, expected an object");
  EXPECT_EQ(message_for(file_of(R"({"W":[]})")), "a.safetensors: tensor 'W' is a list, expected an object");
  EXPECT_EQ(message_for_fields(R"("dtype":null)"), "a.safetensors: tensor 'W': dtype is null, expected a text");
  EXPECT_EQ(message_for_fields(R"("shape":3)"),
            "a.safetensors: tensor 'W': shape is 3, expected a list of whole numbers");
  EXPECT_EQ(message_for_fields(R"("shape":{})"),
            "a.safetensors: tensor 'W': shape is an object, expected a list of whole numbers");
  EXPECT_EQ(message_for_fields(R"("data_offsets":true)"),
            "a.safetensors: tensor 'W': data_offsets is true, expected a list of whole numbers");
}

TEST(DamagedSafetensors, an_unknown_dtype_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"F33")"), "a.safetensors: tensor 'W': dtype is unknown: 'F33'");
}

TEST(DamagedSafetensors, shapes_of_other_than_whole_numbers_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":[2,-1])"),
            "a.safetensors: tensor 'W': shape holds -1, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":[1.5])"),
            "a.safetensors: tensor 'W': shape holds 1.5, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":[18446744073709551616])"),
            "a.safetensors: tensor 'W': shape holds 18446744073709551616, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":["2"])"),
            "a.safetensors: tensor 'W': shape holds the text '2', expected whole numbers below 2⁶⁴");
}

TEST(DamagedSafetensors, a_shape_whose_product_overflows_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape [4294967296, 4294967296] is too large");
  EXPECT_EQ(message_for_fields(R"("dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape [2305843009213693952] is too large");
}

TEST(DamagedSafetensors, offsets_other_than_two_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("data_offsets":[0])"),
            "a.safetensors: tensor 'W': data_offsets are 1 numbers, expected 2");
  EXPECT_EQ(message_for_fields(R"("data_offsets":[0,0,0])"),
            "a.safetensors: tensor 'W': data_offsets are more than 2 numbers");
}

TEST(DamagedSafetensors, offsets_that_run_backwards_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[2],"data_offsets":[2,0])", "xy"),
            "a.safetensors: tensor 'W': data_offsets [2, 0] run backwards");
}

TEST(DamagedSafetensors, offsets_that_do_not_fit_the_shape_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"F32","shape":[2,3],"data_offsets":[0,20])", std::string(20, 'x')),
            "a.safetensors: tensor 'W': shape [2, 3] of F32 takes 24 bytes, data_offsets give 20");
}

TEST(DamagedSafetensors, offsets_past_the_end_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[4],"data_offsets":[0,4])", "xyz"),
            "a.safetensors: tensor 'W' ends at byte 4 of the buffer, which ends at 3");
}

std::string two_tensors(const std::string& first, const std::string& second) {
  const std::string fields = R"({"dtype":"U8","shape":[2],"data_offsets":)";
  return file_of(R"({"a":)" + fields + first + R"(},"b":)" + fields + second + "}}", "wxyz");
}

TEST(DamagedSafetensors, overlapping_tensors_are_rejected) {
  EXPECT_EQ(message_for(two_tensors("[0,2]", "[1,3]")),
            "a.safetensors: tensor 'b' begins at byte 1 of the buffer and overlaps the tensor before it, which ends "
            "at 2");
  EXPECT_EQ(message_for(two_tensors("[0,2]", "[0,2]")),
            "a.safetensors: tensor 'b' begins at byte 0 of the buffer and overlaps the tensor before it, which ends "
            "at 2");
}

TEST(DamagedSafetensors, holes_are_rejected) {
  EXPECT_EQ(message_for(two_tensors("[2,4]", "[1,3]")),
            "a.safetensors: bytes 0 to 1 of the buffer belong to no tensor");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[0],"data_offsets":[2,2])", "xy"),
            "a.safetensors: bytes 0 to 2 of the buffer belong to no tensor");
}

TEST(DamagedSafetensors, bytes_left_over_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[2],"data_offsets":[0,2])", "xyz"),
            "a.safetensors: 1 bytes are left over after the last tensor");
}

TEST(DamagedSafetensors, metadata_of_other_than_texts_is_rejected) {
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":null})")),
            "a.safetensors: __metadata__ is null, expected an object");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":1}})")),
            "a.safetensors: __metadata__: 'a' is 1, expected a text");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":{}}})")),
            "a.safetensors: __metadata__: 'a' is an object, expected a text");
}

TEST(DamagedSafetensors, names_in_messages_are_short_and_printable) {
  std::string name = R"(\u001b[2J)";
  for (int i = 0; i < 100; ++i) name += "é";
  std::string shortened = "\\x1b[2J";
  for (int i = 0; i < 52; ++i) shortened += "é";
  EXPECT_EQ(message_for(file_of(R"({")" + name + R"(":1})")),
            "a.safetensors: tensor '" + shortened + "…' is 1, expected an object");
}

}  // namespace
}  // namespace neurone
