// Linear systems in double, as far as fitting parameters needs them. Eigen does the work, behind this header.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone {

/// Solves (A + ridge · I) x = b by Cholesky's decomposition, to which rows and columns of very different size do no
/// harm. A is symmetric, n × n; b and x are n. Returns whether the matrix is positive definite; if not, x is not to
/// be used.
bool solve_symmetric(ConstMatrixView<double> A, double ridge, std::span<const double> b, std::span<double> x);

/// The triangular factor of a tall matrix whose rows come in blocks: [J r] = Q [R c; 0 s], so that ‖Jx + r‖² =
/// ‖Rx + c‖² + s². Memory does not grow with the rows.
class RowsInBlocks {
 public:
  /// J has `columns` columns.
  explicit RowsInBlocks(std::size_t columns);
  /// J: rows × columns, r: rows.
  void add(ConstMatrixView<double> J, std::span<const double> r);

  std::size_t columns() const { return factor_.columns() - 1; }
  /// R with c in the last column and s below it: (columns + 1) × (columns + 1), upper triangular.
  ConstMatrixView<double> factor() const { return factor_; }

 private:
  Matrix<double> factor_;
};

/// The least-squares problem min ‖Jx + r‖, solved as far as it determines x.
struct LeastSquaresSolution {
  std::vector<double> x;               ///< of every column; 0 for what is not determined
  std::vector<std::size_t> kept;       ///< the columns with a solution, in the order they were taken
  std::vector<std::size_t> collinear;  ///< those that are sums of multiples of columns taken before
  double sum_of_squares = 0;           ///< ‖Jx + r‖²
  Matrix<double> inverse;              ///< (JᵀJ)⁻¹ of the kept columns, in their order
  double condition = 1;                ///< of J's kept columns, each brought to length 1; 1: they are orthogonal
};

/// Takes the columns of J in the given order; one whose part that is not in those before is a share of its length of
/// at most `tolerance` is collinear. A column that is not in `order` is left out, as if it were 0.
LeastSquaresSolution solve_least_squares(const RowsInBlocks& rows, std::span<const std::size_t> order,
                                         double tolerance);

}  // namespace neurone
