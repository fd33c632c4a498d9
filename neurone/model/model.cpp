#include "neurone/model/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {
namespace {

Matrix<double> confusion_of(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> predicted,
                            std::size_t classes) {
  Matrix<double> confusion(classes, classes);
  for (std::size_t i = 0; i < truth.size(); ++i) confusion(truth[i], predicted[i]) += 1;
  return confusion;
}

template <class Meter> Figures figures_with(Intervals intervals, const Meter& meter) {
  return intervals == Intervals::bootstrap ? with_intervals(meter) : figures_of(meter);
}

// For messages.
std::string place_in(const Source& source, std::size_t row) {
  if (const auto* table = std::get_if<Table>(&source)) return table->place(row);
  return name_of(source) + ": image " + std::to_string(row + 1);
}

void check_figures(const Figures& figures, const Source& source) {
  for (const Figure& each : figures)
    if (!std::isfinite(each.value))
      throw OverflowError(name_of(source), "the figure " + each.name +
                                               " is not a finite number: the errors of the predictions are too "
                                               "large for its sums");
}

const Table& table_for_model(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return *table;
  throw Error(std::get<Images>(source).source, "images, expected a table: the model was trained on one");
}

const Images& images_for_model(const Source& source) {
  if (const auto* images = std::get_if<Images>(&source)) return *images;
  throw Error(std::get<Table>(source).source(), "a table, expected IDX images: the model was trained on them");
}

// Of tried_level; infinite where the model is not calibrated for it.
double tried_bound(const Model& model) {
  if (task_of(model.target) == Task::classification && !gives_probabilities(model))
    return std::numeric_limits<double>::infinity();
  return error_bound(model.calibration.errors, tried_level);
}

}  // namespace

std::vector<std::uint32_t> true_classes(const Source& source, const ClassTarget& target) {
  return std::visit([&](const auto& each) { return class_numbers(each, target); }, source);
}

std::size_t rows(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return table->rows();
  return std::get<Images>(source).count();
}

const std::string& name_of(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return table->source();
  return std::get<Images>(source).source;
}

std::size_t bytes(const Source& source) {
  if (const auto* table = std::get_if<Table>(&source)) return table->bytes();
  return std::get<Images>(source).pixels.size() + std::get<Images>(source).labels.size();
}

Source select_rows(const Source& source, std::span<const std::uint32_t> rows) {
  if (const auto* table = std::get_if<Table>(&source)) return table->select(rows);
  return select(std::get<Images>(source), rows);
}

std::size_t Model::inputs() const {
  return std::visit([](const auto& each) { return each.front().inputs(); }, networks);
}
std::size_t Model::outputs() const {
  return std::visit([](const auto& each) { return each.front().outputs(); }, networks);
}
std::size_t Model::size() const {
  return std::visit([](const auto& each) { return each.size(); }, networks);
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
  return std::visit([](const auto& each) -> const Activation& { return output_activation(each.front()); },
                    model.networks);
}

bool gives_probabilities(const Activation& output, std::size_t outputs) {
  using namespace activations;
  constexpr std::array names{Softmax::name, LogSoftmax::name, Sigmoid::name, HardSigmoid::name, Elliot::name};
  return (output.is_rowwise() || outputs == 1) && std::ranges::find(names, output.name()) != names.end();
}

bool is_float(const Model& model) {
  return std::holds_alternative<Networks<float>>(model.networks);
}

bool gives_probabilities(const Model& model) {
  return gives_probabilities(output_activation(model), model.outputs());
}

bool has_logits(const Target& target, const Activation& output, std::size_t outputs) {
  return task_of(target) == Task::classification && output.takes_logits() && gives_probabilities(output, outputs);
}

bool has_logits(const Model& model) {
  return has_logits(model.target, output_activation(model), model.outputs());
}

std::vector<std::string> value_names(const Model& model) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  if (classes == nullptr)
    return model.loss.outputs_per_target() == 2 ? std::vector<std::string>{"prediction", "deviation"}
                                                : std::vector<std::string>{"prediction"};
  const std::string what = gives_probabilities(model) ? "probability_" : "score_";
  std::vector<std::string> names;
  for (const std::string& each : classes->classes) names.push_back(what + each);
  return names;
}

template <class T> Surprises encode(const Preparation& preparation, const Source& source, MatrixView<T> X) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation))
    return table->encode<T>(table_for_model(source), X);
  std::get<ImagePreparation>(preparation).encode<T>(images_for_model(source), X);
  return {};
}

template <class T> Inputs<T> encode(const Preparation& preparation, const Source& source) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation))
    return table->encode<T>(table_for_model(source));
  Matrix<T> X(rows(source), std::get<ImagePreparation>(preparation).width());
  std::get<ImagePreparation>(preparation).encode<T>(images_for_model(source), X);
  return X;
}

namespace {

void predict_at_once(const Model& model, const Source& source, std::size_t threads, Predictions& predictions) {
  std::visit(
      [&]<class T>(const Networks<T>&) {
        Matrix<T> X(rows(source), model.inputs());
        predictions.surprises = encode<T>(model.preparation, source, X);
        predictions.values = values_of<T>(model, X, threads);
        if (const auto row = overflowing_row(predictions.values))
          throw OverflowError(place_in(source, *row), overflow_text(model, predictions.values[*row]));
      },
      model.networks);
}

}  // namespace

