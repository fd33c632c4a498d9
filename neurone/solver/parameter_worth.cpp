#include "neurone/solver/parameter_worth.h"

#include <algorithm>
#include <utility>

#include "neurone/math/decompositions.h"
#include "neurone/math/products.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

// θ with each output of the last layer less the first, where softmax leaves that open.
std::vector<double> less_reference(std::span<const double> theta, std::span<const std::size_t> reference,
                                   std::size_t outputs) {
  std::vector<double> values(theta.begin(), theta.end());
  for (const std::size_t first : reference)
    for (std::size_t j = 0; j < outputs; ++j) values[first + j] = theta[first + j] - theta[first];
  return values;
}

// sums += Σ r rᵀ over the rows of a block, outputs × outputs.
void add_products(std::span<const double> r, MatrixView<double> sums) {
  const std::size_t outputs = sums.rows();
  for (; !r.empty(); r = r.subspan(outputs))
    for (std::size_t j = 0; j < outputs; ++j) add(r[j], r.first(outputs), sums[j]);
}

Matrix<double> multiplied(ConstMatrixView<double> A, ConstMatrixView<double> B, Workbench<double>& workbench) {
  Matrix<double> AB(A.rows(), B.columns());
  affine<double>(A, B, {}, AB, workbench);
  return AB;
}

// (JᵀJ)⁻¹ (Σ J_iᵀ S J_i) (JᵀJ)⁻¹ of the determined parameters, given (JᵀJ)⁻¹ of them. J_i: outputs × parameters.
template <class T>
Matrix<double> between_inverses(NetworkObjective<T>& objective, std::span<const double> theta,
                                std::span<const std::size_t> determined, const Matrix<double>& inverse,
                                const Matrix<double>& S) {
  const std::size_t outputs = objective.outputs(), m = determined.size();
  Matrix<double> inner(m, m), of_block(m, m), J(0, 0), SJ(0, 0);
  Workbench<double> workbench;
  objective.residuals(theta, [&](ConstMatrixView<double> all, std::span<const double>) {
    if (J.rows() != all.rows()) J = SJ = Matrix<double>(all.rows(), m);
    for (std::size_t i = 0; i < all.rows(); ++i)
      for (std::size_t a = 0; a < m; ++a) J(i, a) = all(i, determined[a]);
    for (std::size_t i = 0; i < all.rows(); ++i) {
      std::ranges::fill(SJ[i], 0.0);
      const std::size_t first = i - i % outputs;
      for (std::size_t k = 0; k < outputs; ++k) add(S(i % outputs, k), J[first + k], SJ[i]);
    }
    weight_gradient<double>(J, SJ, of_block, {}, workbench);
    add(1, of_block.elements(), inner.elements());
  });
  return multiplied(multiplied(inverse, inner, workbench), inverse, workbench);
}

}  // namespace

template <class T> ParameterWorth worth_of_parameters(NetworkObjective<T>& objective, std::span<const double> theta) {
  const std::size_t outputs = objective.outputs();
  const std::vector<std::size_t> reference = objective.reference();
  std::vector<std::size_t> order = objective.precedence();
  order.resize(order.size() - reference.size());  // it comes last there
  RowsInBlocks rows(theta.size());
  Matrix<double> squares(outputs, outputs);
  objective.residuals(theta, [&](ConstMatrixView<double> J, std::span<const double> r) {
    rows.add(J, r);
    add_products(r, squares);
  });
  LeastSquaresSolution solution = solve_least_squares(rows, order, objective.collinearity());
  ParameterWorth worth{.values = less_reference(theta, reference, outputs),
                       .covariance = std::move(solution.inverse),
                       .determined = std::move(solution.kept),
                       .collinear = std::move(solution.collinear),
                       .condition = solution.condition,
                       .is_likelihood = !objective.is_sum_of_squares(),
                       .sums_of_squares = {}};
  const auto counted = static_cast<double>(objective.counted_rows());
  const auto free_outputs = static_cast<double>(outputs - (reference.empty() ? 0 : 1));
  const auto parameters = static_cast<double>(worth.determined.size());
  const double terms = static_cast<double>(objective.terms()) * objective.total_weight();  // whose mean is F
  if (worth.is_likelihood) {
    worth.degrees_of_freedom = counted * free_outputs - parameters;
    std::vector<double> gradient(theta.size()), step(worth.determined.size());
    objective.gradient(theta, gradient);
    for (std::size_t a = 0; a < step.size(); ++a)
      for (std::size_t b = 0; b < step.size(); ++b) step[a] -= worth.covariance(a, b) * gradient[worth.determined[b]];
    worth.at_minimum = !leads_far(step, worth.values);
    for (double& each : worth.covariance.elements()) each /= terms;
  } else {
    worth.degrees_of_freedom = counted - parameters / free_outputs;
    // r and J are √(2 / terms) times those of the formula: their squares are, and the factors of J cancel S's
    for (std::size_t j = 0; j < outputs; ++j) worth.sums_of_squares.push_back(squares(j, j) * terms / 2);
    for (double& each : squares.elements()) each /= worth.degrees_of_freedom;
    if (outputs == 1)
      for (double& each : worth.covariance.elements()) each *= squares(0, 0);
    else
      worth.covariance = between_inverses(objective, theta, worth.determined, worth.covariance, squares);
  }
  if (!(worth.degrees_of_freedom > 0)) worth.covariance = {};
  return worth;
}

template ParameterWorth worth_of_parameters<float>(NetworkObjective<float>&, std::span<const double>);
template ParameterWorth worth_of_parameters<double>(NetworkObjective<double>&, std::span<const double>);

}  // namespace neurone
