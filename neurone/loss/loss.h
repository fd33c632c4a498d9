// A loss over a batch: the weighted mean of its samples' losses, and the gradient of that mean.
// The formulas are in losses.h; which loss suits which task is left to model/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/loss/losses.h"

namespace neurone {

/// What the outputs are compared with.
template <class T> struct Targets {
  ConstMatrixView<T> values;     ///< batch × targets; classes as one-hot rows, two classes as one column of 0 and 1
  std::span<const T> weights{};  ///< batch; empty: every sample counts 1
};

/// A loss with its settings: `Loss{losses::Huber{.delta = 2}}` or `Loss::parse("huber:delta=2")`.
struct Loss {
  losses::Any formula = losses::SquaredError{};

  /// Throws UsageError for an unknown name or setting.
  static Loss parse(std::string_view text);

  std::string_view name() const { return choice_name(formula); }
  std::string text() const { return choice_text(formula); }

  /// The activations that the formula includes; empty: it takes the outputs of any.
  std::span<const std::string_view> links() const;
  /// Does it read the last layer's pre-activations Z instead of its outputs A?
  bool takes_logits() const { return !links().empty(); }
  /// What it can be used for; nothing: numbers as well as classes.
  std::optional<losses::Use> use() const;
  /// The numbers that can be its targets; nothing: all.
  std::optional<losses::TargetRange> targets() const;
  /// Can it be below 0, so that two losses have no meaningful ratio?
  bool may_be_negative() const;
  /// Outputs that the network needs for each target column.
  std::size_t outputs_per_target() const;

  /// The weighted mean Σ w_i ℓ_i / Σ w_i of a batch. `Y` is batch × outputs: logits Z or outputs A (takes_logits).
  /// `dY`, batch × outputs, is overwritten with its gradient with respect to Y.
  /// A batch whose weights are all zero has loss and gradient zero. Nothing is allocated.
  template <class T> double operator()(ConstMatrixView<T> Y, const Targets<T>& targets, MatrixView<T> dY) const;
};

/// Label smoothing (Szegedy et al. 2016, section 7), in place: t becomes (1 − ε) t + ε/K over K classes. One column
/// stands for two classes.
template <class T> void smooth_labels(double epsilon, MatrixView<T> targets);

/// The sum of the weights of a batch: what losses and metrics of batches are averaged with.
template <class T> double total_weight(const Targets<T>& targets);

}  // namespace neurone
