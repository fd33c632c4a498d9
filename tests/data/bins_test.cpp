// Where columns of numbers are cut into bins.
#include "neurone/data/bins.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "neurone/data/column_fitting.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

using Numbers = std::vector<double>;

Matrix<double> one_column_of(const Numbers& values) {
  Matrix<double> targets(values.size(), 1);
  std::ranges::copy(values, targets.elements().begin());
  return targets;
}

// 0 … count − 1, and a target that is `high` from `from` on.
struct Steps {
  Numbers numbers, targets;
};
Steps steps(std::size_t count, const std::vector<std::pair<double, double>>& from_and_value) {
  Steps made;
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    made.numbers.push_back(x);
    double target = 0;
    for (const auto& [from, value] : from_and_value)
      if (x >= from) target = value;
    made.targets.push_back(target);
  }
  return made;
}

TEST(Bins, are_cut_where_the_target_jumps) {
  const auto [numbers, targets] = steps(300, {{90, 5}, {180, 1}});
  EXPECT_EQ(tree_knots(numbers, one_column_of(targets), 3), (Numbers{0, 89.5, 179.5, 299}));
}

TEST(Bins, the_largest_jump_is_cut_first) {
  const auto [numbers, targets] = steps(300, {{90, 1}, {180, 10}});
  EXPECT_EQ(tree_knots(numbers, one_column_of(targets), 2), (Numbers{0, 179.5, 299}));
}

TEST(Bins, do_not_depend_on_the_order_of_the_rows) {
  auto [numbers, targets] = steps(600, {{90, 5}, {180, 1}, {450, 2}});
  const Numbers in_order = tree_knots(numbers, one_column_of(targets), 8);
  std::ranges::reverse(numbers);
  std::ranges::reverse(targets);
  EXPECT_EQ(tree_knots(numbers, one_column_of(targets), 8), in_order);
}

TEST(Bins, hold_fifty_rows_at_least_and_never_part_equal_numbers) {
  Random random = numbers_of_test(3);
  Numbers numbers, targets;
  for (int i = 0; i < 1000; ++i) {
    numbers.push_back(random.below(100));
    targets.push_back(random.normal());
  }
  const Numbers knots = tree_knots(numbers, one_column_of(targets), 16);
  EXPECT_GT(knots.size(), 6U);
  EXPECT_LE(knots.size(), 17U);
  EXPECT_EQ(knots.front(), std::ranges::min(numbers));
  EXPECT_EQ(knots.back(), std::ranges::max(numbers));
  for (std::size_t k = 1; k < knots.size(); ++k) {
    EXPECT_LT(knots[k - 1], knots[k]);
    EXPECT_GE(std::ranges::count_if(numbers, [&](double x) { return knots[k - 1] <= x && x <= knots[k]; }), 50);
    if (k + 1 < knots.size()) {
      EXPECT_EQ(std::ranges::count(numbers, knots[k]), 0);
    }
  }
}

TEST(Bins, are_none_where_a_line_says_it_all) {
  const auto [numbers, targets] = steps(300, {{150, 1}});
  EXPECT_EQ(tree_knots(numbers, one_column_of(targets), 1), Numbers{});
  EXPECT_EQ(tree_knots(numbers, one_column_of(Numbers(300, 1)), 8), Numbers{});  // the target is the same everywhere
  EXPECT_EQ(tree_knots(Numbers(300, 3), one_column_of(targets), 8), Numbers{});
  EXPECT_EQ(tree_knots(Numbers{}, Matrix<double>(0, 1), 8), Numbers{});
}

TEST(Bins, at_quantiles_hold_as_many_numbers_each) {
  EXPECT_EQ(quantile_knots({8, 0, 2, 1, 3}, 4), (Numbers{0, 1, 2, 3, 8}));
  EXPECT_EQ(quantile_knots({0, 0, 0, 0, 1, 2, 3}, 3), (Numbers{0, 1, 3}));  // bins without width are left out
  EXPECT_EQ(quantile_knots({0, 1, 0, 1}, 1), Numbers{});                    // a line already
  EXPECT_EQ(quantile_knots({}, 4), Numbers{});
}

TEST(Bins, of_a_table_are_cut_at_quantiles_where_there_are_no_targets) {
  const Table table({"x"}, {{"0"}, {"1"}, {"?"}, {"2"}, {"3"}, {"8"}});
  TablePreparation preparation = fit_table(table, {}).preparation;
  cut_into_bins(table, {}, 4, preparation);
  EXPECT_EQ(std::get<NumericColumn>(preparation.columns[0]).knots, (Numbers{0, 1, 2, 3, 8}));
}

TEST(Bins, of_a_table_leave_missing_values_aside_and_categories_alone) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 300; ++i) rows.push_back({i % 6 == 0 ? "NA" : std::to_string(i), i % 2 == 0 ? "a" : "b"});
  const Table table({"x", "kind"}, rows);
  TablePreparation preparation = fit_table(table, {}).preparation;
  Matrix<double> targets(300, 1);
  for (std::size_t i = 200; i < 300; ++i) targets(i, 0) = 1;
  cut_into_bins(table, targets, 2, preparation);
  EXPECT_EQ(std::get<NumericColumn>(preparation.columns[0]).knots, (Numbers{1, 199.5, 299}));
  EXPECT_EQ(preparation.width(), 1U + 1U + 2U + 2U);
}

}  // namespace
}  // namespace neurone
