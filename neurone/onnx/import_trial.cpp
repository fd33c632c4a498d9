#include "neurone/onnx/import_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "neurone/data/cells.h"

namespace neurone::onnx {
namespace {

// The cells of a column as the graph takes them, numbers changed by a share: a missing number is what the column
// takes it for, or NaN where the graph knows better.
Tensor input_of(const Port& port, std::span<const InputColumn> inputs, const TablePreparation& preparation,
                const Table& rows, double change) {
  const std::size_t count = inputs.size();
  Texts texts(rows.rows() * count);
  Reals numbers(rows.rows() * count, 0);
  for (std::size_t j = 0; j < count; ++j) {
    const auto column = std::ranges::find(preparation.columns, inputs[j].name, column_name);
    if (column == preparation.columns.end()) continue;  // the graph takes it and does not use it
    const std::size_t place = static_cast<std::size_t>(column - preparation.columns.begin());
    const auto* numeric = std::get_if<NumericColumn>(&*column);
    constexpr double no_category = std::numeric_limits<std::int64_t>::min();
    const double otherwise = numeric == nullptr  ? no_category
                             : inputs[j].imputes ? std::numeric_limits<double>::quiet_NaN()
                                                 : numeric->scale.median;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const std::string_view cell = rows.cell(i, place);
      texts[i * count + j] = category_of(cell);
      numbers[i * count + j] = parse_number(cell).value_or(otherwise) * (1 + ((i + j) % 2 == 0 ? change : -change));
    }
  }
  Shape shape = port.shape;
  shape.front() = static_cast<std::int64_t>(rows.rows());
  if (port.type == Type::text) return text_tensor(shape, std::move(texts));
  if (is_real(port.type)) return real_tensor(port.type, shape, std::move(numbers));
  Wholes whole(numbers.size());
  std::ranges::transform(numbers, whole.begin(), truncated);
  return whole_tensor(port.type, shape, std::move(whole));
}

std::vector<Tensor> outputs_of_table(const Understood& understood, const Model& model, const Table& rows,
                                     double change, Budget& budget) {
  Tensors inputs;
  std::size_t first = 0;
  for (const Port& port : understood.graph.inputs) {
    const std::size_t count = count_of({port.shape.begin() + 1, port.shape.end()});
    const bool is_real_port = is_real(port.type);
    inputs[port.name] = input_of(port, std::span(understood.columns).subspan(first, count),
                                 std::get<TablePreparation>(model.preparation), rows, is_real_port ? change : 0);
    first += count;
  }
  return outputs_of_rows(understood.graph, inputs, rows.rows(), budget);
}

// The outputs of the graph as Predictions::values has them.
Matrix<double> values_in(const Understood& understood, const Model& model, const Tensor& output) {
  const TakenTarget& taken = understood.taken;
  const auto rows = static_cast<std::size_t>(output.shape[0]), columns = static_cast<std::size_t>(output.shape[1]);
  const std::size_t classes = taken.order.size();
  // what the graph says of many rows has to be as wide as what it said of the few that were tried
  if (classes == 0 ? columns != 1 : columns != classes && !(columns == 1 && classes == 2))
    throw Error(fmt::format("an output has {} columns for {} rows", columns, rows));
  Matrix<double> Y(rows, columns);
  std::ranges::copy(output.reals(), Y.elements().begin());
  const Activation& activation = output_activation(model);
  if (understood.adds_activation) activation.forward(Y, Y);
  if (taken.order.empty()) return Y;
  if (understood.outputs.kind == OutputKind::same && activation.name() == activations::LogSoftmax::name)
    std::ranges::transform(Y.elements(), Y.elements().begin(), [](double y) { return std::exp(y); });
  Matrix<double> values(rows, classes);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < classes; ++c)
      values(i, c) = columns > 1 ? Y(i, taken.order[c]) : taken.order[c] == 1 ? Y(i, 0) : 1 - Y(i, 0);
  return values;
}

std::vector<std::string> labels_in(const Tensor& labels, std::size_t rows) {
  if (labels.size() != rows) throw Error(fmt::format("{} labels for {} rows", labels.size(), rows));
  if (labels.type == Type::text) return labels.texts();
  std::vector<std::string> texts;
  for (const std::int64_t each : labels.wholes()) texts.push_back(fmt::format("{}", each));
  return texts;
}

