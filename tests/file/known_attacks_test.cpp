// What went wrong in other programs that open model files, each by the number under which it was published
// (docs/security.md): the same attack on ours is refused.
#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "neurone/file/model_file.h"
#include "neurone/file/safetensors.h"
#include "tests/file/safetensors_bytes.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

const std::string model_bytes =
    format_model(model_of_x<float>(ClassTarget{.name = "y", .classes = {"a", "b", "c"}},
                                   {losses::CategoricalCrossEntropy{}}, "softmax", {1, 2, 3, 4, 5, 6}));

bool is_refused_as_model(const std::string& bytes) {
  return message_of<Error>([&] { parse_model(bytes, "m"); }) != "no error";
}
bool is_refused(const std::string& header, const std::string& buffer = {}) {
  return message_of<Error>([&] { parse_safetensors(file_of(header, buffer), "m"); }) != "no error";
}

// The model with another value at a place of its description.
std::string described_with(const std::string& place, const Json& value) {
  const Safetensors file = parse_safetensors(model_bytes, "m");
  Metadata metadata = file.metadata();
  Json description = Json::parse(metadata.at("model"));
  description[Json::json_pointer(place)] = value;
  metadata["model"] = description.dump();
  return format_safetensors(file.tensors(), metadata);
}

TEST(KnownAttacks, the_file_that_they_start_from_is_a_model) {
  EXPECT_FALSE(is_refused_as_model(model_bytes));
  EXPECT_FALSE(is_refused(tensor_header(R"("dtype":"U8","shape":[2],"data_offsets":[0,2])"), "ab"));
}

// LightGBM before 4.6 wrote behind a buffer whose size a model file had told: here a count that is not that of what
// follows is refused before anything is made by it.
TEST(KnownAttacks, CVE_2024_43598_counts_that_are_not_those_of_what_follows) {
  for (const std::size_t units : {1U, 2U, 4U, 3'000'000U})
    EXPECT_TRUE(is_refused_as_model(described_with("/layers/0", "dense:units=" + std::to_string(units))));
  EXPECT_TRUE(is_refused_as_model(described_with("/networks", 2)));
  EXPECT_TRUE(is_refused_as_model(described_with("/networks", 1'000'000'000)));
}

// llama.cpp before b5662 compared the length of a text as a signed number: a length with the highest bit set was
// short.
TEST(KnownAttacks, CVE_2025_49847_lengths_with_the_highest_bit_set) {
  for (const char last : {'\x80', '\xFF'}) {
    std::string bytes = model_bytes;
    bytes[7] = last;  // of the header's length, 64 bits
    EXPECT_TRUE(is_refused_as_model(bytes));
  }
  EXPECT_TRUE(is_refused(tensor_header(R"("dtype":"U8","shape":[18446744073709551614],"data_offsets":[0,2])"), "ab"));
  EXPECT_TRUE(is_refused(tensor_header(R"("dtype":"U8","shape":[-2],"data_offsets":[0,2])"), "ab"));
}

// llama.cpp added up the sizes of tensors until the sum began again at 0 (CVE-2025-53630); the check that mended it
// was passed by a product that did so (CVE-2026-27940).
TEST(KnownAttacks, CVE_2025_53630_and_CVE_2026_27940_sums_and_products_beyond_64_bits) {
  const std::string half = "9223372036854775808";
  EXPECT_TRUE(is_refused(R"({"a":{"dtype":"U8","shape":[)" + half + R"(],"data_offsets":[0,)" + half +
                         R"(]},"b":{"dtype":"U8","shape":[)" + half + R"(],"data_offsets":[)" + half + ",0]}}"));
  EXPECT_TRUE(is_refused(tensor_header(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])")));
  EXPECT_TRUE(is_refused(tensor_header(R"("dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0])")));
  EXPECT_TRUE(
      is_refused(tensor_header(R"("dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4])"), "abcd"));
}

// Keras ran what the description of a model named: modules and functions (CVE-2025-1550), and models in other files
// (CVE-2026-1462). Here a name is looked up in a list of the library, and nothing names a file.
TEST(KnownAttacks, CVE_2025_1550_and_CVE_2026_1462_names_of_code_and_of_files) {
  for (const std::string name : {"os.system", "__import__", "lambda", "TFSMLayer", "/etc/passwd",
                                 "../other.safetensors", "file:///etc/passwd"}) {
    EXPECT_TRUE(is_refused_as_model(described_with("/layers/0", name))) << name;
    EXPECT_TRUE(is_refused_as_model(described_with("/layers/0", "dense:units=3,activation=" + name))) << name;
    EXPECT_TRUE(is_refused_as_model(described_with("/loss", name))) << name;
  }
}

}  // namespace
}  // namespace neurone
