// Ring 1: the slope of every activation is the derivative of its value, by the complex step
// f'(z) = Im f(z + ih) / h, h = 1e-50: no difference is taken, so nothing cancels (Squire and Trapp 1998).
#include "neurone/activation/activations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "neurone/activation/activation.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

using namespace activations;
using Complex = std::complex<double>;

constexpr double step = 1e-50;

// Where a slope jumps. The other piecewise functions are smooth where their pieces meet.
const std::map<std::string_view, std::vector<double>> kinks{
    {"relu", {0}},          {"leaky_relu", {0}},    {"selu", {0}}, {"relu6", {0, 6}}, {"hard_sigmoid", {-3, 3}},
    {"hard_tanh", {-1, 1}}, {"hard_silu", {-3, 3}},
};

bool at_a_kink(std::string_view name, double z) {
  const auto found = kinks.find(name);
  if (found == kinks.end()) return false;
  return std::ranges::any_of(found->second, [&](double kink) { return std::abs(z - kink) < 1e-9; });
}

// Every hundredth of [−6, 6] and the same a little aside, then far out.
std::vector<double> grid() {
  std::vector<double> points;
  for (int i = -600; i <= 600; ++i) {
    points.push_back(i / 100.0);
    points.push_back(i / 100.0 + 0.001234567);
  }
  for (const double far : {6.5, 7.0, 8.0, 10.0, 15.0, 20.0, 30.0, 36.0, 37.0, 40.0, 100.0, 300.0}) {
    points.push_back(far);
    points.push_back(-far);
  }
  return points;
}

// How much larger than 1 the numbers are that a slope adds up before they cancel: gelu_tanh multiplies 1 − t², whose
// rounding is absolute where t is near ±1, by z u' / 2.
template <class F> double largest_term(double z) {
  if constexpr (std::is_same_v<F, GELUTanh>) return std::max(1.0, 0.4 * std::abs(z) * (1 + 3 * 0.044715 * z * z));
  return 1;
}

template <class F> void expect_slope_is_the_complex_step() {
  for (const double z : grid()) {
    if (at_a_kink(F::name, z)) continue;
    const double expected = F::value(Complex(z, step)).imag() / step;
    const double found = F::slope(z, F::value(z));
    // The absolute part: a near 1 is rounded to 2⁻⁵³, so 1 − a, 1 − a² and a + 1 carry up to 4.5e-16 = 2ε however
    // small they are.
    EXPECT_LE(std::abs(found - expected), 1e-13 * std::abs(expected) + 4.5e-16 * largest_term<F>(z))
        << F::name << " at " << z << ": " << found << ", expected " << expected;
  }
}

// The complex erf of numbers.h holds the derivative of erf already. So the central difference of eighth order in long
// double instead, good to 1e-15.
template <> void expect_slope_is_the_complex_step<GELU>() {
  constexpr long double h = 0.01L;
  const auto difference = [&](long double z, int k) {
    return GELU::value(z + static_cast<long double>(k) * h) - GELU::value(z - static_cast<long double>(k) * h);
  };
  for (const double z : grid()) {
    const long double expected =
        (672 * difference(z, 1) - 168 * difference(z, 2) + 32 * difference(z, 3) - 3 * difference(z, 4)) / (840 * h);
    EXPECT_NEAR(GELU::slope(z, GELU::value(z)), static_cast<double>(expected), 1e-14) << "at " << z;
  }
}

template <class F> class EveryElementwise : public testing::Test {};

// The sheet's list without softmax and log_softmax, whose derivative is a Jacobian.
template <class List, class... Kept> struct Elementwise;
template <class... Kept> struct Elementwise<List<>, Kept...> {
  using Types = testing::Types<Kept...>;
};
template <class F, class... Rest, class... Kept>
  requires Rowwise<F>
struct Elementwise<List<F, Rest...>, Kept...> : Elementwise<List<Rest...>, Kept...> {};
template <class F, class... Rest, class... Kept>
  requires(!Rowwise<F>)
struct Elementwise<List<F, Rest...>, Kept...> : Elementwise<List<Rest...>, Kept..., F> {};

struct NameOf {
  template <class F> static std::string GetName(int) { return std::string(F::name); }
};
TYPED_TEST_SUITE(EveryElementwise, Elementwise<All>::Types, NameOf);

TYPED_TEST(EveryElementwise, slope_is_the_derivative_of_the_value) {
  expect_slope_is_the_complex_step<TypeParam>();
}

TYPED_TEST(EveryElementwise, float_is_double_rounded) {
  using F = TypeParam;
  for (const double z : grid()) {
    const auto narrow = static_cast<float>(z);
    const double value = F::value(static_cast<double>(narrow));
    if (std::abs(value) > 1e38 || at_a_kink(F::name, z)) continue;
    const double slope = F::slope(static_cast<double>(narrow), value);
    // sin and cos of large numbers and e^z grow by |z| what the rounding of a constant leaves
    EXPECT_TRUE(near(F::value(narrow), value, 1e-6, 0.5)) << F::name << " at " << z;
    EXPECT_TRUE(near(F::slope(narrow, F::value(narrow)), slope, 1e-6, 0.5 * largest_term<F>(z)))
        << F::name << " at " << z;
  }
}

// --- kinks ---------------------------------------------------------------------------------------------------------

