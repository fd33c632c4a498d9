#include "neurone/onnx/chain.h"

#include <algorithm>
#include <utility>

#include "neurone/core/error.h"

namespace neurone::onnx {
namespace {

std::vector<double> in_order(const std::vector<double>& values, const std::vector<std::size_t>& order) {
  std::vector<double> ordered;
  for (const std::size_t k : order) ordered.push_back(values[k]);
  return ordered;
}

// A stage whose columns are its inputs as well as its outputs follows them; false for one that mixes them.
bool reorder_columns(const std::vector<std::size_t>& order, Stage& stage) {
  if (auto* batch = std::get_if<BatchNormStage>(&stage.layer))
    for (auto* each : {&batch->gain, &batch->shift, &batch->mean, &batch->variance}) *each = in_order(*each, order);
  else if (auto* row = std::get_if<LayerNormStage>(&stage.layer))
    for (auto* each : {&row->gain, &row->shift}) *each = in_order(*each, order);
  else
    return false;
  return true;
}

}  // namespace

Affine Affine::identity(std::size_t columns) {
  return {.factor = std::vector<double>(columns, 1), .shift = std::vector<double>(columns, 0)};
}

bool Affine::is_identity() const {
  return std::ranges::all_of(factor, [](double f) { return f == 1; }) &&
         std::ranges::all_of(shift, [](double s) { return s == 0; });
}

bool Affine::is_uniform() const {
  return std::ranges::all_of(factor, [this](double f) { return f == factor.front(); }) &&
         std::ranges::all_of(shift, [this](double s) { return s == shift.front(); });
}

std::size_t Stage::outputs() const {
  if (const auto* dense = std::get_if<DenseStage>(&layer)) return dense->W.columns();
  if (const auto* batch = std::get_if<BatchNormStage>(&layer)) return batch->gain.size();
  return std::get<LayerNormStage>(layer).gain.size();
}

// (XW + b) ⊙ factor + shift = X (W ⊙ factor) + b ⊙ factor + shift; gain and shift of a normalisation likewise
void absorb(const Affine& affine, Stage& stage) {
  std::vector<double>* shift = nullptr;
  if (auto* dense = std::get_if<DenseStage>(&stage.layer)) {
    for (std::size_t i = 0; i < dense->W.rows(); ++i)
      for (std::size_t j = 0; j < dense->W.columns(); ++j) dense->W(i, j) *= affine.factor[j];
    dense->has_bias = dense->has_bias || std::ranges::any_of(affine.shift, [](double s) { return s != 0; });
    shift = &dense->b;
  } else {
    auto* batch = std::get_if<BatchNormStage>(&stage.layer);
    std::vector<double>& gain = batch != nullptr ? batch->gain : std::get<LayerNormStage>(stage.layer).gain;
    for (std::size_t j = 0; j < gain.size(); ++j) gain[j] *= affine.factor[j];
    shift = batch != nullptr ? &batch->shift : &std::get<LayerNormStage>(stage.layer).shift;
  }
  for (std::size_t j = 0; j < shift->size(); ++j) (*shift)[j] = (*shift)[j] * affine.factor[j] + affine.shift[j];
}

// (X ⊙ factor + shift) W + b = X (factorᵀ ⊙ W) + shift W + b
void absorb_before(const Affine& affine, DenseStage& dense) {
  for (std::size_t i = 0; i < dense.W.rows(); ++i)
    for (std::size_t j = 0; j < dense.W.columns(); ++j) {
      if (affine.shift[i] != 0) dense.has_bias = true;
      dense.b[j] += affine.shift[i] * dense.W(i, j);
      dense.W(i, j) *= affine.factor[i];
    }
}

void reorder_inputs(const std::vector<std::size_t>& order, Chain& chain) {
  if (std::ranges::is_sorted(order)) return;
  std::vector<Feature> features;
  for (const std::size_t k : order) features.push_back(chain.features[k]);
  chain.features = std::move(features);
  chain.scaling = {.factor = in_order(chain.scaling.factor, order), .shift = in_order(chain.scaling.shift, order)};
  for (Stage& stage : chain.stages) {
    if (reorder_columns(order, stage)) continue;
    auto& dense = std::get<DenseStage>(stage.layer);
    Matrix<double> W(dense.W.rows(), dense.W.columns());
    for (std::size_t i = 0; i < W.rows(); ++i) std::ranges::copy(std::as_const(dense.W)[order[i]], W[i].begin());
    dense.W = std::move(W);
    return;
  }
  throw Error("there is no dense layer that could take the columns in another order");
}

void reorder_outputs(const std::vector<std::size_t>& order, Chain& chain) {
  if (std::ranges::is_sorted(order)) return;
  for (std::size_t s = chain.stages.size(); s-- > 0;) {
    if (reorder_columns(order, chain.stages[s])) continue;
    auto& dense = std::get<DenseStage>(chain.stages[s].layer);
    Matrix<double> W(dense.W.rows(), dense.W.columns());
    for (std::size_t i = 0; i < W.rows(); ++i)
      for (std::size_t j = 0; j < W.columns(); ++j) W(i, j) = dense.W(i, order[j]);
    dense.W = std::move(W);
    dense.b = in_order(dense.b, order);
    return;
  }
  throw Error("the classes are not sorted, and there is no dense layer whose outputs could be");
}

}  // namespace neurone::onnx
