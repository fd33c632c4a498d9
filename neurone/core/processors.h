// How many processors this process may use: by its affinity, and by the CPU quota of the control group it runs in.
// Leaves to the caller how many threads to start.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace neurone {

/// The smaller of the two, at least 1. Reads /proc and /sys: ask once, at the start.
std::size_t available_threads();

/// The processors that the quotas of a process's own control group and of the groups around it leave, rounded up;
/// none where nothing is limited. `root` stands before /proc/self/cgroup and /sys/fs/cgroup: a test brings its own. A
/// file that is missing or cannot be understood limits nothing.
std::optional<std::size_t> cgroup_processors(const std::string& root = "");

}  // namespace neurone
