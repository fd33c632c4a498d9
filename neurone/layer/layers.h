// The list of layers: a new one is added to LayerSpec, and nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "neurone/layer/batch_norm.h"
#include "neurone/layer/dense.h"
#include "neurone/layer/dropout.h"
#include "neurone/layer/embedding.h"
#include "neurone/layer/heads.h"
#include "neurone/layer/layer.h"
#include "neurone/layer/layer_norm.h"
#include "neurone/layer/members.h"
#include "neurone/layer/scale.h"

namespace neurone {

/// What to build: `layers::Dense{.units = 128, .activation = "tanh"}`, or as text "dense 128 tanh".
using LayerSpec = std::variant<layers::Dense, layers::Dropout, layers::BatchNorm, layers::LayerNorm, layers::Scale,
                               layers::Members, layers::Heads, layers::Embedding>;

/// Is it a layer of neurons, σ(XW + b), each of which looks at all inputs? Such a spec says `neurons`.
inline bool has_neurons(const LayerSpec& spec) {
  return std::visit([](const auto& each) { return requires { each.neurons; }; }, spec);
}

/// Builds layer number `index` of a network on `inputs` columns, with `members` rows for each sample (members.h).
/// `own` are activations beside those of the sheet. Throws UsageError for a name that does not exist or a setting out
/// of range.
template <class T>
std::shared_ptr<const Layer<T>> make_layer(const LayerSpec& spec, std::size_t inputs, std::uint32_t index,
                                           std::span<const Activation> own, std::size_t members = 1);

}  // namespace neurone