bool is_other_label(const Understood& understood, const std::string& label, std::span<const double> values,
                    double limit) {
  const Texts& labels = understood.outputs.labels;
  const auto at = static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
  const auto ours = std::ranges::find(understood.taken.order, at) - understood.taken.order.begin();
  return at == labels.size() || values[likeliest(values)] - values[static_cast<std::size_t>(ours)] > limit;
}

// Compares what the graph says of some rows with what the model does. `noise`, rows × values, is what differences
// there may be besides.
void compare_rows(const Understood& understood, const Model& model, const std::vector<Tensor>& outputs,
                  const Matrix<double>& found, const Matrix<double>& noise, double unit, Agreement& agreed) {
  agreed.rows += found.rows();
  if (understood.outputs.value_output) {
    const Matrix<double> values = values_in(understood, model, outputs[*understood.outputs.value_output]);
    for (std::size_t k = 0; k < values.size(); ++k)
      agreed.largest =
          std::max(agreed.largest, difference_in_units(found.elements()[k], values.elements()[k],
                                                       std::max(unit, noise.elements()[k] / trial_limit)));
  }
  if (!understood.outputs.label_output) return;
  const std::vector<std::string> labels = labels_in(outputs[*understood.outputs.label_output], found.rows());
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (is_other_label(understood, labels[i], found[i], trial_limit + 2 * std::ranges::max(noise[i])))
      ++agreed.other_labels;
}

// The rows of which the graph says something finite, whether or not their inputs are changed by a little; and of each
// value how far it moves then, several times.
struct FarRows {
  Table rows;
  Matrix<double> noise;
};

FarRows far_rows_of(const Understood& understood, const Model& model, const Table& rows, Budget& budget) {
  FarRows far{.rows = rows, .noise = Matrix<double>(rows.rows(), target_columns(model.target))};
  if (!understood.outputs.value_output) return far;
  constexpr double last_digits = 0x1p-22, last_digits_of_double = 0x1p-50, times = 8;
  const double change = is_float(model) ? last_digits : last_digits_of_double;
  std::vector<Matrix<double>> values;
  for (const double each : {0.0, change, -change})
    values.push_back(
        values_in(understood, model,
                  outputs_of_table(understood, model, rows, each, budget)[*understood.outputs.value_output]));
  far.noise = Matrix<double>(rows.rows(), values[0].columns());
  std::vector<std::uint32_t> finite;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    bool is_finite = true;
    for (std::size_t j = 0; j < values[0].columns(); ++j) {
      for (const Matrix<double>& each : values) is_finite = is_finite && std::isfinite(each(i, j));
      far.noise(finite.size(), j) =
          times * std::max(std::abs(values[1](i, j) - values[0](i, j)), std::abs(values[2](i, j) - values[0](i, j)));
    }
    if (is_finite) finite.push_back(static_cast<std::uint32_t>(i));
  }
  far.rows = rows.select(finite);
  return far;
}

}  // namespace

Agreement agreement_with_graph(const Understood& understood, const Model& model, Budget& budget) {
  const Table all = tried_rows(std::get<TablePreparation>(model.preparation), understood.columns);
  std::vector<std::uint32_t> numbers(all.rows());
  std::iota(numbers.begin(), numbers.end(), 0U);
  const Table ordinary = all.select(std::span(numbers).first(all.rows() - far_rows));
  const FarRows far = far_rows_of(understood, model, all.select(std::span(numbers).last(far_rows)), budget);

  Agreement agreed;
  const Matrix<double> found = predict(model, ordinary).values;
  const double unit = unit_of_values(model.target, found);
  const Matrix<double> none(found.rows(), found.columns());
  compare_rows(understood, model, outputs_of_table(understood, model, ordinary, 0, budget), found, none, unit,
               agreed);
  if (far.rows.rows() == 0) return agreed;
  const Matrix<double> found_far = predict(model, far.rows).values;
  compare_rows(understood, model, outputs_of_table(understood, model, far.rows, 0, budget), found_far, far.noise,
               unit, agreed);
  return agreed;
}

}  // namespace neurone::onnx
