// There is a name for each number, in the order in which columns are written.
#include "neurone/data/input_names.h"

#include <gtest/gtest.h>

namespace neurone {
namespace {

using Names = std::vector<std::string>;

TEST(InputNames, follow_the_columns) {
  const TablePreparation table{
      .columns = {NumericColumn{.name = "age", .has_indicator = true, .knots = {18, 25, 40.5}},
                  DateColumn{.name = "day", .has_time = true, .has_indicator = true},
                  CategoryColumn{.name = "city", .values = {"", "Bern"}}}};
  const Names names = input_names(table);
  EXPECT_EQ(names, (Names{"age", "age is missing", "age from 18 to 25", "age from 25 to 40.5", "day",
                          "day, sine of the year", "day, cosine of the year", "day, sine of the week",
                          "day, cosine of the week", "day, sine of the day", "day, cosine of the day",
                          "day is missing", "city = (missing)", "city = Bern"}));
  EXPECT_EQ(names.size(), table.width());
}

TEST(InputNames, stand_where_the_numbers_do) {
  const TablePreparation table{.columns = {NumericColumn{.name = "x", .has_indicator = true, .knots = {0, 1, 2}},
                                           DateColumn{.name = "d", .has_indicator = true},
                                           CategoryColumn{.name = "c", .values = {"p", "q"}}}};
  const Names names = input_names(table);
  Matrix<double> X(2, table.width());
  table.encode<double>(Table({"x", "d", "c"}, {{"1.5", "2024-01-01", "q"}, {"NA", "NA", "p"}}), X);
  const auto value = [&](std::size_t row, const std::string& name) {
    return X(row, static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  };
  EXPECT_EQ(value(0, "x from 0 to 1"), 1);
  EXPECT_EQ(value(0, "x from 1 to 2"), 0.5);
  EXPECT_EQ(value(0, "x is missing"), 0);
  EXPECT_EQ(value(1, "x is missing"), 1);
  EXPECT_EQ(value(0, "d, sine of the year"), 0);  // the first of January, a Monday
  EXPECT_EQ(value(0, "d, cosine of the year"), 1);
  EXPECT_EQ(value(0, "d, cosine of the week"), 1);
  EXPECT_EQ(value(1, "d is missing"), 1);
  EXPECT_EQ(value(0, "c = q"), 1);
  EXPECT_EQ(value(1, "c = p"), 1);
}

TEST(InputNames, of_pixels_are_line_and_place) {
  const ImagePreparation images{.height = 2, .width_in_pixels = 3};
  EXPECT_EQ(input_names(images),
            (Names{"pixel 1:1", "pixel 1:2", "pixel 1:3", "pixel 2:1", "pixel 2:2", "pixel 2:3"}));
}

}  // namespace
}  // namespace neurone
