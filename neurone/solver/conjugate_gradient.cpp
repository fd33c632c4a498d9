// Nonlinear conjugate gradient: d = −g + β d with β = max(0, gᵀ(g − g₀) / g₀ᵀg₀), g₀ the gradient before.
#include <algorithm>

#include "neurone/core/error.h"
#include "neurone/solver/descent.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

class NonlinearConjugateGradient final : public Descent {
 public:
  explicit NonlinearConjugateGradient(const solvers::ConjugateGradient& settings)
      : Descent({.tolerance = settings.tolerance, .flat = 0.1}) {}

  // The direction, and what the last step brought; the rest is found again from θ.
  std::vector<double> memory() const override {
    std::vector<double> memory = direction_;
    memory.push_back(last_gain_);
    return memory;
  }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    if (memory.size() != 1 && memory.size() != parameters + 1)
      throw Error("the memory of conjugate-gradient has an impossible size");
    begin_anew();
    direction_.assign(memory.begin(), memory.end() - 1);
    last_gain_ = memory.back();
  }

 private:
  std::vector<double> direction(std::span<const double> gradient) override {
    return direction_.empty() ? negated(gradient) : direction_;
  }

  // The last step brought last_gain_ = length · slope, and this one is taken to bring as much.
  double first_length(std::span<const double> gradient, double slope) const override {
    return std::clamp(last_gain_ < 0 ? last_gain_ / slope : 1 / norm(gradient), 1e-12, 1e12);
  }

  void learn(const Step& step) override {
    const std::span<const double> before = step.gradient, after = step.to.gradient;
    const double beta = std::max(0.0, (dot(after, after) - dot(after, before)) / dot(before, before));
    direction_ = negated(after);
    add(beta, step.line.direction, direction_);
    last_gain_ = step.to.length * step.line.slope;
  }

  bool forget() override {
    const bool knew = !direction_.empty();
    direction_.clear();
    last_gain_ = 0;
    return knew;
  }

  std::vector<double> direction_;  // of the next step; empty: along the gradient
  double last_gain_ = 0;           // below 0 after a step
};

}  // namespace

std::unique_ptr<Solver> make_conjugate_gradient(const solvers::ConjugateGradient& settings) {
  return std::make_unique<NonlinearConjugateGradient>(settings);
}

}  // namespace neurone
