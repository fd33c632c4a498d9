// Lanes: as many numbers as a vector register holds, with the arithmetic of one number, so that a formula written for
// one runs over all of them. A thin layer over Highway; exp, tanh and their kin are in lane_functions.h.
//
// Only *.lanes.cpp files include this. Each is compiled once for every instruction set, in a namespace of its own,
// NEURONE_LANES, and keeps to functions of that namespace: an inline function shared with other files (std::vector,
// say) could be compiled for AVX-512 and then be run by everyone.
#pragma once

#ifndef NEURONE_LANES
#error "compiled by files named *.lanes.cpp only: see cmake/lanes.cmake"
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace neurone::NEURONE_LANES {

namespace hn = hwy::HWY_NAMESPACE;

#define NEURONE_INLINE inline __attribute__((always_inline))
// Before a loop over a register array: written out, its index a constant, so that the array stays in registers.
#define NEURONE_UNROLL _Pragma("GCC unroll 16")

/// Yes or no for each lane.
template <class T> struct Mask {
  hn::Mask<hn::ScalableTag<T>> bits;

  NEURONE_INLINE friend Mask operator&&(Mask a, Mask b) { return {hn::And(a.bits, b.bits)}; }
  NEURONE_INLINE friend Mask operator||(Mask a, Mask b) { return {hn::Or(a.bits, b.bits)}; }
  NEURONE_INLINE friend Mask operator!(Mask a) { return {hn::Not(a.bits)}; }
};

template <class T, class TagOfRegister = hn::ScalableTag<T>> class Lanes {
 public:
  using Tag = TagOfRegister;
  using Register = hn::Vec<Tag>;

  static constexpr std::size_t count = hn::MaxLanes(Tag());

  NEURONE_INLINE Lanes() = default;
  NEURONE_INLINE explicit Lanes(Register given) : all(given) {}
  /// The same number in every lane.
  template <class U>
    requires std::is_arithmetic_v<U>
  NEURONE_INLINE explicit Lanes(U each) : all(hn::Set(Tag(), static_cast<T>(each))) {}

  static NEURONE_INLINE Lanes load(const T* from) { return Lanes(hn::LoadU(Tag(), from)); }
  NEURONE_INLINE void store(T* to) const { hn::StoreU(all, Tag(), to); }

  /// The first `n` lanes, n ≤ count, without touching what lies behind; zero in the others.
  static NEURONE_INLINE Lanes load_some(const T* from, std::size_t n) {
    if (n == count) return load(from);
#if HWY_TARGET <= HWY_AVX2
    return Lanes(hn::MaskedLoad(hn::FirstN(Tag(), n), Tag(), from));
#else
    T some[count] = {};
    for (std::size_t i = 0; i < n; ++i) some[i] = from[i];
    return load(some);
#endif
  }
  NEURONE_INLINE void store_some(T* to, std::size_t n) const {
    if (n == count) return store(to);
#if HWY_TARGET <= HWY_AVX2
    hn::BlendedStore(all, hn::FirstN(Tag(), n), Tag(), to);
#else
    T some[count] = {};
    store(some);
    for (std::size_t i = 0; i < n; ++i) to[i] = some[i];
#endif
  }

  NEURONE_INLINE friend Lanes operator+(Lanes a, Lanes b) { return Lanes(hn::Add(a.all, b.all)); }
  NEURONE_INLINE friend Lanes operator-(Lanes a, Lanes b) { return Lanes(hn::Sub(a.all, b.all)); }
  NEURONE_INLINE friend Lanes operator*(Lanes a, Lanes b) { return Lanes(hn::Mul(a.all, b.all)); }
  NEURONE_INLINE friend Lanes operator/(Lanes a, Lanes b) { return Lanes(hn::Div(a.all, b.all)); }
  NEURONE_INLINE friend Lanes operator-(Lanes a) { return Lanes(hn::Neg(a.all)); }
  NEURONE_INLINE Lanes& operator+=(Lanes b) { return *this = *this + b; }
  NEURONE_INLINE Lanes& operator-=(Lanes b) { return *this = *this - b; }
  NEURONE_INLINE Lanes& operator*=(Lanes b) { return *this = *this * b; }
  NEURONE_INLINE Lanes& operator/=(Lanes b) { return *this = *this / b; }

  Register all;
};

/// Half a register of them, where half is cheaper than all.
#if HWY_TARGET <= HWY_AVX3
template <class T> using HalfLanes = Lanes<T, hn::Half<hn::ScalableTag<T>>>;
#else
template <class T> using HalfLanes = Lanes<T>;
#endif

/// a · b + c, rounded once where the set has a fused multiply-add (all but the baseline).
template <class T, class Tag>
NEURONE_INLINE Lanes<T, Tag> multiply_add(Lanes<T, Tag> a, Lanes<T, Tag> b, Lanes<T, Tag> c) {
  return Lanes<T, Tag>(hn::MulAdd(a.all, b.all, c.all));
}

// --- what math/numbers.h offers for one number, found by argument-dependent lookup -------------------------------

template <class T> NEURONE_INLINE Mask<T> less(Lanes<T> a, Lanes<T> b) {
  return {hn::Lt(a.all, b.all)};
}
template <class T> NEURONE_INLINE Mask<T> is_nan(Lanes<T> a) {
  return {hn::IsNaN(a.all)};
}
template <class T> NEURONE_INLINE Lanes<T> select(Mask<T> condition, Lanes<T> a, Lanes<T> b) {
  return Lanes<T>(hn::IfThenElse(condition.bits, a.all, b.all));
}
template <class T> NEURONE_INLINE Lanes<T> maximum(Lanes<T> a, Lanes<T> b) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
  return Lanes<T>(hn::Max(b.all, a.all));  // maxps gives its second operand when one is NaN
#else
  return select(less(a, b), b, a);
#endif
}
template <class T> NEURONE_INLINE Lanes<T> minimum(Lanes<T> a, Lanes<T> b) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
  return Lanes<T>(hn::Min(b.all, a.all));
#else
  return select(less(b, a), b, a);
#endif
}
template <class T> NEURONE_INLINE Lanes<T> magnitude(Lanes<T> a) {
  return Lanes<T>(hn::Abs(a.all));
}
template <class T> NEURONE_INLINE Lanes<T> sign(Lanes<T> a) {
  const Lanes<T> zero(0), one(1);
  return select(less(zero, a), one, select(less(a, zero), -one, zero));
}
template <class T> NEURONE_INLINE Lanes<T> sqrt(Lanes<T> a) {
  return Lanes<T>(hn::Sqrt(a.all));
}

// --- loops over arrays -------------------------------------------------------------------------------------------

/// Calls body(offset, lanes) for stretches of up to Lanes<T>::count elements that together make 0 … n − 1. `lanes` is
/// a constant for all but the last.
template <class T, class Body> NEURONE_INLINE void for_lanes(std::size_t n, Body body) {
  constexpr std::size_t count = Lanes<T>::count;
  std::size_t i = 0;
  for (; i + count <= n; i += count) body(i, std::integral_constant<std::size_t, count>());
  if (i < n) body(i, n - i);
}

}  // namespace neurone::NEURONE_LANES
