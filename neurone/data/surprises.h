// Cells that training has not seen the like of. Their rows are predicted all the same; whoever asked for the
// predictions says so, counts, or refuses. Which cells those are is found in columns.cpp.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace neurone {

enum class SurpriseKind : std::uint8_t {
  unknown_category,  ///< counts as none of the known ones
  below,             ///< a number or date under the lowest of the training rows
  above,             ///< one over the highest
  clock,             ///< a time with an offset from UTC where training had none, or the other way round
  missing            ///< no value, where every training row had one: counts as the median, or as no category
};

struct Surprise {
  std::uint32_t row;
  std::uint32_t column;  ///< of the preparation
  SurpriseKind kind;

  auto operator<=>(const Surprise&) const = default;
};

/// Those of a table, row by row.
struct Surprises {
  std::vector<Surprise> cells;

  std::size_t count(SurpriseKind kind) const {
    return static_cast<std::size_t>(std::ranges::count(cells, kind, &Surprise::kind));
  }
};

}  // namespace neurone
