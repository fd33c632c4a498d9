// By the bits, so that the compiler may look at several numbers at once, which it may not add up in another order.
#include "neurone/core/finite.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace neurone {

template <class T> std::optional<std::size_t> first_not_finite(std::span<const T> values) {
  using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  constexpr int mantissa = sizeof(T) == sizeof(std::uint32_t) ? 23 : 52;
  constexpr Bits one = Bits{1} << mantissa, sign = Bits{1} << (8 * sizeof(T) - 1);
  // an exponent of ones, which NaN and infinity have and no other, becomes 2^(its bits) with one more: the sign's bit
  Bits any = 0;
  for (const T value : values) any |= (std::bit_cast<Bits>(value) & ~sign & ~(one - 1)) + one;
  if ((any & sign) == 0) return {};
  const auto found = std::ranges::find_if(values, [](T value) { return !std::isfinite(value); });
  return static_cast<std::size_t>(found - values.begin());
}

template <class T> std::string not_finite_text(std::span<const T> values) {
  const std::optional<std::size_t> place = first_not_finite(values);
  if (!place) return {};
  const T value = values[*place];
  return std::string(std::isnan(value) ? "nan"
                     : value < 0       ? "-inf"
                                       : "inf") +
         " at place " + std::to_string(*place + 1);
}

template std::optional<std::size_t> first_not_finite(std::span<const float>);
template std::optional<std::size_t> first_not_finite(std::span<const double>);
template std::string not_finite_text(std::span<const float>);
template std::string not_finite_text(std::span<const double>);

}  // namespace neurone
