// L-BFGS: the direction from the last steps (Nocedal 1980), the length by the strong Wolfe conditions.
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/solver/line_search.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

// A step of θ, s, and how the gradient changed over it, y. Kept only with sᵀy > 0, so that the curvature is positive.
struct CurvaturePair {
  std::vector<double> s, y;
};

class LimitedMemoryBFGS final : public Solver {
 public:
  explicit LimitedMemoryBFGS(const solvers::LBFGS& settings) : settings_(settings) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    if (gradient_.empty()) {
      gradient_.resize(theta.size());
      value_ = objective.gradient(theta, gradient_);
    }
    if (!std::isfinite(value_)) return {.value = value_};
    if (largest(gradient_) <= settings_.tolerance) return {.value = value_, .converged = true};
    std::vector<double> direction = direction_from(gradient_);
    double slope = dot(gradient_, direction);
    if (!(slope < 0)) {  // the pairs have lost their meaning by rounding
      pairs_.clear();
      direction = negated(gradient_);
      slope = -dot(gradient_, gradient_);
    }
    const double first = pairs_.empty() ? std::min(1.0, 1 / norm(gradient_)) : 1.0;
    LinePoint next = search_line(
        objective,
        {.theta = theta, .direction = direction, .value = value_, .slope = slope, .first = first, .flat = 0.9});
    if (next.length == 0) {
      const bool anew = !pairs_.empty();
      pairs_.clear();  // once more along the gradient itself, and then it is the end
      return {.value = value_, .converged = !anew};
    }
    remember(theta, next);
    std::ranges::copy(next.theta, theta.begin());
    gradient_ = std::move(next.gradient);
    value_ = next.value;
    return {.value = value_, .converged = largest(gradient_) <= settings_.tolerance};
  }

  // The pairs, oldest first; the rest is found again from θ.
  std::vector<double> memory() const override {
    std::vector<double> memory;
    for (const CurvaturePair& pair : pairs_) {
      memory.insert(memory.end(), pair.s.begin(), pair.s.end());
      memory.insert(memory.end(), pair.y.begin(), pair.y.end());
    }
    return memory;
  }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    if (memory.size() % (2 * parameters) != 0 || memory.size() / (2 * parameters) > settings_.history)
      throw Error("the memory of lbfgs has an impossible size");
    pairs_.clear();
    gradient_.clear();
    for (; !memory.empty(); memory = memory.subspan(2 * parameters)) {
      const auto s = memory.first(parameters), y = memory.subspan(parameters, parameters);
      pairs_.push_back({.s = {s.begin(), s.end()}, .y = {y.begin(), y.end()}});
    }
  }

 private:
  // −H g by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).
  std::vector<double> direction_from(std::span<const double> gradient) const {
    std::vector<double> q = negated(gradient), shares(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      const auto& [s, y] = pairs_[k];
      shares[k] = dot(s, q) / dot(s, y);
      add(-shares[k], y, q);
    }
    if (!pairs_.empty()) {
      const auto& [s, y] = pairs_.back();
      const double scale = dot(s, y) / dot(y, y);
      for (double& each : q) each *= scale;
    }
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const auto& [s, y] = pairs_[k];
      add(shares[k] - dot(y, q) / dot(s, y), s, q);
    }
    return q;
  }

  void remember(std::span<const double> theta, const LinePoint& next) {
    CurvaturePair pair{.s = next.theta, .y = next.gradient};
    add(-1, theta, pair.s);
    add(-1, gradient_, pair.y);
    if (!(dot(pair.s, pair.y) > 1e-14 * norm(pair.s) * norm(pair.y))) return;
    pairs_.push_back(std::move(pair));
    if (pairs_.size() > settings_.history) pairs_.pop_front();
  }

  solvers::LBFGS settings_;
  std::deque<CurvaturePair> pairs_;
  std::vector<double> gradient_;  // at θ; empty: not yet known
  double value_ = 0;
};

}  // namespace

std::unique_ptr<Solver> make_lbfgs(const solvers::LBFGS& settings) {
  return std::make_unique<LimitedMemoryBFGS>(settings);
}

}  // namespace neurone
