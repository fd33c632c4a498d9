#include "neurone/math/decompositions.h"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cassert>
#include <cmath>

namespace neurone {
namespace {

using Columns = Eigen::MatrixXd;  // column-major, as Eigen's decompositions like it
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

Eigen::Map<const RowMajor> map(ConstMatrixView<double> A) {
  return {A.data(), index(A.rows()), index(A.columns())};
}
Eigen::Map<const Eigen::VectorXd> map(std::span<const double> a) {
  return {a.data(), index(a.size())};
}

// The upper triangle of the QR decomposition, as many rows as columns.
Columns triangle_of(const Columns& A) {
  const Eigen::HouseholderQR<Columns> decomposition(A);
  Columns R = Columns::Zero(A.cols(), A.cols());
  const Eigen::Index rows = std::min(A.rows(), A.cols());
  R.topRows(rows) = decomposition.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
  return R;
}

Columns without_column(const Columns& A, Eigen::Index column) {
  Columns rest(A.rows(), A.cols() - 1);
  rest.leftCols(column) = A.leftCols(column);
  rest.rightCols(rest.cols() - column) = A.rightCols(rest.cols() - column);
  return rest;
}

double condition_of(Columns R) {
  if (R.cols() == 0) return 1;
  R.colwise().normalize();
  const Eigen::VectorXd singular = Eigen::JacobiSVD<Columns, Eigen::NoQRPreconditioner>(R).singularValues();
  return singular(0) / singular(singular.size() - 1);
}

}  // namespace

bool solve_symmetric(ConstMatrixView<double> A, double ridge, std::span<const double> b, std::span<double> x) {
  assert(A.rows() == A.columns() && b.size() == A.rows() && x.size() == A.rows());
  Columns ridged = map(A);
  ridged.diagonal().array() += ridge;
  const Eigen::LLT<Columns> decomposition(ridged);
  if (decomposition.info() != Eigen::Success) return false;
  const Eigen::VectorXd solution = decomposition.solve(map(b));
  std::ranges::copy(solution, x.begin());
  return solution.allFinite();
}

RowsInBlocks::RowsInBlocks(std::size_t columns) : factor_(columns + 1, columns + 1) {}

void RowsInBlocks::add(ConstMatrixView<double> J, std::span<const double> r) {
  assert(J.columns() == columns() && J.rows() == r.size());
  const Eigen::Index n = index(factor_.rows()), rows = index(J.rows());
  Columns stacked(n + rows, n);
  stacked.topRows(n) = map(factor_.view());
  stacked.bottomLeftCorner(rows, n - 1) = map(J);
  stacked.bottomRightCorner(rows, 1) = map(r);
  Eigen::Map<RowMajor>(factor_.data(), n, n) = triangle_of(stacked);
}

LeastSquaresSolution solve_least_squares(const RowsInBlocks& rows, std::span<const std::size_t> order,
                                         double tolerance) {
  assert(order.size() <= rows.columns());
  const Columns given = map(rows.factor());
  const Eigen::Index n = index(order.size());
  Columns taken(given.rows(), n + 1);
  for (Eigen::Index k = 0; k < n; ++k) taken.col(k) = given.col(index(order[static_cast<std::size_t>(k)]));
  taken.col(n) = given.rightCols<1>();
  taken = triangle_of(taken);

  LeastSquaresSolution solution{
      .x = std::vector<double>(rows.columns()), .kept = {order.begin(), order.end()}, .collinear = {}, .inverse = {}};
  for (std::size_t k = 0; k < solution.kept.size();) {
    const Eigen::Index column = index(k);
    if (std::abs(taken(column, column)) > tolerance * taken.col(column).norm()) {
      ++k;
      continue;
    }
    solution.collinear.push_back(solution.kept[k]);
    solution.kept.erase(solution.kept.begin() + column);
    taken = triangle_of(without_column(taken, column));  // what stands behind it is measured against the others alone
  }

  const Eigen::Index m = index(solution.kept.size());
  const auto R = taken.topLeftCorner(m, m).triangularView<Eigen::Upper>();
  const Eigen::VectorXd x = R.solve(-taken.col(m).head(m));
  for (Eigen::Index k = 0; k < m; ++k) solution.x[solution.kept[static_cast<std::size_t>(k)]] = x(k);
  solution.sum_of_squares = taken(m, m) * taken(m, m);
  const Columns inverse_R = R.solve(Columns::Identity(m, m));
  solution.inverse = Matrix<double>(solution.kept.size(), solution.kept.size());
  Eigen::Map<RowMajor>(solution.inverse.data(), m, m) = inverse_R * inverse_R.transpose();
  solution.condition = condition_of(taken.topLeftCorner(m, m));
  return solution;
}

}  // namespace neurone
