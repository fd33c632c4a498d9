// (H + λ D²) δ = −g: Gauss–Newton where the quadratic model holds, a short step along the scaled gradient where it
// does not. λ follows how well the model foretold what the last step brought (Nielsen 1999, equation 2.4). A step
// follows the bend of the outputs, and is too long where it bends more than it leads on: geodesic acceleration
// (Transtrum and Sethna 2012).
#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/core/error.h"
#include "neurone/math/decompositions.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

class DampedGaussNewton final : public Solver {
 public:
  explicit DampedGaussNewton(const solvers::LevenbergMarquardt& settings)
      : settings_(settings), damping_(settings.damping) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    const std::size_t n = theta.size();
    std::vector<double> gradient(n), step(n), moved(n);
    Matrix<double> H(n, n);
    const double value = objective.curvature(theta, gradient, H);
    if (!std::isfinite(value)) return {.value = value};
    if (largest(gradient) == 0) return {.value = value, .converged = true};
    rescale(H);
    const std::vector<double> downhill = negated(gradient);
    constexpr double most_damping = 1e20;
    for (; damping_ < most_damping; damp()) {
      if (!solve_symmetric(H, scale_, damping_, downhill, step)) continue;
      const double promised = promise(step, downhill);
      if (promised <= smallest_promise * std::abs(value)) return polish(objective, theta, gradient, H, value);
      if (!follow_bend(objective, theta, H, step)) continue;
      for (std::size_t i = 0; i < n; ++i) moved[i] = theta[i] + step[i];
      const double now = objective.value(moved);
      if (now < value) {
        const bool small = scaled_length(step) <= settings_.tolerance * scaled_length(moved);
        std::ranges::copy(moved, theta.begin());
        relax((value - now) / promised);
        return {.value = now, .converged = small};
      }
      if (scaled_length(step) <= std::numeric_limits<double>::epsilon() * scaled_length(theta)) break;
    }
    return {.value = value, .converged = true};
  }

  // λ, its factor and D; the rest is found again from θ.
  std::vector<double> memory() const override {
    std::vector<double> memory{damping_, growth_};
    memory.insert(memory.end(), scale_.begin(), scale_.end());
    return memory;
  }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    if (memory.size() != 2 && memory.size() != 2 + parameters)
      throw Error("the memory of levenberg-marquardt has an impossible size");
    damping_ = memory[0];
    growth_ = memory[1];
    scale_.assign(memory.begin() + 2, memory.end());
  }

 private:
  // D is the largest length that each column of J has had (Moré 1978, section 6).
  void rescale(const Matrix<double>& H) {
    scale_.resize(H.rows());
    for (std::size_t i = 0; i < scale_.size(); ++i) scale_[i] = std::max(scale_[i], std::sqrt(H(i, i)));
    const double most = largest(scale_), least = most > 0 ? 1e-12 * most : 1;
    for (double& each : scale_) each = std::max(each, least);  // a parameter that nothing depends on
  }

  double scaled_length(std::span<const double> a) const {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * scale_[i] * a[i] * scale_[i];
    return std::sqrt(sum);
  }

  // Where a step brings less than F's rounding, its gradient still says whether it leads nearer: θ gains the digits
  // that F, flat at its minimum, cannot show. So near, nothing is damped.
  Iteration polish(Objective& objective, std::span<double> theta, std::span<const double> gradient,
                   const Matrix<double>& H, double value) {
    constexpr double rounding = 1e-9;  // of an F that is next to nothing beside the targets
    damping_ = least_damping;
    std::vector<double> step(theta.size()), moved(theta.begin(), theta.end()), there(theta.size());
    if (!solve_symmetric(H, scale_, damping_, negated(gradient), step)) return {.value = value, .converged = true};
    add(1, step, moved);
    const double now = objective.gradient(moved, there), gained = -dot(gradient, step);
    std::vector<double> next(theta.size());  // the step that would follow, and what it would bring
    if (!(now <= value + rounding * std::abs(value)) || !solve_symmetric(H, scale_, damping_, negated(there), next) ||
        !(-dot(there, next) < gained))
      return {.value = value, .converged = true};
    std::ranges::copy(moved, theta.begin());
    return {.value = now, .converged = scaled_length(step) <= settings_.tolerance * scaled_length(moved)};
  }

  // Adds half of the acceleration a, (H + λ D²) a = −JᵀW ÿ, to the step; false where it is too large beside it. A
  // step so short that differences over it are rounding does not bend.
  bool follow_bend(Objective& objective, std::span<const double> theta, const Matrix<double>& H,
                   std::span<double> step) const {
    constexpr double straight = 1e-5;
    if (scaled_length(step) <= straight * scaled_length(theta)) return true;
    std::vector<double> bend(step.size()), acceleration(step.size());
    objective.bend(theta, step, bend);
    for (double& each : bend) each = -each;
    if (!solve_symmetric(H, scale_, damping_, bend, acceleration)) return false;
    constexpr double most = 0.75;
    if (!(2 * scaled_length(acceleration) <= most * scaled_length(step))) return false;
    add(0.5, acceleration, step);
    return true;
  }

  // What the quadratic model says that the step takes from F: ½ δᵀ(λ D² δ − g).
  double promise(std::span<const double> step, std::span<const double> downhill) const {
    double sum = dot(step, downhill);
    for (std::size_t i = 0; i < step.size(); ++i) sum += damping_ * scale_[i] * scale_[i] * step[i] * step[i];
    return 0.5 * sum;
  }

  void damp() {
    damping_ *= growth_;
    growth_ *= 2;
  }
  void relax(double kept_promise) {  // the share of the promise that came true
    damping_ = std::max(least_damping, damping_ * std::max(1.0 / 3, 1 - std::pow(2 * kept_promise - 1, 3)));
    growth_ = 2;
  }

  static constexpr double smallest_promise = 1e-11;  // against F
  static constexpr double least_damping = 1e-18;

  solvers::LevenbergMarquardt settings_;
  double damping_, growth_ = 2;
  std::vector<double> scale_;  // D; empty before the first iteration
};

}  // namespace

std::unique_ptr<Solver> make_levenberg_marquardt(const solvers::LevenbergMarquardt& settings) {
  return std::make_unique<DampedGaussNewton>(settings);
}

}  // namespace neurone
