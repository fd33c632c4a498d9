// The loss of one sample and its gradient, whichever kind of formula it is.
// T is a number, or lanes with a sample in each.
#pragma once

#include <cstddef>
#include <span>

#include "neurone/loss/losses.h"

namespace neurone::losses {

// A formula of a whole row, of mean and log variance, or of one output: told apart by what it can be called with.
template <class Formula>
concept Rowwise = requires(Formula f, std::span<const double> z, std::span<double> S) { f.value(z, z, S); };
template <class Formula>
concept TwoHeaded = requires { Formula::outputs_per_target; };

/// The loss of the outputs y with the targets t; dy is overwritten with factor × its slope.
template <class Formula, class T>
T sample(const Formula& formula, std::span<const T> y, std::span<const T> t, T factor, std::span<T> dy) {
  T sum(0);
  if constexpr (Rowwise<Formula>) {
    sum = formula.template value<T>(y, t, dy);
    formula.template slope<T>(dy, t, dy);
    for (T& each : dy) each *= factor;
  } else if constexpr (TwoHeaded<Formula>) {
    const std::size_t n = t.size();
    const T share = T(1) / T(n);
    for (std::size_t j = 0; j < n; ++j) {
      sum += share * formula.value(y[j], y[n + j], t[j]);
      dy[j] = factor * share * formula.slope_mean(y[j], y[n + j], t[j]);
      dy[n + j] = factor * share * formula.slope_log_variance(y[j], y[n + j], t[j]);
    }
  } else {
    const T share = T(1) / T(t.size());
    for (std::size_t j = 0; j < t.size(); ++j) {
      sum += share * formula.value(y[j], t[j]);
      dy[j] = factor * share * formula.slope(y[j], t[j]);
    }
  }
  return sum;
}

}  // namespace neurone::losses
