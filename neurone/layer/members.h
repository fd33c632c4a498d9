// Many networks in one (TabM; Gorishniy, Kotelnikov and Babenko 2024, section 3.3): each member sees the inputs
// scaled in its own way, all share the layers between, and each has an output of its own. Behind the members layer a
// sample is k rows, one for each member, so that the layers between need not know.
#pragma once

#include <cstddef>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/layer.h"
#include "neurone/layer/rows.h"

namespace neurone {

namespace layers {

/// The beginning: k rows for each row, each with its own factors.
struct Members {
  static constexpr std::string_view name = "members";
  std::size_t count = 32;
  static void settings(auto& self, auto visit) { visit("count", self.count); }
  void check() const {
    if (count == 0 || count > 1024) throw UsageError("members: count must be from 1 to 1024");
  }
};

}  // namespace layers

/// Z = k rows X ⊙ r_m for each row of X; r: k × d, ±1 at the start, so that no member begins as another.
template <class T> class MembersLayer final : public LayerWithoutStatistics<T> {
 public:
  MembersLayer(const layers::Members& spec, std::size_t inputs)
      : LayerWithoutStatistics<T>(inputs, inputs, Activation::of<activations::Identity>()), count_(spec.count) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "r", .rows = count_, .columns = this->inputs()}};
  }
  std::size_t scratch(std::size_t) const override { return 0; }
  std::size_t copies() const override { return count_; }

  void initialise(Random random, std::span<T> r, std::span<T>) const override {
    for (T& each : r) each = random.below(2) == 0 ? T(-1) : T(1);
  }

  void forward(const typename Layer<T>::Forward& pass) const override {
    const std::size_t d = this->inputs();
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t m = 0; m < count_; ++m)
        hadamard(pass.X[i], pass.parameters.subspan(m * d, d), pass.Z[i * count_ + m]);
  }

  // dr_m = Σ_i dZ ⊙ X,  dX = Σ_m dZ ⊙ r_m
  void backward(const typename Layer<T>::Backward& pass) const override {
    const std::size_t d = this->inputs();
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t m = 0; m < count_; ++m)
        add_hadamard(pass.dZ[i * count_ + m], pass.X[i], pass.gradient.subspan(m * d, d));
    if (pass.dX.empty()) return;
    std::ranges::fill(pass.dX.elements(), T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (std::size_t m = 0; m < count_; ++m)
        add_hadamard(pass.dZ[i * count_ + m], pass.parameters.subspan(m * d, d), pass.dX[i]);
  }

 private:
  std::size_t count_;
};

}  // namespace neurone
