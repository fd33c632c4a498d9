// Nonlinear conjugate gradient: d = −g + β d with β = max(0, gᵀ(g − g₀) / g₀ᵀg₀), g₀ the gradient before.
#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/solver/line_search.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

class NonlinearConjugateGradient final : public Solver {
 public:
  explicit NonlinearConjugateGradient(const solvers::ConjugateGradient& settings) : settings_(settings) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    if (gradient_.empty()) {
      gradient_.resize(theta.size());
      value_ = objective.gradient(theta, gradient_);
    }
    if (!std::isfinite(value_)) return {.value = value_};
    if (largest(gradient_) <= settings_.tolerance) return {.value = value_, .converged = true};
    const bool anew = direction_.empty();
    if (anew) direction_ = negated(gradient_);
    double slope = dot(gradient_, direction_);
    if (!(slope < 0)) {
      direction_ = negated(gradient_);
      slope = -dot(gradient_, gradient_);
    }
    // the last step brought last_gain_ = length · slope, and this one is taken to bring as much
    const double first = last_gain_ < 0 ? last_gain_ / slope : 1 / norm(gradient_);
    LinePoint next = search_line(objective, {.theta = theta,
                                             .direction = direction_,
                                             .value = value_,
                                             .slope = slope,
                                             .first = std::clamp(first, 1e-12, 1e12),
                                             .flat = 0.1});
    if (next.length == 0) {  // once more along the gradient itself, and then it is the end
      direction_.clear();
      last_gain_ = 0;
      return {.value = value_, .converged = anew};
    }
    last_gain_ = next.length * slope;
    turn(next.gradient);
    std::ranges::copy(next.theta, theta.begin());
    gradient_ = std::move(next.gradient);
    value_ = next.value;
    return {.value = value_, .converged = largest(gradient_) <= settings_.tolerance};
  }

  // The direction, and what the last step brought; the rest is found again from θ.
  std::vector<double> memory() const override {
    std::vector<double> memory = direction_;
    memory.push_back(last_gain_);
    return memory;
  }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    if (memory.size() != 1 && memory.size() != parameters + 1)
      throw Error("the memory of conjugate-gradient has an impossible size");
    direction_.assign(memory.begin(), memory.end() - 1);
    last_gain_ = memory.back();
    gradient_.clear();
  }

 private:
  void turn(std::span<const double> next) {
    const double before = dot(gradient_, gradient_);
    const double beta = std::max(0.0, (dot(next, next) - dot(next, gradient_)) / before);
    for (std::size_t i = 0; i < next.size(); ++i) direction_[i] = beta * direction_[i] - next[i];
  }

  solvers::ConjugateGradient settings_;
  std::vector<double> direction_;  // of the next step; empty: along the gradient
  double last_gain_ = 0;           // below 0 after a step
  std::vector<double> gradient_;   // at θ; empty: not yet known
  double value_ = 0;
};

}  // namespace

std::unique_ptr<Solver> make_conjugate_gradient(const solvers::ConjugateGradient& settings) {
  return std::make_unique<NonlinearConjugateGradient>(settings);
}

}  // namespace neurone
