#include "neurone/core/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "neurone/core/error.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test.
class File : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "neurone-file-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  std::string folder_;
};

::mode_t permissions(const std::string& path) {
  struct stat facts{};
  EXPECT_EQ(::stat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777U;
}

TEST_F(File, bytes_come_back_as_written) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * 7);
  for (const std::string& content : {bytes, std::string(), std::string("\0\r\n", 3)}) {
    write_file(in_folder("a"), content);
    EXPECT_EQ(read_file(in_folder("a")), content);
  }
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(File, a_pipe_is_read_to_its_end) {
  ASSERT_EQ(::mkfifo(in_folder("pipe").c_str(), 0600), 0);
  const std::string bytes(100'000, 'x');
  std::thread writer([&] { write_file(in_folder("pipe"), bytes); });
  EXPECT_EQ(read_file(in_folder("pipe")), bytes);
  writer.join();
  EXPECT_TRUE(fs::is_fifo(in_folder("pipe")));
}

TEST_F(File, what_cannot_be_read_is_named) {
  EXPECT_EQ(message_of<Error>([&] { read_file(in_folder("a")); }),
            in_folder("a") + ": cannot be read: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { read_file(folder_); }), folder_ + ": cannot be read: Is a directory");
}

TEST_F(File, an_existing_file_keeps_its_permissions) {
  write_file(in_folder("a"), "old");
  ASSERT_EQ(::chmod(in_folder("a").c_str(), 0640), 0);
  write_file(in_folder("a"), "new");
  EXPECT_EQ(permissions(in_folder("a")), 0640U);
  EXPECT_EQ(read_file(in_folder("a")), "new");
}

TEST_F(File, a_new_file_gets_what_the_umask_allows) {
  const ::mode_t before = ::umask(027);
  write_file(in_folder("a"), "new");
  ::umask(before);
  EXPECT_EQ(permissions(in_folder("a")), 0640U);
}

TEST_F(File, a_symbolic_link_stays_and_its_file_is_replaced) {
  fs::create_directory(in_folder("inner"));
  write_file(in_folder("inner/a"), "old");
  fs::create_symlink("inner/a", in_folder("link"));
  write_file(in_folder("link"), "new");
  EXPECT_TRUE(fs::is_symlink(in_folder("link")));
  EXPECT_EQ(read_file(in_folder("inner/a")), "new");
}

TEST_F(File, whoever_has_the_old_file_open_still_reads_all_of_it) {
  write_file(in_folder("a"), "old");
  const int old = ::open(in_folder("a").c_str(), O_RDONLY);
  write_file(in_folder("a"), "new and longer");
  char bytes[20];
  EXPECT_EQ(::read(old, bytes, sizeof bytes), 3);
  ::close(old);
}

TEST_F(File, a_failed_write_leaves_the_old_file_and_nothing_else) {
  write_file(in_folder("a"), "old");
  struct rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  struct rlimit small = limit;
  small.rlim_cur = 10'000;  // bytes: stands in for a full disk
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string message = message_of<Error>([&] { write_file(in_folder("a"), std::string(20'000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, in_folder("a") + ": cannot be written: File too large");
  EXPECT_EQ(read_file(in_folder("a")), "old");
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(File, a_full_device_is_reported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  EXPECT_EQ(message_of<Error>([] { write_file("/dev/full", "x"); }),
            "/dev/full: cannot be written: No space left on device");
}

TEST_F(File, a_device_is_written_into_and_not_replaced) {
  write_file("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(File, what_cannot_be_written_is_named) {
  EXPECT_EQ(message_of<Error>([&] { write_file(in_folder("none/a"), "x"); }),
            in_folder("none/a") + ": cannot be written: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { write_file(folder_, "x"); }), folder_ + ": cannot be written: Is a directory");
  EXPECT_EQ(message_of<Error>([&] { write_file("", "x"); }), ": cannot be written: No such file or directory");
}

TEST_F(File, a_write_protected_file_stays) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  write_file(in_folder("a"), "old");
  ASSERT_EQ(::chmod(in_folder("a").c_str(), 0444), 0);
  EXPECT_EQ(message_of<Error>([&] { write_file(in_folder("a"), "new"); }),
            in_folder("a") + ": cannot be written: Permission denied");
  EXPECT_EQ(read_file(in_folder("a")), "old");
}

}  // namespace
}  // namespace neurone
