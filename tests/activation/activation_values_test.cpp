// The values of every activation: a wrong formula whose slope agrees with it shows here.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>

#include "neurone/activation/activation.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class T> T value(const Activation& activation, T z) {
  Matrix<T> Z(1, 1), A = poisoned<T>(1, 1);
  Z(0, 0) = z;
  activation.forward(Z, A);
  return A(0, 0);
}

template <class T> T slope(const Activation& activation, T z) {
  Matrix<T> Z(1, 1), A = poisoned<T>(1, 1), dA(1, 1), dZ = poisoned<T>(1, 1);
  Z(0, 0) = z;
  dA(0, 0) = 1;
  activation.forward(Z, A);
  activation.backward(Z, A, dA, dZ);
  return dZ(0, 0);
}

// Values at −4, −0.5, 0, 0.5, 2 and 7: by hand where they are short, otherwise from the definitions in the papers,
// computed to 40 digits with mpmath.
constexpr std::array<double, 6> points{-4, -0.5, 0, 0.5, 2, 7};
const std::map<std::string_view, std::array<double, 6>> known{
    {"identity", {-4, -0.5, 0, 0.5, 2, 7}},
    {"sigmoid",
     {0.017986209962091558, 0.37754066879814544, 0.5, 0.62245933120185456, 0.88079707797788244, 0.99908894880559935}},
    {"tanh",
     {-0.99932929973906704, -0.46211715726000976, 0, 0.46211715726000976, 0.96402758007581688, 0.99999833694394467}},
    {"relu", {0, 0, 0, 0.5, 2, 7}},
    {"leaky_relu", {-0.04, -0.005, 0, 0.5, 2, 7}},
    {"elu", {-0.98168436111126582, -0.39346934028736658, 0, 0.5, 2, 7}},
    {"celu", {-0.98168436111126582, -0.39346934028736658, 0, 0.5, 2, 7}},
    {"selu",
     {-1.7258986281898947, -0.6917581878028714, 0, 0.52535049367774025, 2.101401974710961, 7.3549069114883635}},
    {"gelu",
     {-0.00012668496733247969, -0.15426876936299345, 0, 0.34573123063700655, 1.9544997361036416, 6.9999999999910413}},
    {"gelu_tanh",
     {-7.024594819237269e-5, -0.15428599017485608, 0, 0.34571400982514392, 1.954597694087775, 6.9999999999999977}},
    {"silu",
     {-0.071944839848366232, -0.18877033439907272, 0, 0.31122966560092728, 1.7615941559557649, 6.9936226416391955}},
    {"mish",
     {-0.072591740792025358, -0.22074377465173, 0, 0.3752452113048951, 1.9439589595339945, 6.9999883798097415}},
    {"softplus",
     {0.01814992791780974, 0.47407698418010668, std::numbers::ln2, 0.97407698418010668, 2.1269280110429725,
      7.0009114664537742}},
    {"softsign", {-0.8, -1.0 / 3, 0, 1.0 / 3, 2.0 / 3, 0.875}},
    {"relu6", {0, 0, 0, 0.5, 2, 6}},
    {"hard_sigmoid", {0, 2.5 / 6, 0.5, 3.5 / 6, 5.0 / 6, 1}},
    {"hard_tanh", {-1, -0.5, 0, 0.5, 1, 1}},
    {"hard_silu", {0, -1.25 / 6, 0, 1.75 / 6, 10.0 / 6, 7}},
    {"exp",
     {0.01831563888873418, 0.60653065971263342, 1, 1.6487212707001281, 7.3890560989306502, 1096.6331584284586}},
    {"sin", {0.75680249530792825, -0.479425538604203, 0, 0.479425538604203, 0.9092974268256817, 0.65698659871878909}},
    {"cos",
     {-0.65364362086361191, 0.87758256189037272, 1, 0.87758256189037272, -0.41614683654714239, 0.75390225434330464}},
    {"gaussian",
     {1.1253517471925911e-7, 0.77880078307140487, 1, 0.77880078307140487, 0.01831563888873418,
      5.2428856633634639e-22}},
    {"elliot", {0.1, 1.0 / 3, 0.5, 2.0 / 3, 2.5 / 3, 0.9375}},
    {"square", {16, 0.25, 0, 0.25, 4, 49}},
};

