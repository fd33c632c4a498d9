#include "neurone/solver/descent.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/solver/vectors.h"

namespace neurone {

Iteration Descent::iterate(Objective& objective, std::span<double> theta) {
  if (gradient_.empty()) {
    gradient_.resize(theta.size());
    value_ = objective.gradient(theta, gradient_);
  }
  if (!std::isfinite(value_)) return {.value = value_};
  if (largest(gradient_) <= settings_.tolerance) return {.value = value_, .converged = true};
  std::vector<double> along = direction(gradient_);
  double slope = dot(gradient_, along);
  if (!(slope < 0)) {  // what was learnt has lost its meaning by rounding
    forget();
    along = direction(gradient_);
    slope = dot(gradient_, along);
  }
  const Line line{.theta = theta,
                  .direction = along,
                  .value = value_,
                  .slope = slope,
                  .first = first_length(gradient_, slope),
                  .flat = settings_.flat};
  LinePoint next = search_line(objective, line);
  if (next.length == 0) return {.value = value_, .converged = !forget()};  // once more along the gradient itself
  learn({.gradient = gradient_, .line = line, .to = next});
  std::ranges::copy(next.theta, theta.begin());
  gradient_ = std::move(next.gradient);
  value_ = next.value;
  return {.value = value_, .converged = largest(gradient_) <= settings_.tolerance};
}

}  // namespace neurone
