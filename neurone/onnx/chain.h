// A graph understood as a feed-forward network: its inputs column by column, then one layer behind the other. All
// numbers are in double; which type the network has is decided at the end.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "neurone/core/matrix.h"

namespace neurone::onnx {

/// y = factor · x + shift, column by column.
struct Affine {
  std::vector<double> factor, shift;

  static Affine identity(std::size_t columns);
  std::size_t columns() const { return factor.size(); }
  bool is_identity() const;
  /// Is it the same for all columns?
  bool is_uniform() const;
};

/// One column that the network sees: an input as a number, or a 1 where it is that category.
struct Feature {
  std::size_t input = 0;                  ///< which column of the inputs
  std::optional<std::string> category{};  ///< none: the number itself
  std::optional<double> missing{};        ///< what a missing number is taken for
  bool refuses_others = false;            ///< the graph computes nothing of a category that it does not know
};

struct DenseStage {
  Matrix<double> W;       // inputs × outputs
  std::vector<double> b;  // outputs
  bool has_bias = false;
};
struct BatchNormStage {
  double epsilon = 0, momentum = 0;
  std::vector<double> gain, shift, mean, variance;
};
struct LayerNormStage {
  double epsilon = 0;
  std::vector<double> gain, shift;
};

struct Stage {
  std::variant<DenseStage, BatchNormStage, LayerNormStage> layer;
  std::string activation = "identity";
  bool is_activated = false;

  std::size_t outputs() const;
};

struct Chain {
  std::vector<Feature> features;  ///< in the order in which the first layer takes them
  Affine scaling;                 ///< of the features
  std::vector<Stage> stages;
  /// Of each column of categories those that the graph knows, of which it may leave some out.
  std::map<std::size_t, std::vector<std::string>> categories{};
  /// What the outputs are kept between.
  double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
};

/// Takes y = factor · z + shift into a stage that gives z.
void absorb(const Affine& affine, Stage& stage);
/// Takes it into a dense stage that comes behind: (factor · x + shift) W + b.
void absorb_before(const Affine& affine, DenseStage& dense);

/// Puts the inputs of the chain in this order: number k is what was order[k]. Throws Error where no dense layer can
/// take it.
void reorder_inputs(const std::vector<std::size_t>& order, Chain& chain);
/// The same for the outputs.
void reorder_outputs(const std::vector<std::size_t>& order, Chain& chain);

}  // namespace neurone::onnx
