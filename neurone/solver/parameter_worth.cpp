#include "neurone/solver/parameter_worth.h"

#include <cmath>
#include <utility>

#include "neurone/math/decompositions.h"

namespace neurone {

template <class T> ParameterWorth worth_of_parameters(NetworkObjective<T>& objective, std::span<const double> theta) {
  RowsInBlocks rows(theta.size());
  const double value =
      objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double> r) { rows.add(J, r); });
  LeastSquaresSolution solution = solve_least_squares(rows, objective.precedence(), objective.collinearity());
  ParameterWorth worth{.covariance = std::move(solution.inverse),
                       .determined = std::move(solution.kept),
                       .collinear = std::move(solution.collinear),
                       .condition = solution.condition,
                       .is_likelihood = !objective.is_sum_of_squares()};
  worth.degrees_of_freedom = static_cast<double>(objective.counted_rows() * objective.outputs()) -
                             static_cast<double>(worth.determined.size());
  // F = Σ w r² / (K Σ w), so JᵀWJ is the Jacobian's ½ K Σ w times; a likelihood's F is its mean
  const double total = objective.total_weight(), outputs = static_cast<double>(objective.outputs());
  const double squares = value * outputs * total;
  const double variance = worth.is_likelihood ? 1 : squares / worth.degrees_of_freedom;
  worth.residual_deviation = worth.is_likelihood ? 0 : std::sqrt(variance);
  const double factor = worth.is_likelihood ? 1 / total : variance * 2 / (outputs * total);
  for (double& each : worth.covariance.elements()) each *= factor;
  if (!(worth.degrees_of_freedom > 0)) worth.covariance = {};
  return worth;
}

template ParameterWorth worth_of_parameters<float>(NetworkObjective<float>&, std::span<const double>);
template ParameterWorth worth_of_parameters<double>(NetworkObjective<double>&, std::span<const double>);

}  // namespace neurone
