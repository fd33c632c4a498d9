// What of a plan is refused before any training, and targets that a loss cannot have.
#include "neurone/model/plan_checks.h"

#include <gtest/gtest.h>

#include <functional>

#include "neurone/core/error.h"
#include "tests/model/plans.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

std::string refused_roles(const std::function<void(Plan&)>& change) {
  Plan plan = plan_for_y();
  change(plan);
  return message_of<UsageError>([&] { prepare(table_of({"a", "b"}), plan); });
}

TEST(PlanChecks, a_column_has_one_role) {
  const std::string is = "column 'x' cannot be ", end = ": say one of them";
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.weight = "y"; }),
            "column 'y' cannot be the target and the weight of rows" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.time = "y"; }),
            "column 'y' cannot be the target and the time of rows" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.group = "y"; }),
            "column 'y' cannot be the target and the group of rows" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.columns.ignore = {"y"}; }),
            "column 'y' cannot be the target and left out (--ignore)" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.columns.category = {"y"}; }),
            "column 'y' cannot be the target and an input of categories (--category)" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.columns.category = plan.columns.numeric = {"x"}; }),
            is + "an input of categories (--category) and an input of numbers (--numeric)" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.columns.numeric = plan.columns.ignore = {"x"}; }),
            is + "an input of numbers (--numeric) and left out (--ignore)" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) {
              plan.weight = "x";
              plan.columns.ignore = {"x"};
            }),
            is + "the weight of rows and left out (--ignore)" + end);
  EXPECT_EQ(refused_roles([](Plan& plan) { plan.weight = plan.group = "x"; }),
            is + "the weight of rows and the group of rows" + end);
}

std::string refused_loss(const Texts& values, const std::string& loss) {
  Plan plan = plan_for_y();
  plan.task = Task::regression;
  plan.loss = loss;
  const Table table = table_of(values);
  return message_of<Error>([&] { encode_dataset<float>(prepare(table, plan), table); });
}

TEST(PlanChecks, targets_that_a_loss_cannot_have_are_named) {
  EXPECT_EQ(
      refused_loss({"0.5", "1", "11"}, "binary_cross_entropy"),
      "target column 'y' has values outside 0 to 1 (found 11 at people.csv:3), and loss binary_cross_entropy is for "
      "shares");
  EXPECT_EQ(refused_loss({"0.5", "-1", "11"}, "poisson"),
            "target column 'y' has values below 0 (found -1 at people.csv:2), and loss poisson is for counts");
}

TEST(PlanChecks, the_targets_of_test_rows_are_looked_at_as_well) {
  Plan plan = plan_for_y();
  plan.task = Task::regression;
  plan.loss = "binary_cross_entropy";
  const Preparations ready = prepare(table_of({"0.5", "1", "0"}), plan);
  EXPECT_EQ(
      message_of<Error>([&] { encode_dataset<float>(ready, table_of({"0.5", "2"}), RowsFor::testing); }),
      "target column 'y' has values outside 0 to 1 (found 2 at people.csv:2), and loss binary_cross_entropy is for "
      "shares");
}

// A loss whose value falls below 0 where it says it cannot, or is no number, has targets that it does not name.
TEST(PlanChecks, losses_that_take_all_numbers_are_best_where_output_and_target_agree) {
  for (const char* const name : {"squared_error", "absolute_error", "huber", "log_cosh", "quantile"}) {
    EXPECT_FALSE(Loss::parse(name).targets()) << name;
    Matrix<double> y(1, 1), t(1, 1), dy(1, 1);
    for (const double value : {-1e3, -0.5, 0.0, 0.5, 11.0}) {
      y(0, 0) = t(0, 0) = value;
      EXPECT_EQ(Loss::parse(name)(ConstMatrixView<double>(y), Targets<double>{.values = t}, MatrixView<double>(dy)),
                0)
          << name;
    }
  }
}

TEST(PlanChecks, an_activation_that_does_not_reach_the_target_is_said) {
  Plan plan = plan_for_y();
  plan.task = Task::regression;
  plan.output_activation = "tanh";
  EXPECT_EQ(
      prepare(table_of({"0.5", "-0.5", "2"}), plan).notices,
      Texts{"output activation tanh gives numbers in (-1, 1), and target column 'y' has -0.5 to 2: those outside "
            "are never predicted"});
  EXPECT_EQ(prepare(table_of({"0.5", "-0.5", "0.1"}), plan).notices, Texts{});
}

TEST(PlanChecks, weights_are_read_in_the_form_of_their_column) {
  std::vector<Texts> rows;
  for (int i = 0; i < 12; ++i)
    rows.push_back({std::to_string(i * i % 7), i % 2 == 0 ? "0,5" : "2", i % 3 == 0 ? "a" : "b"});
  Plan plan = plan_for_y();
  plan.weight = "w";
  const Table table({"x", "w", "y"}, rows, "people.csv");
  const Dataset<float> data = encode_dataset<float>(prepare(table, plan), table);
  EXPECT_EQ(data.weights[0], 0.5F);
  EXPECT_EQ(data.weights[1], 2.0F);
}

}  // namespace
}  // namespace neurone
