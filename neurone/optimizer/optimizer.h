// One step of training: the gradient clipped, penalties added, θ moved by the update rule in one pass.
// The formulas are in update_rules.h; where gradients come from is the network's business.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/core/team.h"
#include "neurone/optimizer/parameter_block.h"
#include "neurone/optimizer/update_rules.h"

namespace neurone {

/// What pulls weights towards zero. Biases, gains and shifts are left out.
struct Regularisation {
  double l1 = 0;                         ///< λ₁ Σ|w| is added to the loss
  double l2 = 0;                         ///< ½ λ₂ Σw² is added to the loss
  std::optional<double> weight_decay{};  ///< decoupled: w = w − η λ w before each step; unset: the rule's own
};

/// How large a gradient may be; 0 is no limit.
struct Clipping {
  double norm = 0;   ///< the whole gradient is scaled down to this Euclidean norm (Pascanu et al. 2013)
  double value = 0;  ///< then each element is cut to ± this
};

/// The learning rate that the rule brings along.
double default_learning_rate(const update_rules::Any& rule);

/// λ₁ Σ|w| + ½ λ₂ Σw² over the blocks that decay.
template <class T>
double penalty(const Regularisation& regularisation, std::span<const T> parameters,
               std::span<const ParameterBlock> blocks);

/// An update rule with its running values, each a vector of θ's layout.
template <class T> class Optimizer {
 public:
  struct Options {
    update_rules::Any rule = update_rules::Adam{};
    Regularisation regularisation{};
    Clipping clipping{};
  };

  Optimizer(const Options& options, std::vector<ParameterBlock> blocks, std::size_t parameters);

  /// Moves θ against the gradient, which is clipped and gets the penalties' gradient λ₁ sign(w) + λ₂ w added, in one
  /// pass, shared by the team where there is one. Nothing is allocated.
  void step(double learning_rate, std::span<T> parameters, std::span<const T> gradient, Team* team = nullptr);

  /// What a checkpoint has to keep: the number of steps done and the running values one after the other.
  std::size_t steps() const { return steps_; }
  std::span<const T> running() const { return running_; }
  void restore(std::size_t steps, std::span<const T> running);

 private:
  Options options_;
  std::vector<ParameterBlock> blocks_;
  Vector<T> running_;
  std::size_t steps_ = 0;
  double momentum_product_ = 1;
};

}  // namespace neurone
