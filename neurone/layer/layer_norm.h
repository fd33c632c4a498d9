// Layer normalisation (Ba, Kiros and Hinton 2016): each row to mean 0 and variance 1, then a gain and a shift per
// column.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/layer.h"

namespace neurone {

namespace layers {

struct LayerNorm {
  static constexpr std::string_view name = "layer_norm";
  std::string activation = "identity";
  double epsilon = 1e-5;
  static void settings(auto& self, auto visit) {
    visit("activation", self.activation);
    visit("epsilon", self.epsilon);
  }
  void check() const {
    if (!(epsilon > 0)) throw UsageError("layer_norm: epsilon must be above 0");
  }
};

}  // namespace layers

/// Ẑ = (X − mean of the row) / √(variance of the row + ε), Z = gain ⊙ Ẑ + shift; gain and shift are 1 × d.
template <class T> class LayerNormLayer final : public LayerWithoutStatistics<T> {
 public:
  LayerNormLayer(const layers::LayerNorm& spec, std::size_t inputs, Activation activation)
      : LayerWithoutStatistics<T>(inputs, inputs, activation), epsilon_(static_cast<T>(spec.epsilon)) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "gain", .columns = this->inputs()}, {.name = "shift", .columns = this->inputs()}};
  }
  /// Ẑ, batch × d, then 1/√(variance + ε) of each row
  std::size_t scratch(std::size_t batch) const override { return checked_size(batch, this->inputs()) + batch; }

  void initialise(Random, std::span<T> parameters, std::span<T>) const override {
    std::ranges::fill(parameters.first(this->inputs()), T(1));
    std::ranges::fill(parameters.last(this->inputs()), T(0));
  }

  void forward(const typename Layer<T>::Forward& pass) const override {
    const std::size_t batch = pass.X.rows(), d = this->inputs();
    const std::span<const T> gain = pass.parameters.first(d), shift = pass.parameters.last(d);
    const MatrixView<T> normal(pass.scratch.data(), batch, d);
    const std::span<T> inverse = pass.scratch.subspan(batch * d, batch);
    const T share = T(1) / static_cast<T>(d);
    for (std::size_t i = 0; i < batch; ++i) {
      T mean(0), variance(0);
      for (const T x : pass.X[i]) mean += x;
      mean *= share;
      for (const T x : pass.X[i]) variance += (x - mean) * (x - mean);
      inverse[i] = T(1) / std::sqrt(variance * share + epsilon_);
      for (std::size_t j = 0; j < d; ++j) {
        normal(i, j) = (pass.X(i, j) - mean) * inverse[i];
        pass.Z(i, j) = gain[j] * normal(i, j) + shift[j];
      }
    }
  }

  // dgain = Σ_i dZ ⊙ Ẑ,  dshift = Σ_i dZ;  with dẐ = gain ⊙ dZ, in each row
  // dX = (dẐ − mean(dẐ) − Ẑ mean(dẐ ⊙ Ẑ)) / √(variance + ε)
  void backward(const typename Layer<T>::Backward& pass) const override {
    const std::size_t batch = pass.dZ.rows(), d = this->inputs();
    const std::span<const T> gain = pass.parameters.first(d);
    const std::span<T> dgain = pass.gradient.first(d), dshift = pass.gradient.last(d);
    const ConstMatrixView<T> normal(pass.scratch.data(), batch, d);
    const std::span<const T> inverse = pass.scratch.subspan(batch * d, batch);
    const T share = T(1) / static_cast<T>(d);
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < batch; ++i) {
      T mean(0), along(0);
      for (std::size_t j = 0; j < d; ++j) {
        dgain[j] += pass.dZ(i, j) * normal(i, j);
        dshift[j] += pass.dZ(i, j);
        mean += gain[j] * pass.dZ(i, j);
        along += gain[j] * pass.dZ(i, j) * normal(i, j);
      }
      if (pass.dX.empty()) continue;
      for (std::size_t j = 0; j < d; ++j)
        pass.dX(i, j) = (gain[j] * pass.dZ(i, j) - share * mean - normal(i, j) * share * along) * inverse[i];
    }
  }

 private:
  T epsilon_;
};

}  // namespace neurone
