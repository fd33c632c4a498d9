// /proc/meminfo; memory.max, memory.current and memory.stat of control groups, version 2, and memory.limit_in_bytes,
// memory.usage_in_bytes and memory.stat in version 1; RLIMIT_AS less what is mapped.
#include "neurone/core/memory.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "neurone/core/control_groups.h"

namespace neurone {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

// The one number of a file; none where it says "max" or is missing.
std::optional<double> number_in(const std::string& path) {
  std::ifstream file(path);
  double number = 0;
  if (!(file >> number) || number < 0) return std::nullopt;
  return number;
}

// The sum of the lines with these names: "inactive_file 4096", "MemAvailable:  23962536 kB". None where no line has
// one.
std::optional<double> sum_of_lines(const std::string& path, std::initializer_list<std::string_view> names) {
  std::ifstream file(path);
  std::optional<double> sum;
  std::string name, rest;
  for (double number = 0; file >> name >> number && std::getline(file, rest);)
    if (std::ranges::find(names, name) != names.end()) sum = sum.value_or(0) + number;
  return sum;
}

double left_in_machine(const std::string& root) {
  constexpr double kibibyte = 1024;
  const auto left = sum_of_lines(root + "/proc/meminfo", {"MemAvailable:"});
  return left ? *left * kibibyte : no_limit;
}

double left_in_group(const ControlGroup& group) {
  const std::string file = group.folder + "/memory.";
  const auto limit = number_in(file + (group.is_version_2 ? "max" : "limit_in_bytes"));
  const auto used = number_in(file + (group.is_version_2 ? "current" : "usage_in_bytes"));
  if (!limit || !used) return no_limit;
  const auto cached = group.is_version_2 ? sum_of_lines(file + "stat", {"inactive_file", "active_file"})
                                         : sum_of_lines(file + "stat", {"total_inactive_file", "total_active_file"});
  return std::max(0.0, *limit - *used + cached.value_or(0));
}

double left_of_addresses(const std::string& root) {
#ifdef __linux__
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    if (const auto pages = number_in(root + "/proc/self/statm"))
      return std::max(0.0,
                      static_cast<double>(limit.rlim_cur) - *pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
#endif
  return no_limit;
}

}  // namespace

std::optional<std::size_t> available_memory(const std::string& root) {
  double least = std::min(left_in_machine(root), left_of_addresses(root));
  for (const ControlGroup& group : control_groups("memory", root)) least = std::min(least, left_in_group(group));
  if (least >= static_cast<double>(std::numeric_limits<std::size_t>::max())) return std::nullopt;
  return static_cast<std::size_t>(least);
}

}  // namespace neurone
