// Affinity from the kernel; quotas from the files of control groups, version 2 (cpu.max) and version 1
// (cpu.cfs_quota_us and cpu.cfs_period_us).
#include "neurone/core/processors.h"

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#include "neurone/core/control_groups.h"

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

}  // namespace

std::optional<std::size_t> cgroup_processors(const std::string& root) {
  double least = unlimited;
  for (const auto& [folder, is_version_2] : control_groups("cpu", root))
    least = std::min(least, is_version_2 ? quota_v2(folder) : quota_v1(folder));
  if (least > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<std::size_t>(std::ceil(least));
}

std::size_t available_threads() {
  const std::size_t processors = processors_by_affinity();
  return std::max<std::size_t>(1, std::min(processors, cgroup_processors().value_or(processors)));
}

}  // namespace neurone
