#include "neurone/layer/dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "tests/support/one_layer.h"

namespace neurone {
namespace {

constexpr std::size_t columns = 40;

Matrix<double> ones(std::size_t rows) {
  Matrix<double> X(rows, columns);
  std::ranges::fill(X.elements(), 1.0);
  return X;
}

struct Where {
  std::uint64_t seed = 1;
  std::uint32_t layer = 0, epoch = 0;
};

// What becomes of ones in the batch of these samples: the mask.
Matrix<double> mask(const std::vector<std::uint32_t>& rows, const Where& where = {}, double rate = 0.5) {
  OneLayer<double> one(layers::Dropout{.rate = rate}, ones(rows.size()),
                       {.training = true, .seed = where.seed, .epoch = where.epoch, .rows = rows}, where.layer);
  one.forward();
  return one.Z;
}

std::vector<double> row_of(const Matrix<double>& matrix, std::size_t i) {
  return {matrix[i].begin(), matrix[i].end()};
}

TEST(Dropout, mask_of_a_sample_does_not_depend_on_its_batch) {
  const Matrix<double> together = mask({5, 6, 7, 8}), reversed = mask({8, 7, 6, 5}), alone = mask({7});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(row_of(together, i), row_of(reversed, 3 - i));
  EXPECT_EQ(row_of(together, 2), row_of(alone, 0));
}

TEST(Dropout, takes_a_batch_without_row_numbers_as_the_first_samples) {
  OneLayer<double> one(layers::Dropout{}, ones(3), {.training = true, .seed = 1});
  one.forward();
  EXPECT_EQ(one.Z, mask({0, 1, 2}));
}

TEST(Dropout, drops_where_the_numbers_of_its_stream_lie_below_the_rate) {
  for (const std::size_t width : {1U, 3U, 63U, 64U, 65U, 200U}) {
    const std::vector<std::uint32_t> rows{7};
    Matrix<double> X(1, width);
    std::ranges::fill(X.elements(), 1.0);
    OneLayer<double> one(layers::Dropout{.rate = 0.25}, X, {.training = true, .seed = 5, .epoch = 2, .rows = rows},
                         3);
    one.forward();
    Random random(5, {.purpose = Purpose::dropout, .part = 3, .epoch = 2, .row = 7});
    for (std::size_t j = 0; j < width; ++j)
      EXPECT_EQ(one.Z(0, j), random.bits() < (1U << 30) ? 0 : 1 / 0.75) << width << " " << j;
  }
}

TEST(Dropout, mask_changes_with_seed_layer_epoch_and_sample) {
  std::set<std::vector<double>> masks;
  for (const Where& where : {Where{}, Where{.seed = 2}, Where{.layer = 1}, Where{.epoch = 1}})
    for (std::size_t i = 0; i < 2; ++i) masks.insert(row_of(mask({0, 1}, where), i));
  EXPECT_EQ(masks.size(), 8U) << "two masks of 40 fair coins are alike";
  EXPECT_EQ(mask({0, 1}), mask({0, 1}));
}

TEST(Dropout, is_the_same_in_float) {
  const std::vector<std::uint32_t> rows{3, 4};
  OneLayer<float> one(layers::Dropout{}, Matrix<float>(2, columns), {.training = true, .seed = 1, .rows = rows});
  std::ranges::fill(one.X.elements(), 1.0F);
  one.forward();
  const Matrix<double> expected = mask(rows);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(static_cast<double>(one.Z.elements()[i]), expected.elements()[i]);
}

TEST(Dropout, drops_at_its_rate_and_keeps_the_expectation) {
  std::vector<std::uint32_t> rows(1000);
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  for (const double rate : {0.1, 0.5, 0.9}) {
    const Matrix<double> found = mask(rows, {}, rate);
    double dropped = 0, mean = 0;
    const auto count = static_cast<double>(found.size());
    for (const double m : found.elements()) {
      EXPECT_TRUE(m == 0 || m == 1 / (1 - rate)) << m;
      dropped += m == 0;
      mean += m / count;
    }
    EXPECT_NEAR(dropped / count, rate, 4 * std::sqrt(rate * (1 - rate) / count));
    EXPECT_NEAR(mean, 1, 4 * std::sqrt(rate / (1 - rate) / count));
  }
}

TEST(Dropout, scales_what_it_keeps_and_lets_its_gradient_through_the_same_mask) {
  Random random = numbers_of_test(1);
  const std::vector<std::uint32_t> rows{3, 4};
  const Matrix<double> X = random_matrix<double>(2, columns, random), dZ = random_matrix<double>(2, columns, random);
  OneLayer<double> one(layers::Dropout{}, X, {.training = true, .seed = 1, .rows = rows});
  one.forward();
  one.backward(dZ);
  const Matrix<double> m = mask(rows);
  for (std::size_t i = 0; i < m.size(); ++i) {
    EXPECT_EQ(one.Z.elements()[i], X.elements()[i] * m.elements()[i]);
    EXPECT_EQ(one.dX.elements()[i], dZ.elements()[i] * m.elements()[i]);
  }
}

TEST(Dropout, in_prediction_is_the_identity_both_ways) {
  Random random = numbers_of_test(2);
  const Matrix<double> X = random_matrix<double>(3, columns, random), dZ = random_matrix<double>(3, columns, random);
  OneLayer<double> one(layers::Dropout{.rate = 0.9}, X, {});
  one.forward();
  one.backward(dZ);
  EXPECT_EQ(one.Z, X);
  EXPECT_EQ(one.dX, dZ);
}

TEST(Dropout, at_the_rate_zero_is_the_identity) {
  EXPECT_EQ(mask({1, 2, 3}, {}, 0), ones(3));
}

}  // namespace
}  // namespace neurone
