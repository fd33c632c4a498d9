// The calendar's arithmetic, and the order of a column's dates. How a date is read is in date_text.cpp.
#include "neurone/data/dates.h"

#include <array>
#include <chrono>

#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

constexpr std::array all_orders{DateOrder::ymd, DateOrder::dmy, DateOrder::mdy};

std::chrono::year_month_day calendar(const Date& date) {
  return {std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)),
          std::chrono::day(static_cast<unsigned>(date.day))};
}

}  // namespace

std::string_view date_order_name(DateOrder order) {
  constexpr std::array<std::string_view, 3> names{"ymd", "dmy", "mdy"};
  return names[static_cast<std::size_t>(order)];
}

DateOrder parse_date_order(std::string_view name) {
  for (const DateOrder order : all_orders)
    if (date_order_name(order) == name) return order;
  throw unknown_name("order of a date", name, {"ymd", "dmy", "mdy"});
}

double days_since_1970(const Date& date) {
  const auto days = std::chrono::sys_days(calendar(date)).time_since_epoch().count();
  return static_cast<double>(days) + date.seconds / 86400;
}

int weekday(const Date& date) {
  return static_cast<int>(std::chrono::weekday(std::chrono::sys_days(calendar(date))).iso_encoding()) - 1;
}

double part_of_year(const Date& date) {
  const Date first{.year = date.year, .month = 1, .day = 1}, next{.year = date.year + 1, .month = 1, .day = 1};
  return (days_since_1970(date) - days_since_1970(first)) / (days_since_1970(next) - days_since_1970(first));
}

void DateOrders::look(std::string_view cell) {
  ++looked_at_;
  for (const DateOrder order : all_orders)
    if (parse_date(cell, order)) ++dates_[static_cast<std::size_t>(order)];
  has_slash_ = has_slash_ || cell.find('/') != std::string_view::npos;
}

bool DateOrders::worth_looking() const {
  constexpr std::size_t enough = 1000;
  return looked_at_ < enough || 10 * most() > looked_at_;
}

DateOrder DateOrders::order() const {
  if (ambiguous()) return has_slash_ ? DateOrder::mdy : DateOrder::dmy;
  return all_orders[static_cast<std::size_t>(std::ranges::max_element(dates_) - dates_.begin())];
}

}  // namespace neurone
