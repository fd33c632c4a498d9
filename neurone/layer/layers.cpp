// From a LayerSpec to its layer: settings checked, the activation found by name.
// What the layers compute is in their own headers.
#include "neurone/layer/layers.h"

namespace neurone {
namespace {

template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Dense& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation> own, std::size_t) {
  return std::make_shared<DenseLayer<T>>(spec, inputs, find_activation(spec.activation, own));
}
template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Dropout& spec, std::size_t inputs, std::uint32_t index,
                                     std::span<const Activation>, std::size_t) {
  return std::make_shared<DropoutLayer<T>>(spec, inputs, index);
}
template <class T>
std::shared_ptr<const Layer<T>> make(const layers::BatchNorm& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation> own, std::size_t) {
  return std::make_shared<BatchNormLayer<T>>(spec, inputs, find_activation(spec.activation, own));
}
template <class T>
std::shared_ptr<const Layer<T>> make(const layers::LayerNorm& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation> own, std::size_t) {
  return std::make_shared<LayerNormLayer<T>>(spec, inputs, find_activation(spec.activation, own));
}

template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Scale& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation>, std::size_t) {
  return std::make_shared<ScaleLayer<T>>(spec, inputs);
}

template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Members& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation>, std::size_t) {
  return std::make_shared<MembersLayer<T>>(spec, inputs);
}
template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Heads& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation> own, std::size_t members) {
  return std::make_shared<HeadsLayer<T>>(spec, inputs, members, find_activation(spec.activation, own));
}

template <class T>
std::shared_ptr<const Layer<T>> make(const layers::Embedding& spec, std::size_t inputs, std::uint32_t,
                                     std::span<const Activation>, std::size_t) {
  return std::make_shared<EmbeddingLayer<T>>(spec, inputs);
}

}  // namespace

template <class T>
std::shared_ptr<const Layer<T>> make_layer(const LayerSpec& spec, std::size_t inputs, std::uint32_t index,
                                           std::span<const Activation> own, std::size_t members) {
  check_choice(spec);
  return std::visit([&](const auto& each) { return make<T>(each, inputs, index, own, members); }, spec);
}

template std::shared_ptr<const Layer<float>> make_layer<float>(const LayerSpec&, std::size_t, std::uint32_t,
                                                               std::span<const Activation>, std::size_t);
template std::shared_ptr<const Layer<double>> make_layer<double>(const LayerSpec&, std::size_t, std::uint32_t,
                                                                 std::span<const Activation>, std::size_t);

}  // namespace neurone
