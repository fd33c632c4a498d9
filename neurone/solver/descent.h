// What methods with a line search share: a direction, how far to go in it, and a fresh start along the gradient where
// that leads nowhere. Which direction is left to lbfgs.cpp and conjugate_gradient.cpp.
#pragma once

#include <span>
#include <vector>

#include "neurone/solver/line_search.h"
#include "neurone/solver/solver.h"

namespace neurone {

class Descent : public Solver {
 public:
  Iteration iterate(Objective& objective, std::span<double> theta) final;

 protected:
  struct Settings {
    double tolerance;  ///< of the largest element of the gradient, at which it has converged
    double flat;       ///< as in Line
  };
  explicit Descent(const Settings& settings) : settings_(settings) {}

  /// A step that was taken: from where, with which gradient there, along which line, and where to.
  struct Step {
    std::span<const double> gradient;
    const Line& line;
    const LinePoint& to;
  };
  virtual std::vector<double> direction(std::span<const double> gradient) = 0;
  /// The length to be tried first.
  virtual double first_length(std::span<const double> gradient, double slope) const = 0;
  virtual void learn(const Step& step) = 0;
  /// The next direction is that of the gradient again. Returns whether it would have been another one.
  virtual bool forget() = 0;

  /// θ is no longer where the last iteration left it.
  void begin_anew() { gradient_.clear(); }

 private:
  Settings settings_;
  std::vector<double> gradient_;  // at θ; empty: not yet known
  double value_ = 0;
};

}  // namespace neurone
