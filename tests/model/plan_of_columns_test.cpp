// What becomes of the columns of a table: bins, embeddings, inputs that are none.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/model/plans.h"

namespace neurone {
namespace {

// A table with a number, a category of 9 values, one of 8 and one of 12.
Table table_of_categories(std::size_t rows) {
  std::vector<Texts> cells;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto value = [&](std::size_t values) { return "v" + std::to_string(i % values); };
    cells.push_back({value(9), std::to_string(i * i % 7), value(8), value(12), value(2)});
  }
  return Table({"nine", "x", "eight", "twelve", "y"}, cells, "categories.csv");
}

TEST(PlanOfColumns, categories_of_many_values_are_embedded_unless_the_table_is_small) {
  Plan plan = plan_for_y();
  plan.bins = 0;
  plan.hidden = std::vector<std::size_t>{5};
  plan.dropout = 0;
  const std::string rest = "scale:rate=6, 5 selu, 1 sigmoid | binary_cross_entropy";
  EXPECT_EQ(decided(table_of_categories(2000), plan), "embedding:blocks=1-9;19-30,dimension=8, " + rest);
  EXPECT_EQ(decided(table_of_categories(1999), plan), rest);
  EXPECT_EQ(decided(table_of({"a", "b"}, 2000), plan), rest);  // no category
  plan.bins = 16;
  EXPECT_TRUE(decided(table_of_categories(2000), plan).starts_with("embedding:blocks=1-9;")) << "columns move on";
  EXPECT_EQ(decided(table_of_categories(2000), plan).find("19-30"), std::string::npos);
}

TEST(PlanOfColumns, embeddings_stand_in_front_of_members_and_not_in_a_network_without_hidden_layers) {
  Plan plan = plan_for_y();
  plan.best = true;
  EXPECT_NE(decided(table_of_categories(2000), plan).find(",dimension=8, scale:rate=6, members:count=32, "),
            std::string::npos);
  plan.best = false;
  plan.hidden = std::vector<std::size_t>{};
  EXPECT_TRUE(decided(table_of_categories(2000), plan).starts_with("scale:rate=6, 1 sigmoid"));
  plan.hidden = {};
  plan.layers = {layers::Dense{.units = 6, .activation = "silu"}};
  EXPECT_TRUE(decided(table_of_categories(2000), plan).starts_with("6 silu, 1 sigmoid"));
}

// Nine in ten rows are 0, and the others say all: quantiles would put them into a bin or two.
TEST(PlanOfColumns, classes_cut_numbers_where_they_change_and_numbers_at_quantiles) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 4000; ++i) {
    const int x = i % 10 == 0 ? i : 0;
    rows.push_back({std::to_string(x), x > 1500 && x < 2500 ? "a" : "b", std::to_string(0.5 * i)});
  }
  const Table table({"x", "y", "t"}, rows);
  const auto knots_for = [&](const std::string& target, const std::string& other) {
    Plan plan;
    plan.target = target;
    plan.columns.ignore = {other};
    const Preparations ready = prepare(table, plan);
    return std::get<NumericColumn>(std::get<TablePreparation>(ready.preparation).columns.front()).knots;
  };
  const auto has = [](const std::vector<double>& knots, double knot) {
    return std::ranges::find(knots, knot) != knots.end();
  };
  const std::vector<double> by_classes = knots_for("y", "t"), by_quantiles = knots_for("t", "y");
  EXPECT_TRUE(has(by_classes, 1505) && has(by_classes, 2495));
  EXPECT_LE(by_quantiles.size(), 4U);
  EXPECT_FALSE(has(by_quantiles, 1505) || has(by_quantiles, 2495));
}

TEST(PlanOfColumns, numbers_have_bins_unless_there_are_many_of_them) {
  const auto bins_of = [](std::size_t columns, std::optional<std::size_t> wish) {
    std::vector<std::string> names{"y"};
    std::vector<std::vector<std::string>> rows(60);
    for (std::size_t j = 0; j < columns; ++j) names.push_back("x" + std::to_string(j));
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j <= columns; ++j) rows[i].push_back(std::to_string((17 * i + 5 * j) % 61) + ".5");
    Plan plan = plan_for_y();
    plan.bins = wish;
    const Preparations ready = prepare(Table(names, rows), plan);
    return std::get<NumericColumn>(std::get<TablePreparation>(ready.preparation).columns.back()).bins();
  };
  EXPECT_EQ(bins_of(32, {}), 16U);
  EXPECT_EQ(bins_of(33, {}), 0U);
  EXPECT_EQ(bins_of(33, 4), 4U);
}

TEST(PlanOfColumns, rows_are_encoded_by_what_was_learnt_from_others) {
  const Table train({"x", "y"}, {{"1", "a"}, {"3", "b"}, {"1", "b"}, {"3", "a"}}, "train.csv");
  const Table validation({"x", "y"}, {{"9", "b"}}, "validation.csv");
  Plan plan = plan_for_y();
  plan.columns.scaling = Scaling::standard;
  plan.bins = 0;
  plan.class_weights = {{"b", 3}};
  const Preparations ready = prepare(train, plan);
  const Dataset<double> known = encode_dataset<double>(ready, train),
                        other = encode_dataset<double>(ready, validation);
  const std::span<const double> encoded = known.X.packed().elements();
  EXPECT_EQ(std::vector<double>(encoded.begin(), encoded.end()), (std::vector<double>{-1, 1, -1, 1}));
  EXPECT_EQ(known.weights, (Vector<double>{1, 3, 3, 1}));
  ASSERT_EQ(other.rows(), 1U);
  EXPECT_EQ(other.X(0, 0), 7);
  EXPECT_EQ(other.targets(0, 0), 1);
  EXPECT_EQ(other.weights, (Vector<double>{3}));
}

TEST(PlanOfColumns, the_target_is_no_input_and_ignored_columns_are_none_either) {
  Plan plan = plan_for_y();
  plan.columns.ignore = {"z"};
  const Table table({"z", "x", "y"}, {{"1", "2", "a"}, {"3", "4", "b"}});
  const auto preparation = std::get<TablePreparation>(prepare(table, plan).preparation);
  ASSERT_EQ(preparation.columns.size(), 1U);
  EXPECT_EQ(column_name(preparation.columns[0]), "x");
}

TEST(PlanOfColumns, what_is_left_out_is_told) {
  const Table table({"x", "empty", "y"}, {{"1", "", "a"}, {"2", "NA", "b"}});
  EXPECT_EQ(prepare(table, plan_for_y()).notices, (Texts{"column 'empty' is left out: it has no values"}));
}

}  // namespace
}  // namespace neurone
