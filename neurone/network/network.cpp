// Layers one behind the other: their places in θ, the way forward and the way back, and the workspace for both.
// What a layer computes is left to layer/, the loss to loss/, the step to optimizer/.
#include "neurone/network/network.h"

#include <algorithm>
#include <string>
#include <utility>

#include "neurone/core/denormals.h"
#include "neurone/core/suggestion.h"

namespace neurone {

template <class T> Network<T>::Network(NetworkSpec spec) : Network(std::move(spec), WithoutParameters{}) {
  parameters_.resize(parameter_parts_.back().end());
  statistics_.resize(statistic_parts_.back().end());
}

template <class T> NetworkSize Network<T>::size_of(const NetworkSpec& spec) {
  const Network planned(spec, WithoutParameters{});
  NetworkSize size{.parameters = planned.parameter_parts_.back().end()};
  for (std::size_t l = 0; l < planned.size(); ++l) size.units += planned.copies(l) * planned.layer(l).outputs();
  return size;
}

template <class T> Network<T>::Network(NetworkSpec spec, WithoutParameters) : spec_(std::move(spec)) {
  if (spec_.inputs == 0) throw UsageError("a network needs at least one input");
  if (spec_.layers.empty()) throw UsageError("a network needs at least one layer");
  std::size_t width = spec_.inputs, copies = 1, parameters = 0, statistics = 0;
  for (const LayerSpec& each : spec_.layers) {
    const std::size_t index = layers_.size();
    layers_.push_back(make_layer<T>(each, width, static_cast<std::uint32_t>(index), spec_.own_activations, copies));
    const Layer<T>& layer = *layers_.back();
    width = layer.outputs();
    if (copies > 1 && layer.copies() > 1) throw UsageError("a network has one layer of members");
    copies_.push_back(copies *= layer.copies());
    parameter_parts_.push_back(place(layer.parameters(), index, parameter_blocks_, parameters));
    statistic_parts_.push_back(place(layer.statistics(), index, statistic_blocks_, statistics));
    parameters = parameter_parts_.back().end();
    statistics = statistic_parts_.back().end();
  }
  if (copies > 1 && layers_.back()->activation().name() == activations::LogSoftmax::name)
    throw UsageError("the mean of several members' log_softmax is no logarithm of a probability: softmax is");
}

// Gives a layer's blocks their place behind `offset` and appends them to those of the network.
template <class T>
typename Network<T>::Part Network<T>::place(const std::vector<ParameterBlock>& blocks, std::size_t layer,
                                            std::vector<ParameterBlock>& all, std::size_t offset) {
  Part part{.offset = offset};
  for (ParameterBlock block : blocks) {
    block.name = std::to_string(layer) + "." + block.name;
    block.offset = part.offset + part.size;
    if (block.columns != 0 && block.rows > (most_elements - block.offset) / block.columns)
      throw Error("the network is too large: " + block.name + " has " + std::to_string(block.rows) + " × " +
                  std::to_string(block.columns) + " elements");
    part.size += block.size();
    all.push_back(std::move(block));
  }
  return part;
}

template <class T> MatrixView<T> Network<T>::parameter(std::string_view name) {
  std::vector<std::string> names;
  for (const ParameterBlock& block : parameter_blocks_) {
    if (block.name == name) return {parameters_.data() + block.offset, block.rows, block.columns};
    names.push_back(block.name);
  }
  throw unknown_name("parameter", name, names);
}

template <class T> ConstMatrixView<T> Network<T>::parameter(std::string_view name) const {
  const MatrixView<T> found = const_cast<Network&>(*this).parameter(name);  // only read through what is returned
  return found;
}

template <class T> void Network<T>::initialise(std::uint64_t seed) {
  for (std::size_t l = 0; l < size(); ++l) {
    const auto [offset, count] = parameter_parts_[l];
    const auto [statistic, statistics] = statistic_parts_[l];
    const Random random(seed, {.purpose = Purpose::initialise, .part = static_cast<std::uint32_t>(l)});
    layers_[l]->initialise(random, std::span(parameters_).subspan(offset, count),
                           std::span(statistics_).subspan(statistic, statistics));
  }
}

// The pass as a layer sees it, with the rows of its X for each sample.
template <class T> Pass Network<T>::pass_of(Pass pass, std::size_t l) const {
  pass.copies = l == 0 ? 1 : copies_[l - 1];
  return pass;
}

// An activation may go along with the layer before it, block by block, unless it needs whole rows.
template <class T> bool fuses(const Layer<T>& layer, const Activation& activation) {
  return layer.fuses() && !activation.is_identity() && !activation.is_rowwise();
}

template <class T>
ConstMatrixView<T> Network<T>::forward(const Pass& pass, ConstMatrixView<T> X, Workspace<T>& workspace) const {
  return forward(pass, X, Upto::A, workspace);
}

template <class T>
ConstMatrixView<T> Network<T>::forward(const Pass& pass, ConstMatrixView<T> X, Upto end,
                                       Workspace<T>& workspace) const {
  assert(X.columns() == inputs());
  workspace.hold(X.rows());
  for (std::size_t l = 0; l < size(); ++l) {
    const MatrixView<T> Z = workspace.Z(l), A = workspace.A(l);
    const Activation& activation = layers_[l]->activation();
    const auto activate = [&](const Block& block) { activation.forward<T>(block, Z, A); };
    const bool activates = !activation.is_identity() && (end == Upto::A || l + 1 < size());
    const bool fused = activates && fuses(*layers_[l], activation);
    layers_[l]->forward({.pass = pass_of(pass, l),
                         .parameters = parameters(l),
                         .statistics = statistics(l),
                         .X = X,
                         .Z = Z,
                         .scratch = workspace.scratch(l),
                         .workbench = &workspace.workbench(),
                         .finish = fused ? Finish(activate) : Finish()});
    if (activates && !fused) activation.forward(Z, A);
    X = activates ? A : Z;
  }
  return X;
}

template <class T>
void Network<T>::backward(const Pass& pass, ConstMatrixView<T> X, GradientOf from, Workspace<T>& workspace,
                          MatrixView<T> dX) const {
  const std::size_t last = size() - 1;
  if (from == GradientOf::outputs && !layers_[last]->activation().is_identity())
    layers_[last]->activation().backward(workspace.Z(last), workspace.A(last), workspace.dZ(last),
                                         workspace.dZ(last));
  for (std::size_t l = size(); l-- > 0;) {
    const auto [offset, count] = parameter_parts_[l];
    const Pass here = pass_of(pass, l);
    const typename Layer<T>::Backward to_X{.pass = here,
                                           .parameters = parameters(l),
                                           .X = l > 0 ? ConstMatrixView<T>(workspace.A(l - 1)) : X,
                                           .dZ = workspace.dZ(l),
                                           .scratch = workspace.scratch(l),
                                           .gradient = workspace.gradient().subspan(offset, count),
                                           .dX = dX,
                                           .workbench = &workspace.workbench()};
    if (l == 0) {
      layers_[l]->backward(to_X);
      continue;
    }
    // dX is dA of the layer below, and becomes its dZ when its slope is taken along
    const Activation& below = layers_[l - 1]->activation();
    const MatrixView<T> Z = workspace.Z(l - 1), A = workspace.A(l - 1), dZ = workspace.dZ(l - 1);
    const auto pass_slope = [&](const Block& block) { below.backward<T>(block, Z, A, dZ, dZ); };
    const bool fused = fuses(*layers_[l], below);
    typename Layer<T>::Backward to_below = to_X;
    to_below.dX = dZ;
    if (fused) to_below.finish = pass_slope;
    layers_[l]->backward(to_below);
    if (!fused && !below.is_identity()) below.backward(Z, A, dZ, dZ);
  }
}

template <class T> void Network<T>::update_statistics(const Workspace<T>& workspace) {
  for (std::size_t l = 0; l < size(); ++l) {
    const auto [offset, count] = statistic_parts_[l];
    layers_[l]->update_statistics(workspace.rows() * copies_[l], workspace.scratch(l),
                                  statistics().subspan(offset, count));
  }
}

template <class T> void Network<T>::predict(ConstMatrixView<T> X, MatrixView<T> Y, Workspace<T>& workspace) const {
  assert(Y.rows() == X.rows() && Y.columns() == outputs());
  const DenormalsAreZero fast;
  const Pass pass;
  for (std::size_t first = 0; first < X.rows(); first += workspace.capacity()) {
    const std::size_t count = std::min(workspace.capacity(), X.rows() - first);
    mean_of_members(forward(pass, X.rows(first, count), workspace), members(), Y.rows(first, count));
  }
}

template <class T>
void Network<T>::logits(ConstMatrixView<T> X, MatrixView<double> L, Workspace<T>& workspace) const {
  assert(L.rows() == X.rows() && L.columns() == outputs() && layers_.back()->activation().takes_logits());
  const Pass pass;
  for (std::size_t first = 0; first < X.rows(); first += workspace.capacity()) {
    const std::size_t count = std::min(workspace.capacity(), X.rows() - first);
    const ConstMatrixView<T> Z = [&] {
      const DenormalsAreZero fast;
      return forward(pass, X.rows(first, count), Upto::Z, workspace);
    }();
    logits_of_members(Z, members(), L.rows(first, count));
  }
}

namespace {

// Cuts X into pieces for the threads; predict(X, first, workspace) does one of them.
template <class T, class Predict>
void in_pieces(const Network<T>& network, ConstMatrixView<T> X, std::size_t threads, const Predict& predict) {
  const std::size_t batch = std::max<std::size_t>(256 / network.members(), 1);  // a piece takes the same memory
  const std::size_t pieces = (X.rows() + batch - 1) / batch;
  Team team(std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(pieces, 1)));
  std::vector<Workspace<T>> workspaces;
  for (std::size_t member = 0; member < team.size(); ++member)
    workspaces.emplace_back(network, std::clamp<std::size_t>(X.rows(), 1, batch), WorkspaceFor::prediction);
  team.run(pieces, [&](std::size_t piece, std::size_t member) {
    const std::size_t first = piece * batch, count = std::min(batch, X.rows() - first);
    predict(X.rows(first, count), first, workspaces[member]);
  });
}

}  // namespace

