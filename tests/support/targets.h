// Losses with several settings each, and targets that suit them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/core/random.h"
#include "neurone/loss/loss.h"
#include "tests/support/matrices.h"

namespace neurone {

/// Every loss of the sheet as it is by default, and some with other settings.
inline std::vector<Loss> losses_of_test() {
  std::vector<Loss> all;
  for (const std::string& name : choice_names<losses::Any>()) all.push_back(Loss::parse(name));
  for (const char* text : {"huber:delta=0.3", "quantile:tau=0.1", "quantile:tau=0.9", "binary_focal:gamma=0",
                           "binary_focal:gamma=0.5", "binary_focal:gamma=3.7", "categorical_focal:gamma=0",
                           "categorical_focal:gamma=0.5", "categorical_focal:gamma=1", "categorical_focal:gamma=3.7"})
    all.push_back(Loss::parse(text));
  return all;
}

/// Does it compare whole rows of classes?
inline bool is_categorical(const Loss& loss) {
  return loss.name().starts_with("categorical");
}

/// Targets between 0 and 1, never quite at either end: soft classes, where it is about classes. The rows of a
/// categorical loss sum to 1.
inline Matrix<double> targets_for(const Loss& loss, std::size_t rows, std::size_t columns, Random& random) {
  Matrix<double> targets(rows, columns);
  fill_uniform(random, 0.05, 0.95, targets.elements());
  if (!is_categorical(loss)) return targets;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (const double t : targets[i]) sum += t;
    for (double& t : targets[i]) t /= sum;
  }
  return targets;
}

}  // namespace neurone
