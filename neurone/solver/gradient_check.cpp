#include "neurone/solver/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "neurone/core/random.h"
#include "neurone/solver/network_objective.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

template <class T> Matrix<double> in_double(ConstMatrixView<T> A) {
  Matrix<double> wide(A.rows(), A.columns());
  std::ranges::copy(A.elements(), wide.elements().begin());
  return wide;
}

// Rows that count, as many as are looked at, in double.
template <class T> Dataset<double> some_rows(const Dataset<T>& data) {
  constexpr std::size_t most = 256;
  std::vector<std::uint32_t> counting;
  for (std::uint32_t row = 0; row < data.rows(); ++row)
    if (data.weights.empty() || data.weights[row] > 0) counting.push_back(row);
  std::vector<std::uint32_t> chosen = evenly_chosen(counting.size(), most);
  for (std::uint32_t& each : chosen) each = counting[each];
  const Dataset<T> rows = select(data, chosen);
  Matrix<T> room;
  return {.X = in_double<T>(rows.X.rows(0, rows.rows(), room)),
          .targets = in_double<T>(rows.targets),
          .weights = {rows.weights.begin(), rows.weights.end()}};
}

}  // namespace

template <class T>
GradientCheck check_gradient(const NetworkSpec& spec, const Loss& loss, const Dataset<T>& data, std::uint64_t seed,
                             std::size_t most) {
  const Dataset<double> some = some_rows(data);
  Network<double> network(spec);
  network.initialise(seed);
  std::vector<double> theta(network.parameters().begin(), network.parameters().end());
  Random random(seed, {.purpose = Purpose::initialise, .part = 0xFFFFFF});  // no layer's own stream
  for (double& each : theta) each += 0.05 * random.normal();

  NetworkObjective<double> objective(network, {.loss = loss, .data = some});
  std::vector<double> gradient(theta.size());
  if (!std::isfinite(objective.gradient(theta, gradient)))
    throw Error("the gradient cannot be checked: the loss of a fresh start is not finite");
  std::vector<std::uint32_t> order(theta.size());
  shuffle(seed, 0, order);
  order.resize(std::min(order.size(), most));
  GradientCheck check{.rows = some.rows(), .checked = order.size(), .parameters = theta.size()};
  const double least = 0.01 * largest(gradient);
  for (const std::uint32_t k : order) {
    const double before = theta[k];
    double error = std::numeric_limits<double>::infinity();
    for (const double h : {1e-5, 1e-6, 1e-7}) {  // one of them steps over no kink of relu
      theta[k] = before + h;
      const double above = objective.value(theta);
      theta[k] = before - h;
      const double by_differences = (above - objective.value(theta)) / (2 * h);
      const double size = std::max({std::abs(gradient[k]), std::abs(by_differences), least});
      error = std::min(error, size > 0 ? std::abs(gradient[k] - by_differences) / size : 0);
    }
    theta[k] = before;
    check.largest_error = std::max(check.largest_error, error);
  }
  return check;
}

template GradientCheck check_gradient<float>(const NetworkSpec&, const Loss&, const Dataset<float>&, std::uint64_t,
                                             std::size_t);
template GradientCheck check_gradient<double>(const NetworkSpec&, const Loss&, const Dataset<double>&, std::uint64_t,
                                              std::size_t);

}  // namespace neurone
