// The functions of lane_functions.h over arrays, for whoever is not compiled for lanes.
#pragma once

#include <cstddef>

#include "neurone/core/instruction_set.h"

namespace neurone {

/// y_i = f(x_i) for i < n; y may be x.
template <class T> struct FunctionKernels {
  using Function = void (*)(const T* x, std::size_t n, T* y);
  Function exp, expm1, log, log1p, tanh;
};

NEURONE_DECLARE_KERNELS(FunctionKernels<float>, functions_in_float)
NEURONE_DECLARE_KERNELS(FunctionKernels<double>, functions_in_double)

}  // namespace neurone
