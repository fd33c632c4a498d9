// The lecture's regression in closed form: without hidden layers Y − T is J θ + r with a J that does not depend on θ,
// and the least ‖Jθ + r‖ is found by QR, which does not square the condition of the problem as XᵀX does.
#include <cmath>

#include "neurone/core/error.h"
#include "neurone/math/decompositions.h"
#include "neurone/solver/solver.h"

namespace neurone {
namespace {

class ClosedForm final : public Solver {
 public:
  Iteration iterate(Objective& objective, std::span<double> theta) override {
    std::vector<double> gradient(theta.size());
    std::ranges::fill(theta, 0);  // and what is not determined stays there
    RowsInBlocks rows(theta.size());
    const double start =
        objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double> r) { rows.add(J, r); });
    if (!std::isfinite(start)) return {.value = start};
    const LeastSquaresSolution solution = solve_least_squares(rows, objective.precedence(), objective.collinearity());
    std::ranges::copy(solution.x, theta.begin());
    // one correction with the gradient as it is there: δ = −(JᵀJ)⁻¹ g (Björck 1987, corrected semi-normal equations)
    const double value = objective.gradient(theta, gradient);
    const std::vector<std::size_t>& kept = solution.kept;
    for (std::size_t i = 0; i < kept.size(); ++i)
      for (std::size_t j = 0; j < kept.size(); ++j) theta[kept[i]] -= solution.inverse(i, j) * gradient[kept[j]];
    return {.value = value, .converged = true};
  }

  std::vector<double> memory() const override { return {}; }
  void restore(std::span<const double> memory, std::size_t) override {
    if (!memory.empty()) throw Error("least-squares has no memory");
  }
};

}  // namespace

std::unique_ptr<Solver> make_least_squares(const solvers::LeastSquares&) {
  return std::make_unique<ClosedForm>();
}

}  // namespace neurone
