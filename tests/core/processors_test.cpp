#include "neurone/core/processors.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <filesystem>
#include <string>
#include <thread>

#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

// A made-up / with the files of control groups.
class ControlGroups : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(folder_.path(name)).parent_path());
    folder_.write(name, content);
  }
  void process_is_in(const std::string& lines) { write("proc/self/cgroup", lines); }
  void quota_v2(const std::string& group, const std::string& quota) {
    write("sys/fs/cgroup" + group + "/cpu.max", quota);
  }
  void quota_v1(const std::string& group, const std::string& quota, const std::string& period) {
    write("sys/fs/cgroup/cpu" + group + "/cpu.cfs_quota_us", quota + "\n");
    write("sys/fs/cgroup/cpu" + group + "/cpu.cfs_period_us", period + "\n");
  }
  // 0: nothing limits them.
  std::size_t processors() const { return cgroup_processors(folder_.path()).value_or(0); }

 private:
  TemporaryFolder folder_;
};

TEST_F(ControlGroups, no_files_no_limit) {
  EXPECT_EQ(processors(), 0U);
  process_is_in("0::/a\n");
  EXPECT_EQ(processors(), 0U);
}

TEST_F(ControlGroups, version_2_quota_over_period_is_rounded_up) {
  process_is_in("0::/a\n");
  quota_v2("/a", "200000 100000\n");
  EXPECT_EQ(processors(), 2U);
  quota_v2("/a", "150000 100000\n");
  EXPECT_EQ(processors(), 2U);
  quota_v2("/a", "10000 100000\n");
  EXPECT_EQ(processors(), 1U);
}

TEST_F(ControlGroups, version_2_max_is_no_limit) {
  process_is_in("0::/a\n");
  quota_v2("/a", "max 100000\n");
  EXPECT_EQ(processors(), 0U);
}

TEST_F(ControlGroups, version_2_the_smallest_of_a_group_and_those_around_it_counts) {
  process_is_in("0::/machine/service/worker\n");
  quota_v2("/machine/service/worker", "max 100000\n");
  quota_v2("/machine/service", "800000 100000\n");
  quota_v2("/machine", "600000 200000\n");
  quota_v2("/other", "100000 100000\n");
  EXPECT_EQ(processors(), 3U);
}

TEST_F(ControlGroups, version_2_in_a_container_sees_its_own_group_as_the_root) {
  process_is_in("0::/\n");
  quota_v2("", "400000 100000\n");
  EXPECT_EQ(processors(), 4U);
}

TEST_F(ControlGroups, version_1_quota_over_period_is_rounded_up) {
  process_is_in("5:memory:/m\n4:cpu,cpuacct:/a\n1:name=systemd:/s\n");
  quota_v1("/a", "250000", "100000");
  EXPECT_EQ(processors(), 3U);
}

TEST_F(ControlGroups, version_1_minus_one_is_no_limit) {
  process_is_in("4:cpu:/a\n");
  quota_v1("/a", "-1", "100000");
  EXPECT_EQ(processors(), 0U);
}

TEST_F(ControlGroups, version_1_the_smallest_of_a_group_and_those_around_it_counts) {
  process_is_in("4:cpuacct,cpu:/a/b\n");
  quota_v1("/a/b", "-1", "100000");
  quota_v1("/a", "100000", "50000");
  quota_v1("", "-1", "100000");
  EXPECT_EQ(processors(), 2U);
}

TEST_F(ControlGroups, version_1_in_a_container_has_a_path_of_the_host_that_is_not_seen) {
  process_is_in("4:cpu,cpuacct:/docker/0123456789abcdef\n");
  quota_v1("", "500000", "100000");
  EXPECT_EQ(processors(), 5U);
}

TEST_F(ControlGroups, both_versions_at_once) {
  process_is_in("1:cpu:/a\n0::/b\n");
  quota_v1("/a", "300000", "100000");
  write("sys/fs/cgroup/unified/b/cpu.max", "max 100000\n");
  EXPECT_EQ(processors(), 3U);
  write("sys/fs/cgroup/unified/b/cpu.max", "200000 100000\n");
  EXPECT_EQ(processors(), 2U);
}

TEST_F(ControlGroups, groups_of_other_controllers_do_not_count) {
  process_is_in("4:cpuset:/a\n3:cpuacct:/a\n");
  quota_v1("/a", "100000", "100000");
  EXPECT_EQ(processors(), 0U);
}

TEST_F(ControlGroups, what_cannot_be_understood_limits_nothing) {
  for (const char* text : {"", "\n", "200000", "two of them", "200000 0", "-200000 100000", "1e300 1e-300"}) {
    process_is_in("no colon\n0:one\n0::/a\n");
    quota_v2("/a", text);
    EXPECT_EQ(processors(), 0U) << text;
  }
}

TEST(AvailableThreads, are_no_more_than_the_affinity_allows_and_at_least_one) {
  EXPECT_GE(available_threads(), 1U);
  std::size_t on_one = 0;
  std::thread([&] {  // the affinity of this thread alone is changed
    cpu_set_t allowed, first;
    ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
    EXPECT_LE(available_threads(), static_cast<std::size_t>(CPU_COUNT(&allowed)));
    std::size_t processor = 0;
    while (!CPU_ISSET(processor, &allowed)) ++processor;
    CPU_ZERO(&first);
    CPU_SET(processor, &first);
    ASSERT_EQ(::sched_setaffinity(0, sizeof first, &first), 0);
    on_one = available_threads();
  })
      .join();
  EXPECT_EQ(on_one, 1U);
}

}  // namespace
}  // namespace neurone
