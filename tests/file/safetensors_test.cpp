#include "neurone/file/safetensors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/core/file.h"

namespace neurone {
namespace {

// The bytes of a file with this header and buffer, right or wrong.
std::string file_of(const std::string& header, const std::string& buffer = {}) {
  std::string bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + buffer;
}

// A header with the one tensor W and these fields.
std::string tensor_header(const std::string& fields) {
  return R"({"W":{)" + fields + "}}";
}

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

bool same(const Tensor& a, const Tensor& b) {
  return a.type == b.type && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

bool same(const Tensors& a, const Tensors& b) {
  return std::ranges::equal(
      a, b, [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// --- what is written is read ---------------------------------------------------------------------------------------

TEST(Safetensors, values_and_metadata_come_back) {
  const std::vector<float> W{1.5F, -2, std::numeric_limits<float>::infinity(), 0, 1e-40F, -0.0F};
  const std::vector<double> b{0.1, std::nan("")};
  const Metadata metadata{{"format", "neurone"}, {"quote", "a \"b\" \\ é\n"}, {"", ""}};
  const Safetensors file = parse_safetensors(
      format_safetensors({{"W", tensor_of<float>({2, 3}, W)}, {"b", tensor_of<double>({2}, b)}}, metadata), "a");
  EXPECT_EQ(file.metadata(), metadata);
  EXPECT_EQ(file.tensor("W").shape, (std::vector<std::size_t>{2, 3}));
  const Vector<float> W_read = tensor_values<float>(file, "W");
  EXPECT_TRUE(std::ranges::equal(W_read, W));
  EXPECT_TRUE(std::signbit(W_read[5]));
  EXPECT_EQ(tensor_values<double>(file, "b")[0], 0.1);
  EXPECT_TRUE(std::isnan(tensor_values<double>(file, "b")[1]));
}

TEST(Safetensors, rank_zero_and_empty_tensors_are_legal) {
  const std::vector<float> one{42}, none;
  const Safetensors file = parse_safetensors(
      format_safetensors({{"scalar", tensor_of<float>({}, one)}, {"empty", tensor_of<float>({3, 0}, none)}}), "a");
  EXPECT_TRUE(file.tensor("scalar").shape.empty());
  EXPECT_EQ(tensor_values<float>(file, "scalar"), Vector<float>{42});
  EXPECT_TRUE(tensor_values<float>(file, "empty").empty());
}

TEST(Safetensors, a_file_without_tensors_is_legal) {
  EXPECT_TRUE(parse_safetensors(format_safetensors({}), "a").tensors().empty());
  EXPECT_TRUE(parse_safetensors(file_of("{}"), "a").tensors().empty());
}

TEST(Safetensors, the_bytes_are_those_of_the_format) {
  const std::vector<float> W{1};
  const std::vector<double> b{2};
  const std::string header = R"({"__metadata__":{"a":"1","b":"2"},)"
                             R"("W":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                             R"("b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  const std::string buffer("\0\0\0\0\0\0\0\x40\0\0\x80\x3F", 12);  // wider types first; little-endian
  EXPECT_EQ(format_safetensors({{"W", tensor_of<float>({1}, W)}, {"b", tensor_of<double>({1}, b)}},
                               {{"b", "2"}, {"a", "1"}}),
            file_of(padded, buffer));
}

TEST(Safetensors, big_endian_tensors_are_turned_round) {
  const std::string one("\x3F\x80\0\0\x40\0\0\0", 8);  // 1 and 2
  const std::string bytes = format_safetensors({{"W", {TensorType::F32, {2}, bytes_of(one), std::endian::big}}});
  EXPECT_EQ(tensor_values<float>(parse_safetensors(bytes, "a"), "W"), (Vector<float>{1, 2}));
}

TEST(Safetensors, copies_outlive_the_original) {
  const std::vector<float> W{1, 2};
  std::vector<Safetensors> files;
  files.push_back(parse_safetensors(format_safetensors({{"W", tensor_of<float>({2}, W)}}), "a"));
  files.push_back(files.front());
  files.erase(files.begin());
  EXPECT_EQ(tensor_values<float>(files.front(), "W"), (Vector<float>{1, 2}));
}

TEST(Safetensors, every_type_has_its_size) {
  const std::vector<std::pair<std::string, std::size_t>> sizes{
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"U16", 2}, {"I16", 2}, {"F16", 2},
      {"BF16", 2}, {"U32", 4}, {"I32", 4}, {"F32", 4},     {"U64", 8},     {"I64", 8}, {"F64", 8}};
  for (const auto& [name, size] : sizes) {
    const Safetensors file =
        parse_safetensors(file_of(tensor_header(R"("dtype":")" + name + R"(","shape":[3],"data_offsets":[0,)" +
                                                std::to_string(3 * size) + "]"),
                                  std::string(3 * size, 'x')),
                          "a");
    EXPECT_EQ(name_of(file.tensor("W").type), name);
    EXPECT_EQ(size_of(file.tensor("W").type), size);
  }
}

TEST(Safetensors, fields_and_tensors_may_come_in_any_order) {
  const Safetensors file =
      parse_safetensors(file_of(R"({"b":{"data_offsets":[2,4],"shape":[2],"dtype":"U8"},"__metadata__":{},)"
                                R"("a":{"shape":[1,2],"data_offsets":[0,2],"dtype":"I8"}}   )",
                                "wxyz"),
                        "a");
  EXPECT_TRUE(std::ranges::equal(file.tensor("b").bytes, bytes_of("yz")));
}

TEST(Safetensors, a_file_written_by_python_is_read) {
  const Safetensors file = read_safetensors(TEST_DATA "/file/python.safetensors");
  EXPECT_EQ(file.metadata(), (Metadata{{"source", "Python"}, {"quote", "a \"b\" \\ é\n"}}));
  EXPECT_EQ(file.tensors().size(), 7U);
  EXPECT_EQ(file.tensor("float").shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(tensor_values<float>(file, "float"),
            (Vector<float>{1.5F, -2, 3.25F, 0, 1e-30F, std::numeric_limits<float>::infinity()}));
  EXPECT_EQ(tensor_values<double>(file, "double"), (Vector<double>{0.1, -1e300}));
  EXPECT_EQ(tensor_values<float>(file, "scalar"), Vector<float>{42});
  EXPECT_EQ(file.tensor("empty").shape, (std::vector<std::size_t>{0, 3}));
  EXPECT_TRUE(same(file.tensor("brain"),
                   {TensorType::BF16, {3}, bytes_of(std::string("\x80\x3F\0\xC0\0\x3F", 6)), std::endian::little}));
  EXPECT_TRUE(
      same(file.tensor("integer"), {TensorType::I64,
                                    {2},
                                    bytes_of(std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0\0\x01\0\0", 16)),
                                    std::endian::little}));
  EXPECT_TRUE(
      same(file.tensor("größe"), {TensorType::BOOL, {2}, bytes_of(std::string("\x01\0", 2)), std::endian::little}));
}

// Text of all characters up to U+07FF, with quotes, zeros and controls among them.
std::string any_text() {
  std::string text;
  for (const int code : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 0x800))) {
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else {
      text += static_cast<char>(0xC0 | (code >> 6));
      text += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return text;
}

RC_GTEST_PROP(Safetensors, whatever_is_formatted_is_parsed_and_formatted_to_the_same_bytes, ()) {
  std::deque<std::string> buffers;  // a deque: views of its elements stay
  Tensors tensors;
  Metadata metadata;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    const auto type = *rc::gen::element(TensorType::BOOL, TensorType::U8, TensorType::BF16, TensorType::F16,
                                        TensorType::F32, TensorType::I32, TensorType::F64, TensorType::I64);
    const auto shape =
        *rc::gen::resize(3, rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 4)));
    std::size_t size = size_of(type);
    for (const std::size_t n : shape) size *= n;
    const auto buffer = *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
    tensors[any_text()] = {type, shape, bytes_of(buffers.emplace_back(buffer)), std::endian::little};
  }
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) metadata[any_text()] = any_text();

  const std::string bytes = format_safetensors(tensors, metadata);
  const Safetensors file = parse_safetensors(bytes, "a");
  RC_ASSERT(same(file.tensors(), tensors));
  RC_ASSERT(file.metadata() == metadata);
  RC_ASSERT(format_safetensors(file.tensors(), file.metadata()) == bytes);
}

// --- what is damaged is rejected -----------------------------------------------------------------------------------

TEST(Safetensors, every_truncation_is_rejected) {
  for (const std::string& bytes : {read_file(TEST_DATA "/file/python.safetensors"), format_safetensors({}),
                                   format_safetensors({}, {{"a", "b"}})})
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_THROW(parse_safetensors(bytes.substr(0, size), "a"), Error) << size;
}

TEST(Safetensors, every_changed_byte_of_the_header_is_rejected_or_harmless) {
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

TEST(Safetensors, a_file_too_short_for_a_length_is_rejected) {
  EXPECT_EQ(message_for(""), "a.safetensors: 0 bytes, expected at least 8");
  EXPECT_EQ(message_for("1234567"), "a.safetensors: 7 bytes, expected at least 8");
}

TEST(Safetensors, a_header_past_the_end_is_rejected) {
  EXPECT_EQ(message_for(std::string("\x05\0\0\0\0\0\0\0{}", 10)),
            "a.safetensors: header of 5 bytes, but the file ends after 2");
}

TEST(Safetensors, a_header_over_the_limit_is_rejected) {
  EXPECT_EQ(message_for(std::string("\x01\xE1\xF5\x05\0\0\0\0{}", 10)),
            "a.safetensors: header of 100000001 bytes, expected at most 100000000");
  EXPECT_EQ(message_for(std::string(8, '\xFF')),
            "a.safetensors: header of 18446744073709551615 bytes, expected at most 100000000");
}

TEST(Safetensors, a_header_that_is_no_object_is_rejected) {
  for (const char* header : {"", "[]", "1", "null", " {}", "\xEF\xBB\xBF{}"})
    EXPECT_EQ(message_for(file_of(header)), "a.safetensors: header does not begin with {") << header;
}

TEST(Safetensors, a_header_that_is_no_json_is_rejected_with_the_byte) {
  EXPECT_EQ(message_for(file_of(R"({"W":x})")), "a.safetensors: header is not JSON in UTF-8 at byte 13");
  EXPECT_EQ(message_for(file_of("{}}")), "a.safetensors: header is not JSON in UTF-8 at byte 10");
  EXPECT_EQ(message_for(file_of("{")), "a.safetensors: header is not JSON in UTF-8 at byte 9");
  EXPECT_EQ(message_for(file_of(tensor_header(R"("shape":[1e999])"))),
            "a.safetensors: header is not JSON in UTF-8 at byte 27");
}

TEST(Safetensors, invalid_utf8_is_rejected_with_the_byte) {
  EXPECT_EQ(message_for(file_of("{\"\xC3(\":{}}")), "a.safetensors: header is not JSON in UTF-8 at byte 11");
  EXPECT_EQ(message_for(file_of(R"({"\uD800":{}})")), "a.safetensors: header is not JSON in UTF-8 at byte 16");
}

TEST(Safetensors, a_zero_in_the_header_is_rejected) {
  EXPECT_EQ(message_for(file_of(std::string("{}\0 ", 4))), "a.safetensors: header holds a zero at byte 10");
}

TEST(Safetensors, deep_nesting_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":)" + std::string(1'000'000, '[')),
            "a.safetensors: tensor 'W': shape holds a list, expected whole numbers below 2⁶⁴");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(message_for(file_of(objects)), "a.safetensors: tensor 'a': unknown field 'a'");
}

TEST(Safetensors, names_that_come_twice_are_rejected) {
  const std::string fields = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_EQ(message_for(file_of(R"({"W":)" + fields + R"(,"W":)" + fields + "}")),
            "a.safetensors: tensor 'W' comes twice");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","dtype":"U8")"), "a.safetensors: tensor 'W': dtype comes twice");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{},"__metadata__":{}})")),
            "a.safetensors: __metadata__ comes twice");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":"","a":""}})")),
            "a.safetensors: __metadata__: 'a' comes twice");
}

