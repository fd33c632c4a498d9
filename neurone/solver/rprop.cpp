// iRprop+ (Igel and Hüsken 2003, section 2): each parameter moves by its own step length against the sign of its
// gradient. The length grows while the sign stays and shrinks when it changes, and then the last move is taken back
// if F has risen.
#include <algorithm>
#include <cmath>

#include "neurone/core/error.h"
#include "neurone/math/numbers.h"
#include "neurone/solver/solver.h"

namespace neurone {
namespace {

class ResilientPropagation final : public Solver {
 public:
  explicit ResilientPropagation(const solvers::Rprop& settings) : settings_(settings) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    const std::size_t n = theta.size();
    if (lengths_.empty()) {
      lengths_.assign(n, settings_.first);
      before_.assign(n, 0);
      moves_.assign(n, 0);
    }
    std::vector<double> gradient(n);
    const double value = objective.gradient(theta, gradient);
    if (!std::isfinite(value)) return {.value = value};
    const bool has_risen = has_moved_ && value > value_;
    for (std::size_t i = 0; i < n; ++i) {
      const double agreement = before_[i] * gradient[i];
      if (agreement < 0) {
        lengths_[i] = std::max(settings_.decrease * lengths_[i], settings_.least);
        if (has_risen) theta[i] -= moves_[i];
        gradient[i] = 0;  // the next step is taken whatever its sign
        moves_[i] = 0;
      } else {
        if (agreement > 0) lengths_[i] = std::min(settings_.increase * lengths_[i], settings_.most);
        moves_[i] = -numbers::sign(gradient[i]) * lengths_[i];
        theta[i] += moves_[i];
      }
      before_[i] = gradient[i];
    }
    value_ = value;
    has_moved_ = true;
    return {.value = value,
            .converged = std::ranges::all_of(before_, [](double g) { return g == 0; }) &&
                         std::ranges::all_of(lengths_, [&](double l) { return l <= settings_.least; })};
  }

  // Lengths, gradients and moves, and F where the last gradient was taken.
  std::vector<double> memory() const override {
    std::vector<double> memory = lengths_;
    memory.insert(memory.end(), before_.begin(), before_.end());
    memory.insert(memory.end(), moves_.begin(), moves_.end());
    if (has_moved_) memory.push_back(value_);
    return memory;
  }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    has_moved_ = !memory.empty();
    if (!has_moved_) return;
    if (memory.size() != 3 * parameters + 1) throw Error("the memory of rprop has an impossible size");
    const auto part = [&](std::size_t k) { return memory.subspan(k * parameters, parameters); };
    lengths_.assign(part(0).begin(), part(0).end());
    before_.assign(part(1).begin(), part(1).end());
    moves_.assign(part(2).begin(), part(2).end());
    value_ = memory.back();
  }

 private:
  solvers::Rprop settings_;
  std::vector<double> lengths_, before_, moves_;  // of each parameter: step length, last gradient, last move
  double value_ = 0;
  bool has_moved_ = false;
};

}  // namespace

std::unique_ptr<Solver> make_rprop(const solvers::Rprop& settings) {
  return std::make_unique<ResilientPropagation>(settings);
}

}  // namespace neurone
