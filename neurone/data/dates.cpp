// A small grammar read from left to right, and the calendar's arithmetic.
#include "neurone/data/dates.h"

#include <array>
#include <charconv>
#include <chrono>

#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"

namespace neurone {
namespace {

constexpr std::array all_orders{DateOrder::ymd, DateOrder::dmy, DateOrder::mdy};

// Reads a text from its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  char next() const { return at_end() ? '\0' : text_.front(); }
  bool take(char c) {
    if (next() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // A whole number of at least `least` and at most `most` digits.
  bool number(std::size_t least, std::size_t most, int& value) {
    std::size_t digits = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') ++digits;
    if (digits < least || digits > most) return false;
    std::from_chars(text_.data(), text_.data() + digits, value);
    text_.remove_prefix(digits);
    return true;
  }
  // ".25", of which nothing may be missing.
  bool fraction(double& value) {
    double scale = 1;
    value = 0;
    if (!take('.')) return true;
    const std::size_t before = text_.size();
    for (; next() >= '0' && next() <= '9'; text_.remove_prefix(1)) value += (scale /= 10) * (text_.front() - '0');
    return text_.size() < before;
  }

 private:
  std::string_view text_;
};

bool read_day(Reader& reader, DateOrder order, Date& date) {
  char separator = 0;
  const auto separated = [&] {
    if (separator == 0) separator = reader.next();
    const bool is_one = separator == '-' || separator == '/' || separator == '.';
    return is_one && reader.take(separator);
  };
  switch (order) {
    case DateOrder::ymd:
      return reader.number(4, 4, date.year) && separated() && reader.number(1, 2, date.month) && separated() &&
             reader.number(1, 2, date.day);
    case DateOrder::dmy:
      return reader.number(1, 2, date.day) && separated() && reader.number(1, 2, date.month) && separated() &&
             reader.number(4, 4, date.year);
    case DateOrder::mdy:
      return reader.number(1, 2, date.month) && separated() && reader.number(1, 2, date.day) && separated() &&
             reader.number(4, 4, date.year);
  }
  return false;
}

bool read_time(Reader& reader, Date& date) {
  if (reader.at_end()) return true;
  int hour = 0, minute = 0, second = 0, offset_hour = 0, offset_minute = 0;
  double fraction = 0;
  if (!(reader.take(' ') || reader.take('T'))) return false;
  if (!(reader.number(1, 2, hour) && reader.take(':') && reader.number(2, 2, minute))) return false;
  if (reader.take(':') && !(reader.number(2, 2, second) && reader.fraction(fraction))) return false;
  if (reader.take('+') || reader.take('-')) {
    int offset = 0;  // 01, 0130 or 01:30
    if (reader.number(4, 4, offset)) {
      offset_hour = offset / 100;
      offset_minute = offset % 100;
    } else {
      if (!reader.number(2, 2, offset_hour)) return false;
      if (reader.take(':') && !reader.number(2, 2, offset_minute)) return false;
    }
  } else {
    reader.take('Z');
  }
  if (hour > 23 || minute > 59 || second > 59 || offset_hour > 14 || offset_minute > 59) return false;
  date.seconds = 3600 * hour + 60 * minute + second + fraction;
  date.has_time = true;
  return reader.at_end();
}

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

std::optional<Date> parse_date(std::string_view cell, DateOrder order) {
  Reader reader(trim(cell));
  Date date;
  if (!read_day(reader, order, date) || !read_time(reader, date)) return {};
  if (date.year < 1 || date.month < 1 || date.day < 1 || !calendar(date).ok()) return {};
  return date;
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
