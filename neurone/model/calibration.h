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
  /// Probabilities p become p^(1/τ), divided by their sum: logits divided by τ, above 1 where the network is too sure
  /// of itself (Guo et al. 2017, section 4.2). Of several networks, those of each before they are averaged.
  double temperature = 1;
  /// How far predictions were off, the least first: of a number |y − prediction|, over the predicted deviation where
  /// there is one; of a class 1 − the probability of the true one. Empty without validation rows.
  std::vector<double> errors{};
};

/// More errors than this are thinned out, each kept one standing for its neighbours below.
inline constexpr std::size_t most_calibration_errors = 1000;

/// Sorted and thinned out.
std::vector<double> calibration_errors(std::vector<double> errors);

/// The temperature under which the probabilities, rows × classes, have the lowest log-loss, with a grain of doubt for
/// each row, so that few rows do not make certain. 1 where there are no rows.
double fit_temperature(ConstMatrixView<double> probabilities, std::span<const std::uint32_t> truth);

void apply_temperature(double temperature, MatrixView<double> probabilities);

/// The bound that the error of a new row keeps with probability `level` at least, whatever the network, as long as
/// the row is drawn like those of the validation: the ⌈(n + 1) level⌉-th of n errors (split conformal prediction;
/// Vovk et al. 2005; Lei et al. 2018, section 2.2). Infinite where n is too small for the level.
double error_bound(std::span<const double> errors, double level);

}  // namespace neurone
