// The one figure by which epochs are compared, unless the loss is asked for: accuracy for classes, root mean squared
// error for numbers. Figures for a report are in model/model.h.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "neurone/core/matrix.h"
#include "neurone/data/target.h"
#include "neurone/loss/loss.h"

namespace neurone {

/// How outputs are read to be counted.
struct Metric {
  Task task = Task::regression;
  double threshold = 0.5;  ///< with one output for two classes: above it is class 1
  double unit = 1;         ///< with a standardised number: its deviation, so that the error is in the user's unit

  std::string_view name() const { return task == Task::classification ? "accuracy" : "rmse"; }
  bool better(double a, double b) const { return task == Task::classification ? a > b : a < b; }
};

/// By what of the validation rows epochs are compared.
enum class BestBy { metric, loss };

/// "metric", "loss".
std::string_view best_by_name(BestBy best_by);
/// Throws UsageError with the nearest name.
BestBy parse_best_by(std::string_view name);

/// The class that a row of outputs says: the largest output, or the side of the threshold where there is only one.
template <class T> std::size_t predicted_class(std::span<const T> outputs, double threshold);

/// A metric and a loss gathered over batches.
class Tally {
 public:
  explicit Tally(const Metric& metric) : metric_(metric) {}

  /// `A`, batch × outputs; `loss`, the batch's weighted mean. Targets are not smoothed.
  template <class T> void add(ConstMatrixView<T> A, const Targets<T>& targets, double loss);

  double loss() const { return weight_ > 0 ? loss_ / weight_ : 0; }
  double metric() const;

 private:
  Metric metric_;
  double weight_ = 0, loss_ = 0, correct_or_squares_ = 0;
};

}  // namespace neurone
