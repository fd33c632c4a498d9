// What fitted parameters are worth: how far off each may be, and which the data say nothing about.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/solver/network_objective.h"

namespace neurone {

/// At a minimum of the loss: least squares with errors of unknown size, or a likelihood (cross-entropy, counts).
struct ParameterWorth {
  /// θ. Of what softmax does not determine, differences: a parameter of an output less the first output's, which is
  /// 0.
  std::vector<double> values;
  Matrix<double> covariance;            ///< of the determined values; nothing where no degree of freedom is left
  std::vector<std::size_t> determined;  ///< which these are, as places in θ
  std::vector<std::size_t> collinear;   ///< what changes nothing that the determined ones could not
  double condition = 1;                 ///< of the Jacobian, its columns brought to length 1
  bool is_likelihood = false;           ///< values against errors are normal then, Student's otherwise
  /// Squared error: rows that count − determined parameters / outputs, of each output by itself. A likelihood:
  /// rows · outputs − determined parameters. Softmax counts as one output less than it has.
  double degrees_of_freedom = 0;
  std::vector<double> sums_of_squares;  ///< Σ w r² of each output, in the target's unit; none for a likelihood
  /// Of a likelihood, is Newton's step from θ next to nothing? Where classes can be told apart without an error it
  /// never is: then there is no minimum, and the covariance says nothing.
  bool at_minimum = true;

  /// √(Σ w r² / degrees of freedom) of an output.
  double residual_deviation(std::size_t output) const {
    return std::sqrt(sums_of_squares[output] / degrees_of_freedom);
  }
};

/// For squared error s² (JᵀWJ)⁻¹ with the residual variance s² (Seber and Wild 1989, section 2.1.2); of several
/// outputs (JᵀWJ)⁻¹ (Σ_i w_i J_iᵀ S J_i) (JᵀWJ)⁻¹ with the residuals' covariance S, J_i of row i outputs × parameters
/// (the same, chapter 11): for a single linear layer, each output's own regression. For a likelihood the inverse of
/// its second derivative; several outputs that are no softmax are taken as independent of one another. θ is where the
/// network stands. The loss has to have a curvature, and no penalty may pull at θ.
template <class T> ParameterWorth worth_of_parameters(NetworkObjective<T>& objective, std::span<const double> theta);

}  // namespace neurone
