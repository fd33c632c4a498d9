#include "neurone/model/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include "neurone/core/error.h"

namespace neurone {
namespace {

constexpr std::size_t prediction_batch = 256;

// What the outputs of a row say about each class.
void class_values(std::span<const double> outputs, const Activation& activation, const Loss& loss,
                  std::span<double> values) {
  const bool logarithms = activation.name() == activations::LogSoftmax::name;
  if (outputs.size() == 1) {
    values[1] = outputs[0];
    values[0] = loss.name() == losses::Hinge::name ? -outputs[0] : 1 - outputs[0];
  } else {
    for (std::size_t j = 0; j < outputs.size(); ++j) values[j] = logarithms ? std::exp(outputs[j]) : outputs[j];
  }
}

template <class T> Matrix<double> outputs_for(const Network<T>& network, ConstMatrixView<T> X) {
  Workspace<T> workspace(network, std::min(prediction_batch, std::max<std::size_t>(X.rows(), 1)),
                         WorkspaceFor::prediction);
  Matrix<T> Y(X.rows(), network.outputs());
  network.predict(X, Y, workspace);
  Matrix<double> wide(X.rows(), network.outputs());
  std::ranges::copy(Y.elements(), wide.elements().begin());
  return wide;
}

Figures class_figures(const Predictions& predictions, std::span<const std::uint32_t> truth, std::size_t classes,
                      bool probabilities, Matrix<double>& confusion) {
  confusion = Matrix<double>(classes, classes);
  double log_loss = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    confusion(truth[i], predictions.classes[i]) += 1;
    log_loss -= std::log(std::max(predictions.values(i, truth[i]), std::numeric_limits<double>::min()));
  }
  double right = 0, recalls = 0, present = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    double count = 0;
    for (const double each : confusion[c]) count += each;
    right += confusion(c, c);
    if (count > 0) {
      recalls += confusion(c, c) / count;
      present += 1;
    }
  }
  const auto n = static_cast<double>(truth.size());
  Figures figures{{"accuracy", right / n}, {"balanced_accuracy", recalls / present}};
  if (probabilities) figures.emplace_back("log_loss", log_loss / n);
  return figures;
}

// R² = 1 − Σ (y − t)² / Σ (t − t̄)², which is undefined where the truth has no spread, as in a single row.
Figures number_figures(const Matrix<double>& values, std::span<const double> truth) {
  const auto n = static_cast<double>(truth.size());
  double mean = truth.empty() ? 0 : truth.front(), squares = 0, absolute = 0, around_mean = 0;
  for (const double t : truth) mean += (t - truth.front()) / n;  // exact where all are equal
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = values(i, 0) - truth[i];
    squares += error * error;
    absolute += std::abs(error);
    around_mean += (truth[i] - mean) * (truth[i] - mean);
  }
  Figures figures{{"rmse", std::sqrt(squares / n)}, {"mae", absolute / n}};
  if (around_mean > 0) figures.emplace_back("r2", 1 - squares / around_mean);
  return figures;
}

std::vector<std::uint32_t> true_classes(const Source& source, const ClassTarget& target) {
  if (const auto* table = std::get_if<Table>(&source)) return class_numbers(*table, target);
  return class_numbers(std::get<Images>(source), target);
}

}  // namespace

std::size_t rows(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return table->rows();
  return std::get<Images>(source).count();
}

std::size_t Model::inputs() const {
  return std::visit([](const auto& each) { return each.inputs(); }, network);
}
std::size_t Model::outputs() const {
  return std::visit([](const auto& each) { return each.outputs(); }, network);
}

void check_task_fits(Task task, const Loss& loss, const Activation& output) {
  if (task == Task::classification && loss.use() == losses::Use::numbers)
    throw UsageError("loss " + std::string(loss.name()) + " is for numbers, but the target is of classes");
  if (task == Task::regression && loss.use() == losses::Use::classes)
    throw UsageError("loss " + std::string(loss.name()) + " is for classes, but the target is a number");
  if (task == Task::regression && output.is_rowwise())
    throw UsageError("output activation " + std::string(output.name()) +
                     " is for classes, but the target is a number");
}

