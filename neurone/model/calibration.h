// How sure predictions may be: what the rows that training did not learn from say about them.
// Two things, both learnt from the validation rows: a temperature for probabilities, and how far predictions are off,
// from which intervals and sets of any level follow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

struct Calibration {
  /// τ, by which logits are divided before they become probabilities: above 1 where the network is too sure of itself
  /// (Guo et al. 2017, section 4.2). Of several networks, the logits of each; their probabilities are averaged. 1
  /// where there are no logits.
  double temperature = 1;
  /// How far predictions were off, the least first: of a number |y − prediction|, over the predicted deviation where
  /// there is one; of a class 1 − the probability of the true one. Empty without validation rows.
  std::vector<double> errors{};
};

/// More errors than this are thinned out, each kept one standing for its neighbours below.
inline constexpr std::size_t most_calibration_errors = 1000;

/// Sorted and thinned out.
std::vector<double> calibration_errors(std::vector<double> errors);

/// The temperature under which the probabilities of these logits, rows × classes, have the lowest log-loss, with a
/// grain of doubt for each row, so that few rows do not make certain. 1 where there are no rows.
double fit_temperature(ConstMatrixView<double> logits, std::span<const std::uint32_t> truth);

/// Overwrites logits l, rows × classes, with the probabilities softmax(l/τ). A logit that is no number, or infinite,
/// makes those of its row NaN.
void to_probabilities(double temperature, MatrixView<double> logits);

/// The bound that the error of a new row keeps with probability `level` at least, whatever the network, as long as
/// the row is drawn like those of the validation: the ⌈(n + 1) level⌉-th of n errors (split conformal prediction;
/// Vovk et al. 2005; Lei et al. 2018, section 2.2). Infinite where n is too small for the level.
double error_bound(std::span<const double> errors, double level);

}  // namespace neurone