TEST(Safetensors, missing_fields_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":[0],"data_offsets":[0,0])"), "a.safetensors: tensor 'W': dtype is missing");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape is missing");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[0])"), "a.safetensors: tensor 'W': data_offsets is missing");
}

TEST(Safetensors, unknown_fields_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("offsets":[0,0])"), "a.safetensors: tensor 'W': unknown field 'offsets'");
}

TEST(Safetensors, fields_of_the_wrong_kind_are_rejected) {
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

TEST(Safetensors, an_unknown_dtype_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"F33")"), "a.safetensors: tensor 'W': dtype is unknown: 'F33'");
}

TEST(Safetensors, shapes_of_other_than_whole_numbers_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("shape":[2,-1])"),
            "a.safetensors: tensor 'W': shape holds -1, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":[1.5])"),
            "a.safetensors: tensor 'W': shape holds 1.5, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":[18446744073709551616])"),
            "a.safetensors: tensor 'W': shape holds 18446744073709551616, expected whole numbers below 2⁶⁴");
  EXPECT_EQ(message_for_fields(R"("shape":["2"])"),
            "a.safetensors: tensor 'W': shape holds the text '2', expected whole numbers below 2⁶⁴");
}

TEST(Safetensors, a_shape_whose_product_overflows_is_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape [4294967296, 4294967296] is too large");
  EXPECT_EQ(message_for_fields(R"("dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0])"),
            "a.safetensors: tensor 'W': shape [2305843009213693952] is too large");
}

