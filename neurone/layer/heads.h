// The output layer of many networks in one (members.h): σ(x W_m + b_m), with W and b of the member that the row
// belongs to.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/initialisers.h"
#include "neurone/layer/layer.h"
#include "neurone/layer/rows.h"

namespace neurone {

namespace layers {

struct Heads {
  static constexpr std::string_view name = "heads";
  static constexpr bool neurons = true;
  std::size_t units = 1;
  std::string activation = "identity";
  std::string initialiser = "auto";  ///< of W: auto is the one that suits the activation
  double bias_rate = 1;              ///< as in Dense
  bool ntk = false;                  ///< as in Dense
  static void settings(auto& self, auto visit) {
    visit("units", self.units);
    visit("activation", self.activation);
    visit("initialiser", self.initialiser);
    visit("bias_rate", self.bias_rate);
    visit("ntk", self.ntk);
  }
  void check() const {
    if (units == 0) throw UsageError("heads: units must be at least 1");
    if (!(bias_rate >= 0) || !std::isfinite(bias_rate)) throw UsageError("heads: bias_rate must be 0 or above");
  }
};

}  // namespace layers

/// Z = x W_m + b_m for row i of member m = i mod k. W is kept turned, a row for each member and output: k n × d.
template <class T> class HeadsLayer final : public LayerWithoutStatistics<T> {
 public:
  /// `members`: k, as many as the members layer in front of it makes; 1 where there is none.
  HeadsLayer(const layers::Heads& spec, std::size_t inputs, std::size_t members, Activation activation)
      : LayerWithoutStatistics<T>(inputs, spec.units, activation),
        members_(members),
        weight_rate_(spec.ntk ? 1 / std::sqrt(static_cast<double>(inputs)) : 1),
        bias_rate_(spec.bias_rate),
        initialiser_(spec.initialiser == "auto" ? default_initialiser(activation)
                                                : parse_choice<initialisers::Any>("initialiser", spec.initialiser)) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "W",
             .rows = checked_size(members_, this->outputs()),
             .columns = this->inputs(),
             .decays = true,
             .rate = weight_rate_},
            {.name = "b", .rows = members_, .columns = this->outputs(), .rate = bias_rate_}};
  }
  std::size_t scratch(std::size_t) const override { return 0; }

  void initialise(Random random, std::span<T> parameters, std::span<T>) const override {
    const std::size_t d = this->inputs(), n = this->outputs();
    Matrix<T> of_member(d, n);
    for (std::size_t m = 0; m < members_; ++m) {
      neurone::initialise<T>(initialiser_, random, of_member);
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t j = 0; j < d; ++j) parameters[(m * n + c) * d + j] = of_member(j, c);
    }
    std::ranges::fill(parameters.last(members_ * n), T(0));
  }

  void forward(const typename Layer<T>::Forward& pass) const override {
    const std::size_t n = this->outputs();
    for (std::size_t i = 0; i < pass.X.rows(); ++i) {
      const std::size_t m = i % members_;
      for (std::size_t c = 0; c < n; ++c)
        pass.Z(i, c) = dot(pass.X[i], weights_of(pass.parameters, m * n + c)) + bias(pass.parameters)[m * n + c];
    }
  }

  // dW_m = Σ over its rows of xᵀ dz,  db_m = Σ dz,  dx = dz W_mᵀ
  void backward(const typename Layer<T>::Backward& pass) const override {
    const std::size_t n = this->outputs();
    std::ranges::fill(pass.gradient, T(0));
    if (!pass.dX.empty()) std::ranges::fill(pass.dX.elements(), T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i) {
      const std::size_t m = i % members_;
      for (std::size_t c = 0; c < n; ++c) {
        const T dz = pass.dZ(i, c);
        add_scaled(dz, pass.X[i], weights_of(pass.gradient, m * n + c));
        bias(pass.gradient)[m * n + c] += dz;
        if (!pass.dX.empty()) add_scaled(dz, weights_of(pass.parameters, m * n + c), pass.dX[i]);
      }
    }
  }

 private:
  template <class U> std::span<U> weights_of(std::span<U> parameters, std::size_t row) const {
    return parameters.subspan(row * this->inputs(), this->inputs());
  }
  template <class U> std::span<U> bias(std::span<U> parameters) const {
    return parameters.last(members_ * this->outputs());
  }

  // In eight sums side by side, so that a compiler can take them together.
  static T dot(std::span<const T> x, std::span<const T> w) {
    constexpr std::size_t lanes = 8;
    std::array<T, lanes> sums{};
    std::size_t j = 0;
    for (; j + lanes <= x.size(); j += lanes)
      for (std::size_t l = 0; l < lanes; ++l) sums[l] += x[j + l] * w[j + l];
    T sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    for (; j < x.size(); ++j) sum += x[j] * w[j];
    return sum;
  }

  std::size_t members_;
  double weight_rate_, bias_rate_;
  initialisers::Any initialiser_;
};

}  // namespace neurone