std::vector<std::uint32_t> classes_of(const Target& target, const Matrix<double>& values) {
  std::vector<std::uint32_t> classes;
  if (task_of(target) == Task::regression) return classes;
  for (std::size_t i = 0; i < values.rows(); ++i) classes.push_back(likeliest(values[i]));
  return classes;
}

Predictions predict(const Model& model, const Source& source, std::size_t threads) {
  Predictions predictions;
  if (rows(source) <= rows_predicted_at_once) {
    predict_at_once(model, source, threads, predictions);
  } else {  // the inputs of a long table need not be there all at once
    predictions.values = Matrix<double>(rows(source), value_names(model).size());
    for (std::size_t first = 0; first < rows(source); first += rows_predicted_at_once) {
      std::vector<std::uint32_t> block(std::min(rows_predicted_at_once, rows(source) - first));
      std::iota(block.begin(), block.end(), static_cast<std::uint32_t>(first));
      Predictions some;
      predict_at_once(model, select_rows(source, block), threads, some);
      std::ranges::copy(some.values.elements(),
                        predictions.values.view().rows(first, block.size()).elements().begin());
      for (Surprise each : some.surprises.cells) {
        each.row += block.front();
        predictions.surprises.cells.push_back(each);
      }
    }
  }
  predictions.classes = classes_of(model.target, predictions.values);
  return predictions;
}

double error_bound(const Model& model, double level) {
  if (!(level > 0 && level < 1)) throw UsageError("the level of intervals must be between 0 and 1");
  if (task_of(model.target) == Task::classification && !gives_probabilities(model))
    throw UsageError("the model gives scores, no probabilities: there are no sets of a level");
  const std::vector<double>& errors = model.calibration.errors;
  if (errors.empty())
    throw UsageError(
        "the model has no errors of validation rows, which intervals are learnt from: it was trained without them, "
        "or imported");
  const double bound = error_bound(errors, level);
  if (std::isinf(bound))
    throw UsageError("the model has " + std::to_string(errors.size()) +
                     " validation rows, too few for intervals of " + setting_text(level));
  return bound;
}

Interval interval_of(std::span<const double> values, double bound) {
  constexpr double most = std::numeric_limits<double>::max();  // no number lies beyond
  const double width = values.size() == 2 ? bound * values[1] : bound;
  return {.low = std::max(values[0] - width, -most), .high = std::min(values[0] + width, most)};
}

std::vector<std::uint32_t> set_of(std::span<const double> probabilities, double bound) {
  const std::uint32_t most = likeliest(probabilities);
  std::vector<std::uint32_t> set;
  for (std::uint32_t c = 0; c < probabilities.size(); ++c)
    if (c == most || 1 - probabilities[c] <= bound) set.push_back(c);
  return set;
}

Evaluation evaluate(const Model& model, const Source& source, std::size_t threads, Intervals intervals) {
  if (rows(source) == 0) throw Error(name_of(source), "no rows to compare predictions with");
  Evaluation evaluation;
  std::vector<bool> held;  // by the interval or set of the row
  double width = 0;
  const double bound = tried_bound(model);
  if (const auto* target = std::get_if<ClassTarget>(&model.target)) {
    const std::vector<std::uint32_t> truth = true_classes(source, *target);
    const Predictions predictions = predict(model, source, threads);
    evaluation.surprises = predictions.surprises;
    evaluation.confusion = confusion_of(truth, predictions.classes, target->classes.size());
    evaluation.figures = figures_with(
        intervals, ClassFigures(truth, predictions.classes, predictions.values, gives_probabilities(model)));
    for (std::size_t i = 0; i < truth.size() && std::isfinite(bound); ++i) {
      const std::vector<std::uint32_t> set = set_of(predictions.values[i], bound);
      held.push_back(std::ranges::find(set, truth[i]) != set.end());
      width += static_cast<double>(set.size());
    }
  } else {
    if (!std::holds_alternative<Table>(source))
      throw Error(std::get<Images>(source).source, "images, expected a table: the model was trained on one");
    const std::vector<double> truth = target_values(std::get<Table>(source), std::get<NumberTarget>(model.target));
    const Predictions predictions = predict(model, source, threads);
    evaluation.surprises = predictions.surprises;
    std::vector<double> predicted(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i) predicted[i] = predictions.values(i, 0);
    evaluation.figures = figures_with(intervals, NumberFigures(truth, std::move(predicted)));
    for (std::size_t i = 0; i < truth.size() && std::isfinite(bound); ++i) {
      const auto [low, high] = interval_of(predictions.values[i], bound);
      held.push_back(low <= truth[i] && truth[i] <= high);
      width += high - low;
    }
  }
  if (!held.empty()) {
    const auto n = static_cast<double>(held.size());
    const double share = static_cast<double>(std::ranges::count(held, true)) / n;
    evaluation.figures.push_back({.name = "coverage_90", .value = share});
    if (intervals == Intervals::bootstrap && held.size() >= fewest_rows_for_intervals)
      evaluation.figures.back().interval = share_interval(share, held.size());
    evaluation.figures.push_back(
        {.name = task_of(model.target) == Task::regression ? "width_90" : "set_size_90", .value = width / n});
  }
  check_figures(evaluation.figures, source);
  return evaluation;
}

template Surprises encode<float>(const Preparation&, const Source&, MatrixView<float>);
template Surprises encode<double>(const Preparation&, const Source&, MatrixView<double>);
template Inputs<float> encode<float>(const Preparation&, const Source&);
template Inputs<double> encode<double>(const Preparation&, const Source&);

}  // namespace neurone
