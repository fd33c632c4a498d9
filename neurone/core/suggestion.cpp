// Unknown names: the edit distance to the known ones, and the message that suggests the nearest.
// What the known names are is left to the caller.
#include "neurone/core/suggestion.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace neurone {
namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Optimal string alignment distance, with the last three rows of the table kept.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  std::string nearest;
  std::size_t smallest = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size()),
                      shorter = std::min(name.size(), candidate.size());
    if (longer - shorter >= smallest) continue;  // so many letters are to be added at least
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

UsageError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known) {
  std::string message = "unknown " + std::string(kind) + " '" + std::string(name) + "'";
  if (const std::string near = nearest_name(name, known); !near.empty()) {
    message += ": did you mean '" + near + "'?";
  } else if (!known.empty()) {
    constexpr std::size_t most = 40;  // a table may have thousands of columns: a message names the first few
    message += ", expected one of:";
    for (std::size_t i = 0; i < std::min(known.size(), most); ++i) message += (i == 0 ? " " : ", ") + known[i];
    if (known.size() > most) message += ", … (" + std::to_string(known.size()) + " in all)";
  }
  return UsageError(message);
}

}  // namespace neurone
