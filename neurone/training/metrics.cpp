#include "neurone/training/metrics.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "neurone/core/suggestion.h"

namespace neurone {

std::string_view best_by_name(BestBy best_by) {
  return best_by == BestBy::metric ? "metric" : "loss";
}

BestBy parse_best_by(std::string_view name) {
  std::vector<std::string> names;
  for (const BestBy best_by : {BestBy::metric, BestBy::loss}) {
    names.emplace_back(best_by_name(best_by));
    if (names.back() == name) return best_by;
  }
  throw unknown_name("figure to choose the best epoch by", name, names);
}

template <class T> std::size_t predicted_class(std::span<const T> outputs, double threshold) {
  if (outputs.size() == 1) return static_cast<double>(outputs[0]) > threshold ? 1 : 0;
  std::size_t largest = 0;
  for (std::size_t j = 1; j < outputs.size(); ++j)
    if (outputs[j] > outputs[largest]) largest = j;
  return largest;
}

template <class T> void Tally::add(ConstMatrixView<T> A, const Targets<T>& targets, double loss) {
  for (std::size_t i = 0; i < A.rows(); ++i) {
    const double weight = targets.weights.empty() ? 1 : static_cast<double>(targets.weights[i]);
    const std::span<const T> t = targets.values[i];
    if (metric_.task == Task::classification) {
      if (predicted_class(A[i], metric_.threshold) == predicted_class(t, 0.5)) correct_or_squares_ += weight;
    } else {
      for (std::size_t j = 0; j < t.size(); ++j) {
        const double error = static_cast<double>(A(i, j)) - static_cast<double>(t[j]);
        correct_or_squares_ += weight * error * error / static_cast<double>(t.size());
      }
    }
  }
  const double batch = total_weight(targets);
  weight_ += batch;
  loss_ += batch * loss;
}

double Tally::metric() const {
  const double mean = weight_ > 0 ? correct_or_squares_ / weight_ : 0;
  return metric_.task == Task::classification ? mean : metric_.unit * std::sqrt(mean);
}

#define NEURONE_INSTANTIATE(T)                                         \
  template std::size_t predicted_class<T>(std::span<const T>, double); \
  template void Tally::add<T>(ConstMatrixView<T>, const Targets<T>&, double);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
