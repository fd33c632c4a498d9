// The sums over a history that the stopping criteria are made of; the criteria are in stopping.h.
#include "neurone/training/stopping.h"

#include <algorithm>
#include <limits>

namespace neurone::stopping {
namespace {

// NaN, which compares with nothing, where there was no validation.
double validation_loss(const EpochReport& epoch) {
  return epoch.validation.value_or(Score{}).loss;
}

}  // namespace

double generalisation_loss(std::span<const EpochReport> history, std::size_t strip) {
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t t = strip; t <= history.size(); t += strip)
    lowest = std::min(lowest, validation_loss(history[t - 1]));
  return 100 * (validation_loss(history.back()) / lowest - 1);
}

double training_progress(std::span<const EpochReport> history, std::size_t strip) {
  double sum = 0, lowest = std::numeric_limits<double>::infinity();
  for (const EpochReport& each : history.last(strip)) {
    sum += each.train.loss;
    lowest = std::min(lowest, each.train.loss);
  }
  return 1000 * (sum / (static_cast<double>(strip) * lowest) - 1);
}

bool SuccessiveIncreases::holds(std::span<const EpochReport> history) const {
  if (history.size() / strip <= times) return false;
  for (std::size_t s = 0; s < times; ++s) {
    const std::size_t last = history.size() - 1 - s * strip;
    if (!(validation_loss(history[last]) > validation_loss(history[last - strip]))) return false;
  }
  return true;
}

bool is_met(const Any& criterion, std::span<const EpochReport> history) {
  return std::visit(
      [&](const auto& each) {
        if (history.empty() || history.size() % each.strip != 0 || !history.back().validation) return false;
        return each.holds(history) || training_progress(history, each.strip) < each.least_progress;
      },
      criterion);
}

}  // namespace neurone::stopping
