// Which texts are dates, and where they lie in time.
#include "neurone/data/dates.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>

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
  EXPECT_EQ(parse_date("2024-03-01T00:00:00.25", ymd), at(2024, 3, 1, 0.25));
  EXPECT_EQ(parse_date("1.3.2024 9:00", dmy), at(2024, 3, 1, 32400));
  for (const char* time : {"3:30 PM", "3:30PM", "3:30:00 p.m.", "03:30\u202Fpm", "15h30", "15:30:00,0"})
    EXPECT_EQ(parse_date(std::string("2024-03-01 ") + time, ymd), at(2024, 3, 1, 55800)) << time;
  EXPECT_EQ(parse_date("3/1/2024 12 AM", mdy), at(2024, 3, 1, 0));
  EXPECT_EQ(parse_date("3/1/2024 12:05 PM", mdy), at(2024, 3, 1, 43500));
  for (const char* time : {"13:00 PM", "0:30 AM", "3", "3:30 XM"})
    EXPECT_FALSE(parse_date(std::string("2024-03-01 ") + time, ymd)) << time;
}

TEST(Dates, with_an_offset_are_the_instant_in_utc) {
  const Date instant{.year = 2024, .month = 2, .day = 29, .seconds = 84600.25, .has_time = true, .has_offset = true};
  for (const char* text :
       {"2024-02-29T23:30:00.25Z", "2024-02-29 23:30:00.25 UTC", "2024-02-29t23:30:00.25z",
        "2024-03-01T00:30:00.25+01:00", "2024-03-01 00:30:00.25+0100", "2024-03-01 00:30:00.25 +01",
        "2024-03-01T13:30:00.25+14:00", "2024-02-29T13:30:00.250-10:00", "2024-02-29 13:30:00.25 \u221210:00",
        "2024-02-29 1:30:00.25 PM GMT-10", "2024-03-01 05:00:00.25+05:30", "Feb 29, 2024, 11:30:00.25 PM UTC"})
    EXPECT_EQ(parse_date(text, text[0] == 'F' ? mdy : ymd), instant) << text;
  EXPECT_FALSE(parse_date("0001-01-01T00:30+01:00", ymd));
  EXPECT_FALSE(parse_date("2024-03-01", ymd)->has_offset);
}

RC_GTEST_PROP(Dates, one_instant_is_one_date_in_every_zone, ()) {
  const int day = *rc::gen::inRange(1, 29), minute = *rc::gen::inRange(0, 1440), zone = *rc::gen::inRange(-840, 841);
  const auto written = [&](int offset) {  // the same instant, seen `offset` minutes ahead
    const int all = day * 1440 + minute + offset;
    const std::chrono::year_month_day on =
        std::chrono::sys_days(std::chrono::year(2024) / 6 / 1) + std::chrono::days(all / 1440 - 1);
    return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:07.5{}{:02}:{:02}", static_cast<int>(on.year()),
                       static_cast<unsigned>(on.month()), static_cast<unsigned>(on.day()), all % 1440 / 60, all % 60,
                       offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
  };
  const std::optional<Date> here = parse_date(written(zone), ymd), there = parse_date(written(0), ymd);
  RC_ASSERT(here && here->has_offset);
  RC_ASSERT(here == there);
}

TEST(Dates, have_months_with_names_in_english_and_french) {
  for (const char* text :
       {"1 March 2024", "1-Mar-24", "1-MAR-2024", "1er mars 2024", "1st March 2024", "01 mar. 2024",
        "Friday, 1 March 2024", "Fri 1 Mar 2024", "vendredi 1 mars 2024", "01/Mar/2024"})
    EXPECT_EQ(parse_date(text, dmy), day(2024, 3, 1)) << text;
  for (const char* text : {"March 1, 2024", "Mar 1 2024", "Mar. 1st, 2024", "Friday, March 1, 2024"})
    EXPECT_EQ(parse_date(text, mdy), day(2024, 3, 1)) << text;
  EXPECT_EQ(parse_date("2024-Mar-01", ymd), day(2024, 3, 1));
  const std::array<const char*, 12> french{"janvier",   "f\u00E9vrier", "mars",     "avril",
                                           "mai",       "juin",         "juillet",  "ao\u00FBt",
                                           "septembre", "octobre",      "novembre", "d\u00E9cembre"};
  for (int month = 1; month <= 12; ++month)
    EXPECT_EQ(parse_date("3 " + std::string(french.at(static_cast<std::size_t>(month - 1))) + " 2024", dmy),
              day(2024, month, 3));
  EXPECT_EQ(parse_date("14 JUILLET 1789", dmy), day(1789, 7, 14));
  for (const char* text : {"1 Marsh 2024", "1 ma 2024", "March 2024", "1 March", "31 June 2024"})
    EXPECT_FALSE(parse_date(text, dmy)) << text;
}

TEST(Dates, have_years_of_two_digits_from_1969_to_2068) {
  EXPECT_EQ(parse_date("3/1/24", mdy), day(2024, 3, 1));
  EXPECT_EQ(parse_date("01.03.68", dmy), day(2068, 3, 1));
  EXPECT_EQ(parse_date("1-Mar-69", dmy), day(1969, 3, 1));
  for (const char* text : {"1.2.10", "24-03-01", "1/3/024"}) EXPECT_FALSE(parse_date(text, dmy)) << text;
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
