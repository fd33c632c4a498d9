// How good predictions are: the figures of a report, and how sure they are.
// Where predictions and truth come from is left to model.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// "accuracy", 0.98, and the interval in which it lies where that was asked for.
struct Figure {
  std::string name;
  double value = 0;
  std::optional<Interval> interval{};
  bool operator==(const Figure&) const = default;
};

/// In the order in which they are shown.
using Figures = std::vector<Figure>;

/// Figures of predicted classes, as scikit-learn defines them. Of two classes the second is the positive one; with
/// more, a figure of one class is averaged over all that occur.
///
///     accuracy, balanced_accuracy, f1, matthews (the correlation coefficient; Gorodkin 2004 for many classes)
///     roc_auc, average_precision: each class against the rest; left out where the truth has no two classes, and for
///                                 more than most_ranked_classes, each of which needs an order of all rows
///     log_loss, brier, calibration_error: of probabilities only
///
/// brier is the mean of (p − t)² of the positive class, or of its sum over the classes where there are more.
/// calibration_error compares, in calibration_bins equal bins of the predicted class's probability, how sure with how
/// often right (Guo et al. 2017, equation 5).
class ClassFigures {
 public:
  static constexpr std::size_t most_ranked_classes = 100;

  /// `values`, rows × classes: probabilities or scores. All of them outlive this.
  ClassFigures(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> predicted,
               ConstMatrixView<double> values, bool probabilities);

  /// With a weight for each row, not all zero.
  Figures operator()(std::span<const double> weights) const;

  std::size_t rows() const { return truth_.size(); }
  /// Steps of a call, about.
  std::size_t cost() const { return rows() * (1 + rankings_.size()); }

 private:
  struct Ranking {
    std::uint32_t of;                  // class
    std::vector<std::uint32_t> order;  // rows by its value, the lowest first
  };
  void add_rank_figures(std::span<const double> weights, Figures& figures) const;
  void add_probability_figures(std::span<const double> weights, Figures& figures) const;

  std::span<const std::uint32_t> truth_, predicted_;
  ConstMatrixView<double> values_;
  bool probabilities_;
  std::vector<Ranking> rankings_;
};

/// In which of the bins of calibration_error a probability lies.
inline constexpr std::size_t calibration_bins = 15;
inline std::size_t calibration_bin(double p) {
  return p > 0 ? std::min(calibration_bins - 1, static_cast<std::size_t>(p * calibration_bins)) : 0;
}

/// Figures of predicted numbers: rmse, mae, median_error (of the absolute error), and r2 where the truth has a
/// spread.
class NumberFigures {
 public:
  NumberFigures(std::span<const double> truth, std::vector<double> predicted);

  /// With a weight for each row, not all zero.
  Figures operator()(std::span<const double> weights) const;

  std::size_t rows() const { return truth_.size(); }
  std::size_t cost() const { return 2 * rows(); }

 private:
  std::span<const double> truth_;
  std::vector<double> errors_;        // predicted − truth
  std::vector<std::uint32_t> order_;  // rows by absolute error, the lowest first
};

/// How much better one model is than another on the same rows: "gain", the other's mean loss less the one's, or root
/// mean loss. Above 0 the one is better.
class GainFigures {
 public:
  enum class Mean { plain, root };

  /// Losses of each row: 1 for a wrong class and 0 for the right one (the gain is one of accuracy), or squared errors
  /// with a root mean (a gain of rmse).
  GainFigures(std::vector<double> losses, std::vector<double> losses_of_other, Mean mean);

  /// With a weight for each row, not all zero.
  Figures operator()(std::span<const double> weights) const;

  std::size_t rows() const { return losses_.size(); }
  std::size_t cost() const { return rows(); }

 private:
  std::vector<double> losses_, others_;
  Mean mean_;
};

/// Fewer rows than this say nothing about the rows that they do not hold: no intervals.
inline constexpr std::size_t fewest_rows_for_intervals = 10;

/// The 95 % interval of a share that was found among so many rows (Wilson 1927): [0.95, 1] when 69 of 69 are right.
Interval share_interval(double share, std::size_t rows);

/// The figures of all rows, and for each the interval that holds 95 % of its values when the rows are drawn anew, as
/// many as there are, with replacement (percentile bootstrap; Efron 1979). The draws are always the same; up to
/// 1,000, fewer where a call takes long. Draws that are all equal, or no numbers, give no interval. Accuracy is a
/// share and has share_interval.
Figures with_intervals(const ClassFigures& meter);
Figures with_intervals(const NumberFigures& meter);
Figures with_intervals(const GainFigures& meter);

/// Without intervals.
template <class Meter> Figures figures_of(const Meter& meter) {
  return meter(std::vector<double>(meter.rows(), 1));
}

}  // namespace neurone
