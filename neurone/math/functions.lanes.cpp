// The functions of lane_functions.h over arrays.
#include "neurone/math/function_kernels.h"
#include "neurone/math/lane_functions.h"

namespace neurone::NEURONE_LANES {
namespace {

template <class T, class F> NEURONE_INLINE void apply(const T* x, std::size_t n, T* y, F f) {
  for_lanes<T>(n, [&](std::size_t i, auto lanes) { f(Lanes<T>::load_some(x + i, lanes)).store_some(y + i, lanes); });
}

template <class T>
constexpr FunctionKernels<T> function_kernels{
    .exp = [](const T* x, std::size_t n, T* y) { apply(x, n, y, [](auto v) { return exp(v); }); },
    .expm1 = [](const T* x, std::size_t n, T* y) { apply(x, n, y, [](auto v) { return expm1(v); }); },
    .log = [](const T* x, std::size_t n, T* y) { apply(x, n, y, [](auto v) { return log(v); }); },
    .log1p = [](const T* x, std::size_t n, T* y) { apply(x, n, y, [](auto v) { return log1p(v); }); },
    .tanh = [](const T* x, std::size_t n, T* y) { apply(x, n, y, [](auto v) { return tanh(v); }); }};

}  // namespace

constinit const FunctionKernels<float> functions_in_float = function_kernels<float>;
constinit const FunctionKernels<double> functions_in_double = function_kernels<double>;

}  // namespace neurone::NEURONE_LANES
