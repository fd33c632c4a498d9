#include "neurone/file/safetensors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "tests/file/safetensors_bytes.h"

namespace neurone {
namespace {

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
    EXPECT_STREQ(error.what(), "safetensors: 'gr��' is not UTF-8");
  }
}

TEST(Safetensors, a_missing_file_is_reported) {
  EXPECT_THROW(read_safetensors(TEST_DATA "/file/none.safetensors"), Error);
}

}  // namespace
}  // namespace neurone