Metric metric_of(const Target& target, const Loss& loss) {
  Metric metric{.task = task_of(target), .threshold = loss.name() == losses::Hinge::name ? 0 : 0.5};
  if (const auto* number = std::get_if<NumberTarget>(&target)) metric.unit = number->deviation;
  return metric;
}

const Activation& output_activation(const Model& model) {
  return std::visit([](const auto& each) -> const Activation& { return each.layer(each.size() - 1).activation(); },
                    model.network);
}

bool gives_probabilities(const Model& model) {
  using namespace activations;
  constexpr std::array names{Softmax::name, LogSoftmax::name, Sigmoid::name, HardSigmoid::name, Elliot::name};
  const Activation& output = output_activation(model);
  return (output.is_rowwise() || model.outputs() == 1) && std::ranges::find(names, output.name()) != names.end();
}

template <class T> Surprises encode(const Preparation& preparation, const Source& source, MatrixView<T> X) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation)) {
    if (!std::holds_alternative<Table>(source))
      throw Error(std::get<Images>(source).source, "images, expected a table: the model was trained on one");
    return table->encode<T>(std::get<Table>(source), X);
  }
  if (!std::holds_alternative<Images>(source))
    throw Error(std::get<Table>(source).source(), "a table, expected IDX images: the model was trained on them");
  std::get<ImagePreparation>(preparation).encode<T>(std::get<Images>(source), X);
  return {};
}

Predictions predict(const Model& model, const Source& source) {
  Predictions predictions;
  const Matrix<double> Y = std::visit(
      [&]<class T>(const Network<T>& network) {
        Matrix<T> X(rows(source), network.inputs());
        predictions.surprises = encode<T>(model.preparation, source, X);
        return outputs_for<T>(network, X);
      },
      model.network);

  if (const auto* target = std::get_if<ClassTarget>(&model.target)) {
    const double threshold = metric_of(model.target, model.loss).threshold;
    predictions.values = Matrix<double>(Y.rows(), target->classes.size());
    for (std::size_t i = 0; i < Y.rows(); ++i) {
      class_values(Y[i], output_activation(model), model.loss, predictions.values[i]);
      predictions.classes.push_back(static_cast<std::uint32_t>(predicted_class(Y[i], threshold)));
    }
    return predictions;
  }
  const auto& number = std::get<NumberTarget>(model.target);
  predictions.values = Matrix<double>(Y.rows(), model.loss.outputs_per_target());
  for (std::size_t i = 0; i < Y.rows(); ++i) {
    predictions.values(i, 0) = number.mean + number.deviation * Y(i, 0);
    if (Y.columns() == 2) predictions.values(i, 1) = number.deviation * std::exp(0.5 * Y(i, 1));
  }
  return predictions;
}

Evaluation evaluate(const Model& model, const Source& source) {
  Evaluation evaluation;
  if (const auto* target = std::get_if<ClassTarget>(&model.target)) {
    const std::vector<std::uint32_t> truth = true_classes(source, *target);
    const Predictions predictions = predict(model, source);
    evaluation.surprises = predictions.surprises;
    evaluation.figures =
        class_figures(predictions, truth, target->classes.size(), gives_probabilities(model), evaluation.confusion);
    return evaluation;
  }
  if (!std::holds_alternative<Table>(source))
    throw Error(std::get<Images>(source).source, "images, expected a table: the model was trained on one");
  const std::vector<double> truth = target_values(std::get<Table>(source), std::get<NumberTarget>(model.target));
  const Predictions predictions = predict(model, source);
  evaluation.surprises = predictions.surprises;
  evaluation.figures = number_figures(predictions.values, truth);
  return evaluation;
}

template Surprises encode<float>(const Preparation&, const Source&, MatrixView<float>);
template Surprises encode<double>(const Preparation&, const Source&, MatrixView<double>);

}  // namespace neurone
