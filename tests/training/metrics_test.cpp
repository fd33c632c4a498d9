// Accuracy and root mean squared error, by hand.
#include "neurone/training/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace neurone {
namespace {

constexpr Metric accuracy{.task = Task::classification};
constexpr Metric rmse{.task = Task::regression};

// One batch: outputs and targets, row after row.
struct Batch {
  std::size_t columns;
  std::vector<double> outputs, targets, weights;
  std::size_t target_columns;

  Batch(std::size_t width, std::vector<double> A, std::vector<double> T, std::vector<double> w = {})
      : columns(width),
        outputs(std::move(A)),
        targets(std::move(T)),
        weights(std::move(w)),
        target_columns(targets.size() * columns / outputs.size()) {}
};

Tally tallied(const Metric& metric, const std::vector<Batch>& batches, double loss = 0) {
  Tally tally(metric);
  for (const Batch& each : batches) {
    const std::size_t rows = each.outputs.size() / each.columns;
    tally.add<double>({each.outputs.data(), rows, each.columns},
                      {.values = {each.targets.data(), rows, each.target_columns}, .weights = each.weights}, loss++);
  }
  return tally;
}

TEST(Metrics, the_predicted_class_is_the_largest_output) {
  EXPECT_EQ(predicted_class<double>(std::vector{0.2, 0.5, 0.3}, 0.5), 1U);
  EXPECT_EQ(predicted_class<float>(std::vector{-3.0F, -2.0F}, 0.5), 1U);
}

TEST(Metrics, of_equal_outputs_the_first_is_predicted) {
  EXPECT_EQ(predicted_class<double>(std::vector{0.1, 0.3, 0.3}, 0.5), 1U);
}

TEST(Metrics, one_output_is_class_1_above_the_threshold) {
  EXPECT_EQ(predicted_class<double>(std::vector{0.51}, 0.5), 1U);
  EXPECT_EQ(predicted_class<double>(std::vector{0.5}, 0.5), 0U);
  EXPECT_EQ(predicted_class<double>(std::vector{0.1}, 0), 1U);
  EXPECT_EQ(predicted_class<double>(std::vector{-0.1}, 0), 0U);
}

TEST(Metrics, accuracy_is_the_share_of_right_classes) {
  const Batch batch(3, {.7, .2, .1, .3, .3, .4, 0, 1, 0, .5, .2, .3}, {1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0});
  EXPECT_DOUBLE_EQ(tallied(accuracy, {batch}).metric(), 0.75);
}

TEST(Metrics, accuracy_of_one_output_compares_with_the_threshold) {
  const Batch batch(1, {-0.2, 0.2, 0.7, -1}, {0, 1, 1, 1});
  EXPECT_DOUBLE_EQ(tallied({.task = Task::classification, .threshold = 0}, {batch}).metric(), 0.75);
  EXPECT_DOUBLE_EQ(tallied(accuracy, {batch}).metric(), 0.5);
}

TEST(Metrics, rmse_is_in_the_unit_of_the_target) {
  const Batch batch(1, {1, 2, 3, 4}, {1, 4, 3, 0});  // errors 0, −2, 0, 4
  EXPECT_DOUBLE_EQ(tallied(rmse, {batch}).metric(), std::sqrt(20.0 / 4));
  EXPECT_DOUBLE_EQ(tallied({.task = Task::regression, .unit = 10}, {batch}).metric(), 10 * std::sqrt(20.0 / 4));
}

TEST(Metrics, rmse_looks_at_the_mean_and_not_at_the_log_variance) {
  const Batch batch(2, {1, 50, 2, -50}, {4, 2});  // the outputs of a sample are mean and log variance
  EXPECT_DOUBLE_EQ(tallied(rmse, {batch}).metric(), std::sqrt(9.0 / 2));
}

TEST(Metrics, weights_count_a_row_as_often_as_they_say) {
  const Batch classes(1, {0.9, 0.9, 0.1}, {1, 0, 1}, {3, 2, 1});
  EXPECT_DOUBLE_EQ(tallied(accuracy, {classes}).metric(), 0.5);
  const Batch numbers(1, {1, 1}, {3, 1}, {1, 3});
  EXPECT_DOUBLE_EQ(tallied(rmse, {numbers}).metric(), 1);
}

TEST(Metrics, batches_count_by_their_weight) {
  const Batch four(1, {1, 1, 1, 1}, {1, 1, 1, 1}), one(1, {0}, {5});
  const Tally tally = tallied(rmse, {four, one}, 10);  // mean losses 10 and 11
  EXPECT_DOUBLE_EQ(tally.loss(), (4 * 10 + 1 * 11) / 5.0);
  EXPECT_DOUBLE_EQ(tally.metric(), std::sqrt(25.0 / 5));
}

TEST(Metrics, nothing_gathered_is_zero) {
  EXPECT_EQ(tallied(rmse, {}).loss(), 0);
  EXPECT_EQ(tallied(rmse, {}).metric(), 0);
  EXPECT_EQ(tallied(accuracy, {}).metric(), 0);
}

TEST(Metrics, accuracy_is_better_higher_and_rmse_lower) {
  EXPECT_EQ(accuracy.name(), "accuracy");
  EXPECT_TRUE(accuracy.better(0.9, 0.8));
  EXPECT_FALSE(accuracy.better(0.8, 0.8));
  EXPECT_EQ(rmse.name(), "rmse");
  EXPECT_TRUE(rmse.better(0.8, 0.9));
  EXPECT_FALSE(rmse.better(0.8, 0.8));
}

}  // namespace
}  // namespace neurone
