// Which texts are dates, and where they lie in time.
#include "neurone/data/dates.h"

#include <gtest/gtest.h>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

using enum DateOrder;

Date day(int year, int month, int day) {
  return {.year = year, .month = month, .day = day};
}
Date at(int year, int month, int day, double seconds) {
  return {.year = year, .month = month, .day = day, .seconds = seconds, .has_time = true};
}

TEST(Dates, are_read_in_each_order_and_with_each_separator) {
  EXPECT_EQ(parse_date("2024-03-01", ymd), day(2024, 3, 1));
  EXPECT_EQ(parse_date(" 2024/3/1 ", ymd), day(2024, 3, 1));
  EXPECT_EQ(parse_date("01.03.2024", dmy), day(2024, 3, 1));
  EXPECT_EQ(parse_date("1/3/2024", dmy), day(2024, 3, 1));
  EXPECT_EQ(parse_date("3-1-2024", mdy), day(2024, 3, 1));
}

TEST(Dates, may_have_a_time_of_day) {
  EXPECT_EQ(parse_date("2024-03-01 12:30", ymd), at(2024, 3, 1, 45000));
  EXPECT_EQ(parse_date("2024-03-01T07:05:09", ymd), at(2024, 3, 1, 25509));
  EXPECT_EQ(parse_date("2024-03-01T00:00:00.25Z", ymd), at(2024, 3, 1, 0.25));
  EXPECT_EQ(parse_date("1.3.2024 9:00", dmy), at(2024, 3, 1, 32400));
  for (const char* offset : {"+01:00", "-0530", "+00"})
    EXPECT_EQ(parse_date(std::string("2024-03-01 12:30") + offset, ymd), at(2024, 3, 1, 45000)) << offset;
}

TEST(Dates, that_the_calendar_does_not_have_are_none) {
  for (const char* text : {"2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "0000-01-01",
                           "2024-03-01 24:00", "2024-03-01 12:60", "2024-03-01 12:30:60", "2024-03-01 12:30+15:00"})
    EXPECT_FALSE(parse_date(text, ymd)) << text;
  EXPECT_TRUE(parse_date("2024-02-29", ymd));
}

TEST(Dates, other_texts_are_none) {
  for (const char* text :
       {"", "2024", "20240301", "2024-03", "2024-03-01x", "2024-03/01", "24-03-01", "2024-03-01T", "2024-03-01 12",
        "2024-03-01 12:30:", "2024-03-01 12:30:05.", "2024 03 01", "1-2-3-4", "2024-03-01 12:30+", "99999-01-01"})
    EXPECT_FALSE(parse_date(text, ymd)) << text;
}

TEST(Dates, are_counted_in_days) {
  EXPECT_EQ(days_since_1970(day(1970, 1, 1)), 0);
  EXPECT_EQ(days_since_1970(day(2000, 3, 1)), 11017);
  EXPECT_EQ(days_since_1970(day(1969, 12, 31)), -1);
  EXPECT_EQ(days_since_1970(at(1970, 1, 2, 43200)), 1.5);
}

TEST(Dates, have_a_weekday_and_a_place_in_the_year) {
  EXPECT_EQ(weekday(day(2024, 3, 1)), 4);    // a Friday
  EXPECT_EQ(weekday(day(1970, 1, 4)), 6);    // a Sunday
  EXPECT_EQ(weekday(day(1969, 12, 29)), 0);  // a Monday
  EXPECT_EQ(part_of_year(day(2023, 1, 1)), 0);
  EXPECT_DOUBLE_EQ(part_of_year(at(2023, 7, 2, 43200)), 0.5);
  EXPECT_DOUBLE_EQ(part_of_year(day(2024, 12, 31)), 365.0 / 366);
}

DateOrders orders_of(std::initializer_list<const char*> cells) {
  DateOrders orders;
  for (const char* cell : cells) orders.look(cell);
  return orders;
}

TEST(DateOrders, are_found_by_all_cells_together) {
  EXPECT_EQ(orders_of({"2024-03-01", "2024-12-31"}).order(), ymd);
  EXPECT_EQ(orders_of({"01/03/2024", "31/12/2024"}).order(), dmy);
  EXPECT_EQ(orders_of({"01/03/2024", "12/31/2024"}).order(), mdy);
  EXPECT_FALSE(orders_of({"01/03/2024", "12/31/2024"}).ambiguous());
  EXPECT_FALSE(orders_of({"2024-03-01"}).ambiguous());
}

TEST(DateOrders, that_fit_both_ways_are_told_by_the_separator) {
  EXPECT_TRUE(orders_of({"01/03/2024", "12/11/2024"}).ambiguous());
  EXPECT_EQ(orders_of({"01/03/2024", "12/11/2024"}).order(), mdy);
  EXPECT_TRUE(orders_of({"01.03.2024", "12.11.2024"}).ambiguous());
  EXPECT_EQ(orders_of({"01.03.2024", "12.11.2024"}).order(), dmy);
}

TEST(DateOrders, need_more_dates_than_other_texts) {
  EXPECT_TRUE(orders_of({"2024-03-01", "2024-02-30", "2024-03-02"}).most_are_dates());
  EXPECT_FALSE(orders_of({"2024-03-01", "soon"}).most_are_dates());
  EXPECT_FALSE(orders_of({"13/01/2024", "01/13/2024"}).most_are_dates());
  EXPECT_FALSE(orders_of({}).most_are_dates());
  EXPECT_FALSE(orders_of({"red"}).ambiguous());
}

TEST(DateOrders, are_given_up_where_hardly_a_cell_is_a_date) {
  DateOrders texts, dates;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(texts.worth_looking());
    texts.look(i == 5 ? "2024-03-01" : "red");
    dates.look(i % 5 == 0 ? "2024-03-01" : "red");
  }
  EXPECT_FALSE(texts.worth_looking());
  EXPECT_TRUE(dates.worth_looking());
}

TEST(DateOrders, have_names) {
  for (const DateOrder order : {ymd, dmy, mdy}) EXPECT_EQ(parse_date_order(date_order_name(order)), order);
  EXPECT_THROW(parse_date_order("dym"), UsageError);
}

}  // namespace
}  // namespace neurone
