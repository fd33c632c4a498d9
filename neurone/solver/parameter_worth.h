// What fitted parameters are worth: how far off each may be, and which the data say nothing about.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/solver/network_objective.h"

namespace neurone {

/// At a minimum of the loss: least squares with errors of one unknown size, or a likelihood (cross-entropy, counts).
struct ParameterWorth {
  Matrix<double> covariance;            ///< of the determined parameters
  std::vector<std::size_t> determined;  ///< which these are, as places in θ
  std::vector<std::size_t> collinear;   ///< what changes nothing that the determined ones could not
  double condition = 1;                 ///< of the Jacobian, its columns brought to length 1
  bool is_likelihood = false;           ///< values against errors are normal then, Student's otherwise
  double degrees_of_freedom = 0;        ///< samples that count · outputs − determined parameters
  double residual_deviation = 0;        ///< √(Σ w r² / degrees of freedom), in the target's unit in training
};

/// For squared error s² (JᵀWJ)⁻¹ with the residual variance s² (Seber and Wild 1989, section 2.1.2); for a likelihood
/// the inverse of its second derivative. θ is where the network stands. The loss has to have a curvature, and no
/// penalty may pull at θ. A covariance of nothing where no degree of freedom is left.
template <class T> ParameterWorth worth_of_parameters(NetworkObjective<T>& objective, std::span<const double> theta);

}  // namespace neurone
