// The places of a day in its year and week, as formulas of the days since 1970 (proleptic Gregorian calendar): for
// exported models, which are given numbers of days. The library itself reads dates from text (data/dates.h).
#pragma once

#include <cmath>

#include "neurone/math/numbers.h"

namespace neurone::calendar {

using numbers::less;
using numbers::select;
using std::floor;

/// Days from 1970-01-01 to the first of January of a year. A year has 365 days, and there is a leap day every
/// fourth year, but not every hundredth unless it is every four hundredth.
template <class T> T first_day(const T& year) {
  const T past = year - T(1);
  return T(365) * past + floor(past / T(4)) - floor(past / T(100)) + floor(past / T(400)) - T(719162);
}

/// The year of a day, for the years 1 to 9999. The mean year of 365.2425 days is never more than a year off: the
/// guess is corrected downwards, then upwards.
template <class T> T year_of(const T& days) {
  const T guess = floor((days + T(719162)) / T(365.2425)) + T(1);
  const T not_above = select(less(days, first_day(guess)), guess - T(1), guess);
  return select(less(days, first_day(not_above + T(1))), not_above, not_above + T(1));
}

/// The part of its year that has passed, from 0 to below 1; as part_of_year of data/dates.h.
template <class T> T part_of_year(const T& days) {
  const T year = year_of(days), first = first_day(year);
  return (days - first) / (first_day(year + T(1)) - first);
}

/// Of its week, in whole days from Monday, 0 to 6/7. 1970 began on a Thursday.
template <class T> T part_of_week(const T& days) {
  const T from_monday = floor(days) + T(3);
  return (from_monday - T(7) * floor(from_monday / T(7))) / T(7);
}

/// Of the day, from 0 to below 1.
template <class T> T part_of_day(const T& days) {
  return days - floor(days);
}

}  // namespace neurone::calendar
