// The dense layer, the lecture's equation σ(XW + b).
// The products are in math/products.h, σ in activation/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "neurone/layer/initialisers.h"
#include "neurone/layer/layer.h"
#include "neurone/math/products.h"

namespace neurone {

namespace layers {

/// n neurons on all d inputs: σ(XW + b), W: d × n, b: 1 × n.
struct Dense {
  static constexpr std::string_view name = "dense";
  std::size_t units = 1;
  std::string activation = "relu";
  bool bias = true;
  std::string initialiser = "auto";  ///< of W: auto is the one that suits the activation; b starts at zero
  static void settings(auto& self, auto visit) {
    visit("units", self.units);
    visit("activation", self.activation);
    visit("bias", self.bias);
    visit("initialiser", self.initialiser);
  }
  void check() const {
    if (units == 0) throw UsageError("dense: units must be at least 1");
    if (units > 2147483647) throw UsageError("dense: units must be at most 2147483647");
  }
};

}  // namespace layers

template <class T> class DenseLayer final : public LayerWithoutStatistics<T> {
 public:
  DenseLayer(const layers::Dense& spec, std::size_t inputs, Activation activation)
      : LayerWithoutStatistics<T>(inputs, spec.units, activation),
        has_bias_(spec.bias),
        initialiser_(spec.initialiser == "auto" ? default_initialiser(activation)
                                                : parse_choice<initialisers::Any>("initialiser", spec.initialiser)) {}

  std::vector<ParameterBlock> parameters() const override {
    std::vector<ParameterBlock> blocks{
        {.name = "W", .rows = this->inputs(), .columns = this->outputs(), .decays = true}};
    if (has_bias_) blocks.push_back({.name = "b", .columns = this->outputs()});
    return blocks;
  }
  std::size_t scratch(std::size_t) const override { return 0; }
  bool fuses() const override { return true; }

  void initialise(Random random, std::span<T> parameters, std::span<T>) const override {
    std::ranges::fill(parameters, T(0));
    neurone::initialise<T>(initialiser_, random, W(parameters));
  }

  // Z = XW + b
  void forward(const typename Layer<T>::Forward& pass) const override {
    affine<T>(pass.X, W(pass.parameters), b(pass.parameters), pass.Z, *pass.workbench, pass.finish);
  }

  // dW = Xᵀ dZ,  db = Σ rows of dZ,  dX = dZ Wᵀ
  void backward(const typename Layer<T>::Backward& pass) const override {
    weight_gradient<T>(pass.X, pass.dZ, W(pass.gradient), b(pass.gradient), *pass.workbench);
    if (!pass.dX.empty()) input_gradient<T>(pass.dZ, W(pass.parameters), pass.dX, *pass.workbench, pass.finish);
  }

 private:
  template <class U> MatrixView<U> W(std::span<U> parameters) const {
    return {parameters.data(), this->inputs(), this->outputs()};
  }
  template <class U> std::span<U> b(std::span<U> parameters) const {
    return has_bias_ ? parameters.last(this->outputs()) : std::span<U>{};
  }

  bool has_bias_;
  initialisers::Any initialiser_;
};

}  // namespace neurone
