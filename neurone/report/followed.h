// Which units a page about a row follows, where a network has more than a page can hold.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "neurone/model/trace_origins.h"

namespace neurone::report {

/// By depth, 0 being x, the units that are followed, in their order.
using Followed = std::vector<std::vector<std::size_t>>;

/// All units of a depth where there are few. Else those with the largest share in what is followed behind them,
/// Σ |value · weight| over the terms of its sums; of the outputs the largest. `member` is the row behind a members
/// layer; `wanted` is always among them.
Followed followed_units(const Trace& trace, std::size_t member, const std::optional<Place>& wanted);

/// The places of the `most` largest numbers, whatever their sign, rising; all of them where there are no more.
std::vector<std::size_t> largest_of(std::span<const double> numbers, std::size_t most);

/// The row of a unit of this depth that belongs to the member.
std::size_t row_of_member(const Trace& trace, std::size_t depth, std::size_t member);

}  // namespace neurone::report
