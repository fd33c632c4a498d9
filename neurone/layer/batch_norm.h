// Batch normalisation (Ioffe and Szegedy 2015): each column to mean 0 and variance 1 over the batch, then a gain and
// a shift per column. Prediction uses running means and variances instead of the batch's own.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/layer.h"

namespace neurone {

namespace layers {

struct BatchNorm {
  static constexpr std::string_view name = "batch_norm";
  std::string activation = "identity";
  double momentum = 0.1;  ///< share of the newest batch in the running mean and variance
  double epsilon = 1e-5;
  static void settings(auto& self, auto visit) {
    visit("activation", self.activation);
    visit("momentum", self.momentum);
    visit("epsilon", self.epsilon);
  }
  void check() const {
    if (!(momentum > 0 && momentum <= 1)) throw UsageError("batch_norm: momentum must be above 0 and at most 1");
    if (!(epsilon > 0)) throw UsageError("batch_norm: epsilon must be above 0");
  }
};

}  // namespace layers

/// Ẑ = (X − mean) / √(variance + ε) column by column, Z = gain ⊙ Ẑ + shift; gain and shift are 1 × d.
template <class T> class BatchNormLayer final : public Layer<T> {
 public:
  BatchNormLayer(const layers::BatchNorm& spec, std::size_t inputs, Activation activation)
      : Layer<T>(inputs, inputs, activation),
        momentum_(static_cast<T>(spec.momentum)),
        epsilon_(static_cast<T>(spec.epsilon)) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "gain", .columns = this->inputs()}, {.name = "shift", .columns = this->inputs()}};
  }
  std::vector<ParameterBlock> statistics() const override {
    return {{.name = "mean", .columns = this->inputs()}, {.name = "variance", .columns = this->inputs()}};
  }
  /// mean, variance and 1/√(variance + ε) of the columns, then Ẑ, batch × d
  std::size_t scratch(std::size_t batch) const override {
    return checked_size(3, this->inputs()) + checked_size(batch, this->inputs());
  }

  void initialise(Random, std::span<T> parameters, std::span<T> statistics) const override {
    const std::size_t d = this->inputs();
    std::ranges::fill(parameters.first(d), T(1));
    std::ranges::fill(parameters.last(d), T(0));
    std::ranges::fill(statistics.first(d), T(0));
    std::ranges::fill(statistics.last(d), T(1));
  }

  void forward(const typename Layer<T>::Forward& pass) const override {
    const std::size_t batch = pass.X.rows(), d = this->inputs();
    const std::span<const T> gain = pass.parameters.first(d), shift = pass.parameters.last(d);
    const std::span<T> mean = pass.scratch.first(d), variance = pass.scratch.subspan(d, d);
    const std::span<T> inverse = pass.scratch.subspan(2 * d, d);
    const MatrixView<T> normal(pass.scratch.data() + 3 * d, batch, d);
    if (pass.pass.training) {
      moments(pass.X, mean, variance);
    } else {
      std::ranges::copy(pass.statistics.first(d), mean.begin());
      std::ranges::copy(pass.statistics.last(d), variance.begin());
    }
    for (std::size_t j = 0; j < d; ++j) inverse[j] = T(1) / std::sqrt(variance[j] + epsilon_);
    for (std::size_t i = 0; i < batch; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        normal(i, j) = (pass.X(i, j) - mean[j]) * inverse[j];
        pass.Z(i, j) = gain[j] * normal(i, j) + shift[j];
      }
    }
  }

  // dgain = Σ_i dZ ⊙ Ẑ,  dshift = Σ_i dZ;  with N samples, in each column
  // dX = gain (dZ − dshift / N − Ẑ dgain / N) / √(variance + ε);  with running statistics  dX = gain dZ / √(variance
  // + ε)
  void backward(const typename Layer<T>::Backward& pass) const override {
    const std::size_t batch = pass.dZ.rows(), d = this->inputs();
    const std::span<const T> gain = pass.parameters.first(d);
    const std::span<T> dgain = pass.gradient.first(d), dshift = pass.gradient.last(d);
    const std::span<const T> inverse = pass.scratch.subspan(2 * d, d);
    const ConstMatrixView<T> normal(pass.scratch.data() + 3 * d, batch, d);
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < batch; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        dgain[j] += pass.dZ(i, j) * normal(i, j);
        dshift[j] += pass.dZ(i, j);
      }
    }
    if (pass.dX.empty()) return;
    const T share = pass.pass.training ? T(1) / static_cast<T>(batch) : T(0);
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t j = 0; j < d; ++j)
        pass.dX(i, j) = gain[j] * inverse[j] * (pass.dZ(i, j) - share * dshift[j] - normal(i, j) * share * dgain[j]);
  }

  // running = (1 − momentum) running + momentum × the batch's; the variance is the unbiased one. A batch of one row
  // (the last of an epoch may be) has none: its 0 would be taken for the spread of the data, and is left out.
  void update_statistics(std::size_t batch, std::span<const T> scratch, std::span<T> statistics) const override {
    if (batch < 2) return;
    const std::size_t d = this->inputs();
    const T unbiased = static_cast<T>(batch) / static_cast<T>(batch - 1);
    for (std::size_t j = 0; j < d; ++j) {
      statistics[j] += momentum_ * (scratch[j] - statistics[j]);
      statistics[d + j] += momentum_ * (unbiased * scratch[d + j] - statistics[d + j]);
    }
  }

 private:
  static void moments(ConstMatrixView<T> X, std::span<T> mean, std::span<T> variance) {
    const T share = T(1) / static_cast<T>(X.rows());
    std::ranges::fill(mean, T(0));
    std::ranges::fill(variance, T(0));
    for (std::size_t i = 0; i < X.rows(); ++i)
      for (std::size_t j = 0; j < X.columns(); ++j) mean[j] += X(i, j);
    for (T& m : mean) m *= share;
    for (std::size_t i = 0; i < X.rows(); ++i)
      for (std::size_t j = 0; j < X.columns(); ++j) variance[j] += (X(i, j) - mean[j]) * (X(i, j) - mean[j]);
    for (T& v : variance) v *= share;
  }

  T momentum_;
  T epsilon_;
};

}  // namespace neurone
