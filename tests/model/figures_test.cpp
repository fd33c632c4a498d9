// Figures by hand where no library has them, and the intervals of the bootstrap. Those that scikit-learn has are in
// tests/parity/figures_test.cpp.
#include "neurone/model/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/core/random.h"

namespace neurone {
namespace {

using Classes = std::vector<std::uint32_t>;

const Figure& figure(const Figures& figures, const std::string& name) {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  if (found == figures.end()) throw std::out_of_range("no figure " + name);
  return *found;
}

Matrix<double> probabilities_of_second(const std::vector<double>& p) {
  Matrix<double> values(p.size(), 2);
  for (std::size_t i = 0; i < p.size(); ++i) {
    values(i, 0) = 1 - p[i];
    values(i, 1) = p[i];
  }
  return values;
}

TEST(Figures, calibration_error_is_the_gap_between_how_sure_and_how_often_right) {
  // bins of 1/15: 0.7 and 0.72 share one, 0.9 and 1 have their own
  const Classes truth{1, 0, 1, 1}, predicted{1, 1, 1, 1};
  const Matrix<double> values = probabilities_of_second({0.7, 0.72, 0.9, 1});
  const Figures figures = figures_of(ClassFigures(truth, predicted, values, true));
  EXPECT_DOUBLE_EQ(figure(figures, "calibration_error").value, (std::abs(0.7 + 0.72 - 1) + 0.1 + 0) / 4);
}

TEST(Figures, a_probability_of_zero_for_the_truth_is_a_large_loss_not_an_infinite_one) {
  const Classes truth{1, 0}, predicted{0, 0};
  const Matrix<double> values = probabilities_of_second({0, 0});
  EXPECT_DOUBLE_EQ(figure(figures_of(ClassFigures(truth, predicted, values, true)), "log_loss").value,
                   -std::log(std::numeric_limits<double>::epsilon()) / 2);
}

TEST(Figures, outputs_that_are_no_numbers_end_in_no_number) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Classes truth{1, 0, 1}, predicted{0, 0, 1};
  const Matrix<double> values = probabilities_of_second({nan, 0.2, 0.8});
  EXPECT_TRUE(std::isnan(figure(figures_of(ClassFigures(truth, predicted, values, true)), "brier").value));
  const std::vector<double> numbers{1, 2, 3};
  EXPECT_TRUE(std::isnan(figure(figures_of(NumberFigures(numbers, {1, nan, 3})), "rmse").value));
}

TEST(Figures, draws_of_which_some_are_no_numbers_give_no_interval) {
  std::vector<double> truth(30), predicted(30);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<double>(i % 7);
    predicted[i] = static_cast<double>(i % 5);
  }
  EXPECT_TRUE(figure(with_intervals(NumberFigures(truth, predicted)), "mae").interval);
  predicted[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(figure(with_intervals(NumberFigures(truth, predicted)), "mae").interval);
}

TEST(Figures, a_median_that_falls_between_two_errors_is_midway) {
  const std::vector<double> zeros(4);
  const NumberFigures errors(zeros, {4, -1, 8, 2});
  EXPECT_EQ(figure(figures_of(errors), "median_error").value, 3);
  EXPECT_EQ(figure(errors(std::vector<double>{1, 1, 3, 1}), "median_error").value, 6);  // 1 2 4 | 8 8 8
  EXPECT_EQ(figure(errors(std::vector<double>{2, 1, 1, 1}), "median_error").value, 4);  // 1 2 4 4 8
}

TEST(Figures, many_classes_are_not_ranked) {
  const Classes truth{0, 1, 2};
  for (const std::size_t classes : {ClassFigures::most_ranked_classes, ClassFigures::most_ranked_classes + 1}) {
    const Matrix<double> values(3, classes);
    const Figures figures = figures_of(ClassFigures(truth, truth, values, false));
    EXPECT_EQ(std::ranges::count(figures, "roc_auc", &Figure::name), classes <= ClassFigures::most_ranked_classes)
        << classes;
    EXPECT_EQ(figure(figures, "accuracy").value, 1);
  }
}

TEST(Figures, a_weight_of_two_is_the_row_twice) {
  const Classes truth{0, 1, 2, 2, 1}, predicted{0, 2, 2, 1, 1};
  Matrix<double> values(5, 3);
  const Random::Place place{.purpose = Purpose::split};
  Random random(3, place);
  for (double& value : values.elements()) value = std::floor(4 * random.uniform());
  const std::vector<std::size_t> rows{0, 1, 1, 2, 3, 3, 3, 4};
  Classes truth_again, predicted_again;
  Matrix<double> values_again(rows.size(), 3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    truth_again.push_back(truth[rows[i]]);
    predicted_again.push_back(predicted[rows[i]]);
    std::ranges::copy(values[rows[i]], values_again[i].begin());
  }
  const Figures weighted = ClassFigures(truth, predicted, values, false)(std::vector<double>{1, 2, 1, 3, 1});
  const Figures repeated = figures_of(ClassFigures(truth_again, predicted_again, values_again, false));
  ASSERT_EQ(weighted.size(), repeated.size());
  for (std::size_t f = 0; f < weighted.size(); ++f) {
    EXPECT_EQ(weighted[f].name, repeated[f].name);
    EXPECT_NEAR(weighted[f].value, repeated[f].value, 1e-12) << weighted[f].name;
  }
}

// A share of 0.8 among n rows has the deviation √(0.8 · 0.2 / n), and nearly the normal distribution.
TEST(Figures, the_interval_of_a_share_is_that_of_a_binomial_distribution) {
  constexpr std::size_t n = 2000;
  const Classes truth(n, 1);
  Classes predicted(n, 1);
  std::fill_n(predicted.begin(), n / 5, 0);
  const Matrix<double> values = probabilities_of_second(std::vector<double>(n, 0.5));
  const Figures figures = with_intervals(ClassFigures(truth, predicted, values, false));
  const double deviation = std::sqrt(0.8 * 0.2 / n);
  for (const char* name : {"accuracy", "balanced_accuracy"}) {  // by Wilson's formula, and by the bootstrap
    SCOPED_TRACE(name);
    const Figure& share = figure(figures, name);
    EXPECT_DOUBLE_EQ(share.value, 0.8);
    ASSERT_TRUE(share.interval);
    EXPECT_NEAR(share.interval->low, 0.8 - 1.96 * deviation, 0.15 * deviation);
    EXPECT_NEAR(share.interval->high, 0.8 + 1.96 * deviation, 0.15 * deviation);
  }
}

// Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion", have these ends as formula (4).
TEST(Figures, a_share_of_all_or_none_keeps_an_interval) {
  const double spread = 1.959963984540054 * 1.959963984540054 / 69;
  EXPECT_DOUBLE_EQ(share_interval(1, 69).low, 1 / (1 + spread));
  EXPECT_DOUBLE_EQ(share_interval(1, 69).high, 1);
  EXPECT_NEAR(share_interval(0, 69).low, 0, 1e-15);
  EXPECT_DOUBLE_EQ(share_interval(0, 69).high, spread / (1 + spread));
}

TEST(Figures, draws_that_are_all_equal_give_no_interval) {
  const Classes all_right(20, 1);
  const Matrix<double> values = probabilities_of_second(std::vector<double>(20, 0.75));
  const Figures figures = with_intervals(ClassFigures(all_right, all_right, values, false));
  EXPECT_TRUE(figure(figures, "accuracy").interval);
  EXPECT_EQ(figure(figures, "balanced_accuracy").value, 1);
  EXPECT_FALSE(figure(figures, "balanced_accuracy").interval);
}

// Of a hundred samples from one distribution about 95 have the true value inside.
TEST(Figures, intervals_hold_the_true_value_about_as_often_as_they_say) {
  constexpr std::size_t n = 200, samples = 100;
  std::size_t inside = 0;
  for (std::uint32_t sample = 0; sample < samples; ++sample) {
    Random random(7, {.purpose = Purpose::split, .row = sample});
    std::vector<double> truth(n), predicted(n);
    for (std::size_t i = 0; i < n; ++i) {
      truth[i] = random.normal();
      predicted[i] = truth[i] + random.normal();
    }
    const Figure rmse = figure(with_intervals(NumberFigures(truth, predicted)), "rmse");
    if (rmse.interval->low <= 1 && 1 <= rmse.interval->high) ++inside;
  }
  EXPECT_GE(inside, 88U);
  EXPECT_LE(inside, 99U);
}

TEST(Figures, intervals_are_the_same_every_time) {
  std::vector<double> truth(50), predicted(50);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<double>(i % 7);
    predicted[i] = static_cast<double>(i % 5);
  }
  EXPECT_EQ(with_intervals(NumberFigures(truth, predicted)), with_intervals(NumberFigures(truth, predicted)));
}