TEST(Slope, at_a_kink_is_the_one_from_the_left) {
  EXPECT_EQ(ReLU::slope(0.0, 0.0), 0);
  EXPECT_EQ(LeakyReLU::slope(0.0, 0.0), 0.01);
  EXPECT_EQ(SELU::slope(0.0, 0.0), SELU::lambda * SELU::alpha);
}

TEST(Slope, of_the_hard_functions_is_flat_at_their_kinks) {
  for (const double z : {0.0, 6.0}) EXPECT_EQ(ReLU6::slope(z, ReLU6::value(z)), 0) << z;
  for (const double z : {-3.0, 3.0}) EXPECT_EQ(HardSigmoid::slope(z, HardSigmoid::value(z)), 0) << z;
  for (const double z : {-1.0, 1.0}) EXPECT_EQ(HardTanh::slope(z, HardTanh::value(z)), 0) << z;
  EXPECT_EQ(HardSiLU::slope(-3.0, 0.0), 0);
  EXPECT_EQ(HardSiLU::slope(3.0, 3.0), 1);
}

// --- whole rows ----------------------------------------------------------------------------------------------------

template <class F> class EveryRowwise : public testing::Test {};
using RowwiseTypes = testing::Types<Softmax, LogSoftmax>;
TYPED_TEST_SUITE(EveryRowwise, RowwiseTypes, NameOf);

// D(i, j) = ∂a_i/∂z_j by the complex step, a column for each z_j.
template <class F> Matrix<double> jacobian_of(std::span<const double> z) {
  const std::size_t n = z.size();
  Matrix<double> D = poisoned<double>(n, n);
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<Complex> moved(z.begin(), z.end()), a(n);
    moved[j] += Complex(0, step);
    F::template value<Complex>(moved, a);
    for (std::size_t i = 0; i < n; ++i) D(i, j) = a[i].imag() / step;
  }
  return D;
}

TYPED_TEST(EveryRowwise, jacobian_is_the_complex_step) {
  using F = TypeParam;
  Random random = numbers_of_test(1);
  for (const std::size_t n : {1U, 2U, 3U, 10U}) {
    for (const double scale : {0.1, 1.0, 20.0}) {
      Matrix<double> z = random_matrix<double>(1, n, random), a = poisoned<double>(1, n);
      for (double& each : z.elements()) each *= scale;
      F::template value<double>(z[0], a[0]);
      const Matrix<double> D = jacobian_of<F>(z[0]);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          EXPECT_LE(std::abs(F::template jacobian<double>(a[0], i, j) - D(i, j)), 1e-13 * std::abs(D(i, j)) + 9e-16)
              << n << " outputs, scale " << scale << ", at " << i << ", " << j;
    }
  }
}

TYPED_TEST(EveryRowwise, backward_is_the_row_da_times_the_jacobian) {
  using F = TypeParam;
  Random random = numbers_of_test(2);
  for (const std::size_t n : {1U, 2U, 5U, 17U}) {
    const Matrix<double> z = random_matrix<double>(1, n, random), dA = random_matrix<double>(1, n, random);
    Matrix<double> a = poisoned<double>(1, n), dZ = poisoned<double>(1, n);
    F::template value<double>(z[0], a[0]);
    F::template backward<double>(z[0], a[0], dA[0], dZ[0]);
    for (std::size_t j = 0; j < n; ++j) {
      double expected = 0;
      for (std::size_t i = 0; i < n; ++i) expected += dA(0, i) * F::template jacobian<double>(a[0], i, j);
      EXPECT_NEAR(dZ(0, j), expected, 1e-15 * static_cast<double>(n)) << "at " << j;
    }
  }
}

TEST(Softmax, its_jacobian_as_a_matrix_is_the_lectures) {
  const std::array<double, 3> S{0.2, 0.3, 0.5};
  const Matrix<double> D = softmax_jacobian(S);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) EXPECT_DOUBLE_EQ(D(i, j), S[i] * ((i == j ? 1 : 0) - S[j]));
}

// --- what the lecture says -----------------------------------------------------------------------------------------

TEST(Sigmoid, has_the_derivative_phi_times_one_minus_phi) {
  for (const double z : grid()) {
    const double phi = Sigmoid::value(z);
    EXPECT_NEAR(Sigmoid::value(Complex(z, step)).imag() / step, phi * (1 - phi), 2.3e-16) << "at " << z;
  }
}

TEST(Sigmoid, of_minus_z_is_one_minus_sigmoid_of_z) {
  for (const double z : grid()) EXPECT_NEAR(Sigmoid::value(-z), 1 - Sigmoid::value(z), 2.3e-16) << "at " << z;
}

TEST(Tanh, is_the_quotient_of_exponentials) {
  for (const double z : grid()) {
    const double power = std::exp(-2 * z);
    if (std::isfinite(power)) {
      EXPECT_NEAR(Tanh::value(z), (1 - power) / (1 + power), 4.5e-16) << "at " << z;
    }
  }
}

TEST(Tanh, has_the_derivative_one_minus_its_square) {
  for (const double z : grid()) {
    const double a = Tanh::value(z);
    EXPECT_NEAR(Tanh::value(Complex(z, step)).imag() / step, 1 - a * a, 4.5e-16) << "at " << z;
  }
}

TEST(Tanh, is_twice_the_sigmoid_of_twice_z_less_one) {
  for (const double z : grid()) EXPECT_NEAR(Tanh::value(z), 2 * Sigmoid::value(2 * z) - 1, 4.5e-16) << "at " << z;
}

}  // namespace
}  // namespace neurone