TEST(Safetensors, offsets_other_than_two_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("data_offsets":[0])"),
            "a.safetensors: tensor 'W': data_offsets are 1 numbers, expected 2");
  EXPECT_EQ(message_for_fields(R"("data_offsets":[0,0,0])"),
            "a.safetensors: tensor 'W': data_offsets are more than 2 numbers");
}

TEST(Safetensors, offsets_that_run_backwards_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[2],"data_offsets":[2,0])", "xy"),
            "a.safetensors: tensor 'W': data_offsets [2, 0] run backwards");
}

TEST(Safetensors, offsets_that_do_not_fit_the_shape_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"F32","shape":[2,3],"data_offsets":[0,20])", std::string(20, 'x')),
            "a.safetensors: tensor 'W': shape [2, 3] of F32 takes 24 bytes, data_offsets give 20");
}

TEST(Safetensors, offsets_past_the_end_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[4],"data_offsets":[0,4])", "xyz"),
            "a.safetensors: tensor 'W' ends at byte 4 of the buffer, which ends at 3");
}

std::string two_tensors(const std::string& first, const std::string& second) {
  const std::string fields = R"({"dtype":"U8","shape":[2],"data_offsets":)";
  return file_of(R"({"a":)" + fields + first + R"(},"b":)" + fields + second + "}}", "wxyz");
}

