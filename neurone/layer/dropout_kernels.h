// The mask of a dropout layer for one sample, and the sample multiplied by it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "neurone/core/instruction_set.h"

namespace neurone {

/// Element j is dropped where the j-th of the stream's 32-bit numbers (core/random.h) lies below the threshold.
template <class T> struct DropoutRow {
  std::array<std::uint32_t, 2> key{};      ///< of the stream
  std::array<std::uint32_t, 4> counter{};  ///< of its first block
  std::uint32_t threshold = 0;             ///< the rate times 2³²
  T kept = 1;                              ///< what the others are multiplied with
  const T* x = nullptr;
  std::size_t n = 0;
  T* mask = nullptr;  ///< n, overwritten: 0 or kept
  T* z = nullptr;     ///< n, overwritten: x ⊙ mask
};

template <class T> struct DropoutKernels {
  void (*multiply_by_mask)(const DropoutRow<T>& row);
};

NEURONE_DECLARE_KERNELS(DropoutKernels<float>, dropout_in_float)
NEURONE_DECLARE_KERNELS(DropoutKernels<double>, dropout_in_double)

}  // namespace neurone
