// How far to go in a direction: to where the strong Wolfe conditions hold.
#pragma once

#include <span>
#include <vector>

#include "neurone/solver/objective.h"

namespace neurone {

/// From where, and in which direction.
struct Line {
  std::span<const double> theta, direction;
  double value;  ///< F(θ)
  double slope;  ///< ∇F(θ)ᵀ direction, below 0
  double first;  ///< length tried first, above 0
  double flat;   ///< the slope's magnitude has to fall below this share of what it is at θ
};

struct LinePoint {
  double length = 0;  ///< 0: no lower place was found
  double value = 0;   ///< F there
  std::vector<double> theta{}, gradient{};
};

/// A length at which F is lower, by 10⁻⁴ of what the slope promises at least, and flatter: the strong Wolfe
/// conditions, found by bracketing and cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and 3.6). Where F
/// changes by no more than its rounding, the slope alone decides (Hager and Zhang 2005, the approximate Wolfe
/// conditions).
LinePoint search_line(Objective& objective, const Line& line);

}  // namespace neurone