TEST(Gain, is_the_difference_of_mean_losses_or_of_their_roots) {
  const std::vector<double> one{0, 1, 0, 0}, other{1, 1, 0, 1};
  EXPECT_EQ(figures_of(GainFigures(one, other, GainFigures::Mean::plain)), (Figures{{"gain", 0.5}}));
  EXPECT_EQ(figures_of(GainFigures({1, 1, 1, 1}, {16, 0, 0, 0}, GainFigures::Mean::root)), (Figures{{"gain", 1}}));
  EXPECT_EQ(GainFigures(one, other, GainFigures::Mean::plain)(std::vector<double>{1, 1, 1, 3}),
            (Figures{{"gain", 4.0 / 6}}));
}

// Two models that are right on nearly the same rows: the interval of their difference is far shorter than those of
// each.
TEST(Gain, is_known_better_than_the_figures_it_comes_from) {
  std::vector<double> one(1000), other(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    one[i] = i % 3 == 0 ? 1 : 0;
    other[i] = i % 3 == 0 || i % 100 == 1 ? 1 : 0;
  }
  const Figure gain = with_intervals(GainFigures(one, other, GainFigures::Mean::plain)).front();
  ASSERT_TRUE(gain.interval);
  EXPECT_GT(gain.interval->low, 0);
  EXPECT_LT(gain.interval->high, 0.015);
}

}  // namespace
}  // namespace neurone
