// exp, log, tanh and their kin over lanes: within 2 units in the last place, and right at every edge.
// Every float there is, is tried by tests/long/functions_test.cpp.
#include <gtest/gtest.h>

#include "tests/math/function_errors.h"
#include "tests/support/instruction_sets.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

class Functions : public InEverySet {};
NEURONE_IN_EVERY_SET(Functions);

TEST_P(Functions, in_float_are_within_2_units_in_the_last_place) {
  const std::vector<float> x = floats(0, 2003, 3'000'000);
  for (const auto& function : compared_functions<float, double>()) {
    const auto worst = worst_case(function, x);
    EXPECT_LE(worst.ulp, 2) << function.name << " of " << worst.at;
  }
}

TEST_P(Functions, in_double_are_within_2_units_in_the_last_place) {
  std::vector<double> x;
  Random random = numbers_of_test(1);
  for (int i = 0; i < 100'000; ++i) {  // numbers of every size, and those where something happens
    x.push_back(std::bit_cast<double>(std::uint64_t(random.bits()) << 32 | random.bits()));
    x.push_back(random.normal());
    x.push_back(800 * (2 * random.uniform() - 1));
    x.push_back(1 + 0.1 * random.normal());
    x.push_back(1e-5 * random.normal());
  }
  for (const auto& function : compared_functions<double, long double>()) {
    const auto worst = worst_case(function, x);
    EXPECT_LE(worst.ulp, 2) << function.name << " of " << worst.at;
  }
}

template <class T, class Wide> void edges_are_exact() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> x;
  for (const T positive : {T(0), Limits::denorm_min(), 3 * Limits::denorm_min(), Limits::min(), Limits::epsilon(),
                           T(1), std::nextafter(T(1), T(2)), T(2), T(17), T(88.7), T(103.9), T(709.7), T(745.1),
                           Limits::max(), Limits::infinity(), Limits::quiet_NaN()}) {
    x.push_back(positive);
    x.push_back(-positive);
  }
  for (const auto& function : compared_functions<T, Wide>()) {
    for (const T each : x) {
      const auto worst = worst_case(function, std::vector<T>{each});
      EXPECT_LE(worst.ulp, 2) << function.name << " of " << each;
    }
  }
}

TEST_P(Functions, are_right_at_zero_infinity_nan_and_among_denormals) {
  edges_are_exact<float, double>();
  edges_are_exact<double, long double>();
}

TEST_P(Functions, do_not_depend_on_the_place_in_a_vector) {
  Random random = numbers_of_test(2);
  std::vector<float> x(37), together(37);
  fill_uniform<float>(random, -5, 5, x);
  for (const auto& function : compared_functions<float, double>()) {
    function.fast(x.data(), x.size(), together.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      float alone = 0;
      function.fast(&x[i], 1, &alone);
      if (std::isnan(alone)) continue;
      EXPECT_EQ(alone, together[i]) << function.name;
    }
  }
}

}  // namespace
}  // namespace neurone
