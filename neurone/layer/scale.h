// The scale layer: each column times a number that is learnt. In front of a network it learns which columns matter.
#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/layer.h"
#include "neurone/layer/rows.h"

namespace neurone {

namespace layers {

struct Scale {
  static constexpr std::string_view name = "scale";
  double rate = 1;  ///< factor on the learning rate of s
  static void settings(auto& self, auto visit) { visit("rate", self.rate); }
  void check() const {
    if (!(rate >= 0) || !std::isfinite(rate)) throw UsageError("scale: rate must be 0 or above");
  }
};

}  // namespace layers

/// Z = X ⊙ s, s: 1 × d, which starts at 1.
template <class T> class ScaleLayer final : public LayerWithoutStatistics<T> {
 public:
  ScaleLayer(const layers::Scale& spec, std::size_t inputs)
      : LayerWithoutStatistics<T>(inputs, inputs, Activation::of<activations::Identity>()), rate_(spec.rate) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "s", .columns = this->inputs(), .rate = rate_}};
  }
  std::size_t scratch(std::size_t) const override { return 0; }

  void initialise(Random, std::span<T> s, std::span<T>) const override { std::ranges::fill(s, T(1)); }

  void forward(const typename Layer<T>::Forward& pass) const override {
    for (std::size_t i = 0; i < pass.X.rows(); ++i) hadamard(pass.X[i], pass.parameters, pass.Z[i]);
  }

  // ds = Σ_i dZ ⊙ X,  dX = dZ ⊙ s
  void backward(const typename Layer<T>::Backward& pass) const override {
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i) add_hadamard(pass.dZ[i], pass.X[i], pass.gradient);
    if (pass.dX.empty()) return;
    for (std::size_t i = 0; i < pass.X.rows(); ++i) hadamard(pass.dZ[i], pass.parameters, pass.dX[i]);
  }

 private:
  double rate_;
};

}  // namespace neurone
