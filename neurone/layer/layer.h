// What every layer can do: Z from X, and the gradients back. A layer is stateless and const: its parameters are a
// part of the network's vector θ, what it remembers of a batch lies in the workspace. The activation A = σ(Z) that
// follows is the network's business, and so is its slope on the way back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "neurone/activation/activation.h"
#include "neurone/core/matrix.h"
#include "neurone/core/random.h"
#include "neurone/math/products.h"
#include "neurone/optimizer/parameter_block.h"

namespace neurone {

/// Which batch is on its way, for layers that behave differently in training or draw random numbers.
struct Pass {
  bool training = false;
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  /// Which samples these are, so that what is drawn for one is its own; empty: samples 0, 1, 2, …
  std::span<const std::uint32_t> rows{};
  std::size_t copies = 1;  ///< rows of the layer's X for each sample: several behind a members layer (members.h)
};

template <class T> class Layer {
 public:
  struct Forward {
    const Pass& pass;
    std::span<const T> parameters;      ///< this layer's part of θ
    std::span<const T> statistics;      ///< this layer's part of the running statistics
    ConstMatrixView<T> X;               ///< batch × inputs
    MatrixView<T> Z;                    ///< batch × outputs, overwritten
    std::span<T> scratch;               ///< scratch(batch) elements, kept until backward
    Workbench<T>* workbench = nullptr;  ///< for layers that multiply matrices; a network always lends it
    Finish finish{};                    ///< for layers that fuse: called for every finished block of Z
  };
  struct Backward {
    const Pass& pass;
    std::span<const T> parameters;
    ConstMatrixView<T> X;               ///< batch × inputs, as in forward
    ConstMatrixView<T> dZ;              ///< batch × outputs
    std::span<const T> scratch;         ///< as forward left it
    std::span<T> gradient;              ///< dL/dθ of this layer, overwritten
    MatrixView<T> dX;                   ///< batch × inputs, overwritten; empty when nobody wants it
    Workbench<T>* workbench = nullptr;  ///< as in forward
    Finish finish{};                    ///< for layers that fuse: called for every finished block of dX
  };

  Layer(std::size_t inputs, std::size_t outputs, Activation activation)
      : inputs_(inputs), outputs_(outputs), activation_(activation) {}
  virtual ~Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  /// σ, which follows Z; identity where the layer has none.
  const Activation& activation() const { return activation_; }

  /// The shapes of its parameters, in the order in which they lie in θ.
  virtual std::vector<ParameterBlock> parameters() const = 0;
  /// The shapes of the running statistics that prediction uses instead of the batch's own (batch normalisation).
  virtual std::vector<ParameterBlock> statistics() const = 0;
  /// Elements that it keeps of a batch between forward and backward.
  virtual std::size_t scratch(std::size_t batch) const = 0;

  /// Rows of Z for each row of X.
  virtual std::size_t copies() const { return 1; }

  /// Does it call `finish` block by block, so that an activation is applied while the block is in the nearest cache?
  /// The network applies it behind a layer that does not: the same numbers, a little later.
  virtual bool fuses() const { return false; }

  /// Overwrites its parameters and statistics with those of an untrained layer.
  virtual void initialise(Random random, std::span<T> parameters, std::span<T> statistics) const = 0;

  virtual void forward(const Forward& pass) const = 0;
  virtual void backward(const Backward& pass) const = 0;

  /// Moves the running statistics after a training pass, from what forward left in the scratch.
  virtual void update_statistics(std::size_t batch, std::span<const T> scratch, std::span<T> statistics) const = 0;

 private:
  std::size_t inputs_;
  std::size_t outputs_;
  Activation activation_;
};

/// What most layers say: no running statistics.
template <class T> class LayerWithoutStatistics : public Layer<T> {
 public:
  using Layer<T>::Layer;
  std::vector<ParameterBlock> statistics() const final { return {}; }
  void update_statistics(std::size_t, std::span<const T>, std::span<T>) const final {}
};

}  // namespace neurone
