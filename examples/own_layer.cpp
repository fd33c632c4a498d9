// A layer of one's own, alone: PReLU (He et al. 2015, equation 1), a ReLU whose slope below zero is learnt, one for
// each column. Its backward is checked against differences of its forward.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <span>
#include <vector>

#include "neurone/neurone.h"

using namespace neurone;

/// Z = max(X, 0) + s ⊙ min(X, 0); the slopes s are 1 × d.
template <class T> class PReLULayer final : public LayerWithoutStatistics<T> {
 public:
  explicit PReLULayer(std::size_t inputs)
      : LayerWithoutStatistics<T>(inputs, inputs, Activation::of<activations::Identity>()) {}

  std::vector<ParameterBlock> parameters() const override { return {{.name = "s", .columns = this->inputs()}}; }
  std::size_t scratch(std::size_t) const override { return 0; }
  void initialise(Random, std::span<T> s, std::span<T>) const override { std::ranges::fill(s, T(0.25)); }

  void forward(const typename Layer<T>::Forward& pass) const override {
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t j = 0; j < pass.X.columns(); ++j)
        pass.Z(i, j) = std::max(pass.X(i, j), T(0)) + pass.parameters[j] * std::min(pass.X(i, j), T(0));
  }

  // ds = Σ_i dZ ⊙ min(X, 0),  dX = dZ where X > 0, else s ⊙ dZ
  void backward(const typename Layer<T>::Backward& pass) const override {
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t j = 0; j < pass.X.columns(); ++j)
        pass.gradient[j] += pass.dZ(i, j) * std::min(pass.X(i, j), T(0));
    if (pass.dX.empty()) return;
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t j = 0; j < pass.X.columns(); ++j)
        pass.dX(i, j) = pass.X(i, j) > 0 ? pass.dZ(i, j) : pass.parameters[j] * pass.dZ(i, j);
  }
};

int main() {
  constexpr std::size_t batch = 3, d = 2;
  const PReLULayer<double> layer(d);
  Matrix<double> X(batch, d), Z(batch, d), dZ(batch, d), dX(batch, d);
  std::vector<double> s(d), ds(d);
  Random random(1, {.purpose = Purpose::split});
  layer.initialise(random, s, {});
  for (double& x : X.elements()) x = random.normal();
  for (double& dz : dZ.elements()) dz = random.normal();

  // L = Σ dZ ⊙ Z, so that dL/dZ = dZ
  const auto loss = [&] {
    layer.forward({.pass = Pass{}, .parameters = s, .statistics = {}, .X = X, .Z = Z, .scratch = {}});
    const std::span<const double> dz = dZ.elements(), z = Z.elements();
    return std::inner_product(dz.begin(), dz.end(), z.begin(), 0.0);
  };
  loss();
  layer.backward({.pass = Pass{}, .parameters = s, .X = X, .dZ = dZ, .scratch = {}, .gradient = ds, .dX = dX});

  bool right = true;
  const auto compare = [&](const char* name, double& variable, double gradient) {
    constexpr double h = 1e-5;
    const double at = variable;
    variable = at + h;
    const double above = loss();
    variable = at - h;
    const double difference = (above - loss()) / (2 * h);
    variable = at;
    std::printf("%s  backward %9.6f  differences %9.6f\n", name, gradient, difference);
    right = right && std::abs(gradient - difference) < 1e-9;
  };
  for (std::size_t j = 0; j < d; ++j) compare("ds", s[j], ds[j]);
  for (std::size_t i = 0; i < X.size(); ++i) compare("dX", X.elements()[i], dX.elements()[i]);
  return right ? 0 : 1;
}
