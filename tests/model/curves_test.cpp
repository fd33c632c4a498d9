// Curves and the figures that they stand behind.
#include "neurone/model/curves.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "neurone/model/figures.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

using Point = RocCurve::Point;

struct Case {
  Matrix<double> values;
  std::vector<std::uint32_t> truth, predicted;
};

// Probabilities of three classes that say something of the truth; many are equal.
Case some_case(std::size_t rows) {
  Random random = numbers_of_test(9);
  Case made{.values = Matrix<double>(rows, 3), .truth = {}, .predicted = {}};
  for (std::size_t i = 0; i < rows; ++i) {
    made.truth.push_back(random.below(3));
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += made.values(i, c) = 1 + random.below(4) + (made.truth[i] == c ? 2 : 0);
    for (double& p : made.values[i]) p /= sum;
    const auto row = made.values[i];
    made.predicted.push_back(static_cast<std::uint32_t>(std::ranges::max_element(row) - row.begin()));
  }
  return made;
}

double figure(const Case& of, const std::string& name) {
  const Figures all = figures_of(ClassFigures(of.truth, of.predicted, of.values, true));
  return std::ranges::find(all, name, &Figure::name)->value;
}

TEST(RocCurve, of_rows_in_perfect_order_goes_by_the_corner) {
  Matrix<double> values(4, 2);
  for (std::size_t i = 0; i < 4; ++i) values(i, 1) = 0.2 * static_cast<double>(i);
  const RocCurve curve = roc_curve(values, std::vector<std::uint32_t>{0, 0, 1, 1}, 1);
  EXPECT_EQ(curve.points, (std::vector<Point>{{0, 0}, {0, 0.5}, {0, 1}, {0.5, 1}, {1, 1}}));
  EXPECT_EQ(curve.area, 1);
}

TEST(RocCurve, equal_values_are_one_step) {
  Matrix<double> values(4, 2);
  const RocCurve curve = roc_curve(values, std::vector<std::uint32_t>{0, 1, 0, 1}, 1);
  EXPECT_EQ(curve.points, (std::vector<Point>{{0, 0}, {1, 1}}));
  EXPECT_EQ(curve.area, 0.5);
}

TEST(RocCurve, area_is_the_figure_of_the_class) {
  const Case each = some_case(1000);
  double sum = 0;
  for (const std::uint32_t c : {0U, 1U, 2U}) sum += roc_curve(each.values, each.truth, c).area;
  EXPECT_NEAR(sum / 3, figure(each, "roc_auc"), 1e-12);
}

TEST(RocCurve, is_thinned_out_but_keeps_its_ends) {
  Random random = numbers_of_test(2);
  Matrix<double> values(20'000, 2);
  std::vector<std::uint32_t> truth;
  for (std::size_t i = 0; i < values.rows(); ++i) {
    truth.push_back(random.below(2));
    values(i, 1) = random.uniform() + truth.back();
  }
  const RocCurve curve = roc_curve(values, truth, 1);
  EXPECT_LE(curve.points.size(), 151U);
  EXPECT_EQ(curve.points.front(), (Point{0, 0}));
  EXPECT_EQ(curve.points.back(), (Point{1, 1}));
}

TEST(RocCurve, of_one_class_alone_is_none) {
  EXPECT_TRUE(roc_curve(Matrix<double>(3, 2), std::vector<std::uint32_t>{1, 1, 1}, 1).points.empty());
  EXPECT_TRUE(roc_curve(Matrix<double>(3, 2), std::vector<std::uint32_t>{1, 1, 1}, 0).points.empty());
}

TEST(Reliability, bins_give_the_calibration_error) {
  const Case each = some_case(500);
  const std::vector<ReliabilityBin> bins = reliability(each.values, each.truth);
  std::size_t rows = 0;
  double gap = 0;
  for (const auto& [count, sure, right] : bins) {
    EXPECT_GT(count, 0U);
    rows += count;
    gap += static_cast<double>(count) / 500 * std::abs(sure - right);
  }
  EXPECT_EQ(rows, 500U);
  EXPECT_TRUE(std::ranges::is_sorted(bins, {}, &ReliabilityBin::sure));
  EXPECT_NEAR(gap, figure(each, "calibration_error"), 1e-12);
}

}  // namespace
}  // namespace neurone
