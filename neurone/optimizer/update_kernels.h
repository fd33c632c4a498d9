// One pass of an update rule over a stretch of θ, in the order of update_rules::Any.
#pragma once

#include <array>
#include <cstddef>
#include <variant>

#include "neurone/core/instruction_set.h"
#include "neurone/optimizer/update_rules.h"

namespace neurone {

/// The formula of a rule's step, as at(rate, time) gives it.
template <class Rule> using StepFormula = decltype(std::declval<const Rule&>().at(0.0, update_rules::Time()));

/// A stretch of n parameters, and what happens to each: its gradient g is scaled and cut, the penalties' gradient
/// λ₁ sign(w) + λ₂ w is added, and w becomes keep · w − Δ(g).
template <class T> struct Move {
  T* w = nullptr;
  const T* g = nullptr;
  T* running = nullptr;  ///< the first running value; the next one lies `running_step` behind
  std::size_t running_step = 0;
  std::size_t n = 0;
  T keep = 1;  ///< 1 − η λ, decoupled weight decay
  T l1 = 0, l2 = 0;
  T scale = 1, limit = 0;  ///< clipping: 0 is no limit
};

template <class T> struct UpdateKernels {
  /// `formula` points at the StepFormula of the rule at the place of the function.
  std::array<void (*)(const void* formula, const Move<T>& move), std::variant_size_v<update_rules::Any>> of_sheet;
  /// Σ x_i² in double, in 16 interleaved parts that are added pairwise at the end.
  double (*sum_of_squares)(const T* x, std::size_t n);
};

NEURONE_DECLARE_KERNELS(UpdateKernels<float>, updates_in_float)
NEURONE_DECLARE_KERNELS(UpdateKernels<double>, updates_in_double)

}  // namespace neurone