TEST(EveryActivation, has_the_known_values) {
  for (const Activation& activation : all_activations()) {
    if (activation.is_rowwise()) continue;
    const auto found = known.find(activation.name());
    ASSERT_NE(found, known.end()) << "known values of " << activation.name() << " are missing";
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double expected = found->second[i];
      EXPECT_TRUE(near(value(activation, points[i]), expected, 1e-15)) << activation.name() << " at " << points[i];
      EXPECT_TRUE(near(value(activation, static_cast<float>(points[i])), expected, 5e-7))
          << activation.name() << " at " << points[i];
    }
  }
}

// Limits at −∞ and ∞; NaN where there is none.
const std::map<std::string_view, std::pair<double, double>> at_infinity{
    {"identity", {-infinity, infinity}},
    {"sigmoid", {0, 1}},
    {"tanh", {-1, 1}},
    {"relu", {0, infinity}},
    {"leaky_relu", {-infinity, infinity}},
    {"elu", {-1, infinity}},
    {"celu", {-1, infinity}},
    {"selu", {-1.7580993408473769, infinity}},
    {"gelu", {0, infinity}},
    {"gelu_tanh", {0, infinity}},
    {"silu", {0, infinity}},
    {"mish", {0, infinity}},
    {"softplus", {0, infinity}},
    {"softsign", {-1, 1}},
    {"relu6", {0, 6}},
    {"hard_sigmoid", {0, 1}},
    {"hard_tanh", {-1, 1}},
    {"hard_silu", {0, infinity}},
    {"exp", {0, infinity}},
    {"sin", {nan, nan}},
    {"cos", {nan, nan}},
    {"gaussian", {0, 0}},
    {"elliot", {0, 1}},
    {"square", {infinity, infinity}},
};

bool same(double found, double expected) {
  return std::isnan(expected)   ? std::isnan(found)
         : std::isinf(expected) ? found == expected
                                : near(found, expected, 1e-15);
}

TEST(EveryActivation, takes_infinity_to_its_limit) {
  for (const Activation& activation : all_activations()) {
    if (activation.is_rowwise()) continue;
    ASSERT_TRUE(at_infinity.contains(activation.name())) << "limits of " << activation.name() << " are missing";
    const auto [low, high] = at_infinity.at(activation.name());
    EXPECT_TRUE(same(value(activation, -infinity), low)) << activation.name() << ": " << value(activation, -infinity);
    EXPECT_TRUE(same(value(activation, infinity), high)) << activation.name() << ": " << value(activation, infinity);
  }
}

// Their slopes multiply z, or its square, by what has become 0.
TEST(EveryActivation, of_relus_smooth_kin_has_the_slopes_zero_and_one_far_out) {
  for (const char* name : {"gelu", "gelu_tanh", "silu", "mish", "hard_silu"}) {
    const Activation activation = find_activation(name, {});
    for (const double z : {1e3, 1e10, 3e19, 3e38, infinity}) {
      EXPECT_EQ(slope(activation, z), 1) << name << " at " << z;
      EXPECT_EQ(slope(activation, -z), 0) << name << " at " << -z;
      EXPECT_EQ(slope(activation, static_cast<float>(z)), 1) << name << " at " << z;
      EXPECT_EQ(slope(activation, static_cast<float>(-z)), 0) << name << " at " << -z;
    }
  }
}

TEST(EveryActivation, passes_nan_on) {
  for (const Activation& activation : all_activations()) {
    EXPECT_TRUE(std::isnan(value(activation, nan))) << activation.name();
    EXPECT_TRUE(std::isnan(value(activation, static_cast<float>(nan)))) << activation.name();
  }
}

TEST(EveryActivation, does_not_overflow_in_float_far_from_zero) {
  for (const Activation& activation : all_activations()) {
    for (const float z : {-1e4F, -1e3F, -100.0F, 80.0F, 1e3F, 1e4F}) {
      if (activation.name() == "exp" && z > 88) continue;  // its value is beyond float
      const double wide = static_cast<double>(z);
      const bool oscillates = activation.name() == "sin" || activation.name() == "cos";
      const double tolerance = oscillates ? 1e-4 : 1e-6;
      EXPECT_TRUE(near(value(activation, z), value(activation, wide), tolerance)) << activation.name() << " at " << z;
      EXPECT_TRUE(near(slope(activation, z), slope(activation, wide), tolerance)) << activation.name() << " at " << z;
    }
  }
}

// --- softmax -------------------------------------------------------------------------------------------------------

const Activation softmax = Activation::of<activations::Softmax>();
const Activation log_softmax = Activation::of<activations::LogSoftmax>();

