// The embedding layer: a category with many values, one column each, becomes a few numbers that are learnt for each
// of its values (Guo and Berkhahn 2016, "Entity embeddings of categorical variables"; in front of networks for tables
// in Holzmüller, Grinsztajn and Steinwart 2024, "Better by default"). Which columns belong together is said to it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/core/choice.h"
#include "neurone/layer/layer.h"
#include "neurone/layer/rows.h"
#include "neurone/math/reference_products.h"

namespace neurone {

namespace layers {

struct Embedding {
  static constexpr std::string_view name = "embedding";
  std::string blocks{};       ///< "8-23;42-83": the first and the last column of each, counted from 1; they rise
  std::size_t dimension = 8;  ///< numbers for each block
  static void settings(auto& self, auto visit) {
    visit("blocks", self.blocks);
    visit("dimension", self.dimension);
  }
  void check() const {
    if (dimension == 0 || dimension > 1024) throw UsageError("embedding: dimension must be from 1 to 1024");
  }
};

}  // namespace layers

/// Columns of X that stay together: a block that is embedded, or what lies between two blocks and is kept.
struct EmbeddingPart {
  bool is_block = false;
  std::size_t x = 0, width = 0;  ///< its first column of X, and how many
  std::size_t z = 0, size = 0;   ///< its first column of Z, and how many
  std::size_t row = 0;           ///< of a block: its first row of E, of which it has `width`
};

/// The parts of so many columns, from left to right; none is empty. Throws UsageError for blocks that cannot be read,
/// do not rise or lie outside.
std::vector<EmbeddingPart> embedding_parts(const layers::Embedding& spec, std::size_t inputs);

/// The part that column j of Z belongs to, and column j of X.
const EmbeddingPart& part_of_output(const std::vector<EmbeddingPart>& parts, std::size_t j);
const EmbeddingPart& part_of_input(const std::vector<EmbeddingPart>& parts, std::size_t j);

/// A block as it stands in the settings: `first` counted from 0.
std::string embedding_block(std::size_t first, std::size_t width);

/// Z_block = X_block E_block, the other columns as they are; E: all blocks' columns × dimension, the rows of one
/// block below those of the one before, standard normal at the start. Where a row of X_block has a single 1, Z_block
/// is a row of E. What is 0 is passed over, so that a block costs what it has of others.
template <class T> class EmbeddingLayer final : public LayerWithoutStatistics<T> {
 public:
  EmbeddingLayer(const layers::Embedding& spec, std::size_t inputs)
      : EmbeddingLayer(embedding_parts(spec, inputs), spec.dimension) {}

  std::vector<ParameterBlock> parameters() const override {
    return {{.name = "E", .rows = rows_, .columns = dimension_}};
  }
  std::size_t scratch(std::size_t) const override { return 0; }

  void initialise(Random random, std::span<T> E, std::span<T>) const override {
    for (T& each : E) each = static_cast<T>(random.normal());
  }

  void forward(const typename Layer<T>::Forward& pass) const override {
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (const EmbeddingPart& part : parts_) {
        const std::span<const T> x = pass.X[i].subspan(part.x, part.width);
        const std::span<T> z = pass.Z[i].subspan(part.z, part.size);
        if (!part.is_block) {
          std::ranges::copy(x, z.begin());
          continue;
        }
        std::ranges::fill(z, T(0));
        for (std::size_t k = 0; k < x.size(); ++k)
          if (x[k] != T(0)) add_scaled(x[k], row(pass.parameters, part.row + k), z);
      }
  }

  // dE_block = X_blockᵀ dZ_block,  dX_block = dZ_block E_blockᵀ
  void backward(const typename Layer<T>::Backward& pass) const override {
    std::ranges::fill(pass.gradient, T(0));
    for (std::size_t i = 0; i < pass.X.rows(); ++i)
      for (const EmbeddingPart& part : parts_) {
        const std::span<const T> x = pass.X[i].subspan(part.x, part.width),
                                 dz = pass.dZ[i].subspan(part.z, part.size);
        if (part.is_block)
          for (std::size_t k = 0; k < x.size(); ++k)
            if (x[k] != T(0)) add_scaled(x[k], dz, row(pass.gradient, part.row + k));
        if (pass.dX.empty()) continue;
        const std::span<T> dx = pass.dX[i].subspan(part.x, part.width);
        if (!part.is_block) std::ranges::copy(dz, dx.begin());
        if (part.is_block)
          for (std::size_t k = 0; k < dx.size(); ++k)
            dx[k] = reference::dot<T>(dz, row(pass.parameters, part.row + k));
      }
  }

 private:
  EmbeddingLayer(std::vector<EmbeddingPart> parts, std::size_t dimension)
      : LayerWithoutStatistics<T>(parts.back().x + parts.back().width, parts.back().z + parts.back().size,
                                  Activation::of<activations::Identity>()),
        parts_(std::move(parts)),
        dimension_(dimension) {
    for (const EmbeddingPart& part : parts_) rows_ += part.is_block ? part.width : 0;
  }

  template <class U> std::span<U> row(std::span<U> E, std::size_t k) const {
    return E.subspan(k * dimension_, dimension_);
  }

  std::vector<EmbeddingPart> parts_;
  std::size_t dimension_, rows_ = 0;
};

}  // namespace neurone
