// What a model looks at, and how its predictions change: on models whose parameters are known.
#include <gtest/gtest.h>

#include <cmath>

#include "neurone/model/dependence.h"
#include "neurone/model/importance.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// y = 3 a − b; c is not looked at. Columns are taken as they are, kind by category places.
Model linear_model() {
  Network<double> network({.inputs = 5, .layers = {layers::Dense{.units = 1, .activation = "identity"}}});
  const std::vector<double> parameters{10, 40, 3, -1, 0, 0};  // of kind = x, kind = y, a, b, c; and the bias
  std::ranges::copy(parameters, network.parameters().begin());
  return {.preparation = TablePreparation{.columns = {CategoryColumn{.name = "kind", .values = {"x", "y"}},
                                                      NumericColumn{.name = "a"}, NumericColumn{.name = "b"},
                                                      NumericColumn{.name = "c"}}},
          .target = NumberTarget{.name = "t"},
          .loss = Loss::parse("squared_error"),
          .networks = Networks<double>{std::move(network)},
          .record = {}};
}

Table known_table(std::size_t rows) {
  Random random = numbers_of_test(5);
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < rows; ++i) {
    const double a = random.normal(), b = random.normal(), c = random.normal();
    const bool y = i % 4 == 0;
    cells.push_back({std::to_string(c), std::to_string(b), y ? "y" : "x", std::to_string(a),
                     std::to_string(3 * a - b + (y ? 40 : 10))});
  }
  return Table({"c", "b", "kind", "a", "t"}, cells);
}

TEST(Importance, is_the_rise_of_the_error_when_a_column_is_shuffled) {
  const Importances all = permutation_importance(linear_model(), known_table(1500), 1);
  EXPECT_EQ(all.figure, "rmse");
  EXPECT_EQ(all.rows, 1500U);
  EXPECT_NEAR(all.loss, 0, 1e-4);
  ASSERT_EQ(all.columns.size(), 4U);
  // a value and an independent one of the same kind differ by √2 deviations
  EXPECT_EQ(all.columns[0].column, "kind");
  EXPECT_NEAR(all.columns[0].rise, 30 * std::sqrt(2 * 0.25 * 0.75), 1);
  EXPECT_EQ(all.columns[1].column, "a");
  EXPECT_NEAR(all.columns[1].rise, 3 * std::sqrt(2), 0.3);
  EXPECT_EQ(all.columns[2].column, "b");
  EXPECT_NEAR(all.columns[2].rise, std::sqrt(2), 0.1);
  EXPECT_EQ(all.columns[3].column, "c");
  EXPECT_EQ(all.columns[3].rise, 0);
  for (const Importance& each : all.columns) {
    EXPECT_LE(each.lowest, each.rise);
    EXPECT_LE(each.rise, each.highest);
  }
}

TEST(Importance, of_probabilities_is_in_log_loss_and_of_scores_in_wrong_rows) {
  const Table table({"x", "y"}, {{"-2", "n"}, {"-1", "n"}, {"1", "p"}, {"2", "p"}});
  for (const auto& [activation, loss, figure, expected] :
       {std::tuple("sigmoid", "binary_cross_entropy", "log_loss",
                   (std::log1p(std::exp(-4)) + std::log1p(std::exp(-2))) / 2),
        std::tuple("identity", "hinge", "wrong", 0.0)}) {
    Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = activation}}});
    network.parameters()[0] = 2;
    const Model model{.preparation = TablePreparation{.columns = {NumericColumn{.name = "x"}}},
                      .target = ClassTarget{.name = "y", .classes = {"n", "p"}},
                      .loss = Loss::parse(loss),
                      .networks = Networks<double>{std::move(network)},
                      .record = {}};
    const Importances all = permutation_importance(model, table, 1);
    EXPECT_EQ(all.figure, figure);
    EXPECT_NEAR(all.loss, expected, 1e-12);
    EXPECT_GT(all.columns.front().highest, 0);
  }
}

TEST(Importance, is_the_same_again) {
  const Importances first = permutation_importance(linear_model(), known_table(200), 1);
  const Importances again = permutation_importance(linear_model(), known_table(200), 2);
  for (std::size_t k = 0; k < first.columns.size(); ++k) EXPECT_EQ(first.columns[k].rise, again.columns[k].rise);
}

TEST(Dependence, on_a_number_follows_the_model) {
  const Dependence found = partial_dependence(linear_model(), known_table(1000), "a", 1);
  EXPECT_TRUE(found.in_order);
  ASSERT_EQ(found.cells.size(), 20U);
  for (std::size_t k = 1; k < found.cells.size(); ++k) {
    EXPECT_GT(found.positions[k], found.positions[k - 1]);
    EXPECT_EQ(std::stod(found.cells[k]), found.positions[k]);
    EXPECT_NEAR(found.mean(k, 0) - found.mean(0, 0), 3 * (found.positions[k] - found.positions[0]), 1e-9);
    EXPECT_LT(found.low(k, 0), found.mean(k, 0));
    EXPECT_GT(found.high(k, 0), found.mean(k, 0));
  }
  EXPECT_LT(found.positions.front(), -1.7);  // from the second to the 98th hundredth
  EXPECT_GT(found.positions.front(), -2.4);
}

TEST(Dependence, on_a_category_has_the_commonest_first) {
  const Dependence found = partial_dependence(linear_model(), known_table(400), "kind", 1);
  EXPECT_FALSE(found.in_order);
  EXPECT_EQ(found.cells, (std::vector<std::string>{"x", "y"}));
  EXPECT_NEAR(found.mean(1, 0) - found.mean(0, 0), 30, 1e-9);
  EXPECT_EQ(found.rows, 300U);
}

TEST(Dependence, on_a_column_without_values_is_empty) {
  const Table table({"a", "b", "c", "kind", "t"}, {{"", "1", "2", "x", "3"}, {"NA", "1", "2", "x", "4"}});
  EXPECT_TRUE(partial_dependence(linear_model(), table, "a", 1).cells.empty());
}

TEST(Dependence, on_an_unknown_column_says_which_there_are) {
  EXPECT_EQ(message_of<UsageError>([] { partial_dependence(linear_model(), known_table(20), "kinds", 1); }),
            "unknown column 'kinds': did you mean 'kind'?");
}

}  // namespace
}  // namespace neurone
