// Affinity from the kernel; quotas from the files of control groups, version 2 (cpu.max) and version 1
// (cpu.cfs_quota_us and cpu.cfs_period_us). Sources: cgroups(7), the kernel's admin-guide/cgroup-v2.rst.
#include "neurone/core/processors.h"

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>
#include <thread>

namespace neurone {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

std::size_t processors_by_affinity() {
#ifdef __linux__
  std::array<cpu_set_t, 16> allowed{};  // the kernel refuses a set that is shorter than its own: room for 16,384
  if (::sched_getaffinity(0, sizeof allowed, allowed.data()) == 0)
    return static_cast<std::size_t>(CPU_COUNT_S(sizeof allowed, allowed.data()));
#endif
  return std::thread::hardware_concurrency();
}

// The processor time that may be used in a period over its length, both in µs. No quota is "max" or −1.
double ratio(std::istream& quota, std::istream& period) {
  double used = 0, length = 0;
  return quota >> used && period >> length && used > 0 && length > 0 ? used / length : unlimited;
}

double quota_v2(const std::string& folder) {
  std::ifstream file(folder + "/cpu.max");  // "200000 100000", or "max 100000"
  return ratio(file, file);
}

double quota_v1(const std::string& folder) {
  std::ifstream quota(folder + "/cpu.cfs_quota_us"), period(folder + "/cpu.cfs_period_us");
  return ratio(quota, period);
}

// The smallest quota of a group and of those around it. In a container the path may be one of the host's, of which
// only the innermost folders, or none but the mount itself, are seen: so missing folders are passed over.
double smallest(double (*quota)(const std::string&), const std::string& mount, std::string_view group) {
  double least = quota(mount);
  while (!group.empty()) {
    least = std::min(least, quota(mount + std::string(group)));
    group = group.substr(0, group.rfind('/'));
  }
  return least;
}

bool names_cpu(std::string_view controllers) {
  return ("," + std::string(controllers) + ",").find(",cpu,") != std::string::npos;
}

}  // namespace

std::optional<std::size_t> cgroup_processors(const std::string& root) {
  const std::string mount = root + "/sys/fs/cgroup";
  double least = unlimited;
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "4:cpu,cpuacct:/a/b" in version 1, "0::/a/b" in version 2
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
    const std::string_view group = std::string_view(line).substr(second + 1);
    if (controllers.empty()) {
      least = std::min(least, smallest(quota_v2, mount, group));
      least = std::min(least, smallest(quota_v2, mount + "/unified", group));  // where both versions are mounted
    } else if (names_cpu(controllers)) {
      least = std::min(least, smallest(quota_v1, mount + "/cpu", group));
    }
  }
  if (least > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<std::size_t>(std::ceil(least));
}

std::size_t available_threads() {
  const std::size_t processors = processors_by_affinity();
  return std::max<std::size_t>(1, std::min(processors, cgroup_processors().value_or(processors)));
}

}  // namespace neurone
