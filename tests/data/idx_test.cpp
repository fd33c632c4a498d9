// IDX arrays and folders of images, with the message of each error.
// Leaves random bytes to fuzz/idx_fuzzer.cpp.
#include "neurone/data/idx.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using namespace std::string_literals;
using Shape = std::vector<std::size_t>;
using Values = std::vector<std::uint8_t>;

// An IDX file of unsigned bytes.
std::string idx(const std::vector<std::uint32_t>& shape, const std::string& values) {
  std::string bytes = "\0\0\x08"s + static_cast<char>(shape.size());
  for (const std::uint32_t n : shape)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(n >> shift & 0xff);
  return bytes + values;
}

std::string error_of(const std::string& bytes) {
  return message_of<Error>([&] { parse_idx(bytes, "file"); });
}

// A folder of three training and two test images of 2 × 1, one file of which a test may replace or remove.
class IdxFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder.write("train-images-idx3-ubyte", idx({3, 2, 1}, "abcdef"));
    folder.write("train-labels-idx1-ubyte", idx({3}, "\1\2\3"));
    folder.write("t10k-images-idx3-ubyte", idx({2, 2, 1}, "ghij"));
    folder.write("t10k-labels-idx1-ubyte", idx({2}, "\4\5"));
  }
  void remove(const std::string& name) const { std::filesystem::remove(folder.path(name)); }
  std::string error_of_folder() const {
    return message_of<Error>([&] { read_idx_folder(folder.path()); });
  }

  TemporaryFolder folder;
};

TEST(Idx, an_array_is_read) {
  const IdxArray array = parse_idx(idx({2, 3}, "abcdef"), "file");
  EXPECT_EQ(array.shape, (Shape{2, 3}));
  EXPECT_EQ(array.values, (Values{'a', 'b', 'c', 'd', 'e', 'f'}));
}

TEST(Idx, dimensions_are_big_endian) {
  EXPECT_EQ(parse_idx(idx({258}, std::string(258, 'x')), "file").shape, Shape{258});
}

TEST(Idx, an_array_may_be_empty) {
  EXPECT_EQ(parse_idx(idx({0}, ""), "file").values, Values{});
  EXPECT_EQ(parse_idx(idx({0, 4294967295, 4294967295, 4294967295}, ""), "file").values, Values{});
}

TEST(Idx, ranks_one_to_four_are_read_and_no_others) {
  for (std::size_t rank = 1; rank <= 4; ++rank)
    EXPECT_EQ(parse_idx(idx(std::vector<std::uint32_t>(rank, 1), "x"), "file").shape.size(), rank);
  EXPECT_EQ(error_of(idx({}, "x")), "file: an array of 0 dimensions, expected 1 to 4");
  EXPECT_EQ(error_of(idx({1, 1, 1, 1, 1}, "x")), "file: an array of 5 dimensions, expected 1 to 4");
}

TEST(Idx, another_format_is_refused) {
  EXPECT_EQ(error_of("\x89PNG"), "file: not an IDX file: begins with 89 50 4e, expected 00 00 08");
  EXPECT_EQ(error_of("\0\0\x0a\1"s), "file: not an IDX file: begins with 00 00 0a, expected 00 00 08");
}

TEST(Idx, another_type_is_refused_by_its_name) {
  EXPECT_EQ(error_of("\0\0\x09\1"s), "file: IDX values of type signed byte, expected unsigned byte");
  EXPECT_EQ(error_of("\0\0\x0b\1"s), "file: IDX values of type 16-bit integer, expected unsigned byte");
  EXPECT_EQ(error_of("\0\0\x0c\1"s), "file: IDX values of type 32-bit integer, expected unsigned byte");
  EXPECT_EQ(error_of("\0\0\x0d\1"s), "file: IDX values of type 32-bit float, expected unsigned byte");
  EXPECT_EQ(error_of("\0\0\x0e\1"s), "file: IDX values of type 64-bit float, expected unsigned byte");
}

TEST(Idx, a_file_cut_short_is_reported_with_its_size) {
  EXPECT_EQ(error_of(""), "file: cut short at byte 0, expected 4 bytes");
  EXPECT_EQ(error_of("\0\0\x08"s), "file: cut short at byte 3, expected 4 bytes");
  EXPECT_EQ(error_of("\0\0\x08\2\0\0\0"s), "file: cut short at byte 7, expected 12 bytes");
  EXPECT_EQ(error_of(idx({2, 3}, "abcde")), "file: cut short at byte 17, expected 18 bytes");
}

TEST(Idx, bytes_left_over_are_reported) {
  EXPECT_EQ(error_of(idx({2, 3}, "abcdefg")), "file: bytes left over at the end: 19 bytes, expected 18");
}

TEST(Idx, a_shape_beyond_any_memory_is_refused) {
  EXPECT_EQ(error_of(idx({4294967295, 4294967295, 4294967295}, "x")),
            "file: an array of 4294967295 × 4294967295 × 4294967295 bytes: too large for any memory");
}

