// What is said of the columns of a table.
#include "neurone/model/description.h"

#include <gtest/gtest.h>

#include <numeric>

#include "neurone/data/column_fitting.h"

namespace neurone {
namespace {

Table people() {
  return Table({"age", "born", "city", "same", "income"}, {{"31", "1990-02-01", "Rome", "k", "low"},
                                                           {"NA", "1985-03-01", "Oslo", "k", "high"},
                                                           {"45", "", "Oslo", "k", "low"},
                                                           {" 18 ", "2001-12-24", "Bern", "k", "low"}});
}

std::vector<ColumnDescription> described() {
  const Table table = people();
  const FittedTable fitted = fit_table(table, {.ignore = {"income"}});
  return describe_columns(table, fitted.preparation, "income", {{.column = "city", .share = 0.25}});
}

TEST(Description, of_numbers_is_their_range) {
  const ColumnDescription age = described().at(0);
  EXPECT_EQ(age.kind, "numeric");
  EXPECT_EQ(age.values(), "18 to 45, median 31");
  EXPECT_EQ(age.missing, 1U);
  EXPECT_EQ(age.distinct, 3U);
  ASSERT_EQ(age.histogram.size(), 20U);
  EXPECT_EQ(age.histogram.front(), 1U);
  EXPECT_EQ(age.histogram.back(), 1U);
  EXPECT_EQ(std::reduce(age.histogram.begin(), age.histogram.end()), 3U);
}

TEST(Description, of_dates_is_their_range_as_they_stand) {
  const ColumnDescription born = described().at(1);
  EXPECT_EQ(born.kind, "date");
  EXPECT_EQ(born.values(), "1985-03-01 to 2001-12-24");
}

TEST(Description, of_categories_is_the_commonest) {
  const ColumnDescription city = described().at(2);
  EXPECT_EQ(city.values(), "Oslo (2), Bern (1), Rome (1)");
  EXPECT_TRUE(city.histogram.empty());
  EXPECT_EQ(city.share, 0.25);
}

TEST(Description, names_the_target_and_what_is_left_out) {
  const std::vector<ColumnDescription> all = described();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[3].kind, "left out");
  EXPECT_EQ(all[4].kind, "target");
  EXPECT_FALSE(all[4].share.has_value());
}

TEST(Description, of_a_target) {
  EXPECT_EQ(describe_target(people(), ClassTarget{.name = "income", .classes = {"high", "low"}}),
            "2 classes, the commonest low in 75.0 % of the rows");
  EXPECT_EQ(
      describe_target(people(), NumberTarget{.name = "age", .mean = 31, .deviation = 2, .lowest = 18, .highest = 45}),
      "a number: 18 to 45, mean 31, deviation 2");
}

}  // namespace
}  // namespace neurone
