// The three matrix products of a dense layer and the inner product, as plain loops in one fixed order.
// What they are products of is left to layer/.
#include "neurone/math/reference_products.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace neurone::reference {
namespace {

// y ← y + a x
template <class T> void add_scaled(T a, std::span<const T> x, std::span<T> y) {
  const T* __restrict from = x.data();
  T* __restrict to = y.data();
  for (std::size_t j = 0; j < y.size(); ++j) to[j] += a * from[j];
}

}  // namespace

template <class T> void affine(ConstMatrixView<T> X, ConstMatrixView<T> W, std::span<const T> b, MatrixView<T> Z) {
  assert(X.columns() == W.rows() && Z.rows() == X.rows() && Z.columns() == W.columns());
  assert(b.empty() || b.size() == Z.columns());
  for (std::size_t i = 0; i < X.rows(); ++i) {
    if (b.empty())
      std::ranges::fill(Z[i], T(0));
    else
      std::ranges::copy(b, Z[i].begin());
    for (std::size_t k = 0; k < X.columns(); ++k) add_scaled(X(i, k), W[k], Z[i]);
  }
}

template <class T> void input_gradient(ConstMatrixView<T> dZ, ConstMatrixView<T> W, MatrixView<T> dX) {
  assert(dZ.columns() == W.columns() && dX.rows() == dZ.rows() && dX.columns() == W.rows());
  for (std::size_t i = 0; i < dX.rows(); ++i)
    for (std::size_t k = 0; k < dX.columns(); ++k) dX(i, k) = dot(dZ[i], W[k]);
}

template <class T>
void weight_gradient(ConstMatrixView<T> X, ConstMatrixView<T> dZ, MatrixView<T> dW, std::span<T> db) {
  assert(X.rows() == dZ.rows() && dW.rows() == X.columns() && dW.columns() == dZ.columns());
  assert(db.empty() || db.size() == dZ.columns());
  std::ranges::fill(dW.elements(), T(0));
  std::ranges::fill(db, T(0));
  for (std::size_t i = 0; i < X.rows(); ++i) {
    for (std::size_t k = 0; k < X.columns(); ++k) add_scaled(X(i, k), dZ[i], dW[k]);
    if (!db.empty()) add_scaled(T(1), dZ[i], db);
  }
}

template <class T> T dot(std::span<const T> a, std::span<const T> b) {
  assert(a.size() == b.size());
  constexpr std::size_t width = 16;
  std::array<T, width> part{};
  const std::size_t whole = a.size() - a.size() % width;
  for (std::size_t j = 0; j < whole; j += width)
    for (std::size_t l = 0; l < width; ++l) part[l] += a[j + l] * b[j + l];
  for (std::size_t j = whole; j < a.size(); ++j) part[j - whole] += a[j] * b[j];
  for (std::size_t half = width / 2; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l) part[l] += part[l + half];
  return part[0];
}

#define NEURONE_INSTANTIATE(T)                                                                           \
  template void affine<T>(ConstMatrixView<T>, ConstMatrixView<T>, std::span<const T>, MatrixView<T>);    \
  template void input_gradient<T>(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>);                \
  template void weight_gradient<T>(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>, std::span<T>); \
  template T dot<T>(std::span<const T>, std::span<const T>);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone::reference
