// The formula sheet over lanes. An elementwise activation takes a vector of neighbours at a time; one of a whole row
// takes as many rows as a vector has lanes, a row in each, so that its formula too stands as it is in the sheet.
#include "neurone/activation/activation_kernels.h"
#include "neurone/math/lane_functions.h"
#include "neurone/math/lane_rows.h"

namespace neurone::NEURONE_LANES {
namespace {

template <class T, class F> struct Elementwise {
  static void forward(const T* Z, T* A, std::size_t step, std::size_t rows, std::size_t columns) {
    for_rows(step, rows, columns, [&](std::size_t first, std::size_t count) {
      for_lanes<T>(count, [&](std::size_t i, auto lanes) {
        F::value(Lanes<T>::load_some(Z + first + i, lanes)).store_some(A + first + i, lanes);
      });
    });
  }

  static void backward(const T* Z, const T* A, const T* dA, T* dZ, std::size_t step, std::size_t rows,
                       std::size_t columns) {
    for_rows(step, rows, columns, [&](std::size_t first, std::size_t count) {
      for_lanes<T>(count, [&](std::size_t i, auto lanes) {
        const auto at = [&](const T* from) { return Lanes<T>::load_some(from + first + i, lanes); };
        (at(dA) * F::slope(at(Z), at(A))).store_some(dZ + first + i, lanes);
      });
    });
  }

 private:
  // Rows without a gap between them are one long row.
  template <class Body>
  static NEURONE_INLINE void for_rows(std::size_t step, std::size_t rows, std::size_t columns, Body body) {
    if (step == columns) return body(0, rows * columns);
    for (std::size_t i = 0; i < rows; ++i) body(i * step, columns);
  }
};

template <class T, class F> struct Rowwise {
  static void forward(const T* Z, T* A, std::size_t step, std::size_t rows, std::size_t columns) {
    for_rows_in_lanes<T>(rows, [&](std::size_t first, std::size_t count) {
      RowsInLanes<T> z, a;
      z.load(Z + first * step, step, count, columns);
      F::template value<Lanes<T>>(z.row(columns), a.row(columns));
      a.store(A + first * step, step, count, columns);
    });
  }

  static void backward(const T* Z, const T* A, const T* dA, T* dZ, std::size_t step, std::size_t rows,
                       std::size_t columns) {
    for_rows_in_lanes<T>(rows, [&](std::size_t first, std::size_t count) {
      const std::size_t at = first * step;
      RowsInLanes<T> z, a, d;
      z.load(Z + at, step, count, columns);
      a.load(A + at, step, count, columns);
      d.load(dA + at, step, count, columns);
      F::template backward<Lanes<T>>(z.row(columns), a.row(columns), d.row(columns), d.row(columns));
      d.store(dZ + at, step, count, columns);
    });
  }
};

template <class F>
concept WholeRow = requires(std::span<const double> z, std::span<double> a) { F::value(z, a); };

template <class T, class F> constexpr ActivationPasses<T> passes() {
  if constexpr (WholeRow<F>)
    return {Rowwise<T, F>::forward, Rowwise<T, F>::backward};
  else
    return {Elementwise<T, F>::forward, Elementwise<T, F>::backward};
}

template <class T, class... F> constexpr ActivationKernels<T> activation_kernels(activations::List<F...>) {
  return {{passes<T, F>()...}};
}

}  // namespace

constinit const ActivationKernels<float> activations_in_float = activation_kernels<float>(activations::All());
constinit const ActivationKernels<double> activations_in_double = activation_kernels<double>(activations::All());

}  // namespace neurone::NEURONE_LANES
