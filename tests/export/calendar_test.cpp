// Places in year, week and day from numbers of days, against those that the library finds in written dates.
#include "neurone/export/calendar.h"

#include <gtest/gtest.h>

#include <string>

#include "neurone/data/dates.h"
#include "neurone/export/formula.h"
#include "tests/export/evaluated_formula.h"

namespace neurone {
namespace {

// Calls function(date, days) for a day in every week from the year 1 to 9999, and for the days around every new year.
template <class Function> void for_many_days(const Function& function) {
  for (int year = 1; year <= 9999; ++year)
    for (const auto& [month, day] : {std::pair(1, 1), {1, 2}, {2, 28}, {3, 1}, {6, 15}, {12, 30}, {12, 31}}) {
      const Date date{.year = year, .month = month, .day = day};
      function(date, days_since_1970(date));
    }
}

TEST(Calendar, finds_the_place_in_every_year) {
  for_many_days([](const Date& date, double days) {
    ASSERT_EQ(calendar::year_of(days), date.year) << date.month << "-" << date.day;
    ASSERT_EQ(calendar::part_of_year(days), part_of_year(date)) << date.year << "-" << date.month << "-" << date.day;
  });
}

TEST(Calendar, finds_the_day_of_the_week) {
  for_many_days([](const Date& date, double days) { ASSERT_EQ(calendar::part_of_week(days), weekday(date) / 7.0); });
}

TEST(Calendar, finds_the_time_of_day_on_both_sides_of_1970) {
  for (const double day : {-0x1p15, -1.0, 0.0, 20000.0}) {
    EXPECT_EQ(calendar::part_of_day(day + 0.25), 0.25);
    EXPECT_EQ(calendar::part_of_week(day + 0.25), calendar::part_of_week(day));
  }
}

TEST(Calendar, is_the_same_taken_down_as_a_formula) {
  const Formula formula = calendar::part_of_year(Formula::variable());
  for (double days = -700000; days < 2900000; days += 997.3)
    ASSERT_EQ(evaluated(*formula.step(), days), calendar::part_of_year(days)) << days;
}

}  // namespace
}  // namespace neurone