TEST(Idx, images_alone_have_no_labels) {
  const TemporaryFolder folder;
  const Images images = read_idx_images(folder.write("some-images", idx({2, 1, 3}, "abcdef")));
  EXPECT_EQ(images.count(), 2U);
  EXPECT_EQ(images.height, 1U);
  EXPECT_EQ(images.width, 3U);
  EXPECT_EQ(images.pixels, (Values{'a', 'b', 'c', 'd', 'e', 'f'}));
  EXPECT_TRUE(images.labels.empty());
  EXPECT_EQ(images.source, folder.path("some-images"));
}

TEST(Idx, labels_are_no_images) {
  const TemporaryFolder folder;
  const std::string path = folder.write("labels", idx({6}, "abcdef"));
  EXPECT_EQ(message_of<Error>([&] { read_idx_images(path); }),
            path + ": an array of 1 dimension, expected 3 for images");
}

TEST(Idx, images_without_pixels_are_refused) {
  const TemporaryFolder folder;
  const std::string path = folder.write("images", idx({6, 0, 28}, ""));
  EXPECT_EQ(message_of<Error>([&] { read_idx_images(path); }), path + ": no pixels: 6 × 0 × 28 images");
}

TEST_F(IdxFolder, has_images_with_their_labels) {
  const ImageFolder read = read_idx_folder(folder.path());
  EXPECT_EQ(read.train.count(), 3U);
  EXPECT_EQ(read.train.height, 2U);
  EXPECT_EQ(read.train.width, 1U);
  EXPECT_EQ(read.train.labels, (Values{1, 2, 3}));
  EXPECT_EQ(read.test.count(), 2U);
  EXPECT_EQ(read.test.labels, (Values{4, 5}));
}

TEST_F(IdxFolder, may_have_no_test_images) {
  remove("t10k-images-idx3-ubyte");
  remove("t10k-labels-idx1-ubyte");
  EXPECT_EQ(read_idx_folder(folder.path()).test.count(), 0U);
}

TEST_F(IdxFolder, may_have_points_and_endings_in_its_names) {
  for (const std::string part : {"train-images", "train-labels", "t10k-images", "t10k-labels"}) {
    const std::string format = part.ends_with("images") ? "idx3-ubyte" : "idx1-ubyte";
    std::filesystem::rename(folder.path(part + "-" + format), folder.path(part + "." + format + ".gz"));
  }
  EXPECT_EQ(read_idx_folder(folder.path()).test.count(), 2U);
}

TEST_F(IdxFolder, with_nothing_in_it_names_what_was_looked_for) {
  const TemporaryFolder empty;
  EXPECT_EQ(
      message_of<Error>([&] { read_idx_folder(empty.path()); }),
      empty.path() + ": no IDX files: looked for train-images-idx3-ubyte and train-labels-idx1-ubyte, also with .gz");
  EXPECT_EQ(
      message_of<Error>([&] { read_idx_test_images(empty.path()); }),
      empty.path() + ": no test images: looked for t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, also with .gz");
}

TEST_F(IdxFolder, gives_its_test_images_whatever_becomes_of_the_training_images) {
  folder.write("train-images-idx3-ubyte", "not an IDX file");
  EXPECT_EQ(read_idx_test_images(folder.path()).labels, (Values{4, 5}));
  remove("train-images-idx3-ubyte");
  remove("train-labels-idx1-ubyte");
  EXPECT_EQ(read_idx_test_images(folder.path()).pixels, (Values{'g', 'h', 'i', 'j'}));
}

TEST_F(IdxFolder, wants_labels_for_images_and_images_for_labels) {
  remove("t10k-labels-idx1-ubyte");
  EXPECT_EQ(error_of_folder(),
            folder.path("t10k-images-idx3-ubyte") + ": images without t10k-labels-idx1-ubyte beside them");
  remove("train-images-idx3-ubyte");
  EXPECT_EQ(error_of_folder(),
            folder.path("train-labels-idx1-ubyte") + ": labels without train-images-idx3-ubyte beside them");
}

TEST_F(IdxFolder, wants_a_label_for_each_image) {
  folder.write("train-labels-idx1-ubyte", idx({2}, "\1\2"));
  EXPECT_EQ(error_of_folder(), folder.path("train-labels-idx1-ubyte") +
                                   ": 2 labels, expected 3: one for each image of " +
                                   folder.path("train-images-idx3-ubyte"));
}

TEST_F(IdxFolder, wants_test_images_of_the_training_size) {
  folder.write("t10k-images-idx3-ubyte", idx({2, 1, 1}, "gh"));
  EXPECT_EQ(error_of_folder(), folder.path("t10k-images-idx3-ubyte") + ": images of 1 × 1, expected 2 × 1 as in " +
                                   folder.path("train-images-idx3-ubyte"));
}

TEST_F(IdxFolder, wants_labels_in_one_dimension) {
  folder.write("train-labels-idx1-ubyte", idx({3, 1}, "\1\2\3"));
  EXPECT_EQ(error_of_folder(),
            folder.path("train-labels-idx1-ubyte") + ": an array of 2 dimensions, expected 1 for labels");
}

}  // namespace
}  // namespace neurone
