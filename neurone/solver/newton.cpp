// Newton's step H δ = −g, halved until F is lower. Without hidden layers the Gauss–Newton matrix is the second
// derivative itself, so this is the iteration that statistics calls iteratively reweighted least squares.
#include <algorithm>
#include <cmath>

#include "neurone/core/error.h"
#include "neurone/math/decompositions.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

class NewtonIteration final : public Solver {
 public:
  explicit NewtonIteration(const solvers::Newton& settings) : settings_(settings) {}

  Iteration iterate(Objective& objective, std::span<double> theta) override {
    if (kept_.empty()) {
      const double start = objective.value(theta);
      if (!std::isfinite(start)) return {.value = start};
      leave_out_collinear(objective, theta);
    }
    std::vector<double> gradient(theta.size()), step(theta.size()), moved(theta.size());
    Matrix<double> H(theta.size(), theta.size());
    const double value = objective.curvature(theta, gradient, H);
    if (!std::isfinite(value)) return {.value = value};
    if (!solve(H, gradient, step)) return {.value = value, .converged = true, .remark = separated};
    const double promised = -0.5 * dot(step, gradient);
    // near the end δ is as small as what is left to gain; where classes can be told apart without an error, or some
    // of them, θ runs away for ever
    const bool runs_away = leads_far(step, theta);
    constexpr double next_to_nothing = 1e-10;
    const bool is_nothing = value >= 0 && value < next_to_nothing;
    if (promised <= settings_.tolerance * std::abs(value) || is_nothing) {
      if (runs_away) return {.value = value, .converged = true, .remark = separated};
      add(1, step, theta);  // below F's rounding, and the digits of θ double once more
      return {.value = value, .converged = true};
    }
    constexpr int most_halvings = 50;
    double length = 1;
    for (int k = 0; k < most_halvings; ++k, length /= 2) {
      for (std::size_t i = 0; i < theta.size(); ++i) moved[i] = theta[i] + length * step[i];
      const double now = objective.value(moved);
      if (!(now < value)) continue;
      std::ranges::copy(moved, theta.begin());
      return {.value = now};
    }
    return {.value = value, .converged = true};
  }

  // Which parameters it moves.
  std::vector<double> memory() const override { return {kept_.begin(), kept_.end()}; }
  void restore(std::span<const double> memory, std::size_t parameters) override {
    if (memory.size() > parameters) throw Error("newton remembers more parameters than there are");
    kept_.clear();
    for (const double each : memory) {
      if (!(each >= 0 && each < static_cast<double>(parameters)))
        throw Error("newton remembers a parameter not there");
      kept_.push_back(static_cast<std::size_t>(each));
    }
  }

 private:
  // A parameter that says what others say already, those of softmax's first class among them, stays at 0: the others
  // are then what they are against it. All begin at 0, where no row is so far out that it seems to say nothing; the
  // loss is convex.
  void leave_out_collinear(Objective& objective, std::span<double> theta) {
    std::ranges::fill(theta, 0.0);
    RowsInBlocks rows(theta.size());
    objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double> r) { rows.add(J, r); });
    const LeastSquaresSolution solution = solve_least_squares(rows, objective.precedence(), objective.collinearity());
    kept_ = solution.kept;
  }

  // H δ = −g over those that are kept, 0 for the others.
  bool solve(const Matrix<double>& H, std::span<const double> gradient, std::span<double> step) const {
    const std::size_t n = kept_.size();
    Matrix<double> inner(n, n);
    std::vector<double> downhill(n), scale(n), found(n);
    for (std::size_t a = 0; a < n; ++a) {
      scale[a] = std::sqrt(H(kept_[a], kept_[a]));  // parameters in units in which H has ones on its diagonal
      if (!(scale[a] > 0)) return false;
    }
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) inner(a, b) = H(kept_[a], kept_[b]) / (scale[a] * scale[b]);
      downhill[a] = -gradient[kept_[a]] / scale[a];
    }
    double ridge = 0;  // the least that makes H definite where rounding has left it short of that
    while (!solve_symmetric(inner, ridge, downhill, found)) {
      ridge = std::max(1e-14, 10 * ridge);
      if (ridge > 1) return false;
    }
    for (std::size_t a = 0; a < n; ++a) step[kept_[a]] = found[a] / scale[a];
    return true;
  }

  static constexpr const char* separated =
      "some of the classes can be told apart without an error: the loss falls for ever as their parameters grow, and "
      "these say nothing. --l2 gives them an end";

  solvers::Newton settings_;
  std::vector<std::size_t> kept_;  // the parameters that move; empty before the first iteration
};

}  // namespace

std::unique_ptr<Solver> make_newton(const solvers::Newton& settings) {
  return std::make_unique<NewtonIteration>(settings);
}

}  // namespace neurone
