// (H + λI) δ = −g: Gauss–Newton where the quadratic model holds, a short step along the gradient where it does not. λ
// follows how well the model foretold what the last step brought (Nielsen 1999, equation 2.4). A step follows the
// bend of the outputs, and is too long where it bends more than it leads on: geodesic acceleration (Transtrum and
// Sethna 2012). Why all parameters are damped alike is in docs/decisions/0020.
#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/core/error.h"
#include "neurone/math/decompositions.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

double largest_diagonal(const Matrix<double>& H) {
  double most = 0;
  for (std::size_t i = 0; i < H.rows(); ++i) most = std::max(most, H(i, i));
  return most;
}

// The length of a, each parameter counted by how far it moves the outputs.
double reach(std::span<const double> a, const Matrix<double>& H) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * H(i, i) * a[i];
  return std::sqrt(sum);
}

class DampedGaussNewton final : public Solver {
 public:
  explicit DampedGaussNewton(const solvers::LevenbergMarquardt& settings) : settings_(settings) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    const std::size_t n = theta.size();
    std::vector<double> gradient(n), step(n), moved(n);
    Matrix<double> H(n, n);
    const double value = objective.curvature(theta, gradient, H);
    if (!std::isfinite(value)) return {.value = value};
    if (largest(gradient) == 0) return {.value = value, .converged = true};
    const double unit = largest_diagonal(H);
    damping_ = damping_ == 0 ? settings_.damping * unit : std::max(damping_, least_damping * unit);
    const std::vector<double> downhill = negated(gradient);
    bool refused = false;  // a longer step, in this iteration
    while (damping_ < most_damping * unit) {
      const bool definite = solve_symmetric(H, damping_, downhill, step);
      const double promised = definite ? promise(step, downhill) : 0;
      if (definite && promised <= smallest_promise * std::abs(value)) {
        if (refused || damping_ <= least_damping * unit) return polish(objective, theta, gradient, H, value);
        damping_ = std::max(least_damping * unit, damping_ / 10);  // was there nothing to gain, or too little room?
        continue;
      }
      if (definite && follow_bend(objective, theta, H, step)) {
        for (std::size_t i = 0; i < n; ++i) moved[i] = theta[i] + step[i];
        const double now = objective.value(moved);
        if (now < value) {
          const bool small = reach(step, H) <= settings_.tolerance * reach(moved, H);
          std::ranges::copy(moved, theta.begin());
          relax((value - now) / promised);
          return {.value = now, .converged = small};
        }
        if (reach(step, H) <= std::numeric_limits<double>::epsilon() * reach(theta, H)) break;
      }
      refused = true;
      damp();
    }
    return {.value = value, .converged = true};
  }

  // λ and its factor; the rest is found again from θ.
  std::vector<double> memory() const override { return {damping_, growth_}; }
  void restore(std::span<const double> memory, std::size_t) override {
    if (memory.size() != 2) throw Error("the memory of levenberg-marquardt has an impossible size");
    damping_ = memory[0];
    growth_ = memory[1];
  }

 private:
  // Where a step brings less than F's rounding, its gradient still says whether it leads nearer: θ gains the digits
  // that F, flat at its minimum, cannot show. So near, nothing is damped.
  Iteration polish(Objective& objective, std::span<double> theta, std::span<const double> gradient,
                   const Matrix<double>& H, double value) {
    constexpr double rounding = 1e-9;  // of an F that is next to nothing beside the targets
    damping_ = least_damping * largest_diagonal(H);
    std::vector<double> step(theta.size()), moved(theta.begin(), theta.end()), there(theta.size());
    if (!solve_symmetric(H, damping_, negated(gradient), step)) return {.value = value, .converged = true};
    add(1, step, moved);
    const double now = objective.gradient(moved, there), gained = -dot(gradient, step);
    std::vector<double> next(theta.size());  // the step that would follow, and what it would bring
    if (!(now <= value + rounding * std::abs(value)) || !solve_symmetric(H, damping_, negated(there), next) ||
        !(-dot(there, next) < gained))
      return {.value = value, .converged = true};
    std::ranges::copy(moved, theta.begin());
    return {.value = now, .converged = reach(step, H) <= settings_.tolerance * reach(moved, H)};
  }

  // Adds half of the acceleration a, (H + λI) a = −JᵀW ÿ, to the step; false where it is too large beside it. A
  // step so short that differences over it are rounding does not bend.
  bool follow_bend(Objective& objective, std::span<const double> theta, const Matrix<double>& H,
                   std::span<double> step) const {
    constexpr double straight = 1e-5;
    if (reach(step, H) <= straight * reach(theta, H)) return true;
    std::vector<double> bend(step.size()), acceleration(step.size());
    objective.bend(theta, step, bend);
    for (double& each : bend) each = -each;
    if (!solve_symmetric(H, damping_, bend, acceleration)) return false;
    constexpr double most = 0.75;
    if (!(2 * reach(acceleration, H) <= most * reach(step, H))) return false;
    add(0.5, acceleration, step);
    return true;
  }

  // What the quadratic model says that the step takes from F: ½ δᵀ(λδ − g).
  double promise(std::span<const double> step, std::span<const double> downhill) const {
    return 0.5 * (dot(step, downhill) + damping_ * dot(step, step));
  }

  void damp() {
    damping_ *= growth_;
    growth_ *= 2;
  }
  void relax(double kept_promise) {  // the share of the promise that came true
    damping_ *= std::max(1.0 / 3, 1 - std::pow(2 * kept_promise - 1, 3));
    growth_ = 2;
  }

  static constexpr double smallest_promise = 1e-11;                    // against F
  static constexpr double least_damping = 1e-18, most_damping = 1e20;  // against H's largest diagonal element

  solvers::LevenbergMarquardt settings_;
  double damping_ = 0, growth_ = 2;  // no damping yet before the first iteration
};

}  // namespace

std::unique_ptr<Solver> make_levenberg_marquardt(const solvers::LevenbergMarquardt& settings) {
  return std::make_unique<DampedGaussNewton>(settings);
}

}  // namespace neurone