template <class T> Matrix<T> applied(const Activation& activation, const Matrix<T>& Z) {
  Matrix<T> A = poisoned<T>(Z.rows(), Z.columns());
  activation.forward(Z, A);
  return A;
}

Matrix<double> row(std::initializer_list<double> values) {
  Matrix<double> row(1, values.size());
  std::ranges::copy(values, row.elements().begin());
  return row;
}

TEST(Softmax, has_the_known_values) {
  const Matrix<double> S = applied(softmax, row({1, 2, 3})), log_S = applied(log_softmax, row({1, 2, 3}));
  const std::array<double, 3> expected{0.090030573170380458, 0.24472847105479765, 0.66524095577482189};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(S(0, j), expected[j], 2e-16);
    EXPECT_NEAR(log_S(0, j), -0.4076059644443803 - static_cast<double>(2 - j), 4.5e-16);
  }
  EXPECT_EQ(applied(softmax, row({5})), row({1}));
  EXPECT_EQ(applied(log_softmax, row({5})), row({0}));
}

TEST(Softmax, each_row_sums_to_one) {
  Random random = numbers_of_test(1);
  for (const double scale : {0.01, 1.0, 100.0, 1e4}) {
    Matrix<double> Z = random_matrix<double>(50, 13, random);
    for (double& z : Z.elements()) z *= scale;
    const Matrix<double> S = applied(softmax, Z), log_S = applied(log_softmax, Z);
    for (std::size_t i = 0; i < Z.rows(); ++i) {
      double sum = 0, of_logs = 0;
      for (const double s : S[i]) sum += s;
      for (const double s : log_S[i]) of_logs += std::exp(s);
      EXPECT_NEAR(sum, 1, 1e-15);
      EXPECT_NEAR(of_logs, 1, 1e-15 + 3e-16 * scale);  // a logarithm of size `scale` is rounded by ε · scale
    }
  }
}

TEST(Softmax, is_unchanged_by_a_constant_shift) {
  Random random = numbers_of_test(2);
  const Matrix<double> Z = random_matrix<double>(20, 7, random);
  for (const double shift : {-1000.0, -0.5, 3.0, 1000.0}) {
    Matrix<double> shifted = Z;
    for (double& z : shifted.elements()) z += shift;
    for (const Activation& activation : {softmax, log_softmax}) {
      const Matrix<double> A = applied(activation, Z), B = applied(activation, shifted);
      for (std::size_t i = 0; i < A.size(); ++i)
        EXPECT_NEAR(B.elements()[i], A.elements()[i], 1e-15 * (1 + std::abs(shift))) << activation.name();
    }
  }
}

TEST(Softmax, log_softmax_is_its_logarithm) {
  Random random = numbers_of_test(3);
  const Matrix<double> Z = random_matrix<double>(20, 7, random);
  const Matrix<double> S = applied(softmax, Z), log_S = applied(log_softmax, Z);
  for (std::size_t i = 0; i < Z.size(); ++i) EXPECT_NEAR(log_S.elements()[i], std::log(S.elements()[i]), 1e-15);
}

TEST(Softmax, does_not_overflow_in_float) {
  Matrix<float> Z(2, 3);
  std::ranges::copy(std::array{1e4F, -1e4F, 0.0F, -1e4F, -1e4F, -1e4F}, Z.elements().begin());
  const Matrix<float> S = applied(softmax, Z), log_S = applied(log_softmax, Z);
  EXPECT_EQ(S(0, 0), 1);
  EXPECT_EQ(S(0, 1), 0);
  EXPECT_EQ(log_S(0, 0), 0);
  EXPECT_EQ(log_S(0, 1), -2e4F);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_FLOAT_EQ(S(1, j), 1.0F / 3);
    EXPECT_NEAR(log_S(1, j), -std::log(3.0), 1e-3);  // −10⁴ + log 3 is rounded to float's 10⁻³ there
  }
}

TEST(Softmax, a_nan_spoils_its_own_row_only) {
  for (std::size_t where = 0; where < 3; ++where) {
    Matrix<double> Z(2, 3);
    Z(0, where) = nan;
    for (const Activation& activation : {softmax, log_softmax}) {
      const Matrix<double> A = applied(activation, Z);
      for (const double a : A[0]) EXPECT_TRUE(std::isnan(a)) << activation.name() << ", NaN at " << where;
      EXPECT_TRUE(all_finite<double>(A[1]));
    }
  }
}

}  // namespace
}  // namespace neurone
