// The reference of the functions with which exported C multiplies: the same operations in the same order.
#include "neurone/export/int8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "neurone/core/denormals.h"

namespace neurone {
namespace {

constexpr int largest_weight = 127;

// Writes w in steps of the largest over 127, and returns the step.
template <class T> T in_steps(std::span<const T> w, std::span<std::int8_t> whole) {
  T largest(0);
  for (const T each : w) largest = std::max(largest, std::abs(each));
  const T step = largest / T(largest_weight);
  for (std::size_t k = 0; k < w.size(); ++k)
    whole[k] =
        step > std::numeric_limits<T>::min() ? static_cast<std::int8_t>(std::lround(w[k] / step)) : std::int8_t{0};
  return step;
}

// An input in whole numbers; the step is NaN where an input is not finite, and 0 where all are next to nothing.
template <class T> T in_steps(std::span<const T> x, int most, std::span<std::int16_t> whole) {
  T largest(0), odd(0);
  for (const T each : x) {
    const T size = std::abs(each);
    odd += size - size;
    if (size > largest) largest = size;
  }
  const bool usable = odd == T(0) && largest > T(1e-30);
  const T inverse = usable ? static_cast<T>(most) / largest : T(0);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const T scaled = x[k] * inverse;
    whole[k] = usable ? static_cast<std::int16_t>(scaled + (scaled < T(0) ? T(-0.5) : T(0.5))) : std::int16_t{0};
  }
  return usable ? largest / static_cast<T>(most) : odd;
}

// z = x W + b.
template <class T>
void multiply(std::span<const T> x, std::span<const std::int8_t> W, std::span<const T> steps, std::span<const T> b,
              std::span<T> z) {
  std::vector<std::int16_t> whole(x.size());
  const T step = in_steps(x, largest_int8_input(x.size()), std::span(whole));
  for (std::size_t j = 0; j < z.size(); ++j) {
    std::int32_t sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) sum += std::int32_t{whole[k]} * std::int32_t{W[j * x.size() + k]};
    z[j] = static_cast<T>(sum) * (steps[j] * step) + (b.empty() ? T(0) : b[j]);
  }
}

bool has_bias(const LayerSpec& spec) {
  const auto* dense = std::get_if<layers::Dense>(&spec);
  return dense == nullptr || dense->bias;
}

// Z of layer l for X, rows × inputs.
template <class T> Matrix<T> forward(const Network<T>& network, std::size_t l, ConstMatrixView<T> X) {
  const Layer<T>& layer = network.layer(l);
  Matrix<T> Z(X.rows() * layer.copies(), layer.outputs());
  const Int8Weights<T> weights = int8_weights(network, l);
  if (weights.W.empty()) {
    std::vector<T> scratch(layer.scratch(X.rows()));
    Workbench<T> workbench(nullptr);
    Pass pass;
    pass.copies = l == 0 ? 1 : network.copies(l - 1);
    layer.forward({.pass = pass,
                   .parameters = network.parameters(l),
                   .statistics = network.statistics(l),
                   .X = X,
                   .Z = Z,
                   .scratch = scratch,
                   .workbench = &workbench});
    return Z;
  }
  const std::size_t members = weights.steps.size() / layer.outputs();  // each with weights of its own
  const std::span<const T> biases =
      has_bias(network.spec().layers[l]) ? network.parameters(l).last(weights.steps.size()) : std::span<const T>();
  for (std::size_t i = 0; i < X.rows(); ++i) {
    const std::size_t first = i % members * layer.outputs();
    multiply(X[i], std::span(weights.W).subspan(first * layer.inputs(), layer.outputs() * layer.inputs()),
             std::span(weights.steps).subspan(first, layer.outputs()),
             biases.empty() ? biases : biases.subspan(first, layer.outputs()), Z[i]);
  }
  return Z;
}

