// Reads /proc/self/cgroup: "4:cpu,cpuacct:/a/b" in version 1, "0::/a/b" in version 2.
#include "neurone/core/control_groups.h"

#include <cstddef>
#include <fstream>

namespace neurone {
namespace {

// The mount itself, and each folder down to the group's.
void add_folders(const std::string& mount, std::string_view group, bool is_version_2,
                 std::vector<ControlGroup>& groups) {
  groups.push_back({.folder = mount, .is_version_2 = is_version_2});
  while (!group.empty()) {
    groups.push_back({.folder = mount + std::string(group), .is_version_2 = is_version_2});
    group = group.substr(0, group.rfind('/'));
  }
}

bool lists(std::string_view controllers, std::string_view controller) {
  return ("," + std::string(controllers) + ",").find("," + std::string(controller) + ",") != std::string::npos;
}

}  // namespace

std::vector<ControlGroup> control_groups(std::string_view controller, const std::string& root) {
  const std::string mount = root + "/sys/fs/cgroup";
  std::vector<ControlGroup> groups;
  std::ifstream lines(root + "/proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
    const std::string_view group = std::string_view(line).substr(second + 1);
    if (controllers.empty()) {
      add_folders(mount, group, true, groups);
      add_folders(mount + "/unified", group, true, groups);  // where both versions are mounted
    } else if (lists(controllers, controller)) {
      add_folders(mount + "/" + std::string(controller), group, false, groups);
    }
  }
  return groups;
}

}  // namespace neurone
