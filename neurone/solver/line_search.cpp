#include "neurone/solver/line_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

constexpr double sufficient = 1e-4;  // share of the promised decrease
constexpr int most_trials = 40;
constexpr double rounding = 1e-14;  // of F, within which two values are the same

// F along the line: at a length its value and its slope.
struct Trial {
  double length = 0, value = 0, slope = 0;
  bool finite() const { return std::isfinite(value) && std::isfinite(slope); }
};

class Search {
 public:
  Search(Objective& objective, const Line& line)
      : objective_(objective), line_(line), theta_(line.theta.size()), gradient_(line.theta.size()) {}

  LinePoint run() {
    Trial before{.length = 0, .value = line_.value, .slope = line_.slope};
    double length = line_.first;
    while (trials_ < most_trials) {
      const Trial trial = at(length);
      if (!trial.finite()) {  // too far: nearer, until F is a number
        length = before.length + 0.1 * (length - before.length);
        continue;
      }
      if (accepts(trial)) return taken(trial);
      if (is_higher(trial) || (before.length > 0 && trial.value >= before.value)) return zoom(before, trial);
      if (trial.slope >= 0) return zoom(trial, before);
      const double taken = trial.length - before.length, next = minimum_of_cubic(before, trial);
      length =
          trial.length + (std::isfinite(next) ? std::clamp(next - trial.length, 1.1 * taken, 9 * taken) : 9 * taken);
      before = trial;
    }
    return lowest();
  }

 private:
  Trial at(double length) {
    ++trials_;
    std::ranges::copy(line_.theta, theta_.begin());
    add(length, line_.direction, theta_);
    Trial trial{.length = length, .value = objective_.gradient(theta_, gradient_)};
    trial.slope = dot(gradient_, line_.direction);
    if (trial.finite() && trial.value < best_.value) {
      best_ = {.length = length, .value = trial.value, .theta = theta_, .gradient = gradient_};
    }
    return trial;
  }

  bool is_higher(const Trial& trial) const {
    return trial.value > line_.value + sufficient * trial.length * line_.slope && !is_flat_enough_by_slope(trial);
  }
  bool accepts(const Trial& trial) const {
    return !is_higher(trial) && std::abs(trial.slope) <= -line_.flat * line_.slope;
  }
  bool is_flat_enough_by_slope(const Trial& trial) const {
    return trial.value <= line_.value + rounding * std::abs(line_.value) &&
           trial.slope <= (2 * sufficient - 1) * line_.slope;
  }

  // Between `low`, the lowest so far, and `high` lies a place that will do.
  LinePoint zoom(Trial low, Trial high) {
    while (trials_ < most_trials) {
      const double width = high.length - low.length;
      if (std::abs(width) <= std::numeric_limits<double>::epsilon() * std::abs(low.length)) break;
      double length = minimum_of_cubic(low, high);
      const double near = low.length + 0.1 * width, far = low.length + 0.9 * width;
      if (!(length >= std::min(near, far) && length <= std::max(near, far))) length = low.length + 0.5 * width;
      const Trial now = at(length);
      if (!now.finite()) {
        high = {.length = length, .value = std::numeric_limits<double>::infinity(), .slope = 0};
        continue;
      }
      if (accepts(now)) return taken(now);
      if (is_higher(now) || now.value >= low.value) {
        high = now;
        continue;
      }
      if (now.slope * width >= 0) high = low;
      low = now;
    }
    return lowest();
  }

  // Where the cubic through both values and slopes is lowest (Nocedal and Wright 2006, equation 3.59); NaN: nowhere.
  static double minimum_of_cubic(const Trial& a, const Trial& b) {
    const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length);
    const double d2 = std::copysign(std::sqrt(d1 * d1 - a.slope * b.slope), b.length - a.length);
    return b.length - (b.length - a.length) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  }

  LinePoint taken(const Trial& trial) const {
    return {.length = trial.length, .value = trial.value, .theta = theta_, .gradient = gradient_};
  }
  LinePoint lowest() const { return best_.value < line_.value ? best_ : LinePoint{.value = line_.value}; }

  Objective& objective_;
  const Line& line_;
  int trials_ = 0;
  std::vector<double> theta_, gradient_;
  LinePoint best_{.value = std::numeric_limits<double>::infinity()};
};

}  // namespace

LinePoint search_line(Objective& objective, const Line& line) {
  return Search(objective, line).run();
}

}  // namespace neurone