// A of the last layer, or Z.
template <class T> Matrix<T> through_all(const Network<T>& network, ConstMatrixView<T> X, bool only_to_logits) {
  const DenormalsAreZero as_in_every_prediction;
  Matrix<T> A(X.rows(), X.columns());
  std::ranges::copy(X.elements(), A.elements().begin());
  for (std::size_t l = 0; l < network.size(); ++l) {
    A = forward<T>(network, l, A);
    const Activation& activation = network.layer(l).activation();
    const bool activates = !activation.is_identity() && !(only_to_logits && l + 1 == network.size());
    if (activates) activation.forward(ConstMatrixView<T>(A), A.view());
  }
  return A;
}

// As readings_of.
template <class T> Matrix<double> int8_readings(const Model& model, const Network<T>& network, ConstMatrixView<T> X) {
  const bool logits = has_logits(model);
  const Matrix<T> A = through_all<T>(network, X, logits);
  Matrix<double> readings(X.rows(), network.outputs());
  if (logits) {
    logits_of_members<T>(A, network.members(), readings);
  } else {
    Matrix<T> Y(X.rows(), network.outputs());
    mean_of_members<T>(A, network.members(), Y);
    std::ranges::copy(Y.elements(), readings.elements().begin());
  }
  return readings;
}

}  // namespace

int largest_int8_input(std::size_t inputs) {
  constexpr std::size_t largest_sum = std::numeric_limits<std::int32_t>::max(),
                        largest_input = std::numeric_limits<std::int16_t>::max();
  return static_cast<int>(
      std::clamp<std::size_t>(largest_sum / (largest_weight * std::max<std::size_t>(inputs, 1)), 1, largest_input));
}

template <class T> Int8Weights<T> int8_weights(const Network<T>& network, std::size_t l) {
  const LayerSpec& spec = network.spec().layers[l];
  const bool is_dense = std::holds_alternative<layers::Dense>(spec);
  if (!is_dense && !std::holds_alternative<layers::Heads>(spec)) return {};
  const ConstMatrixView<T> W = network.parameter(std::to_string(l) + ".W");
  const std::size_t inputs = network.layer(l).inputs(), rows = W.rows() * W.columns() / inputs;
  Int8Weights<T> weights{.W = std::vector<std::int8_t>(rows * inputs), .steps = std::vector<T>(rows)};
  std::vector<T> row(inputs);
  for (std::size_t j = 0; j < rows; ++j) {
    for (std::size_t k = 0; k < inputs; ++k) row[k] = is_dense ? W(k, j) : W.elements()[j * inputs + k];
    weights.steps[j] = in_steps(std::span<const T>(row), std::span(weights.W).subspan(j * inputs, inputs));
  }
  return weights;
}

Predictions predict_int8(const Model& model, const Source& source) {
  return std::visit(
      [&]<class T>(const Networks<T>& networks) {
        Predictions predictions;
        Matrix<T> X(rows(source), model.inputs());
        predictions.surprises = encode<T>(model.preparation, source, X);
        std::vector<Matrix<double>> readings;
        for (const Network<T>& network : networks) readings.push_back(int8_readings<T>(model, network, X));
        predictions.values = values_of(model, readings);
        predictions.classes = classes_of(model.target, predictions.values);
        return predictions;
      },
      model.networks);
}

std::string int8_text(const Model& model, const Agreement& agreement) {
  if (task_of(model.target) == Task::regression)
    return fmt::format("on {} rows the largest difference is {:.2g} deviations of the target", agreement.rows,
                       agreement.largest);
  return fmt::format("on {} rows {} other {} than without, the largest difference of a {} {:.2g}", agreement.rows,
                     agreement.other_labels, agreement.other_labels == 1 ? "label" : "labels",
                     gives_probabilities(model) ? "probability" : "score", agreement.largest);
}

template Int8Weights<float> int8_weights<float>(const Network<float>&, std::size_t);
template Int8Weights<double> int8_weights<double>(const Network<double>&, std::size_t);

}  // namespace neurone
