// The linear model, what each test row costs under each model, and the difference.
#include "neurone/model/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "neurone/training/trainer.h"

namespace neurone {
namespace {

// The columns of X that a linear model is given.
std::vector<std::size_t> columns_without_bins(const TablePreparation& preparation) {
  std::vector<std::size_t> columns;
  std::size_t first = 0;
  for (const Column& column : preparation.columns) {
    const auto* numeric = std::get_if<NumericColumn>(&column);
    const std::size_t bins = numeric == nullptr ? 0 : numeric->bins();
    for (std::size_t j = 0; j < column_width(column) - bins; ++j) columns.push_back(first + j);
    first += column_width(column);
  }
  return columns;
}

// The data with these columns alone; they are copied to `chosen` unless these are all there are.
template <class T>
const Dataset<T>* with_columns(const Dataset<T>* data, std::span<const std::size_t> columns, Dataset<T>& chosen) {
  if (columns.size() == data->X.columns()) return data;
  chosen = {.X = data->X.with_columns(columns), .targets = data->targets, .weights = data->weights};
  return &chosen;
}

// Its network is a single layer with the activation of the plan's last; fitted well enough that more time would not
// show.
template <class T>
Network<T> linear_network(const Preparations& ready, const Metric& metric, const Dataset<T>& train,
                          const Dataset<T>& validation) {
  layers::Dense layer{.units = target_columns(ready.target) * ready.loss.outputs_per_target(),
                      .initialiser = "zeros"};
  std::visit(
      [&](const auto& last) {
        if constexpr (requires { last.activation; }) layer.activation = last.activation;
      },
      ready.network.layers.back());
  Network<T> network(
      {.inputs = train.X.columns(), .layers = {layer}, .own_activations = ready.network.own_activations});
  network.initialise(ready.training.seed);
  constexpr std::size_t rows_seen = 2'000'000;
  const TrainingOptions options{.epochs = std::clamp<std::size_t>(rows_seen / train.rows(), 3, 400),
                                .batch = std::clamp<std::size_t>(train.rows() / 10, 1, 128),
                                .optimizer = update_rules::Adam{.learning_rate = 0.02},
                                .seed = ready.training.seed,
                                .threads = ready.training.threads};
  Trainer<T> trainer(network, ready.loss, metric, options, train, validation);
  trainer.fit();
  return network;
}

// What each row costs, given what is predicted for it: 1 for a wrong class, the squared error of a number.
std::vector<double> costs(const Target& target, const Source& source, const Matrix<double>& values) {
  std::vector<double> costs(values.rows());
  if (const auto* classes = std::get_if<ClassTarget>(&target)) {
    const std::vector<std::uint32_t> truth = true_classes(source, *classes);
    for (std::size_t i = 0; i < costs.size(); ++i) costs[i] = likeliest(values[i]) == truth[i] ? 0 : 1;
    return costs;
  }
  const auto& number = std::get<NumberTarget>(target);
  const std::vector<double> truth = target_values(std::get<Table>(source), number);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const double error = std::clamp(values(i, 0), number.lowest, number.highest) - truth[i];
    costs[i] = error * error;
  }
  return costs;
}

// What is said of each row when nothing is looked at: the commonest class, or the mean.
template <class T> Matrix<double> constant_values(const Target& target, const Dataset<T>& train, std::size_t rows) {
  std::vector<double> value;
  if (const auto* classes = std::get_if<ClassTarget>(&target)) {
    value.resize(classes->classes.size());
    for (const std::uint32_t each : decode_classes<T>(train.targets)) value[each] += 1;
  } else {
    double mean = 0;
    for (const T t : train.targets.elements()) mean += static_cast<double>(t) / static_cast<double>(train.rows());
    const auto& number = std::get<NumberTarget>(target);
    value = {number.mean + number.deviation * mean};
  }
  Matrix<double> values(rows, value.size());
  for (std::size_t i = 0; i < rows; ++i) std::ranges::copy(value, values[i].begin());
  return values;
}

}  // namespace

std::string describe_gain(const Comparison& comparison) {
  const bool classes = comparison.figure == "accuracy";
  const double unit = classes ? 100 : 1;
  const std::string gain = fmt::format("the hidden layers bring {:.3g} {}", unit * comparison.gain,
                                       classes ? "points of accuracy" : "of rmse");
  if (!comparison.gain_interval)  // too few rows, or both are wrong on the same ones
    return gain + (comparison.gain > 0 ? "" : ": a linear model (--hidden none) does as well");
  const auto [low, high] = *comparison.gain_interval;
  return fmt::format("{} (95 %: {:.3g} to {:.3g}){}", gain, unit * low, unit * high,
                     low > 0    ? ""
                     : high < 0 ? ": a linear model (--hidden none) does better"
                                : ": no certain gain on so few rows, a linear model (--hidden none) may do");
}

bool has_hidden_layers(const NetworkSpec& network) {
  return std::ranges::count_if(network.layers, has_neurons) > 1;
}

template <class T>
Comparison compare(const Model& model, const Preparations& ready, const Dataset<T>& train,
                   const Dataset<T>& validation, const Source& test) {
  const std::vector<std::size_t> columns = columns_without_bins(std::get<TablePreparation>(ready.preparation));
  const Metric metric = metric_of(ready.target, ready.loss);
  const std::size_t threads = ready.training.threads;
  Dataset<T> own_train, own_validation, own_test;
  const Network<T> linear = linear_network<T>(ready, metric, *with_columns(&train, columns, own_train),
                                              *with_columns(&validation, columns, own_validation));
  const Dataset<T> encoded = encode_dataset<T>(ready, test, RowsFor::testing);
  const Dataset<T>& rows = *with_columns(&encoded, columns, own_test);
  const auto costs_of = [&](const Matrix<double>& values) { return costs(ready.target, test, values); };
  const std::vector<double> of_linear =
      costs_of(values_of(ready.target, ready.loss, output_activation(linear),
                         readings_in_blocks<T>(ready.target, linear, rows.X, threads)));
  const std::vector<double> of_model = costs_of(predict(model, test, threads).values);
  const std::vector<double> of_constant = costs_of(constant_values(ready.target, train, rows.rows()));

  const bool classes = metric.task == Task::classification;
  const auto figure_of = [&](const std::vector<double>& each) {
    double sum = 0;
    for (const double cost : each) sum += cost;
    const double mean = sum / static_cast<double>(each.size());
    return classes ? 1 - mean : std::sqrt(mean);
  };
  const GainFigures::Mean mean = classes ? GainFigures::Mean::plain : GainFigures::Mean::root;
  const Figure gain = with_intervals(GainFigures(of_model, of_linear, mean)).front();
  return {.figure = std::string(metric.name()),
          .constant = figure_of(of_constant),
          .linear = figure_of(of_linear),
          .gain = gain.value,
          .gain_interval = gain.interval};
}

template Comparison compare<float>(const Model&, const Preparations&, const Dataset<float>&, const Dataset<float>&,
                                   const Source&);
template Comparison compare<double>(const Model&, const Preparations&, const Dataset<double>&, const Dataset<double>&,
                                    const Source&);

}  // namespace neurone
