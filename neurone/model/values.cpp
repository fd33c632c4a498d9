// From what is read of networks to what the model says: probabilities and scores, numbers in their unit, and where
// there is none.
#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/model/model.h"

namespace neurone {
namespace {

// What the outputs of a row say about each class, where they are not logits.
void class_values(std::span<const double> outputs, const Loss& loss, std::span<double> values) {
  if (outputs.size() == 1) {
    values[1] = outputs[0];
    values[0] = loss.name() == losses::Hinge::name ? -outputs[0] : 1 - outputs[0];
  } else {
    std::ranges::copy(outputs, values.begin());
  }
}

Matrix<double> calibrated_values(const Model& model, const Matrix<double>& readings) {
  return values_of(model.target, model.loss, output_activation(model), readings, model.calibration.temperature);
}

}  // namespace

template <class T>
Matrix<double> readings_of(const Target& target, const Network<T>& network, ConstMatrixView<T> X,
                           std::size_t threads) {
  Matrix<double> readings(X.rows(), network.outputs());
  if (has_logits(target, output_activation(network), network.outputs())) {
    logits_together<T>(network, X, readings, threads);
  } else {
    Matrix<T> Y(X.rows(), network.outputs());
    predict_together<T>(network, X, Y, threads);
    std::ranges::copy(Y.elements(), readings.elements().begin());
  }
  return readings;
}

template <class T>
Matrix<double> readings_in_blocks(const Target& target, const Network<T>& network, const Inputs<T>& X,
                                  std::size_t threads) {
  Matrix<double> readings(X.rows(), network.outputs());
  Matrix<T> room;
  for (std::size_t first = 0; first < X.rows(); first += rows_predicted_at_once) {
    const std::size_t count = std::min(rows_predicted_at_once, X.rows() - first);
    const Matrix<double> some = readings_of<T>(target, network, X.rows(first, count, room), threads);
    std::ranges::copy(some.elements(), readings.view().rows(first, count).elements().begin());
  }
  return readings;
}

Matrix<double> class_logits(ConstMatrixView<double> readings) {
  const bool two = readings.columns() == 1;
  Matrix<double> logits(readings.rows(), two ? 2 : readings.columns());
  if (!two) std::ranges::copy(readings.elements(), logits.elements().begin());
  for (std::size_t i = 0; two && i < readings.rows(); ++i) {  // whose softmax is 1 − φ(z) and φ(z), alike
    logits(i, 1) = 0.5 * readings(i, 0);
    logits(i, 0) = -logits(i, 1);
  }
  return logits;
}

Matrix<double> values_of(const Target& target, const Loss& loss, const Activation& output,
                         ConstMatrixView<double> readings, double temperature) {
  if (has_logits(target, output, readings.columns())) {
    Matrix<double> values = class_logits(readings);
    to_probabilities(temperature, values);
    return values;
  }
  if (const auto* classes = std::get_if<ClassTarget>(&target)) {
    Matrix<double> values(readings.rows(), classes->classes.size());
    for (std::size_t i = 0; i < readings.rows(); ++i) class_values(readings[i], loss, values[i]);
    return values;
  }
  const auto& number = std::get<NumberTarget>(target);
  Matrix<double> values(readings.rows(), loss.outputs_per_target());
  for (std::size_t i = 0; i < readings.rows(); ++i) {
    values(i, 0) = number.mean + number.deviation * readings(i, 0);
    if (values.columns() == 2) values(i, 1) = number.deviation * std::exp(0.5 * readings(i, 1));
  }
  return values;
}

Matrix<double> mean_values(const Target& target, std::vector<Matrix<double>> values) {
  Matrix<double> mean = std::move(values.front());
  if (values.size() == 1) return mean;
  const auto count = static_cast<double>(values.size());
  // deviations of a mixture: the mean of d² + m², less the square of the mean m
  const bool deviations = task_of(target) == Task::regression && mean.columns() == 2;
  const auto square = [](std::span<double> row) { row[1] = row[1] * row[1] + row[0] * row[0]; };
  for (std::size_t i = 0; i < mean.rows(); ++i) {
    if (deviations) square(mean[i]);
    for (std::size_t k = 1; k < values.size(); ++k) {
      if (deviations) square(values[k][i]);
      for (std::size_t j = 0; j < mean.columns(); ++j) mean(i, j) += values[k](i, j);
    }
    for (double& each : mean[i]) each /= count;
    if (deviations) mean(i, 1) = std::sqrt(std::max(mean(i, 1) - mean(i, 0) * mean(i, 0), 0.0));
  }
  return mean;
}

template <class T>
Matrix<double> values_of(const Model& model, const Network<T>& network, ConstMatrixView<T> X, std::size_t threads) {
  return calibrated_values(model, readings_of<T>(model.target, network, X, threads));
}

template <class T> Matrix<double> values_of(const Model& model, ConstMatrixView<T> X, std::size_t threads) {
  std::vector<Matrix<double>> readings;
  for (const Network<T>& network : std::get<Networks<T>>(model.networks))
    readings.push_back(readings_of<T>(model.target, network, X, threads));
  return values_of(model, readings);
}

Matrix<double> values_of(const Model& model, const std::vector<Matrix<double>>& readings) {
  std::vector<Matrix<double>> values;
  for (const Matrix<double>& each : readings) values.push_back(calibrated_values(model, each));
  Matrix<double> mean = mean_values(model.target, std::move(values));
  if (const auto* number = std::get_if<NumberTarget>(&model.target))
    for (std::size_t i = 0; i < mean.rows(); ++i)
      mean(i, 0) = std::clamp(mean(i, 0), number->lowest, number->highest);
  return mean;
}

std::optional<std::size_t> overflowing_row(const Matrix<double>& values) {
  const std::span<const double> all = values.elements();
  const auto found = std::ranges::find_if(all, [](double value) { return !std::isfinite(value); });
  if (found == all.end()) return {};
  return static_cast<std::size_t>(found - all.begin()) / values.columns();
}

std::string overflow_text(const Model& model, std::span<const double> values) {
  const auto value = std::ranges::find_if_not(values, [](double each) { return std::isfinite(each); });
  return "the prediction is not a finite number: " +
         value_names(model)[static_cast<std::size_t>(value - values.begin())] +
         (std::isnan(*value) ? " is no number" : " is infinite") + ", because numbers of the network overflow a " +
         (is_float(model) ? "float" : "double");
}

#define NEURONE_INSTANTIATE(T)                                                                                    \
  template Matrix<double> readings_of<T>(const Target&, const Network<T>&, ConstMatrixView<T>, std::size_t);      \
  template Matrix<double> readings_in_blocks<T>(const Target&, const Network<T>&, const Inputs<T>&, std::size_t); \
  template Matrix<double> values_of<T>(const Model&, ConstMatrixView<T>, std::size_t);                            \
  template Matrix<double> values_of<T>(const Model&, const Network<T>&, ConstMatrixView<T>, std::size_t);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
