// The table of a regression as statistics programs print it: estimates, standard errors, t or z, p, and how well all
// of it fits. How they are computed is in solver/parameter_worth.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/model/plan.h"
#include "neurone/network/network.h"

namespace neurone {

struct Estimate {
  std::string name;  ///< of a linear model the input it multiplies, "(constant)" for b; else its place, "0.W[2,1]"
  double value = 0;
  double error = 0;      ///< standard error
  double statistic = 0;  ///< value / error: t, or z
  double p = 1;          ///< of a value as far from 0 if it were 0
};

struct Estimates {
  std::vector<Estimate> parameters;
  std::vector<std::string> collinear;  ///< left out: they say what others say already
  bool in_users_unit = false;          ///< of the columns as they are; else as the network sees them
  bool is_likelihood = false;          ///< z and the normal distribution, else t and Student's
  double degrees_of_freedom = 0;
  double condition = 1;  ///< of the Jacobian, its columns brought to length 1
  std::optional<double> residual_deviation{}, r_squared{}, adjusted_r_squared{};  ///< of a number
};

/// What the parameters of a network at the minimum of its loss are worth by the rows it was trained on; weights count
/// rows. Nothing for a loss without curvature, where a penalty, smoothed labels or weights of classes pull at the
/// minimum, for several outputs, for more than `most_estimated` parameters, and where collinear ones share what one
/// of them says (least-squares and newton keep all but one at 0).
template <class T>
std::optional<Estimates> estimates_of(const Network<T>& network, const Preparations& ready, const Dataset<T>& train);
inline constexpr std::size_t most_estimated = 1000;

/// The table in words, a line each, ending with a newline; of more than 40 parameters those that matter most.
std::string text_of(const Estimates& estimates, const std::string& target);

}  // namespace neurone
