// How float and double are stored, and the coefficients of exp and log in each: what lane_functions.h computes with,
// and the C source of a model. The polynomials come from tools/minimax.py.
#pragma once

#include <array>
#include <cstdint>

namespace neurone {

template <class T> struct NumberFormat;

template <> struct NumberFormat<float> {
  using Bits = std::uint32_t;
  static constexpr int fraction = 23;        ///< bits behind the point
  static constexpr Bits bias = 127;          ///< exponent of 1
  static constexpr float least = 0x1p-126F;  ///< normal number
  static constexpr float exp_low = -104, exp_high = 89;
  // ln 2 in two parts: n · ln2_high is exact for |n| < 2⁹
  static constexpr float ln2_high = 0x1.62ep-1F, ln2_low = 0x1.0bfbe8p-15F;  // NOLINT(modernize-use-std-numbers)
  static constexpr float tiny = 0x1p-25F;                                    ///< below it eˣ − 1 and ln(1 + x) are x
  static constexpr std::array<float, 5> exp{0.500000002695F, 0.166665769700F, 0.0416663751323F, 0.00836318123454F,
                                            0.00139411241275F};
  static constexpr std::array<float, 4> log{0.666666665530F, 0.400001227537F, 0.285507371090F, 0.233323829833F};
};

template <> struct NumberFormat<double> {
  using Bits = std::uint64_t;
  static constexpr int fraction = 52;
  static constexpr Bits bias = 1023;
  static constexpr double least = 0x1p-1022;
  static constexpr double exp_low = -746, exp_high = 710;
  // exact for |n| < 2²⁰
  static constexpr double ln2_high = 0x1.62e42fefp-1, ln2_low = 0x1.473de6af278edp-34;  // NOLINT(*-use-std-numbers)
  static constexpr double tiny = 0x1p-54;
  static constexpr std::array<double, 10> exp{
      0.50000000000000010223,   0.16666666666666674529,    0.041666666666624123852,    0.0083333333333222087606,
      0.0013888888917215383774, 0.00019841269886586277474, 0.000024801521293745645704, 2.7557242342237328091e-6,
      2.7620089361777494300e-7, 2.5110047746466712056e-8};
  static constexpr std::array<double, 7> log{0.66666666666666697291, 0.39999999999898444386, 0.28571428626399386899,
                                             0.22222211072822302215, 0.18182893219785844422, 0.15331596932448704673,
                                             0.14617872952506914781};
};

}  // namespace neurone
