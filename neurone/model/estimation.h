// What the parameters of a trained network are worth, as a table (estimates.h).
#pragma once

#include <cstddef>
#include <optional>

#include "neurone/data/dataset.h"
#include "neurone/model/estimates.h"
#include "neurone/model/plan.h"
#include "neurone/network/network.h"

namespace neurone {

/// What the parameters of a network at the minimum of its loss are worth by the rows it was trained on; weights count
/// rows. Nothing for a loss without curvature, where a penalty, smoothed labels or weights of classes pull at the
/// minimum, for several outputs, for more than `most_estimated` parameters, and where collinear ones share what one
/// of them says (least-squares and newton keep all but one at 0).
template <class T>
std::optional<Estimates> estimates_of(const Network<T>& network, const Preparations& ready, const Dataset<T>& train);
inline constexpr std::size_t most_estimated = 1000;

}  // namespace neurone
