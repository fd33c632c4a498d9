// The holes that other readers of safetensors and the like have had, each as a file: a size that wraps to one that
// fits, the same bytes for two tensors, a name that comes twice in another spelling. Nothing here is believed,
// whatever it adds up to.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/file/safetensors.h"
#include "tests/file/safetensors_bytes.h"

namespace neurone {
namespace {

struct Hole {
  std::string name;
  std::string bytes;
  std::string message;  // behind "a: "
};

// A header that says it is this long.
std::string with_length(std::uint64_t length, const std::string& rest) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(static_cast<unsigned char>(length >> (8 * i)));
  return bytes + rest;
}

std::string tensor_of_bytes(const std::string& shape, const std::string& offsets, const std::string& buffer = {}) {
  return file_of(tensor_header(R"("dtype":"U8","shape":)" + shape + R"(,"data_offsets":)" + offsets), buffer);
}

std::string entry(const std::string& name, const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":"U8","shape":[2],"data_offsets":)" + offsets + "}";
}

const std::vector<Hole> holes{
    {"shape_product_overflow_to_zero", tensor_of_bytes("[9223372036854775808,2]", "[0,0]"),
     "tensor 'W': shape [9223372036854775808, 2] is too large"},
    {"shape_product_overflow_to_the_size_of_the_buffer",
     tensor_of_bytes("[6148914691236517206,3]", "[0,2]", "xy"),  // 3 · 6148914691236517206 = 2⁶⁴ + 2
     "tensor 'W': shape [6148914691236517206, 3] is too large"},
    {"shape_product_overflow_by_the_size_of_an_element",
     file_of(tensor_header(R"("dtype":"F64","shape":[2305843009213693953],"data_offsets":[0,8])"), "12345678"),
     "tensor 'W': shape [2305843009213693953] is too large"},
    {"shape_product_overflow_that_a_zero_would_hide",
     tensor_of_bytes("[9223372036854775808,9223372036854775808,0]", "[0,0]"),
     "tensor 'W': shape [9223372036854775808, 9223372036854775808, 0] is too large"},
    {"offsets_whose_difference_wraps", tensor_of_bytes("[2]", "[18446744073709551615,1]", "xy"),
     "tensor 'W': data_offsets [18446744073709551615, 1] run backwards"},
    {"offsets_behind_the_end_whose_sum_wraps",
     tensor_of_bytes("[2]", "[18446744073709551613,18446744073709551615]", "xy"),
     "tensor 'W' ends at byte 18446744073709551615 of the buffer, which ends at 2"},
    {"aliased_offsets", file_of("{" + entry("a", "[0,2]") + "," + entry("b", "[0,2]") + "}", "xy"),
     "tensor 'b' begins at byte 0 of the buffer and overlaps the tensor before it, which ends at 2"},
    {"overlapping_offsets", file_of("{" + entry("a", "[0,2]") + "," + entry("b", "[1,3]") + "}", "xyz"),
     "tensor 'b' begins at byte 1 of the buffer and overlaps the tensor before it, which ends at 2"},
    {"a_hole_in_the_buffer", file_of("{" + entry("a", "[0,2]") + "," + entry("b", "[3,5]") + "}", "vwxyz"),
     "bytes 2 to 3 of the buffer belong to no tensor"},
    {"duplicate_keys", file_of("{" + entry("W", "[0,2]") + "," + entry("W", "[2,4]") + "}", "wxyz"),
     "tensor 'W' comes twice"},
    {"duplicate_keys_in_another_spelling",
     file_of("{" + entry("W", "[0,2]") + "," + entry("\\u0057", "[2,4]") + "}", "wxyz"), "tensor 'W' comes twice"},
    {"metadata_in_another_spelling_twice", file_of(R"({"__metadata__":{},"\u005f_metadata__":{}})"),
     "__metadata__ comes twice"},
    {"duplicate_shape", file_of(tensor_header(R"("dtype":"U8","shape":[0],"shape":[9],"data_offsets":[0,0])")),
     "tensor 'W': shape comes twice"},
    {"a_header_as_long_as_a_signed_number_below_zero", with_length(std::uint64_t{1} << 63, "{}"),
     "header of 9223372036854775808 bytes, expected at most 100000000"},
    {"a_header_whose_end_wraps", with_length(~std::uint64_t{7}, "{}"),
     "header of 18446744073709551608 bytes, expected at most 100000000"},
    {"a_huge_header_that_is_not_there", with_length(100'000'000, "{}"),
     "header of 100000000 bytes, but the file ends after 2"},
    {"a_header_in_utf8_that_is_overlong", file_of("{\"\xC0\x80\":{}}"), "header is not JSON in UTF-8 at byte 10"},
    {"a_header_in_utf8_with_half_a_pair", file_of("{\"\xED\xA0\x80\":{}}"), "header is not JSON in UTF-8 at byte 11"},
    {"a_header_with_something_behind_it", file_of("{}{}"), "header is not JSON in UTF-8 at byte 10"},
    {"bytes_behind_the_last_tensor", tensor_of_bytes("[2]", "[0,2]", "xy\nPK"),
     "3 bytes are left over after the last tensor"},
    {"sizes_that_are_no_whole_numbers", tensor_of_bytes("[2.0]", "[0,2]", "xy"),
     "tensor 'W': shape holds 2.0, expected whole numbers below 2⁶⁴"},
};

class KnownHoles : public testing::TestWithParam<Hole> {};

TEST_P(KnownHoles, are_refused) {
  try {
    parse_safetensors(GetParam().bytes, "a");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "a: " + GetParam().message);
  }
}

std::string name_of_hole(const testing::TestParamInfo<Hole>& each) {
  return each.param.name;
}
INSTANTIATE_TEST_SUITE_P(OfSafetensors, KnownHoles, testing::ValuesIn(holes), name_of_hole);

}  // namespace
}  // namespace neurone
