// The folders in which the kernel tells the limits of the control groups that this process runs in, version 1 and 2.
// Leaves to the caller what the files in them say. Sources: cgroups(7), the kernel's admin-guide/cgroup-v2.rst.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neurone {

struct ControlGroup {
  std::string folder;
  bool is_version_2;  ///< cpu.max, memory.max; else cpu.cfs_quota_us, memory.limit_in_bytes
};

/// The process's own group and those around it, for a controller: "cpu" or "memory". A folder may be missing: in a
/// container the path may be one of the host's, of which only the innermost folders, or none but the mount, are seen.
/// `root` stands before /proc/self/cgroup and /sys/fs/cgroup.
std::vector<ControlGroup> control_groups(std::string_view controller, const std::string& root = "");

}  // namespace neurone
