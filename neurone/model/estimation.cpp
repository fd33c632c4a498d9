// From the matrix of solver/parameter_worth.h to a table that names its parameters.
#include "neurone/model/estimation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/data/input_names.h"
#include "neurone/loss/curvature.h"
#include "neurone/math/student.h"
#include "neurone/solver/parameter_worth.h"

namespace neurone {
namespace {

constexpr const char* constant = "(constant)";

// What the numbers of an input were before they were scaled: value = center + spread · input. Nothing where they were
// bent.
struct Linear {
  double center = 0, spread = 1;
};

std::optional<std::vector<Linear>> scales_of(const TablePreparation& preparation) {
  std::vector<Linear> scales;
  for (const Column& column : preparation.columns) {
    const std::size_t first = scales.size();
    scales.resize(first + column_width(column));
    const Scale* scale = nullptr;
    if (const auto* numeric = std::get_if<NumericColumn>(&column)) {
      if (numeric->bins() > 0) return std::nullopt;
      scale = &numeric->scale;
    } else if (const auto* date = std::get_if<DateColumn>(&column)) {
      scale = &date->scale;
    }
    if (scale == nullptr) continue;
    if (scale->clip > 0) return std::nullopt;
    scales[first] = {.center = scale->center, .spread = scale->spread};
  }
  return scales;
}

bool is_linear(const NetworkSpec& spec) {
  return spec.layers.size() == 1 && std::holds_alternative<layers::Dense>(spec.layers.front());
}

// Row k of M, where parameter k in the user's unit is Σ M_ki θ_i, plus `shift`.
struct InUsersUnit {
  Matrix<double> M;
  std::vector<double> shift;
};

// θ is W, inputs × outputs, then b. y = mean + deviation · (Σ W_j (x_j − center_j) / spread_j + b)
InUsersUnit in_users_unit(std::span<const Linear> scales, std::size_t parameters, std::size_t outputs,
                          const NumberTarget& target) {
  InUsersUnit unit{.M = Matrix<double>(parameters, parameters), .shift = std::vector<double>(parameters)};
  const std::size_t weights = scales.size() * outputs;
  for (std::size_t k = 0; k < weights; ++k) unit.M(k, k) = target.deviation / scales[k / outputs].spread;
  for (std::size_t b = weights; b < parameters; ++b) {  // none without a bias
    for (std::size_t j = 0; j < scales.size(); ++j)
      unit.M(b, j * outputs + b - weights) = -target.deviation * scales[j].center / scales[j].spread;
    unit.M(b, b) = target.deviation;
    unit.shift[b] = target.mean;
  }
  return unit;
}

InUsersUnit as_they_are(std::size_t parameters) {
  InUsersUnit unit{.M = Matrix<double>(parameters, parameters), .shift = std::vector<double>(parameters)};
  for (std::size_t k = 0; k < parameters; ++k) unit.M(k, k) = 1;
  return unit;
}

// What a parameter is called, and where it stands in a table.
struct Label {
  std::size_t place;  // in θ
  std::string name, of_class;
};

// The class that an output tells of; empty for a number.
std::string class_of_output(const Target& target, std::size_t output) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  if (classes == nullptr) return {};
  return classes->columns() == 1 ? classes->classes[1] : classes->classes[output];
}

// In the order of a table: of a linear model output by output, the constant before the inputs; else in that of θ.
template <class T>
std::vector<Label> labels_of(const Network<T>& network, const TablePreparation& preparation, const Target& target) {
  std::vector<Label> labels;
  if (is_linear(network.spec())) {
    const std::vector<std::string> inputs = input_names(preparation);
    const std::size_t outputs = network.outputs(), weights = inputs.size() * outputs;
    for (std::size_t j = 0; j < outputs; ++j) {
      const std::string of_class = class_of_output(target, j);
      if (network.parameters().size() > weights) labels.push_back({weights + j, constant, of_class});
      for (std::size_t i = 0; i < inputs.size(); ++i) labels.push_back({i * outputs + j, inputs[i], of_class});
    }
    return labels;
  }
  for (const ParameterBlock& block : network.parameter_blocks())
    for (std::size_t k = 0; k < block.size(); ++k) {
      const std::size_t row = k / block.columns + 1, column = k % block.columns + 1;
      labels.push_back({block.offset + k,
                        block.decays ? fmt::format("{}[{},{}]", block.name, row, column)
                                     : fmt::format("{}[{}]", block.name, column),
                        {}});
    }
  return labels;
}

// Of those that are determined, with errors and what these say.
std::vector<Estimate> rows_of_table(const ParameterWorth& worth, const InUsersUnit& unit,
                                    std::span<const Label> labels) {
  const std::vector<std::size_t>& determined = worth.determined;
  std::vector<Estimate> rows;
  for (const auto& [k, name, of_class] : labels) {
    if (worth.covariance.empty() || std::ranges::find(determined, k) == determined.end()) continue;
    Estimate row{.name = name, .value = unit.shift[k], .of_class = of_class};
    double variance = 0;
    for (std::size_t a = 0; a < determined.size(); ++a) {
      const double factor = unit.M(k, determined[a]);
      if (factor == 0) continue;
      row.value += factor * worth.values[determined[a]];
      for (std::size_t b = 0; b < determined.size(); ++b)
        variance += factor * worth.covariance(a, b) * unit.M(k, determined[b]);
    }
    row.error = std::sqrt(variance);
    row.statistic = row.value / row.error;
    row.p = worth.is_likelihood ? normal_two_sided(row.statistic)
                                : student_two_sided(row.statistic, worth.degrees_of_freedom);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Σ w (t − mean)² of an output's targets; Σ w t² where nothing is added to the inputs.
template <class T> double spread_of_targets(const Dataset<T>& data, std::size_t output, bool has_constant) {
  double weight = 0, sum = 0, squares = 0;
  const auto weight_of = [&](std::size_t i) {
    return data.weights.empty() ? 1 : static_cast<double>(data.weights[i]);
  };
  for (std::size_t i = 0; i < data.rows(); ++i) {
    weight += weight_of(i);
    sum += weight_of(i) * static_cast<double>(data.targets(i, output));
  }
  const double mean = has_constant ? sum / weight : 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double from_mean = static_cast<double>(data.targets(i, output)) - mean;
    squares += weight_of(i) * from_mean * from_mean;
  }
  return squares;
}

template <class T>
std::vector<Fit> fits_of(const ParameterWorth& worth, const Network<T>& network, const Dataset<T>& train,
                         const Target& target, double rows) {
  const ParameterBlock& last = network.parameter_blocks().back();
  const bool has_constant = last.columns == network.outputs() && !last.decays;
  const auto* number = std::get_if<NumberTarget>(&target);
  std::vector<Fit> fits;
  for (std::size_t j = 0; j < worth.sums_of_squares.size(); ++j) {
    Fit fit{.r_squared = 1 - worth.sums_of_squares[j] / spread_of_targets(train, j, has_constant)};
    if (network.outputs() > 1) fit.of_class = class_of_output(target, j);
    if (worth.degrees_of_freedom > 0) {
      fit.residual_deviation = worth.residual_deviation(j) * (number == nullptr ? 1 : number->deviation);
      fit.adjusted_r_squared = 1 - (1 - fit.r_squared) * (rows - (has_constant ? 1 : 0)) / worth.degrees_of_freedom;
    }
    fits.push_back(std::move(fit));
  }
  return fits;
}

}  // namespace

template <class T>
Estimation estimates_of(const Network<T>& network, const Preparations& ready, const Dataset<T>& train) {
  const auto* preparation = std::get_if<TablePreparation>(&ready.preparation);
  const Regularisation& penalties = ready.training.regularisation;
  if (preparation == nullptr || network.members() > 1 || !has_curvature(ready.loss) || penalties.l1 > 0 ||
      penalties.l2 > 0 || ready.training.label_smoothing > 0 || !ready.class_weights.empty() ||
      network.parameters().size() > most_estimated)
    return {};
  Network<T> copy = network;
  NetworkObjective<T> objective(copy, {.loss = ready.loss, .data = train});
  const bool linear = is_linear(network.spec());
  if (!linear && !objective.is_sum_of_squares() && objective.terms() > 1)
    return {.why_none = "behind hidden layers a sigmoid for each class is no likelihood of all of them; softmax is"};
  const std::vector<double> theta(network.parameters().begin(), network.parameters().end());
  const ParameterWorth worth = worth_of_parameters<T>(objective, theta);
  if (!worth.at_minimum)
    return {.why_none =
                "the loss still falls as some of them grow, as it does without end where classes can be "
                "told apart without an error; --l2 gives it a minimum"};
  // of several parameters that say the same one has to be 0 for the others to mean anything
  if (std::ranges::any_of(worth.collinear, [&](std::size_t k) { return worth.values[k] != 0; }))
    return {.why_none =
                "where the run has ended some of them cannot be told from the others; least-squares and newton "
                "keep these at 0"};

  const auto scales = scales_of(*preparation);
  const auto* number = std::get_if<NumberTarget>(&ready.target);
  const bool in_unit = scales.has_value() && linear;
  const InUsersUnit unit =
      in_unit ? in_users_unit(*scales, theta.size(), network.outputs(), number == nullptr ? NumberTarget{} : *number)
              : as_they_are(theta.size());
  const std::vector<Label> labels = labels_of(network, *preparation, ready.target);
  Estimates estimates{
      .parameters = rows_of_table(worth, unit, labels),
      .collinear = {},
      .in_users_unit = in_unit,
      .is_likelihood = worth.is_likelihood,
      .degrees_of_freedom = worth.degrees_of_freedom,
      .condition = worth.condition,
      .fits = fits_of(worth, network, train, ready.target, static_cast<double>(objective.counted_rows()))};
  for (const Label& each : labels)  // an input that says nothing new says it to no output
    if (std::ranges::find(worth.collinear, each.place) != worth.collinear.end() &&
        std::ranges::find(estimates.collinear, each.name) == estimates.collinear.end())
      estimates.collinear.push_back(each.name);
  const auto* classes = std::get_if<ClassTarget>(&ready.target);
  const bool against_first = linear && worth.is_likelihood && network.outputs() == 1;  // log odds
  if (classes != nullptr && (against_first || !objective.reference().empty()))
    estimates.reference = classes->classes.front();
  return {.estimates = std::move(estimates)};
}

template Estimation estimates_of<float>(const Network<float>&, const Preparations&, const Dataset<float>&);
template Estimation estimates_of<double>(const Network<double>&, const Preparations&, const Dataset<double>&);

}  // namespace neurone
