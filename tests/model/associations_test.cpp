// What single columns tell of the target.
#include "neurone/model/associations.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "neurone/model/plan.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

// Columns that tell everything, half and nothing of a number or of two classes.
Table made_up(bool classes) {
  Random random = numbers_of_test(3);
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 4000; ++i) {
    const double t = random.normal();
    const std::string sign = t > 0 ? "plus" : "minus";
    rows.push_back({std::to_string(1000 + 7 * t), std::to_string(t + random.normal()),
                    std::to_string(random.normal()), random.uniform() < 0.5 ? sign : "none",
                    classes ? sign : std::to_string(t)});
  }
  return Table({"leak", "noisy", "noise", "sometimes", "y"}, rows);
}

std::vector<Association> associations_in(const Table& table) {
  Plan plan;
  plan.target = "y";
  const Preparations ready = prepare(table, plan);
  return associations<double>(ready, table, encode_dataset<double>(ready, table));
}

TEST(Associations, of_a_number_are_shares_of_its_variance) {
  const std::vector<Association> all = associations_in(made_up(false));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].column, "leak");
  EXPECT_GT(all[0].share, suspicious_share);
  EXPECT_NEAR(all[1].share, 0.5, 0.05);  // as much noise as signal
  EXPECT_LT(all[2].share, 0.02);
  EXPECT_NEAR(all[3].share, 1 / std::numbers::pi, 0.05);  // half of (E|t|)² = 2/π
}

TEST(Associations, of_classes_are_shares_of_the_variance_of_what_stands_for_them) {
  const std::vector<Association> all = associations_in(made_up(true));
  EXPECT_GT(all[0].share, suspicious_share);
  EXPECT_GT(all[1].share, 0.25);  // p = Φ(t + noise): more than the square of their correlation, 1/π
  EXPECT_LT(all[1].share, 0.5);
  EXPECT_LT(all[2].share, 0.02);
  EXPECT_NEAR(all[3].share, 0.5, 0.05);  // known in half of the rows
}

TEST(Associations, categories_that_are_met_once_tell_nothing) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 40; ++i) rows.push_back({"name " + std::to_string(i), std::to_string(i * 37 % 40 + 0.5)});
  EXPECT_LT(associations_in(Table({"name", "y"}, rows)).at(0).share, 0.1);
}

// y = 1.19 x: means of bins cannot follow a few rows or a heavy tail, a line and ranks can.
TEST(Associations, what_follows_from_the_column_is_found_in_few_rows_and_in_heavy_tails) {
  for (const auto& [count, skew] : {std::pair(100, 0.0), {2000, 1.0}, {3000, 1.5}}) {
    Random random = numbers_of_test(5);
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < count; ++i) {
      const double z = random.normal(), net = skew == 0 ? z : std::exp(skew * z);
      rows.push_back({fmt::format("{}", net), fmt::format("{}", std::exp(net / (1 + std::abs(net)))),
                      fmt::format("{}", random.normal()), fmt::format("{}", 1.19 * net)});
    }
    const std::vector<Association> all = associations_in(Table({"net", "monotone", "noise", "y"}, rows));
    EXPECT_GT(all.at(0).share, 0.999) << count;
    EXPECT_GT(all.at(1).share, suspicious_share) << count;
    EXPECT_LT(all.at(2).share, 0.1) << count;
  }
}

TEST(Associations, classes_that_a_threshold_tells_apart_are_warned_of) {
  Random random = numbers_of_test(7);
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 100; ++i) {
    const double z = random.normal();
    const char* const label = z < -0.4 ? "low" : z < 0.5 ? "middle" : "high";
    rows.push_back(
        {fmt::format("{}", z), fmt::format("{}", z + random.normal()), fmt::format("{}", random.normal()), label});
  }
  const std::vector<Association> all = associations_in(Table({"leak", "noisy", "noise", "y"}, rows));
  EXPECT_EQ(all.at(0).order, 1);
  EXPECT_LT(all.at(1).order, 0.6);
  EXPECT_LT(all.at(2).order, 0.3);
  EXPECT_EQ(
      warnings_of(all),
      (std::vector<std::string>{"column 'leak' tells nearly all classes apart on its own, by thresholds (100 % in "
                                "order): is it known when predictions are made? (to leave it out: --ignore leak)"}));
}

TEST(Associations, few_rows_of_a_class_that_lie_together_by_chance_are_not_warned_of) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 60; ++i) rows.push_back({std::to_string(i) + ".5", i < 4 ? "rare" : "common"});
  EXPECT_EQ(associations_in(Table({"x", "y"}, rows)).at(0).order, 0);
}

TEST(Associations, only_what_tells_nearly_everything_is_warned_of) {
  EXPECT_EQ(
      warnings_of({{"a", 0.979}, {"b", 0.98}, {"c", 1}}),
      (std::vector<std::string>{
          "column 'b' tells nearly all of the target on its own (98 % of it): is it known when predictions are "
          "made? (to leave it out: --ignore b)",
          "column 'c' tells nearly all of the target on its own (100 % of it): is it known when predictions are "
          "made? (to leave it out: --ignore c)"}));
}

}  // namespace
}  // namespace neurone
