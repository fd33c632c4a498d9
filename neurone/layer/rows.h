// What several layers do with the numbers of a row, one by one. The loops go by pointers that no store can change, so
// that a compiler makes them wide; each number has the bits that it has alone.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>

namespace neurone {

/// product = a ⊙ b
template <class T>
void hadamard(std::span<const std::type_identity_t<T>> a, std::span<const std::type_identity_t<T>> b,
              std::span<T> product) {
  assert(a.size() == product.size() && b.size() == product.size());
  const T *const left = a.data(), *const right = b.data();
  T* const out = product.data();
  for (std::size_t j = 0, n = product.size(); j < n; ++j) out[j] = left[j] * right[j];
}

/// sum += a ⊙ b
template <class T>
void add_hadamard(std::span<const std::type_identity_t<T>> a, std::span<const std::type_identity_t<T>> b,
                  std::span<T> sum) {
  assert(a.size() == sum.size() && b.size() == sum.size());
  const T *const left = a.data(), *const right = b.data();
  T* const out = sum.data();
  for (std::size_t j = 0, n = sum.size(); j < n; ++j) out[j] += left[j] * right[j];
}

/// sum += factor x
template <class T>
void add_scaled(std::type_identity_t<T> factor, std::span<const std::type_identity_t<T>> x, std::span<T> sum) {
  assert(x.size() == sum.size());
  const T* const from = x.data();
  T* const out = sum.data();
  for (std::size_t j = 0, n = sum.size(); j < n; ++j) out[j] += factor * from[j];
}

}  // namespace neurone
