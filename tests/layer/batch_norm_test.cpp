#include "neurone/layer/batch_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tests/support/one_layer.h"

namespace neurone {
namespace {

// Columns (1, 2, 6) and (10, 10, 40): means 3 and 20, variances 14/3 and 200, unbiased 7 and 300.
Matrix<double> three_rows() {
  Matrix<double> X(3, 2);
  std::ranges::copy(std::vector{1.0, 10.0, 2.0, 10.0, 6.0, 40.0}, X.elements().begin());
  return X;
}

OneLayer<double> normalised(const layers::BatchNorm& spec, bool training) {
  return {spec, three_rows(), {.training = training}};
}

void expect_elements(std::span<const double> found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(near(found[i], expected[i], 1e-14)) << "at " << i;
}

TEST(BatchNorm, in_training_gives_every_column_the_mean_zero_and_the_variance_one) {
  OneLayer<double> one = normalised({.epsilon = 1e-12}, true);
  one.forward();
  const double a = std::sqrt(14.0 / 3), b = std::sqrt(200.0);
  const std::vector<double> expected{-2 / a, -10 / b, -1 / a, -10 / b, 3 / a, 20 / b};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(one.Z.elements()[i], expected[i], 1e-12);
}

TEST(BatchNorm, has_a_gain_and_a_shift_for_each_column) {
  OneLayer<double> one = normalised({.epsilon = 1e-12}, true);
  std::ranges::copy(std::vector{2.0, 3.0, 10.0, 20.0}, one.parameters.begin());
  one.forward();
  EXPECT_NEAR(one.Z(2, 0), 2 * 3 / std::sqrt(14.0 / 3) + 10, 1e-11);
  EXPECT_NEAR(one.Z(2, 1), 3 * 20 / std::sqrt(200.0) + 20, 1e-11);
}

TEST(BatchNorm, adds_epsilon_to_the_variance) {
  OneLayer<double> one = normalised({.epsilon = 25}, true);
  one.forward();
  EXPECT_NEAR(one.Z(2, 1), 20 / std::sqrt(225.0), 1e-14);
}

TEST(BatchNorm, of_a_constant_column_is_the_shift) {
  OneLayer<double> one({layers::BatchNorm{}}, Matrix<double>(4, 2), {.training = true});
  one.parameters[2] = 5;
  one.forward();
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(one.Z(i, 0), 5);
    EXPECT_EQ(one.Z(i, 1), 0);
  }
}

TEST(BatchNorm, starts_as_the_identity_in_prediction) {
  OneLayer<double> one = normalised({.epsilon = 1e-14}, false);
  expect_elements(one.parameters, {1, 1, 0, 0});
  expect_elements(one.statistics, {0, 0, 1, 1});
  one.forward();
  expect_elements(one.Z.elements(), {1, 10, 2, 10, 6, 40});
}

TEST(BatchNorm, moves_its_running_statistics_by_the_momentum_towards_the_batch) {
  OneLayer<double> one = normalised({.momentum = 0.25}, true);
  one.forward();
  one.layer->update_statistics(3, one.scratch, one.statistics);
  // ¾ of the old and ¼ of the new; the variance is the unbiased one
  expect_elements(one.statistics, {0.25 * 3, 0.25 * 20, 0.75 + 0.25 * 7, 0.75 + 0.25 * 300});
  one.layer->update_statistics(3, one.scratch, one.statistics);
  expect_elements(one.statistics, {0.4375 * 3, 0.4375 * 20, 0.5625 + 0.4375 * 7, 0.5625 + 0.4375 * 300});
}

TEST(BatchNorm, with_the_momentum_one_keeps_the_last_batch_alone) {
  OneLayer<double> one = normalised({.momentum = 1}, true);
  one.forward();
  one.layer->update_statistics(3, one.scratch, one.statistics);
  expect_elements(one.statistics, {3, 20, 7, 300});
}

TEST(BatchNorm, of_a_batch_of_one_sample_stays_finite_and_out_of_the_running_statistics) {
  OneLayer<double> one({layers::BatchNorm{.momentum = 1}}, Matrix<double>(1, 2), {.training = true});
  one.X(0, 0) = 9;
  one.forward();
  std::ranges::copy(std::vector{3.0, 4.0, 5.0, 6.0}, one.statistics.begin());
  one.layer->update_statistics(1, one.scratch, one.statistics);
  expect_elements(one.Z.elements(), {0, 0});
  expect_elements(one.statistics, {3, 4, 5, 6});
}

TEST(BatchNorm, in_training_does_not_move_anything_by_itself) {
  OneLayer<double> one = normalised({}, true);
  one.forward();
  one.backward(one.Z);
  expect_elements(one.statistics, {0, 0, 1, 1});
}

TEST(BatchNorm, in_prediction_uses_its_running_statistics_and_no_other_sample) {
  OneLayer<double> one = normalised({.epsilon = 1e-14}, false);
  std::ranges::copy(std::vector{1.0, 20.0, 4.0, 100.0}, one.statistics.begin());  // means, then variances
  one.forward();
  expect_elements(one.Z.elements(), {0, -1, 0.5, -1, 2.5, 2});
}

}  // namespace
}  // namespace neurone
