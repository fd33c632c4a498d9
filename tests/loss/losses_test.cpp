// The formula sheet of the losses: slopes by the complex step Im f(y + ih) / h, values against figures made by hand.
#include "neurone/loss/losses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "neurone/loss/loss.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"
#include "tests/support/targets.h"

namespace neurone {
namespace {

using Complex = std::complex<double>;

constexpr double step = 1e-50;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Matrix<double> row(std::initializer_list<double> values) {
  Matrix<double> row(1, values.size());
  std::ranges::copy(values, row.elements().begin());
  return row;
}

// The loss of one sample; its gradient is left in dy.
struct OfOne {
  double value = nan;
  Matrix<double> dy;
};
OfOne of_one(const Loss& loss, const Matrix<double>& y, const Matrix<double>& t) {
  OfOne result{.dy = poisoned<double>(1, y.columns())};
  result.value = loss(y.view(), Targets<double>{.values = t, .weights = {}}, result.dy.view());
  return result;
}

// --- slopes --------------------------------------------------------------------------------------------------------

// The derivative of a sample's loss with respect to y_j, and what it is compared with.
void expect_step(double found, Complex moved, const std::string& where) {
  const double expected = moved.imag() / step;
  EXPECT_LE(std::abs(found - expected), 1e-13 * std::abs(expected) + 1e-15)
      << where << ": " << found << ", expected " << expected;
}

template <class Formula> void expect_slope_is_the_complex_step(const Formula& formula, const Loss& loss) {
  Random random = numbers_of_test(1);
  for (int repeat = 0; repeat < 400; ++repeat) {
    const std::size_t columns = is_categorical(loss) ? 4 : 1;
    const Matrix<double> t = targets_for(loss, 1, columns, random);
    Matrix<double> y(1, columns * loss.outputs_per_target());
    fill_uniform(random, -5, 5, y.elements());
    const Matrix<double> dy = of_one(loss, y, t).dy;
    const std::string where = loss.text() + " at " + std::to_string(y(0, 0)) + ", " + std::to_string(t(0, 0));
    if constexpr (requires { Formula::outputs_per_target; }) {
      const Complex m = y(0, 0), s = y(0, 1), ih(0, step);
      expect_step(dy(0, 0), formula.value(m + ih, s, Complex(t(0, 0))), where);
      expect_step(dy(0, 1), formula.value(m, s + ih, Complex(t(0, 0))), where);
    } else if constexpr (requires { formula.value(1.0, 1.0); }) {
      expect_step(dy(0, 0), formula.value(Complex(y(0, 0), step), Complex(t(0, 0))), where);
    } else {
      const std::vector<Complex> target(t.elements().begin(), t.elements().end());
      for (std::size_t j = 0; j < columns; ++j) {
        std::vector<Complex> moved(y.elements().begin(), y.elements().end()), S(columns);
        moved[j] += Complex(0, step);
        expect_step(dy(0, j), formula.template value<Complex>(moved, target, S), where);
      }
    }
  }
}

TEST(EveryLoss, slope_is_the_derivative_of_the_value) {
  for (const Loss& loss : losses_of_test())
    std::visit([&](const auto& formula) { expect_slope_is_the_complex_step(formula, loss); }, loss.formula);
}

TEST(EveryLoss, slope_at_a_kink_is_one_between_those_of_the_sides) {
  EXPECT_EQ(losses::AbsoluteError{}.slope(2.0, 2.0), 0);
  EXPECT_EQ(losses::Quantile{}.slope(2.0, 2.0), 0);
  EXPECT_EQ(losses::Huber{}.slope(3.0, 2.0), 1);
  EXPECT_EQ(losses::Hinge{}.slope(1.0, 1.0), 0);
  EXPECT_EQ(losses::Hinge{}.slope(-1.0, 0.0), 0);
}

// --- values --------------------------------------------------------------------------------------------------------

struct Known {
  const char* loss;
  Matrix<double> y, t;
  double value;
};

TEST(EveryLoss, has_the_known_values) {
  const double log2 = std::log(2.0), log3 = std::log(3.0), log4 = std::log(4.0);
  const std::vector<Known> known{
      {"squared_error", row({1}), row({3}), 4},
      {"squared_error", row({1, 3}), row({3, 0}), (4 + 9) / 2.0},
      {"absolute_error", row({1}), row({3}), 2},
      {"absolute_error", row({3, 0}), row({1, 5}), (2 + 5) / 2.0},
      {"huber", row({1.5}), row({1}), 0.125},
      {"huber", row({1}), row({4}), 2.5},
      {"huber:delta=2", row({4}), row({1}), 4},
      {"log_cosh", row({2}), row({1}), 0.4337808304830272},
      {"log_cosh", row({1}), row({2}), 0.4337808304830272},
      {"quantile", row({1}), row({3}), 1},
      {"quantile:tau=0.9", row({1}), row({3}), 1.8},
      {"quantile:tau=0.9", row({3}), row({1}), 0.2},
      {"poisson", row({log2}), row({3}), 2 - 3 * log2},
      {"poisson", row({0}), row({0}), 1},
      {"gaussian_nll", row({1, log4}), row({3}), (log4 + 1) / 2},
      {"gaussian_nll", row({1, 2, 0, log4}), row({3, 2}), (2 + log4 / 2) / 2},  // means first, then log variances
      {"gaussian_nll", row({1, -50}), row({1}), std::log(1e-6) / 2},
      {"binary_cross_entropy", row({log3}), row({1}), log4 - log3},  // s = 3/4
      {"binary_cross_entropy", row({log3}), row({0}), log4},
      {"binary_cross_entropy", row({0}), row({0.3}), log2},
      {"categorical_cross_entropy", row({0, log3}), row({1, 0}), log4},  // S = (1/4, 3/4)
      {"categorical_cross_entropy", row({0, log3}), row({0.5, 0.5}), log4 - log3 / 2},
      {"categorical_cross_entropy", row({7, 7, 7}), row({0, 1, 0}), log3},
      {"hinge", row({0.25}), row({1}), 0.75},
      {"hinge", row({0.25}), row({0}), 1.25},
      {"hinge", row({2, -3}), row({1, 1}), 2},
      {"binary_focal", row({log3}), row({1}), (log4 - log3) / 16},
      {"binary_focal", row({log3}), row({0}), log4 * 9 / 16},
      {"binary_focal:gamma=1", row({log3}), row({0.5}), (log4 - log3) / 8 + log4 * 3 / 8},
      {"categorical_focal", row({0, log3}), row({1, 0}), log4 * 9 / 16},
      {"categorical_focal:gamma=1", row({0, log3}), row({0, 1}), (log4 - log3) / 4},
  };
  for (const std::string& name : choice_names<losses::Any>())
    EXPECT_TRUE(std::ranges::any_of(known, [&](const Known& each) { return Loss::parse(each.loss).name() == name; }))
        << "known values of " << name << " are missing";
  for (const auto& [text, y, t, value] : known)
    EXPECT_NEAR(of_one(Loss::parse(text), y, t).value, value, 1e-15 * std::max(1.0, std::abs(value))) << text;
}

TEST(EveryLoss, is_zero_or_least_where_the_output_is_right) {
  for (const char* text : {"squared_error", "absolute_error", "huber", "log_cosh", "quantile"}) {
    EXPECT_EQ(of_one(Loss::parse(text), row({0.7}), row({0.7})).value, 0) << text;
    EXPECT_EQ(of_one(Loss::parse(text), row({0.7}), row({0.7})).dy(0, 0), 0) << text;
  }
  EXPECT_NEAR(of_one(Loss::parse("poisson"), row({std::log(3.0)}), row({3})).dy(0, 0), 0, 1e-15);
  const Matrix<double> dy = of_one(Loss::parse("gaussian_nll"), row({2, std::log(4.0)}), row({4})).dy;
  EXPECT_NEAR(dy(0, 1), 0, 1e-15) << "the variance is the squared error";
}

TEST(EveryLoss, without_focus_is_cross_entropy) {
  Random random = numbers_of_test(2);
  for (const auto& [focal, entropy] : {std::pair("binary_focal:gamma=0", "binary_cross_entropy"),
                                       std::pair("categorical_focal:gamma=0", "categorical_cross_entropy")}) {
    const Matrix<double> y = random_matrix<double>(1, 3, random), t = targets_for(Loss::parse(focal), 1, 3, random);
    const OfOne a = of_one(Loss::parse(focal), y, t), b = of_one(Loss::parse(entropy), y, t);
    EXPECT_NEAR(a.value, b.value, 1e-15) << focal;
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(a.dy(0, j), b.dy(0, j), 1e-15) << focal;
  }
}

// --- far out -------------------------------------------------------------------------------------------------------

template <class T>
void expect_far(const char* text, std::initializer_list<double> y, std::initializer_list<double> t, double value,
                std::initializer_list<double> slopes) {
  const Loss loss = Loss::parse(text);
  Matrix<T> Y(1, y.size()), targets(1, t.size()), dY = poisoned<T>(1, y.size());
  std::ranges::transform(y, Y.elements().begin(), [](double each) { return static_cast<T>(each); });
  std::ranges::transform(t, targets.elements().begin(), [](double each) { return static_cast<T>(each); });
  const double found = loss(ConstMatrixView<T>(Y), Targets<T>{.values = targets, .weights = {}}, dY.view());
  EXPECT_TRUE(near(found, value, 1e-6, 1e-30)) << text << ": " << found << ", expected " << value;
  const std::vector<double> expected(slopes);
  for (std::size_t j = 0; j < expected.size(); ++j)
    EXPECT_TRUE(near(static_cast<double>(dY(0, j)), expected[j], 1e-6, 1e-30))
        << text << " slope " << j << ": " << dY(0, j) << ", expected " << expected[j];
}

template <class T> class FarOut : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(FarOut, Numbers, );

TYPED_TEST(FarOut, cross_entropies_stay_exact) {
  using T = TypeParam;
  expect_far<T>("binary_cross_entropy", {1000}, {1}, 0, {0});
  expect_far<T>("binary_cross_entropy", {1000}, {0}, 1000, {1});
  expect_far<T>("binary_cross_entropy", {-1000}, {1}, 1000, {-1});
  expect_far<T>("binary_cross_entropy", {-1000}, {0}, 0, {0});
  expect_far<T>("binary_cross_entropy", {-40}, {0}, std::exp(-40), {std::exp(-40)});
  expect_far<T>("categorical_cross_entropy", {1000, -1000, 0}, {1, 0, 0}, 0, {0, 0, 0});
  expect_far<T>("categorical_cross_entropy", {1000, -1000, 0}, {0, 1, 0}, 2000, {1, -1, 0});
  expect_far<T>("categorical_cross_entropy", {1000, 1000}, {0, 1}, std::log(2), {0.5, -0.5});
}

TYPED_TEST(FarOut, focal_losses_stay_exact) {
  using T = TypeParam;
  for (const char* text : {"binary_focal", "binary_focal:gamma=0", "binary_focal:gamma=0.5"}) {
    expect_far<T>(text, {1000}, {1}, 0, {0});
    expect_far<T>(text, {1000}, {0}, 1000, {1});
    expect_far<T>(text, {-1000}, {1}, 1000, {-1});
  }
  for (const char* text : {"categorical_focal", "categorical_focal:gamma=0", "categorical_focal:gamma=0.5"}) {
    expect_far<T>(text, {1000, -1000, 0}, {1, 0, 0}, 0, {0, 0, 0});
    expect_far<T>(text, {1000, -1000, 0}, {0, 1, 0}, 2000, {1, -1, 0});
  }
}

TYPED_TEST(FarOut, losses_of_outputs_stay_exact) {
  using T = TypeParam;
  expect_far<T>("log_cosh", {1000}, {0}, 1000 - std::log(2), {1});
  expect_far<T>("log_cosh", {-1000}, {0}, 1000 - std::log(2), {-1});
  expect_far<T>("huber", {1e4}, {0}, 1e4 - 0.5, {1});
  expect_far<T>("poisson", {-1000}, {2}, 2000, {-2});
  expect_far<T>("gaussian_nll", {0, 1000}, {1}, 500, {0, 0.5});
  expect_far<T>("gaussian_nll", {0, -1000}, {1}, 0.5 * (std::log(1e-6) + 1e6), {-1e6, 0});
}

TEST(LogCosh, near_the_target_is_half_the_square) {
  for (const double r : {-1e-3, -1e-6, 1e-9, 1e-4})
    EXPECT_NEAR(losses::LogCosh{}.value(r, 0.0), r * r / 2 - r * r * r * r / 12,
                2.3e-16 * std::abs(r) + 1e-13 * r * r);
}

TEST(EveryLoss, of_nan_is_nan) {
  for (const Loss& loss : losses_of_test()) {
    const std::size_t columns = is_categorical(loss) ? 3 : 1;
    for (std::size_t where = 0; where < columns * loss.outputs_per_target(); ++where) {
      Matrix<double> y(1, columns * loss.outputs_per_target()), t(1, columns);
      y(0, where) = nan;
      t(0, 0) = 1;
      EXPECT_TRUE(std::isnan(of_one(loss, y, t).value)) << loss.text() << ", NaN at " << where;
    }
  }
}

// --- settings ------------------------------------------------------------------------------------------------------

TEST(EveryLoss, refuses_settings_out_of_range) {
  const auto message = [](const char* text) { return message_of([&] { Loss::parse(text); }); };
  EXPECT_EQ(message("huber:delta=0"), "huber: delta must be above 0");
  EXPECT_EQ(message("quantile:tau=0"), "quantile: tau must be between 0 and 1");
  EXPECT_EQ(message("quantile:tau=1"), "quantile: tau must be between 0 and 1");
  EXPECT_EQ(message("binary_focal:gamma=-1"), "binary_focal: gamma must be 0 or above");
  EXPECT_EQ(message("categorical_focal:gamma=-1"), "categorical_focal: gamma must be 0 or above");
  EXPECT_EQ(message("hubert"), "unknown loss 'hubert': did you mean 'huber'?");
}

}  // namespace
}  // namespace neurone
