// The losses of the sheet over a batch, in the order of losses::Any.
#pragma once

#include <array>
#include <cstddef>
#include <variant>

#include "neurone/core/instruction_set.h"
#include "neurone/loss/losses.h"

namespace neurone {

/// A batch of samples, of no more outputs than widest_row_in_lanes: outputs Y, targets t, what each sample's gradient
/// is multiplied with.
template <class T> struct LossBatch {
  const T* Y = nullptr;  ///< rows × outputs
  std::size_t outputs = 0;
  const T* targets = nullptr;  ///< rows × target_columns
  std::size_t target_columns = 0;
  std::size_t rows = 0;
  const T* factors = nullptr;  ///< rows
  T* dY = nullptr;             ///< rows × outputs, overwritten
  T* losses = nullptr;         ///< rows, overwritten: the loss of each sample, without its factor
};

template <class T> struct LossKernels {
  /// `formula` points at the alternative of losses::Any at the place of the function.
  std::array<void (*)(const void* formula, const LossBatch<T>& batch), std::variant_size_v<losses::Any>> of_sheet;
};

NEURONE_DECLARE_KERNELS(LossKernels<float>, losses_in_float)
NEURONE_DECLARE_KERNELS(LossKernels<double>, losses_in_double)

}  // namespace neurone
