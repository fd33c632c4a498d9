// Two curves behind figures of classes: how well rows are ranked, and how often sure predictions are right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

/// Of one class against the rest, with the threshold going down: the share of the other rows that get at least so
/// high a value, and the share of its own rows that do.
struct RocCurve {
  struct Point {
    double false_positives = 0, true_positives = 0;
    bool operator==(const Point&) const = default;
  };
  std::vector<Point> points{};  ///< from (0, 0) to (1, 1), thinned out where there are many
  double area = 0;              ///< of the whole curve: roc_auc of the class
};

/// `values`, rows × classes. Empty where no row, or every row, is of the class.
RocCurve roc_curve(ConstMatrixView<double> values, std::span<const std::uint32_t> truth, std::uint32_t of);

/// Rows whose predicted class has a probability in this bin.
struct ReliabilityBin {
  std::size_t rows = 0;
  double sure = 0;   ///< their mean probability
  double right = 0;  ///< the share that is right
};

/// The bins of calibration_error (figures.h) that have rows, the least sure first.
std::vector<ReliabilityBin> reliability(ConstMatrixView<double> probabilities, std::span<const std::uint32_t> truth);

}  // namespace neurone
