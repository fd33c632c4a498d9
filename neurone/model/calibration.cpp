#include "neurone/model/calibration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace neurone {
namespace {

// The mean cross-entropy under a temperature. The true class counts as (n + 1)/(n + K) and each of the others as 1/(n
// + K) (Platt 1999, section 2.2, for K classes), so that n rows that were all right do not make it certain that all
// are.
double log_loss_at(double temperature, ConstMatrixView<double> logits, std::span<const std::uint32_t> truth) {
  const auto n = static_cast<double>(truth.size()), all = n + static_cast<double>(logits.columns());
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::span<const double> row = logits[i];
    const double largest = *std::ranges::max_element(row);
    double total = 0;
    for (const double each : row) total += std::exp((each - largest) / temperature);
    double expected = n / all * (row[truth[i]] - largest);
    for (const double each : row) expected += (each - largest) / all;
    sum += std::log(total) - expected / temperature;
  }
  return sum / static_cast<double>(truth.size());
}

}  // namespace

std::vector<double> calibration_errors(std::vector<double> errors) {
  std::ranges::sort(errors);
  if (errors.size() <= most_calibration_errors) return errors;
  std::vector<double> kept;
  for (std::size_t i = 1; i <= most_calibration_errors; ++i)
    kept.push_back(errors[i * errors.size() / most_calibration_errors - 1]);
  return kept;
}

double fit_temperature(ConstMatrixView<double> logits, std::span<const std::uint32_t> truth) {
  constexpr std::size_t most_rows = 50'000;  // one number is known well enough from these
  const std::size_t rows = std::min(truth.size(), most_rows);
  if (rows == 0) return 1;
  const auto loss = [&](double logarithm) {
    return log_loss_at(std::exp(logarithm), logits.rows(0, rows), truth.first(rows));
  };
  // golden section: the loss is convex in 1/τ, so it has one minimum; beyond a factor of 20 nobody goes
  constexpr double golden = 1 / std::numbers::phi;
  double low = std::log(0.05), high = std::log(20.0);
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double at_left = loss(left), at_right = loss(right);
  while (high - low > 1e-4) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = loss(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = loss(right);
    }
  }
  return std::exp((low + high) / 2);
}

void to_probabilities(double temperature, MatrixView<double> logits) {
  for (std::size_t i = 0; i < logits.rows(); ++i) {
    const double highest = *std::ranges::max_element(logits[i]);  // taken off, so that exp cannot overflow
    double sum = 0;
    for (double& each : logits[i]) sum += each = std::exp((each - highest) / temperature);
    for (double& each : logits[i]) each /= sum;
  }
}

double error_bound(std::span<const double> errors, double level) {
  const auto n = static_cast<double>(errors.size());
  const double rank = std::ceil((n + 1) * level);
  if (rank > n) return std::numeric_limits<double>::infinity();
  return errors[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace neurone
