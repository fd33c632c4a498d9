// How long a row may be for formulas of a whole row to run over lanes; longer ones run number by number.
#pragma once

#include <cstddef>

namespace neurone {

/// There is room on the stack for so many columns of as many rows as a vector has lanes.
inline constexpr std::size_t widest_row_in_lanes = 128;

}  // namespace neurone
