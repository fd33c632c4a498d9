// The activations of the sheet as they run over blocks of a matrix: one pair of functions for each, in the order of
// activations::All. An activation of your own runs through the plain loops of activation.h instead.
#pragma once

#include <array>
#include <cstddef>

#include "neurone/activation/activations.h"
#include "neurone/core/instruction_set.h"

namespace neurone {

/// Blocks of rows × columns whose rows lie `step` apart; of a whole-row activation the columns are all there are,
/// over lanes no more than widest_row_in_lanes.
template <class T> struct ActivationPasses {
  /// A = σ(Z). A may be Z.
  void (*forward)(const T* Z, T* A, std::size_t step, std::size_t rows, std::size_t columns);
  /// dZ from dA. dZ may be dA.
  void (*backward)(const T* Z, const T* A, const T* dA, T* dZ, std::size_t step, std::size_t rows,
                   std::size_t columns);
};

template <class T> struct ActivationKernels {
  std::array<ActivationPasses<T>, activations::All::size> of_sheet;
};

NEURONE_DECLARE_KERNELS(ActivationKernels<float>, activations_in_float)
NEURONE_DECLARE_KERNELS(ActivationKernels<double>, activations_in_double)

}  // namespace neurone
