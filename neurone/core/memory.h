// How much memory this process may still take: by what the machine has left, by the control groups that it runs in,
// and by its own limit on addresses. Leaves to the caller what to do with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace neurone {

/// Bytes, the least of the three; none where nothing is known. What files hold in the kernel's cache counts as left,
/// since the kernel gives it away. Reads /proc and /sys, behind `root`: a test brings its own. A file that is missing
/// or cannot be understood limits nothing.
std::optional<std::size_t> available_memory(const std::string& root = "");

}  // namespace neurone
