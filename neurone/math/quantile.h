// Quantiles of numbers that are sorted already.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace neurone {

/// The value below which a share q of the sorted values lies, in a straight line between neighbours: numpy's default
/// (Hyndman and Fan 1996, definition 7). At least one value, 0 ≤ q ≤ 1.
inline double quantile(std::span<const double> sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

}  // namespace neurone
