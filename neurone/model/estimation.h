// What the parameters of a trained network are worth, as a table (estimates.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "neurone/data/dataset.h"
#include "neurone/model/estimates.h"
#include "neurone/model/plan.h"
#include "neurone/network/network.h"

namespace neurone {

struct Estimation {
  std::optional<Estimates> estimates{};
  std::string why_none{};  ///< for the user, where that is no choice of his own
};

/// What the parameters of a network at the minimum of its loss are worth by the rows it was trained on; weights count
/// rows. Behind softmax they are those of each class less those of the first. Nothing for a loss without curvature,
/// where a penalty, smoothed labels or weights of classes pull at the minimum, for more than `most_estimated`
/// parameters, where the loss has no minimum because classes can be told apart without an error, where collinear
/// parameters share what one of them says (least-squares and newton keep all but one at 0), and behind hidden layers
/// for classes that are each a likelihood of their own.
template <class T>
Estimation estimates_of(const Network<T>& network, const Preparations& ready, const Dataset<T>& train);
inline constexpr std::size_t most_estimated = 1000;

}  // namespace neurone