TEST(Safetensors, overlapping_tensors_are_rejected) {
  EXPECT_EQ(message_for(two_tensors("[0,2]", "[1,3]")),
            "a.safetensors: tensor 'b' begins at byte 1 of the buffer and overlaps the tensor before it, which ends "
            "at 2");
  EXPECT_EQ(message_for(two_tensors("[0,2]", "[0,2]")),
            "a.safetensors: tensor 'b' begins at byte 0 of the buffer and overlaps the tensor before it, which ends "
            "at 2");
}

TEST(Safetensors, holes_are_rejected) {
  EXPECT_EQ(message_for(two_tensors("[2,4]", "[1,3]")),
            "a.safetensors: bytes 0 to 1 of the buffer belong to no tensor");
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[0],"data_offsets":[2,2])", "xy"),
            "a.safetensors: bytes 0 to 2 of the buffer belong to no tensor");
}

TEST(Safetensors, bytes_left_over_are_rejected) {
  EXPECT_EQ(message_for_fields(R"("dtype":"U8","shape":[2],"data_offsets":[0,2])", "xyz"),
            "a.safetensors: 1 bytes are left over after the last tensor");
}

TEST(Safetensors, metadata_of_other_than_texts_is_rejected) {
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":null})")),
            "a.safetensors: __metadata__ is null, expected an object");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":1}})")),
            "a.safetensors: __metadata__: 'a' is 1, expected a text");
  EXPECT_EQ(message_for(file_of(R"({"__metadata__":{"a":{}}})")),
            "a.safetensors: __metadata__: 'a' is an object, expected a text");
}

TEST(Safetensors, names_in_messages_are_short_and_printable) {
  std::string name = R"(\u001b[2J)";
  for (int i = 0; i < 100; ++i) name += "é";
  std::string shortened = "?[2J";
  for (int i = 0; i < 28; ++i) shortened += "é";
  EXPECT_EQ(message_for(file_of(R"({")" + name + R"(":1})")),
            "a.safetensors: tensor '" + shortened + "…' is 1, expected an object");
}

// --- what is asked for wrongly is reported -------------------------------------------------------------------------

TEST(Safetensors, a_missing_tensor_is_reported) {
  try {
    parse_safetensors(file_of("{}"), "a.safetensors").tensor("W");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.safetensors: tensor 'W' is missing");
  }
}

TEST(Safetensors, values_of_another_type_are_reported) {
  const std::vector<double> W{1};
  const Safetensors file = parse_safetensors(format_safetensors({{"W", tensor_of<double>({1}, W)}}), "a.safetensors");
  try {
    tensor_values<float>(file, "W");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.safetensors: tensor 'W' is F64, expected F32");
  }
}

TEST(Safetensors, names_and_texts_that_are_not_utf8_are_not_written) {
  const std::vector<float> none;
  EXPECT_THROW(format_safetensors({{"\xFF", tensor_of<float>({0}, none)}}), Error);
  try {
    format_safetensors({}, {{"columns", "gr\xF6\xDF"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "safetensors: \"gr��\" is not UTF-8");
  }
}

TEST(Safetensors, a_missing_file_is_reported) {
  EXPECT_THROW(read_safetensors(TEST_DATA "/file/none.safetensors"), Error);
}

}  // namespace
}  // namespace neurone
