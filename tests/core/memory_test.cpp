// What is left of the memory, by made-up files of the kernel.
#include "neurone/core/memory.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

class AvailableMemory : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(folder_.path(name)).parent_path());
    folder_.write(name, content);
  }
  std::optional<std::size_t> left() const { return available_memory(folder_.path()); }

 private:
  TemporaryFolder folder_;
};

TEST_F(AvailableMemory, nothing_is_known_without_files) {
  EXPECT_EQ(left(), std::nullopt);
}

TEST_F(AvailableMemory, what_the_machine_has_available) {
  write("proc/meminfo", "MemTotal:       24000000 kB\nMemFree:        1000 kB\nMemAvailable:   2000 kB\n");
  EXPECT_EQ(left(), 2000U * 1024);
}

TEST_F(AvailableMemory, a_group_of_version_2_leaves_its_limit_less_what_it_uses_but_for_cached_files) {
  write("proc/meminfo", "MemAvailable:   2000000 kB\n");
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/memory.max", "max\n");
  write("sys/fs/cgroup/a/b/memory.current", "500\n");
  write("sys/fs/cgroup/a/memory.max", "10000\n");
  write("sys/fs/cgroup/a/memory.current", "7000\n");
  write("sys/fs/cgroup/a/memory.stat", "anon 4000\nfile 3000\ninactive_file 2000\nactive_file 500\n");
  EXPECT_EQ(left(), 10000U - 7000 + 2500);
}

TEST_F(AvailableMemory, a_group_of_version_1) {
  write("proc/self/cgroup", "4:memory:/a\n3:cpu,cpuacct:/b\n");
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "100\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "600\n");
  write("sys/fs/cgroup/memory/memory.stat", "cache 50\ntotal_inactive_file 30\ntotal_active_file 20\n");
  EXPECT_EQ(left(), 1000U - 600 + 50);
}

TEST_F(AvailableMemory, a_group_over_its_limit_has_nothing_left) {
  write("proc/self/cgroup", "0::/a\n");
  write("sys/fs/cgroup/a/memory.max", "1000\n");
  write("sys/fs/cgroup/a/memory.current", "1400\n");
  EXPECT_EQ(left(), 0U);
}

TEST_F(AvailableMemory, files_that_cannot_be_understood_limit_nothing) {
  write("proc/meminfo", "MemAvailable: much\n");
  write("proc/self/cgroup", "0::/a\n");
  write("sys/fs/cgroup/a/memory.max", "-5\n");
  write("sys/fs/cgroup/a/memory.current", "");
  EXPECT_EQ(left(), std::nullopt);
}

TEST_F(AvailableMemory, this_machine_has_some) {
  EXPECT_GT(available_memory().value_or(1), 0U);
}

}  // namespace
}  // namespace neurone
