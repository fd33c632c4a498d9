// A function of θ that is to be made as small as it can be, and what the methods of this folder ask of it.
// Which function it is, is left to whoever derives from it: network_objective.h is the loss of a network.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

/// Rows of J and r, a block at a time: J is rows × parameters, r has as many numbers as J rows.
using ResidualBlock = std::function<void(ConstMatrixView<double> J, std::span<const double> r)>;

class Objective {
 public:
  Objective() = default;
  virtual ~Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;

  /// How many parameters θ has.
  virtual std::size_t size() const = 0;
  /// F(θ), which may be infinite or NaN.
  virtual double value(std::span<const double> theta) = 0;
  /// F(θ); `gradient` is overwritten with ∇F(θ).
  virtual double gradient(std::span<const double> theta, std::span<double> gradient) = 0;
  /// F(θ), ∇F(θ) and the Gauss–Newton matrix, the part of the second derivative that is never negative:
  /// F(θ + δ) ≈ F + gᵀδ + ½ δᵀHδ. H is parameters × parameters, overwritten, symmetric.
  virtual double curvature(std::span<const double> theta, std::span<double> gradient, MatrixView<double> H) = 0;
  /// How the outputs y bend in a direction, seen through the model of `curvature`: JᵀW ÿ, where H = JᵀWJ and ÿ is the
  /// second derivative of y(θ + t · direction) at t = 0. `bend` is overwritten.
  virtual void bend(std::span<const double> theta, std::span<const double> direction, std::span<double> bend) = 0;
  /// F(θ), and the rows of a J with H = JᵀJ, block by block. Where F is a sum of squares, ½ Σ r², r comes with them;
  /// of other functions r is 0.
  virtual double residuals(std::span<const double> theta, const ResidualBlock& visit) = 0;

  /// The parameters in the order in which they explain F: of collinear ones the later is given up.
  virtual std::vector<std::size_t> precedence() const = 0;
  /// The share of a column of J, beside those before it, at and below which it counts as collinear: what rounding can
  /// leave.
  virtual double collinearity() const = 0;
};

}  // namespace neurone
