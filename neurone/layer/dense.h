// The dense layer, the lecture's equation σ(XW + b).
// The products are in math/products.h, σ in activation/.
#pragma once

#include <cmath>
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
  static constexpr bool neurons = true;
  std::size_t units = 1;
  std::string activation = "relu";
  bool bias = true;
  std::string initialiser = "auto";  ///< of W: auto is the one that suits the activation
  std::string bias_initialiser = "zeros";
  double bias_rate = 1;  ///< factor on the learning rate of b
  /// The learning rate of W divided by √d. With initialiser lecun_normal, and under a rule that does not mind the
  /// size of a gradient (Adam), this trains as the neural tangent parametrisation does, Z = XV/√d + b with V standard
  /// normal at the start (Jacot, Gabriel and Hongler 2018, section 3), while W stays the matrix of the formula.
  bool ntk = false;
  static void settings(auto& self, auto visit) {
    visit("units", self.units);
    visit("activation", self.activation);
    visit("bias", self.bias);
    visit("initialiser", self.initialiser);
    visit("bias_initialiser", self.bias_initialiser);
    visit("bias_rate", self.bias_rate);
    visit("ntk", self.ntk);
  }
  void check() const {
    if (units == 0) throw UsageError("dense: units must be at least 1");
    if (units > 2147483647) throw UsageError("dense: units must be at most 2147483647");
    if (!(bias_rate >= 0) || !std::isfinite(bias_rate)) throw UsageError("dense: bias_rate must be 0 or above");
  }
};

}  // namespace layers

template <class T> class DenseLayer final : public LayerWithoutStatistics<T> {
 public:
  DenseLayer(const layers::Dense& spec, std::size_t inputs, Activation activation)
      : LayerWithoutStatistics<T>(inputs, spec.units, activation),
        has_bias_(spec.bias),
        weight_rate_(spec.ntk ? 1 / std::sqrt(static_cast<double>(inputs)) : 1),
        bias_rate_(spec.bias_rate),
        initialiser_(spec.initialiser == "auto" ? default_initialiser(activation)
                                                : parse_choice<initialisers::Any>("initialiser", spec.initialiser)),
        bias_initialiser_(parse_choice<initialisers::Any>("initialiser", spec.bias_initialiser)) {}

  std::vector<ParameterBlock> parameters() const override {
    std::vector<ParameterBlock> blocks{
        {.name = "W", .rows = this->inputs(), .columns = this->outputs(), .decays = true, .rate = weight_rate_}};
    if (has_bias_) blocks.push_back({.name = "b", .columns = this->outputs(), .rate = bias_rate_});
    return blocks;
  }
  std::size_t scratch(std::size_t) const override { return 0; }
  bool fuses() const override { return true; }

  void initialise(Random random, std::span<T> parameters, std::span<T>) const override {
    neurone::initialise<T>(initialiser_, random, W(parameters));
    const std::span<T> bias = b(parameters);
    if (has_bias_) neurone::initialise<T>(bias_initialiser_, random, MatrixView<T>(bias.data(), 1, bias.size()));
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
  double weight_rate_, bias_rate_;
  initialisers::Any initialiser_, bias_initialiser_;
};

}  // namespace neurone
