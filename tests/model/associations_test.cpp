// What single columns tell of the target.
#include "neurone/model/associations.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

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
  return associations<double>(std::get<TablePreparation>(ready.preparation), encode_dataset<double>(ready, table));
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
