// Small problems that the tests of the training loop share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/network/network.h"
#include "neurone/training/trainer.h"
#include "tests/support/matrices.h"

namespace neurone {

constexpr Metric accuracy_metric{.task = Task::classification};
constexpr Metric rmse_metric{.task = Task::regression};

/// One input and one target.
template <class T>
Dataset<T> points(const std::vector<T>& x, const std::vector<T>& t, const std::vector<T>& weights = {}) {
  Matrix<T> X(x.size(), 1), targets(t.size(), 1);
  std::ranges::copy(x, X.elements().begin());
  std::ranges::copy(t, targets.elements().begin());
  return {.X = X, .targets = targets, .weights = Vector<T>(weights.begin(), weights.end())};
}

/// Random points of the square, in class 1 above a parabola.
template <class T> Dataset<T> parabola(std::size_t rows, std::uint64_t seed) {
  Random random = numbers_of_test(seed);
  Dataset<T> data{.X = random_matrix<T>(rows, 2, random), .targets = Matrix<T>(rows, 1), .weights = {}};
  for (std::size_t i = 0; i < rows; ++i)
    data.targets(i, 0) = data.X(i, 1) > T(1.5) * data.X(i, 0) * data.X(i, 0) - T(0.5) ? T(1) : T(0);
  return data;
}

/// y = wx, and y = wx + b.
inline NetworkSpec line_through_origin() {
  return {.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "identity", .bias = false}}};
}
inline NetworkSpec line() {
  return {.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "identity"}}};
}

/// Two classes of points of the plane; with everything that is random or has a memory.
inline NetworkSpec classifier_with_all_layers() {
  return {.inputs = 2,
          .layers = {layers::Dense{.units = 8, .activation = "tanh"}, layers::BatchNorm{},
                     layers::Dropout{.rate = 0.2}, layers::Dense{.units = 1, .activation = "sigmoid"}}};
}

/// Gradient descent at one rate, all rows in one batch.
inline TrainingOptions descent(double rate, std::size_t epochs) {
  return {.epochs = epochs,
          .batch = 1000,
          .optimizer = update_rules::SGD{},
          .learning_rate = rate,
          .schedule = {.shape = schedules::Constant{}}};
}

template <class T> std::vector<T> parameters_of(const Network<T>& network) {
  return {network.parameters().begin(), network.parameters().end()};
}

}  // namespace neurone
