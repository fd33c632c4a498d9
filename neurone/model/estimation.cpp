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

// θ is W, inputs × 1, then b. y = mean + deviation · (Σ W_j (x_j − center_j) / spread_j + b)
InUsersUnit in_users_unit(std::span<const Linear> scales, std::size_t parameters, const NumberTarget& target) {
  InUsersUnit unit{.M = Matrix<double>(parameters, parameters), .shift = std::vector<double>(parameters)};
  for (std::size_t j = 0; j < scales.size(); ++j) unit.M(j, j) = target.deviation / scales[j].spread;
  if (parameters == scales.size()) return unit;  // no bias
  const std::size_t b = scales.size();
  for (std::size_t j = 0; j < b; ++j) unit.M(b, j) = -target.deviation * scales[j].center / scales[j].spread;
  unit.M(b, b) = target.deviation;
  unit.shift[b] = target.mean;
  return unit;
}

std::vector<std::string> parameter_names(const NetworkSpec& spec, const std::vector<ParameterBlock>& blocks,
                                         const TablePreparation& preparation) {
  std::vector<std::string> names;
  if (is_linear(spec)) {
    names = input_names(preparation);
    if (blocks.size() == 2) names.emplace_back(constant);
    return names;
  }
  for (const ParameterBlock& block : blocks)
    for (std::size_t i = 0; i < block.rows; ++i)
      for (std::size_t j = 0; j < block.columns; ++j)
        names.push_back(!block.decays ? fmt::format("{}[{}]", block.name, j + 1)
                                      : fmt::format("{}[{},{}]", block.name, i + 1, j + 1));
  return names;
}

// 1 − Σ w r² / Σ w (t − mean)²; about 0 where nothing is added to the inputs.
template <class T> double r_squared(const Dataset<T>& data, double mean_squared_error, bool has_constant) {
  double weight = 0, sum = 0, squares = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double w = data.weights.empty() ? 1 : static_cast<double>(data.weights[i]);
    weight += w;
    sum += w * static_cast<double>(data.targets(i, 0));
  }
  const double mean = has_constant ? sum / weight : 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double w = data.weights.empty() ? 1 : static_cast<double>(data.weights[i]);
    const double from_mean = static_cast<double>(data.targets(i, 0)) - mean;
    squares += w * from_mean * from_mean;
  }
  return 1 - mean_squared_error * weight / squares;
}

}  // namespace

template <class T>
std::optional<Estimates> estimates_of(const Network<T>& network, const Preparations& ready, const Dataset<T>& train) {
  const auto* preparation = std::get_if<TablePreparation>(&ready.preparation);
  const Regularisation& penalties = ready.training.regularisation;
  if (preparation == nullptr || network.outputs() != 1 || network.members() > 1 || !has_curvature(ready.loss) ||
      penalties.l1 > 0 || penalties.l2 > 0 || ready.training.label_smoothing > 0 || !ready.class_weights.empty() ||
      network.parameters().size() > most_estimated)
    return std::nullopt;
  Network<T> copy = network;
  NetworkObjective<T> objective(copy, {.loss = ready.loss, .data = train});
  const std::vector<double> theta(network.parameters().begin(), network.parameters().end());
  const ParameterWorth worth = worth_of_parameters<T>(objective, theta);
  // of several parameters that say the same one has to be 0 for the others to mean anything
  if (std::ranges::any_of(worth.collinear, [&](std::size_t k) { return theta[k] != 0; })) return std::nullopt;

  Estimates estimates{.parameters = {},
                      .collinear = {},
                      .is_likelihood = worth.is_likelihood,
                      .degrees_of_freedom = worth.degrees_of_freedom,
                      .condition = worth.condition};
  const std::size_t n = theta.size();
  InUsersUnit unit{.M = Matrix<double>(n, n), .shift = std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) unit.M(i, i) = 1;
  NumberTarget target;
  if (const auto* number = std::get_if<NumberTarget>(&ready.target)) target = *number;
  if (const auto scales = scales_of(*preparation); scales && is_linear(network.spec())) {
    unit = in_users_unit(*scales, n, target);
    estimates.in_users_unit = true;
  }
  const std::vector<std::string> names = parameter_names(network.spec(), network.parameter_blocks(), *preparation);
  for (const std::size_t each : worth.collinear) estimates.collinear.push_back(names[each]);
  const std::vector<std::size_t>& determined = worth.determined;
  for (std::size_t k = 0; k < n && !worth.covariance.empty(); ++k) {
    if (std::ranges::find(determined, k) == determined.end()) continue;
    Estimate each{.name = names[k], .value = unit.shift[k]};
    for (std::size_t i = 0; i < n; ++i) each.value += unit.M(k, i) * theta[i];
    double variance = 0;
    for (std::size_t a = 0; a < determined.size(); ++a)
      for (std::size_t b = 0; b < determined.size(); ++b)
        variance += unit.M(k, determined[a]) * worth.covariance(a, b) * unit.M(k, determined[b]);
    each.error = std::sqrt(variance);
    each.statistic = each.value / each.error;
    each.p = worth.is_likelihood ? normal_two_sided(each.statistic)
                                 : student_two_sided(each.statistic, worth.degrees_of_freedom);
    estimates.parameters.push_back(std::move(each));
  }
  if (is_linear(network.spec()) && !estimates.parameters.empty() && estimates.parameters.back().name == constant)
    std::ranges::rotate(estimates.parameters, estimates.parameters.end() - 1);  // as tables of regressions have it
  if (worth.is_likelihood) return estimates;
  const bool has_constant =
      network.parameter_blocks().back().columns == 1 && !network.parameter_blocks().back().decays;
  const auto rows = static_cast<double>(objective.counted_rows());
  const double fit = r_squared(train, objective.value(theta), has_constant);
  estimates.r_squared = fit;
  if (worth.degrees_of_freedom > 0) {
    estimates.residual_deviation = worth.residual_deviation * target.deviation;
    estimates.adjusted_r_squared = 1 - (1 - fit) * (rows - (has_constant ? 1 : 0)) / worth.degrees_of_freedom;
  }
  return estimates;
}

template std::optional<Estimates> estimates_of<float>(const Network<float>&, const Preparations&,
                                                      const Dataset<float>&);
template std::optional<Estimates> estimates_of<double>(const Network<double>&, const Preparations&,
                                                       const Dataset<double>&);

}  // namespace neurone
