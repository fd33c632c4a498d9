// What a killed run leaves is removed by the next one, and what a living run writes is not.
#include "neurone/core/temporary_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "neurone/core/file.h"
#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

std::vector<std::string> names_in(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// A process that has written a part of a file and lives until it is ended.
class Writer {
 public:
  explicit Writer(const std::string& path) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      OutputFile file(path);
      file.write("half");
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
      ::pause();
    }
    char ready = 0;
    EXPECT_EQ(::read(ends[0], &ready, 1), 1);
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Writer() { kill(); }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  ::pid_t process_ = 0;
};

TEST(TemporaryFile, of_a_killed_run_is_removed_by_the_next) {
  const TemporaryFolder folder;
  Writer(folder.path("a")).kill();
  Writer(folder.path("b")).kill();
  ASSERT_EQ(names_in(folder).size(), 2U);
  remove_leftovers(folder.path("c"));
  EXPECT_EQ(names_in(folder), std::vector<std::string>());
}

TEST(TemporaryFile, of_a_living_run_stays) {
  const TemporaryFolder folder;
  const Writer living(folder.path("a"));
  Writer(folder.path("a")).kill();
  ASSERT_EQ(names_in(folder).size(), 2U);
  remove_leftovers(folder.path("a"));
  EXPECT_EQ(names_in(folder).size(), 1U);
  remove_leftovers(folder.path("a"));
  EXPECT_EQ(names_in(folder).size(), 1U);
}

TEST(TemporaryFile, that_is_written_in_this_process_stays_and_takes_its_place) {
  const TemporaryFolder folder;
  OutputFile file(folder.path("a"));
  file.write("whole");
  remove_leftovers(folder.path("a"));
  file.finish();
  EXPECT_EQ(read_file(folder.path("a")), "whole");
  EXPECT_EQ(names_in(folder), std::vector<std::string>{"a"});
}

// What is called otherwise, however like it, is not ours; a link or a folder of that name is not, either.
TEST(TemporaryFile, other_files_stay) {
  const TemporaryFolder folder;
  const std::string ours = ".neurone-0123456789abcdef-fedcba9876543210.tmp";
  const std::vector<std::string> others{
      ".neurone-0123456789abcdef-fedcba9876543210.txt", ".neurone-0123456789abcdef-fedcba9876543210.tmp~",
      ".neurone-0123456789abcdef-fedcba987654321.tmp",  ".neurone-0123456789ABCDEF-fedcba9876543210.tmp",
      ".neurone-0123456789abcdef+fedcba9876543210.tmp", ".neurone-1234567890.tmp",
      "neurone-0123456789abcdef-fedcba9876543210.tmp",  "model.safetensors"};
  for (const std::string& name : others) folder.write(name, "x");
  std::filesystem::create_symlink("model.safetensors", folder.path(ours));
  remove_leftovers(folder.path("a"));
  EXPECT_EQ(names_in(folder).size(), others.size() + 1);
  std::filesystem::remove(folder.path(ours));
  std::filesystem::create_directory(folder.path(ours));
  remove_leftovers(folder.path("a"));
  EXPECT_EQ(names_in(folder).size(), others.size() + 1);
}

TEST(TemporaryFile, a_folder_that_is_not_there_is_no_error) {
  remove_leftovers("/nowhere/at/all");
  remove_leftovers("");
}

// A run that finds its new file locked, or gone, before it has locked it itself takes another: see the loop.
TEST(TemporaryFile, is_locked_as_long_as_it_is_written) {
  const TemporaryFolder folder;
  std::optional<TemporaryFile> made = temporary_file_beside(folder.path("a"), 0600);
  ASSERT_TRUE(made);
  const Descriptor other(::open(made->path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_NE(::flock(other.number(), LOCK_SH | LOCK_NB), 0);
  EXPECT_TRUE(made->file.close());
  EXPECT_NE(::flock(other.number(), LOCK_SH | LOCK_NB), 0) << "until it has its place";
  made.reset();
  EXPECT_EQ(::flock(other.number(), LOCK_SH | LOCK_NB), 0);
}

}  // namespace
}  // namespace neurone
