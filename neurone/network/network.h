// A feed-forward network: layers one after the other on one parameter vector θ.
// Choosing θ is left to training/, what the columns mean to model/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "neurone/activation/activation.h"
#include "neurone/core/matrix.h"
#include "neurone/layer/layers.h"
#include "neurone/network/workspace.h"

namespace neurone {

/// What to build.
struct NetworkSpec {
  std::size_t inputs = 0;
  std::vector<LayerSpec> layers{};
  std::vector<Activation> own_activations{};  ///< beside those of the sheet: `Activation::of<Mine>()`
};

/// What the gradient that backward starts from was taken with respect to.
enum class GradientOf {
  outputs,  ///< A of the last layer: its activation is still to be passed
  logits,   ///< Z of the last layer: the loss included the activation
};

/// What a network holds.
struct NetworkSize {
  std::size_t parameters = 0;  ///< elements of θ
  std::size_t units = 0;       ///< elements of Z of all layers, for a sample
};

template <class T> class Network {
 public:
  /// Parameters are zero until `initialise`. Throws UsageError when the layers cannot be built, and for log_softmax
  /// at the end of several members, whose mean would be none.
  explicit Network(NetworkSpec spec);
  /// The size of such a network, which is not made. Throws as the constructor does.
  static NetworkSize size_of(const NetworkSpec& spec);

  const NetworkSpec& spec() const { return spec_; }
  std::size_t inputs() const { return spec_.inputs; }
  std::size_t outputs() const { return layers_.back()->outputs(); }
  std::size_t size() const { return layers_.size(); }
  const Layer<T>& layer(std::size_t index) const { return *layers_[index]; }
  /// Rows of outputs for each sample: more than one behind a members layer.
  std::size_t members() const { return copies_.back(); }
  /// Rows of Z of layer l for each sample.
  std::size_t copies(std::size_t l) const { return copies_[l]; }

  /// θ, all parameters of all layers, and where in it each matrix lies: "0.W", "0.b", "1.W", …
  std::span<T> parameters() { return parameters_; }
  std::span<const T> parameters() const { return parameters_; }
  const std::vector<ParameterBlock>& parameter_blocks() const { return parameter_blocks_; }
  /// One of these matrices, by its name. Throws UsageError with the nearest name.
  MatrixView<T> parameter(std::string_view name);
  ConstMatrixView<T> parameter(std::string_view name) const;
  /// The parts of θ and of the statistics that are layer l's.
  std::span<const T> parameters(std::size_t l) const {
    return parameters().subspan(parameter_parts_[l].offset, parameter_parts_[l].size);
  }
  std::span<const T> statistics(std::size_t l) const {
    return statistics().subspan(statistic_parts_[l].offset, statistic_parts_[l].size);
  }

  /// What training measures beside θ (batch normalisation's running means), with the same kind of map.
  std::span<T> statistics() { return statistics_; }
  std::span<const T> statistics() const { return statistics_; }
  const std::vector<ParameterBlock>& statistic_blocks() const { return statistic_blocks_; }

  /// Overwrites θ and the statistics with a fresh start.
  void initialise(std::uint64_t seed);

  /// Runs X, batch × inputs, through all layers and returns A of the last, batch · members × outputs, in the
  /// workspace.
  ConstMatrixView<T> forward(const Pass& pass, ConstMatrixView<T> X, Workspace<T>& workspace) const;

  /// From workspace.output_gradient() back to the gradient dL/dθ, in workspace.gradient(). Follows a forward of the
  /// same X. `dX`, batch × inputs, is overwritten unless it is empty.
  void backward(const Pass& pass, ConstMatrixView<T> X, GradientOf from, Workspace<T>& workspace,
                MatrixView<T> dX = {}) const;

  /// Takes the batch that forward has seen into the statistics.
  void update_statistics(const Workspace<T>& workspace);

  /// Y = the outputs for X, rows × outputs, the mean of the members, in pieces of the workspace's batch. Safe from
  /// many threads, each with a workspace of its own.
  void predict(ConstMatrixView<T> X, MatrixView<T> Y, Workspace<T>& workspace) const;

  /// The same before the last activation, which takes logits: L = the logits for X, rows × outputs
  /// (logits_of_members).
  void logits(ConstMatrixView<T> X, MatrixView<double> L, Workspace<T>& workspace) const;

 private:
  struct Part {  // a layer's stretch of a vector
    std::size_t offset = 0, size = 0;
    std::size_t end() const { return offset + size; }
  };
  struct WithoutParameters {};
  Network(NetworkSpec spec, WithoutParameters);  // the layers, and where everything will lie
  static Part place(const std::vector<ParameterBlock>& blocks, std::size_t layer, std::vector<ParameterBlock>& all,
                    std::size_t offset);

  Pass pass_of(Pass pass, std::size_t l) const;
  enum class Upto { Z, A };  // of the last layer
  ConstMatrixView<T> forward(const Pass& pass, ConstMatrixView<T> X, Upto end, Workspace<T>& workspace) const;

  NetworkSpec spec_;
  std::vector<std::shared_ptr<const Layer<T>>> layers_;
  std::vector<std::size_t> copies_;  // of each layer
  std::vector<Part> parameter_parts_, statistic_parts_;
  std::vector<ParameterBlock> parameter_blocks_, statistic_blocks_;
  Vector<T> parameters_, statistics_;
};

/// Y = the mean of each sample's rows of A, which are `members` one behind the other.
template <class T> void mean_of_members(ConstMatrixView<T> A, std::size_t members, MatrixView<T> Y);

/// L = the logits of each sample, in double, from its rows of Z, which are `members` one behind the other: Z itself,
/// or of several members those of the mean of their probabilities. One column of Z is that of a sigmoid, several
/// those of a softmax.
template <class T> void logits_of_members(ConstMatrixView<T> Z, std::size_t members, MatrixView<double> L);

/// Y = the outputs for X, rows × outputs, shared out among up to `threads`, each with a workspace of its own: the
/// numbers that one thread finds.
template <class T>
void predict_together(const Network<T>& network, ConstMatrixView<T> X, MatrixView<T> Y, std::size_t threads);
/// L = the logits in the same way.
template <class T>
void logits_together(const Network<T>& network, ConstMatrixView<T> X, MatrixView<double> L, std::size_t threads);

}  // namespace neurone
