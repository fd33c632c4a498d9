#include "neurone/model/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {
namespace {

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

template <class T> Matrix<double> outputs_for(const Network<T>& network, ConstMatrixView<T> X, std::size_t threads) {
  Matrix<T> Y(X.rows(), network.outputs());
  predict_together<T>(network, X, Y, threads);
  Matrix<double> wide(X.rows(), network.outputs());
  std::ranges::copy(Y.elements(), wide.elements().begin());
  return wide;
}

Matrix<double> confusion_of(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> predicted,
                            std::size_t classes) {
  Matrix<double> confusion(classes, classes);
  for (std::size_t i = 0; i < truth.size(); ++i) confusion(truth[i], predicted[i]) += 1;
  return confusion;
}

template <class Meter> Figures figures_with(Intervals intervals, const Meter& meter) {
  return intervals == Intervals::bootstrap ? with_intervals(meter) : figures_of(meter);
}

const std::string& name_of(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return table->source();
  return std::get<Images>(source).source;
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

Predictions predict(const Model& model, const Source& source, std::size_t threads) {
  Predictions predictions;
  const Matrix<double> Y = std::visit(
      [&]<class T>(const Network<T>& network) {
        Matrix<T> X(rows(source), network.inputs());
        predictions.surprises = encode<T>(model.preparation, source, X);
        return outputs_for<T>(network, X, threads);
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

Evaluation evaluate(const Model& model, const Source& source, std::size_t threads, Intervals intervals) {
  if (rows(source) == 0) throw Error(name_of(source), "no rows to compare predictions with");
  Evaluation evaluation;
  if (const auto* target = std::get_if<ClassTarget>(&model.target)) {
    const std::vector<std::uint32_t> truth = true_classes(source, *target);
    const Predictions predictions = predict(model, source, threads);
    evaluation.surprises = predictions.surprises;
    evaluation.confusion = confusion_of(truth, predictions.classes, target->classes.size());
    evaluation.figures = figures_with(
        intervals, ClassFigures(truth, predictions.classes, predictions.values, gives_probabilities(model)));
    return evaluation;
  }
  if (!std::holds_alternative<Table>(source))
    throw Error(std::get<Images>(source).source, "images, expected a table: the model was trained on one");
  const std::vector<double> truth = target_values(std::get<Table>(source), std::get<NumberTarget>(model.target));
  const Predictions predictions = predict(model, source, threads);
  evaluation.surprises = predictions.surprises;
  std::vector<double> predicted(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) predicted[i] = predictions.values(i, 0);
  evaluation.figures = figures_with(intervals, NumberFigures(truth, std::move(predicted)));
  return evaluation;
}

template Surprises encode<float>(const Preparation&, const Source&, MatrixView<float>);
template Surprises encode<double>(const Preparation&, const Source&, MatrixView<double>);

}  // namespace neurone
