// "Did you mean …?" for names that a user typed.
// Leaves to the caller which names there are.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/core/error.h"

namespace neurone {

/// The candidate nearest to `name` by edit distance (insert, delete, replace, swap of neighbours; case is
/// ignored), or an empty string when none is near: more than a third of the letters would have to change.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// The error for a name that is not in the list: "unknown activation 'rleu': did you mean 'relu'?"
UsageError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known);

}  // namespace neurone
