// The loss of a network over a whole data set, with its penalties, as a function of θ.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/loss/loss.h"
#include "neurone/network/network.h"
#include "neurone/optimizer/optimizer.h"
#include "neurone/solver/objective.h"
#include "neurone/solver/solvers.h"

namespace neurone {

/// F(θ) = Σ w_i ℓ_i / Σ w_i + λ₁ Σ|w| + ½ λ₂ Σw². Rows are gone through in blocks; all sums over rows are in double.
template <class T> class NetworkObjective final : public Objective {
 public:
  struct Problem {
    const Loss& loss;
    const Dataset<T>& data;
    Regularisation regularisation{};
    double label_smoothing = 0;
  };
  /// The network and the data outlive it, and so does the team. Its calls put θ into the network.
  /// Of several members (layer/members.h) each has the sample's target.
  NetworkObjective(Network<T>& network, const Problem& problem, Team* team = nullptr);

  std::size_t size() const override { return network_.parameters().size(); }
  double value(std::span<const double> theta) override;
  double gradient(std::span<const double> theta, std::span<double> gradient) override;
  double curvature(std::span<const double> theta, std::span<double> gradient, MatrixView<double> H) override;
  void bend(std::span<const double> theta, std::span<const double> direction, std::span<double> bend) override;
  double residuals(std::span<const double> theta, const ResidualBlock& visit) override;
  std::vector<std::size_t> precedence() const override;
  double collinearity() const override;

  /// Is the loss squared error?
  bool is_sum_of_squares() const { return loss_.name() == losses::SquaredError::name; }
  /// Rows that count anything.
  std::size_t counted_rows() const;
  /// Σ w_i
  double total_weight() const { return total_weight_; }
  /// K, the outputs of a sample.
  std::size_t outputs() const { return network_.outputs(); }
  /// How many terms a sample's loss is the mean of: one for each output, or one in all where it is of the whole row.
  std::size_t terms() const { return loss_.name() == losses::CategoricalCrossEntropy::name ? 1 : outputs(); }
  /// The parameters of the first output, as places in θ, where a dense layer ends in softmax: it does not see what is
  /// added to all of its logits, so that they may be 0, and those of the K − 1 outputs that follow each of them in θ
  /// are what they are against it. Empty for other networks.
  std::vector<std::size_t> reference() const;

 private:
  void put(std::span<const double> theta);
  GradientOf from() const { return loss_.takes_logits() ? GradientOf::logits : GradientOf::outputs; }
  Targets<T> targets(std::size_t first, std::size_t count) const;
  double row_weight(std::size_t row) const;
  ConstMatrixView<T> inputs(std::size_t first, std::size_t count);
  ConstMatrixView<T> outputs_of_block(std::size_t first, std::size_t count);
  double run_block(std::size_t first, std::size_t count);
  void seed_bend(std::size_t row, std::span<const T> outputs, std::span<const double> bent, std::span<T> dY);
  void weigh_curvature(std::size_t row, std::span<const T> outputs, MatrixView<double> B) const;
  void write_jacobian(std::size_t row, MatrixView<double> J);
  void write_jacobian_of_block(std::size_t first, std::size_t count, MatrixView<double> J);
  template <class Visit> void in_blocks_of_jacobian(Visit visit);

  Network<T>& network_;
  Loss loss_;
  const Dataset<T>& data_;
  Matrix<T> targets_;  // for each row of the outputs; empty: the data's own
  Vector<T> weights_;  // the same
  Regularisation regularisation_;
  double total_weight_;
  bool only_dense_;         // are all layers dense?
  Workspace<T> workspace_;  // for a block of rows
  Workspace<T> one_row_;
  Matrix<T> room_, room_of_row_;  // for the inputs of a block, and of one row, unpacked
  struct {
    std::size_t first;
    ConstMatrixView<T> X;
  } block_{};  // of the data, unpacked last
  Workbench<double> workbench_;
};

/// Throws UsageError where the method cannot train such a network with such a loss: what is random (dropout) or looks
/// at a batch (batch_norm) is no function of θ; least-squares and newton want a single dense layer;
/// levenberg-marquardt and newton want a loss with a curvature, and few enough parameters for a square matrix of
/// them.
template <class T>
void check_solver_fits(const solvers::Any& method, const Network<T>& network, const Loss& loss,
                       const Regularisation& regularisation);

}  // namespace neurone
