// One row's way through one network of a model, and the gradients' way back, with every number on the way.
// Which numbers make up one of them is left to trace_origins.h, showing them to report/ and the command.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

struct TraceOptions {
  std::size_t row = 0;      ///< of the source, from 0
  std::size_t network = 0;  ///< of the model, from 0
  bool backward = false;    ///< the loss of this row and its gradients too: the source needs the target
};

/// One of a layer's matrices.
struct TracedMatrix {
  std::string name;           ///< as in the model file: "W", "b", "gain", …
  Matrix<double> values;      ///< in the shape of its ParameterBlock
  Matrix<double> gradient{};  ///< dL/d values; empty without the way back, and for statistics
};

struct TracedLayer {
  LayerSpec spec;
  std::string text;                        ///< "dense 128 relu"
  Activation activation;                   ///< σ
  std::vector<TracedMatrix> parameters{};  ///< in the order of the model file
  std::vector<TracedMatrix> statistics{};  ///< running means and variances of batch normalisation
  Matrix<double> Z, A;                     ///< rows × outputs: one row, or behind a members layer one for each
  Matrix<double> dZ{};                     ///< dL/dZ; empty without the way back
  /// dL/dA; empty without the way back. Also empty in the last layer where the loss is one of Z and its activation
  /// included (Loss::takes_logits), unless A is Z.
  Matrix<double> dA{};

  /// One of its parameters or statistics, which has to be there.
  const Matrix<double>& matrix(std::string_view name) const;
};

/// A number of a float network is the double that equals it.
struct Trace {
  std::size_t row = 0, network = 0;  ///< from 0
  std::size_t networks = 1;          ///< how many the model has
  bool in_float = true;              ///< the type of the network
  std::vector<std::string> input_names{}, output_names{};
  Source source{};                    ///< the row alone, as it was read
  Matrix<double> x{}, dx{};           ///< 1 × inputs: what the network sees; dL/dx, empty without the way back
  std::vector<TracedLayer> layers{};  ///< the first one sees x
  Matrix<double> outputs{};           ///< 1 × outputs: A of the last layer, the mean of its members
  Matrix<double> values{};            ///< 1 × values: what this network says at a temperature of 1
  Matrix<double> of_networks{};       ///< networks × values: what each network says at the model's temperature
  Predictions predictions{};          ///< what the model says: their mean, of numbers within the training rows
  std::string truth{};                ///< the row's target; empty without the way back
  Matrix<double> targets{};           ///< 1 × targets: the same as the loss sees it
  double loss = 0;                    ///< of this row, the mean of its members'; 0 without the way back

  /// The layers are counted from 1; depth 0 is x. Both throw nothing and are given a depth that is there.
  const Matrix<double>& A(std::size_t depth) const { return depth == 0 ? x : layers[depth - 1].A; }
  const Matrix<double>& dA(std::size_t depth) const { return depth == 0 ? dx : layers[depth - 1].dA; }
  std::size_t depth() const { return layers.size(); }
  bool backward() const { return !dx.empty(); }
  /// How many rows the sample is at the end: one, or one for each member.
  std::size_t members() const { return layers.back().A.rows(); }
};

/// Runs one row through one network as `predict` does: no dropout, running statistics. The way back is that of the
/// loss of this row alone, weight 1, its label not smoothed, through the network as it predicts.
/// Throws UsageError for a row or a network that is not there, and for the way back where there is no column of the
/// target; Error for a row that cannot be prepared, and for a target that training has not seen or that is none.
Trace trace_row(const Model& model, const Source& source, const TraceOptions& options = {});

/// What a unit is called: of x the input, of the last layer the output; layers without neurons keep the names of what
/// they see, and what an embedding makes of a category is "city, embedding 3"; the others are "unit 1", "unit 2", …
/// The unit is counted from 0.
std::string unit_name(const Trace& trace, std::size_t depth, std::size_t unit);

}  // namespace neurone
