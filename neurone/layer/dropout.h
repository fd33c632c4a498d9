// Dropout: in training each input is set to zero with probability p, the others are scaled by 1/(1 − p)
// (Srivastava et al. 2014, "inverted" so that prediction does nothing).
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "neurone/core/choice.h"
#include "neurone/layer/dropout_kernels.h"
#include "neurone/layer/layer.h"

namespace neurone {

namespace layers {

struct Dropout {
  static constexpr std::string_view name = "dropout";
  double rate = 0.5;
  static void settings(auto& self, auto visit) { visit("rate", self.rate); }
  void check() const {
    if (!(rate >= 0 && rate < 1)) throw UsageError("dropout: rate must be at least 0 and below 1");
  }
};

}  // namespace layers

inline const DropoutKernels<float>& dropout_kernels(float) {
  return NEURONE_KERNELS(dropout_in_float);
}
inline const DropoutKernels<double>& dropout_kernels(double) {
  return NEURONE_KERNELS(dropout_in_double);
}

template <class T> class DropoutLayer final : public LayerWithoutStatistics<T> {
 public:
  /// `part` names its random numbers: two dropout layers of a network drop different units.
  DropoutLayer(const layers::Dropout& spec, std::size_t inputs, std::uint32_t part)
      : LayerWithoutStatistics<T>(inputs, inputs, Activation::of<activations::Identity>()),
        rate_(spec.rate),
        part_(part) {}

  std::vector<ParameterBlock> parameters() const override { return {}; }
  std::size_t scratch(std::size_t batch) const override { return checked_size(batch, this->inputs()); }
  void initialise(Random, std::span<T>, std::span<T>) const override {}

  // Z = X ⊙ mask, the mask drawn for each sample by its own number
  void forward(const typename Layer<T>::Forward& pass) const override {
    if (!pass.pass.training) {
      std::ranges::copy(pass.X.elements(), pass.Z.elements().begin());
      return;
    }
    const std::span<const std::uint32_t> rows = pass.pass.rows;
    const std::size_t copies = pass.pass.copies;
    assert(rows.empty() || rows.size() * copies == pass.X.rows());
    const MatrixView<T> mask(pass.scratch.data(), pass.X.rows(), pass.X.columns());
    for (std::size_t i = 0; i < mask.rows(); ++i) {
      const std::size_t sample = rows.empty() ? i / copies : rows[i / copies];
      const auto row = static_cast<std::uint32_t>(sample * copies + i % copies);
      const Random random(pass.pass.seed,
                          {.purpose = Purpose::dropout, .part = part_, .epoch = pass.pass.epoch, .row = row});
      dropout_kernels(T()).multiply_by_mask({.key = random.key(),
                                             .counter = random.counter(),
                                             .threshold = static_cast<std::uint32_t>(rate_ * 0x1p32),
                                             .kept = static_cast<T>(1 / (1 - rate_)),
                                             .x = pass.X[i].data(),
                                             .n = mask.columns(),
                                             .mask = mask[i].data(),
                                             .z = pass.Z[i].data()});
    }
  }

  // dX = dZ ⊙ mask
  void backward(const typename Layer<T>::Backward& pass) const override {
    if (pass.dX.empty()) return;
    const std::span<const T> dz = pass.dZ.elements();
    const std::span<T> dx = pass.dX.elements();
    for (std::size_t i = 0; i < dz.size(); ++i) dx[i] = pass.pass.training ? dz[i] * pass.scratch[i] : dz[i];
  }

 private:
  double rate_;
  std::uint32_t part_;
};

}  // namespace neurone
