// A layer alone, with everything it works on: what a network would lend it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "neurone/layer/layers.h"
#include "tests/support/matrices.h"

namespace neurone {

inline std::size_t total_size(const std::vector<ParameterBlock>& blocks) {
  std::size_t size = 0;
  for (const ParameterBlock& block : blocks) size += block.size();
  return size;
}

template <class T> struct OneLayer {
  std::shared_ptr<const Layer<T>> layer;
  Pass pass;
  Vector<T> parameters, statistics;
  Matrix<T> X, Z, dX;  // batch × inputs, batch · copies × outputs, batch × inputs
  Vector<T> scratch, gradient;
  std::shared_ptr<Workbench<T>> workbench = std::make_shared<Workbench<T>>();

  /// Layer number `index` of a network, untrained.
  OneLayer(const LayerSpec& spec, Matrix<T> inputs, const Pass& on_the_way, std::uint32_t index = 0,
           std::size_t members = 1)
      : layer(make_layer<T>(spec, inputs.columns(), index, {}, members)),
        pass(on_the_way),
        parameters(total_size(layer->parameters())),
        statistics(total_size(layer->statistics())),
        X(std::move(inputs)),
        Z(X.rows() * layer->copies(), layer->outputs()),
        dX(X.rows(), X.columns()),
        scratch(layer->scratch(X.rows())),
        gradient(parameters.size()) {
    poison<T>(parameters);
    poison<T>(statistics);
    layer->initialise(Random(1, {.purpose = Purpose::initialise, .part = index}), parameters, statistics);
  }

  void forward() {
    poison(Z.elements());
    poison<T>(scratch);
    layer->forward({.pass = pass,
                    .parameters = parameters,
                    .statistics = statistics,
                    .X = X,
                    .Z = Z,
                    .scratch = scratch,
                    .workbench = workbench.get()});
  }

  void backward(const Matrix<T>& dZ) {
    poison<T>(gradient);
    poison(dX.elements());
    layer->backward({.pass = pass,
                     .parameters = parameters,
                     .X = X,
                     .dZ = dZ,
                     .scratch = scratch,
                     .gradient = gradient,
                     .dX = dX,
                     .workbench = workbench.get()});
  }
};

}  // namespace neurone
