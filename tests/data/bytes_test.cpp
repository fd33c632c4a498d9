// Files in memory, gzip unpacked, and the errors of both.
// Leaves random bytes to fuzz/gzip_fuzzer.cpp.
#include "neurone/data/bytes.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ",";
  return text;
}

TEST(Bytes, a_file_is_read_whole) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_bytes(folder.write("short", "abc")), "abc");
  EXPECT_EQ(read_bytes(folder.write("empty", "")), "");
  EXPECT_EQ(read_bytes(folder.write("long", long_text())), long_text());
  const std::string_view with_zeros("\0a\0", 3);
  EXPECT_EQ(read_bytes(folder.write("zeros", with_zeros)), with_zeros);
}

TEST(Bytes, minus_is_standard_input) {
  const TemporaryFolder folder;
  ASSERT_NE(std::freopen(folder.write("input", long_text()).c_str(), "rb", stdin), nullptr);
  EXPECT_EQ(read_bytes("-"), long_text());
  EXPECT_EQ(source_name("-"), "standard input");
  EXPECT_EQ(source_name("-.csv"), "-.csv");
}

TEST(Bytes, gzip_is_unpacked_whatever_the_name) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_bytes(folder.write("plain.csv", gzip(long_text()))), long_text());
  EXPECT_EQ(read_bytes(folder.write("text.gz", "no gzip")), "no gzip");
}

TEST(Bytes, gzip_members_follow_each_other) {
  EXPECT_EQ(inflate_gzip(gzip("one ") + gzip("") + gzip("two"), "data.gz"), "one two");
}

TEST(Bytes, gzip_comes_in_pieces_of_any_size) {
  const std::string packed = gzip("one ") + gzip(long_text()) + gzip("two") + std::string(7, '\0');
  for (const std::size_t size : {1U, 2U, 3U, 100U}) {
    std::size_t at = 0;
    std::string piece;
    Gunzip gunzip(
        [&] {
          piece = packed.substr(std::min(at, packed.size()), size);
          at += size;
          return std::string_view(piece);
        },
        "data.gz");
    std::string text(long_text().size() + 100, '\0');
    text.resize(gunzip.read(text));
    EXPECT_TRUE(text == "one " + long_text() + "two") << size;
  }
}

TEST(Bytes, zero_bytes_after_gzip_data_are_padding) {
  EXPECT_EQ(inflate_gzip(gzip("text") + std::string(100, '\0'), "data.gz"), "text");
}

TEST(Bytes, other_bytes_after_gzip_data_are_refused) {
  const std::string packed = gzip("text");
  EXPECT_EQ(message_of<Error>([&] { inflate_gzip(packed + "garbage", "data.gz"); }),
            "data.gz: gzip data ends at byte " + std::to_string(packed.size()) + ", the file at byte " +
                std::to_string(packed.size() + 7));
}

TEST(Bytes, gzip_data_cut_anywhere_is_refused_with_the_byte) {
  const std::string packed = gzip("one ") + gzip("some text to cut");
  const std::size_t first = gzip("one ").size();
  for (std::size_t size = 2; size < packed.size(); ++size) {
    if (size == first || size == first + 1) continue;  // whole, and one foreign byte behind it
    EXPECT_EQ(message_of<Error>([&] { inflate_gzip(packed.substr(0, size), "data.gz"); }),
              "data.gz: gzip data is cut short at byte " + std::to_string(size));
  }
}

TEST(Bytes, damaged_gzip_data_is_refused_with_the_byte) {
  std::string packed = gzip("text");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);  // the checksum
  EXPECT_EQ(message_of<Error>([&] { inflate_gzip(packed, "data.gz"); }),
            "data.gz: gzip data is damaged at byte " + std::to_string(packed.size() - 4));
  EXPECT_EQ(message_of<Error>([&] { inflate_gzip("\x1f\x8b\x07 and more", "data.gz"); }),
            "data.gz: gzip data is damaged at byte 4");
}

TEST(Bytes, data_that_is_not_gzip_is_not_unpacked) {
  EXPECT_EQ(message_of<Error>([] { inflate_gzip("text", "data.gz"); }), "data.gz: not gzip data");
}

TEST(Bytes, a_gzip_bomb_stops_at_the_limit) {
  const std::string bomb = gzip(std::string(1 << 20, 'a'));
  EXPECT_EQ(inflate_gzip(bomb, "bomb.gz", 1 << 20).size(), 1U << 20);
  EXPECT_EQ(message_of<Error>([&] { inflate_gzip(bomb, "bomb.gz", (1 << 20) - 1); }),
            "bomb.gz: unpacks to more than the limit of 1048575 bytes");
}

TEST(Bytes, a_missing_file_is_named) {
  EXPECT_EQ(message_of<Error>([] { read_bytes("/nowhere/train.csv"); }), "/nowhere/train.csv: no such file");
}

TEST(Bytes, a_folder_is_no_file) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<Error>([&] { read_bytes(folder.path()); }), folder.path() + ": is a folder, expected a file");
}

TEST(Bytes, a_file_that_cannot_be_read_says_why) {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "") + "/file";
  EXPECT_EQ(message_of<Error>([&] { read_bytes(path); }), path + ": cannot be read: Not a directory");
}

#ifdef __linux__
TEST(Bytes, a_file_that_fails_while_it_is_read_says_why) {
  EXPECT_EQ(message_of<Error>([] { read_bytes("/proc/self/mem"); }),
            "/proc/self/mem: cannot be read: Input/output error");  // nothing is mapped at address 0
}
#endif

}  // namespace
}  // namespace neurone