template <class T>
void predict_together(const Network<T>& network, ConstMatrixView<T> X, MatrixView<T> Y, std::size_t threads) {
  in_pieces(network, X, threads, [&](ConstMatrixView<T> some, std::size_t first, Workspace<T>& workspace) {
    network.predict(some, Y.rows(first, some.rows()), workspace);
  });
}

template <class T>
void logits_together(const Network<T>& network, ConstMatrixView<T> X, MatrixView<double> L, std::size_t threads) {
  in_pieces(network, X, threads, [&](ConstMatrixView<T> some, std::size_t first, Workspace<T>& workspace) {
    network.logits(some, L.rows(first, some.rows()), workspace);
  });
}

template <class T>
Workspace<T>::Workspace(const Network<T>& network, std::size_t batch, WorkspaceFor use, Team* team, Factors factors)
    : capacity_(batch), workbench_(team, factors) {
  layers_.resize(network.size());
  for (std::size_t l = 0; l < network.size(); ++l) {
    const Layer<T>& layer = network.layer(l);
    Buffers& buffers = layers_[l];
    buffers.copies = network.copies(l);
    const std::size_t rows = checked_size(batch, buffers.copies);
    buffers.Z = Matrix<T>(rows, layer.outputs());
    if (!layer.activation().is_identity()) buffers.A = Matrix<T>(rows, layer.outputs());
    if (use == WorkspaceFor::training) buffers.dZ = Matrix<T>(rows, layer.outputs());
    buffers.scratch.resize(layer.scratch(rows));
  }
  if (use == WorkspaceFor::training) gradient_.resize(network.parameters().size());
}

template class Network<float>;
template class Network<double>;
template class Workspace<float>;
template class Workspace<double>;
template void predict_together<float>(const Network<float>&, ConstMatrixView<float>, MatrixView<float>, std::size_t);
template void predict_together<double>(const Network<double>&, ConstMatrixView<double>, MatrixView<double>,
                                       std::size_t);
template void logits_together<float>(const Network<float>&, ConstMatrixView<float>, MatrixView<double>, std::size_t);
template void logits_together<double>(const Network<double>&, ConstMatrixView<double>, MatrixView<double>,
                                      std::size_t);

}  // namespace neurone
