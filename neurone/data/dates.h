// Days and times of day in cells of text: which order a column writes them in, and what a cell says.
// What a network is told of them is in preparation.h.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace neurone {

/// The order of year, month and day.
///   ymd  2024-03-01, 2024/3/1, 2024 March 1; 20240301 is a number
///   dmy  1.3.2024, 01/03/2024, 1/3/24, 01.03.24, 3-Mar-24, 1er mars 2024, Friday, 1 March 2024
///   mdy  3/1/2024, 3/1/24, Mar 1, 2024
/// Names of months are English or French, whole or as they are shortened. Of years in two digits, 00 to 68 are 2000
/// to 2068 and 69 to 99 are 1969 to 1999, as in POSIX. A time may follow behind T, spaces, or a comma: 12:30,
/// 12:30:05, 12:30:05.25, 12h30, 3:30 PM; and behind it an offset from UTC: Z, UTC, GMT, +01:00, -0530, +01. With an
/// offset the date is the instant in UTC: 2024-03-01T00:30+01:00 is 23:30 on 29 February. Without one it is the clock
/// on the wall.
enum class DateOrder { ymd, dmy, mdy };
std::string_view date_order_name(DateOrder order);
/// Throws UsageError for another name.
DateOrder parse_date_order(std::string_view name);

struct Date {
  int year = 0, month = 0, day = 0;  ///< month and day from 1
  double seconds = 0;                ///< since midnight
  bool has_time = false;
  bool has_offset = false;  ///< it is in UTC

  bool operator==(const Date&) const = default;
};

/// The date that the whole cell is, spaces around it allowed: one that the calendar has, of the years 1 to 9999.
std::optional<Date> parse_date(std::string_view cell, DateOrder order);

/// Days since 1970-01-01 (Gregorian calendar), with the time of day as a fraction.
double days_since_1970(const Date& date);

/// 0 for Monday … 6 for Sunday.
int weekday(const Date& date);

/// The part of its year that has passed, from 0 to below 1.
double part_of_year(const Date& date);

/// Which order the cells of a column are dates in.
class DateOrders {
 public:
  /// At a cell that has a value.
  void look(std::string_view cell);
  /// Can it still become a column of dates? After some cells of which hardly one is a date nobody need look further.
  bool worth_looking() const;
  bool most_are_dates() const { return 2 * most() > looked_at_; }
  /// Do the dates fit day first as well as month first?
  bool ambiguous() const { return most() > 0 && dates_[1] == most() && dates_[2] == most(); }
  /// The order of most dates; where two are alike, month first if there is a slash between the parts.
  DateOrder order() const;

 private:
  std::size_t most() const { return std::ranges::max(dates_); }

  std::array<std::size_t, 3> dates_{};  // by order
  std::size_t looked_at_ = 0;
  bool has_slash_ = false;
};

}  // namespace neurone
