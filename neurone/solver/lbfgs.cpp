// L-BFGS: the direction from the last steps (Nocedal 1980), the length by the strong Wolfe conditions.
#include <algorithm>
#include <deque>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/solver/descent.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

// A step of θ, s, and how the gradient changed over it, y. Kept only with sᵀy > 0, so that the curvature is positive.
struct CurvaturePair {
  std::vector<double> s, y;
};

class LimitedMemoryBFGS final : public Descent {
 public:
  explicit LimitedMemoryBFGS(const solvers::LBFGS& settings)
      : Descent({.tolerance = settings.tolerance, .flat = 0.9}), history_(settings.history) {}

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
    if (memory.size() % (2 * parameters) != 0 || memory.size() / (2 * parameters) > history_)
      throw Error("the memory of lbfgs has an impossible size");
    begin_anew();
    pairs_.clear();
    for (; !memory.empty(); memory = memory.subspan(2 * parameters)) {
      const auto s = memory.first(parameters), y = memory.subspan(parameters, parameters);
      pairs_.push_back({.s = {s.begin(), s.end()}, .y = {y.begin(), y.end()}});
    }
  }

 private:
  // −H g by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).
  std::vector<double> direction(std::span<const double> gradient) override {
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

  double first_length(std::span<const double> gradient, double) const override {
    return pairs_.empty() ? std::min(1.0, 1 / norm(gradient)) : 1;
  }

  void learn(const Step& step) override {
    CurvaturePair pair{.s = step.to.theta, .y = step.to.gradient};
    add(-1, step.line.theta, pair.s);
    add(-1, step.gradient, pair.y);
    constexpr double least = 1e-14;
    if (!(dot(pair.s, pair.y) > least * norm(pair.s) * norm(pair.y))) return;
    pairs_.push_back(std::move(pair));
    if (pairs_.size() > history_) pairs_.pop_front();
  }

  bool forget() override {
    const bool knew = !pairs_.empty();
    pairs_.clear();
    return knew;
  }

  std::size_t history_;
  std::deque<CurvaturePair> pairs_;
};

}  // namespace

std::unique_ptr<Solver> make_lbfgs(const solvers::LBFGS& settings) {
  return std::make_unique<LimitedMemoryBFGS>(settings);
}

}  // namespace neurone
