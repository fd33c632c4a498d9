// A small grammar of dates, read from left to right.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "neurone/data/dates.h"
#include "neurone/data/number_form.h"

namespace neurone {
namespace {

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
  // Spaces of any kind. Returns whether there was one.
  bool spaces() {
    const std::size_t before = text_.size();
    while (const std::size_t size = leading_space(text_)) text_.remove_prefix(size);
    return text_.size() < before;
  }
  bool minus() {
    const std::size_t size = leading_minus(text_);
    text_.remove_prefix(size);
    return size > 0;
  }
  // A whole number of at least `least` and at most `most` digits.
  bool number(std::size_t least, std::size_t most, int& value) {
    const std::size_t digits = count_of_digits();
    if (digits < least || digits > most) return false;
    std::from_chars(text_.data(), text_.data() + digits, value);
    text_.remove_prefix(digits);
    return true;
  }
  std::size_t count_of_digits() const {
    std::size_t digits = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') ++digits;
    return digits;
  }
  // ".25", or ",25", of which nothing may be missing.
  bool fraction(double& value) {
    double scale = 1;
    value = 0;
    if (!take('.') && !take(',')) return true;
    const std::size_t before = text_.size();
    for (; next() >= '0' && next() <= '9'; text_.remove_prefix(1)) value += (scale /= 10) * (text_.front() - '0');
    return text_.size() < before;
  }
  // Letters, and what is no ASCII (é, û), in small letters and without accents; one too long to be a word is none.
  std::string_view word() {
    std::size_t size = 0;
    for (; !at_end() && leading_space(text_) == 0; text_.remove_prefix(1)) {
      const auto c = static_cast<unsigned char>(text_.front());
      const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!is_letter && c < 0x80) break;
      if (size == letters_.size()) return {};
      if (c == 0xC3) continue;  // É, é, Û and û begin with it
      letters_[size++] = c == 0x89 || c == 0xA9   ? 'e'
                         : c == 0x9B || c == 0xBB ? 'u'
                         : c < 'a'                ? static_cast<char>(c - 'A' + 'a')
                                                  : static_cast<char>(c);
    }
    return {letters_.data(), size};
  }

 private:
  std::string_view text_;
  std::array<char, 12> letters_{};
};

// Each month in English and French; of its names the first letters are enough, from the number given on.
struct MonthName {
  std::string_view name;
  int month;
  std::size_t shortest;
};
constexpr std::array<MonthName, 24> month_names{
    {{"january", 1, 3},   {"february", 2, 3},  {"march", 3, 3},     {"april", 4, 3},     {"may", 5, 3},
     {"june", 6, 3},      {"july", 7, 3},      {"august", 8, 3},    {"september", 9, 3}, {"october", 10, 3},
     {"november", 11, 3}, {"december", 12, 3}, {"janvier", 1, 4},   {"fevrier", 2, 3},   {"mars", 3, 4},
     {"avril", 4, 3},     {"mai", 5, 3},       {"juin", 6, 4},      {"juillet", 7, 4},   {"aout", 8, 3},
     {"septembre", 9, 4}, {"octobre", 10, 3},  {"novembre", 11, 3}, {"decembre", 12, 3}}};
constexpr std::array<std::string_view, 14> day_names{"monday",   "tuesday",  "wednesday", "thursday", "friday",
                                                     "saturday", "sunday",   "lundi",     "mardi",    "mercredi",
                                                     "jeudi",    "vendredi", "samedi",    "dimanche"};
constexpr std::size_t shortest_day = 3;

bool read_month_name(Reader& reader, int& month) {
  const std::string_view word = reader.word();
  for (const MonthName& each : month_names)
    if (word.size() >= each.shortest && each.name.starts_with(word)) {
      month = each.month;
      reader.take('.');
      return true;
    }
  return false;
}

// "Mon, " and "lundi " tell nothing that the date does not. Returns whether there was one.
bool skip_day_name(Reader& reader) {
  const std::string_view word = reader.word();
  const bool is_day = word.size() >= shortest_day &&
                      std::ranges::any_of(day_names, [&](std::string_view each) { return each.starts_with(word); });
  if (!is_day) return false;
  reader.take('.');
  reader.take(',');
  return reader.spaces();
}

bool read_month(Reader& reader, Date& date, bool& named) {
  named = reader.count_of_digits() == 0;
  return named ? read_month_name(reader, date.month) : reader.number(1, 2, date.month);
}

// The 3 of "3rd" or "3er"; `digits` is how many it is written with.
bool read_day_of_month(Reader& reader, Date& date, std::size_t& digits) {
  digits = reader.count_of_digits();
  if (!reader.number(1, 2, date.day)) return false;
  Reader ahead = reader;
  const std::string_view word = ahead.word();
  if (word == "st" || word == "nd" || word == "rd" || word == "th" || word == "er") reader = ahead;
  return true;
}

// Between the parts of a date: one of - / . between numbers, the same each time; beside a name also spaces and a
// comma.
class PartSeparator {
 public:
  bool take(Reader& reader) {
    if (first_ == 0) first_ = reader.next();
    return (first_ == '-' || first_ == '/' || first_ == '.') && reader.take(first_);
  }
  static bool take_beside_name(Reader& reader) {
    reader.take(',');
    return reader.spaces() || reader.take('-') || reader.take('/') || reader.take('.');
  }
  bool allows_short_year(std::size_t day_digits, std::size_t month_digits) const {
    // 1.2.10 may be a version, and of 24-03-01 nobody knows which is the year
    return first_ == '/' || (first_ == '.' && day_digits == 2 && month_digits == 2);
  }

 private:
  char first_ = 0;
};

bool read_year(Reader& reader, bool may_be_short, Date& date) {
  if (reader.number(4, 4, date.year)) return true;
  if (!may_be_short || !reader.number(2, 2, date.year)) return false;
  date.year += date.year < 69 ? 2000 : 1900;
  return true;
}

bool read_day(Reader& reader, DateOrder order, Date& date) {
  PartSeparator separator;
  bool named = false;
  std::size_t day_digits = 0, month_digits = 0;
  const auto separated = [&](bool beside_name) {
    return beside_name ? PartSeparator::take_beside_name(reader) : separator.take(reader);
  };
  const auto next_is_name = [&] {  // behind a separator
    Reader ahead = reader;
    return PartSeparator::take_beside_name(ahead) && ahead.count_of_digits() == 0;
  };
  if (order == DateOrder::ymd)
    return reader.number(4, 4, date.year) && separated(next_is_name()) && read_month(reader, date, named) &&
           separated(named) && read_day_of_month(reader, date, day_digits);
  if (order == DateOrder::dmy) {
    if (!read_day_of_month(reader, date, day_digits) || !separated(next_is_name())) return false;
    month_digits = reader.count_of_digits();
    if (!read_month(reader, date, named) || !separated(named)) return false;
  } else {
    month_digits = reader.count_of_digits();
    if (!read_month(reader, date, named) || !separated(named)) return false;
    if (!read_day_of_month(reader, date, day_digits) || !separated(named)) return false;
  }
  return read_year(reader, named || separator.allows_short_year(day_digits, month_digits), date);
}

// "PM", "p.m.": hours count from noon on, and 12 is the first of them. Where there is neither, `found` is false.
bool read_half_of_day(Reader& reader, int& hour, bool& found) {
  Reader ahead = reader;
  ahead.spaces();
  const char half = ahead.next();
  const bool afternoon = half == 'p' || half == 'P';
  found = afternoon || half == 'a' || half == 'A';
  if (!found) return true;
  ahead.take(half);
  ahead.take('.');
  if (!ahead.take('m') && !ahead.take('M')) return false;
  ahead.take('.');
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + (afternoon ? 12 : 0);
  reader = ahead;
  return true;
}

// Seconds that a clock is ahead of UTC.
bool read_offset(Reader& reader, int& offset, bool& has_offset) {
  Reader ahead = reader;
  ahead.spaces();
  has_offset = true;
  offset = 0;
  if (ahead.take('Z') || ahead.take('z')) {
    reader = ahead;
    return true;
  }
  Reader named = ahead;
  const std::string_view word = named.word();
  const bool is_named = word == "utc" || word == "gmt";
  if (is_named) ahead = reader = named;
  const bool behind = ahead.minus();
  if (!behind && !ahead.take('+')) {
    has_offset = is_named;
    return true;
  }
  int hours = 0, minutes = 0, both = 0;  // 01, 0130 or 01:30
  if (ahead.number(4, 4, both)) {
    hours = both / 100;
    minutes = both % 100;
  } else {
    if (!ahead.number(is_named ? 1 : 2, 2, hours)) return false;
    if (ahead.take(':') && !ahead.number(2, 2, minutes)) return false;
  }
  if (hours > 14 || minutes > 59) return false;
  offset = (behind ? -60 : 60) * (60 * hours + minutes);
  reader = ahead;
  return true;
}

struct TimeOfDay {
  int seconds = 0;  // since midnight
  int offset = 0;   // seconds that the clock is ahead of UTC
  double fraction = 0;
};

bool read_time(Reader& reader, Date& date, TimeOfDay& time) {
  if (reader.at_end()) return true;
  reader.take(',');
  if (!(reader.spaces() || reader.take('T') || reader.take('t'))) return false;
  int hour = 0, minute = 0, second = 0;
  if (!reader.number(1, 2, hour)) return false;
  const bool has_minutes = reader.take(':') || reader.take('h');
  if (has_minutes && !reader.number(2, 2, minute)) return false;
  if (has_minutes && reader.take(':') && !(reader.number(2, 2, second) && reader.fraction(time.fraction)))
    return false;
  bool has_half = false;
  if (!read_half_of_day(reader, hour, has_half)) return false;
  if (!has_minutes && !has_half) return false;  // 3 PM is a time, 15 is none
  if (!read_offset(reader, time.offset, date.has_offset)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  time.seconds = 3600 * hour + 60 * minute + second;
  date.has_time = true;
  return reader.at_end();
}

std::chrono::year_month_day calendar_day(const Date& date) {
  return {std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)),
          std::chrono::day(static_cast<unsigned>(date.day))};
}

// The instant in UTC. Whole seconds are moved, so that one instant is one number however it is written.
void move_to_utc(const TimeOfDay& time, Date& date) {
  constexpr int day = 86400;
  int seconds = time.seconds - time.offset;
  const int days = seconds < 0 ? -1 : seconds >= day ? 1 : 0;
  seconds -= days * day;
  if (days != 0) {
    const std::chrono::year_month_day moved = std::chrono::sys_days(calendar_day(date)) + std::chrono::days(days);
    date.year = static_cast<int>(moved.year());
    date.month = static_cast<int>(static_cast<unsigned>(moved.month()));
    date.day = static_cast<int>(static_cast<unsigned>(moved.day()));
  }
  date.seconds = seconds + time.fraction;
}

}  // namespace

std::optional<Date> parse_date(std::string_view cell, DateOrder order) {
  const Reader begin(trim_spaces(cell));
  Reader reader = begin;
  Date date;
  TimeOfDay time;
  if (!read_day(reader, order, date)) {
    reader = begin;  // "mar. 5 mars 2024" begins with mardi, "Mar. 5, 2024" with March
    if (!skip_day_name(reader) || !read_day(reader, order, date)) return {};
  }
  if (!read_time(reader, date, time)) return {};
  if (date.year < 1 || date.month < 1 || date.day < 1 || !calendar_day(date).ok()) return {};
  move_to_utc(time, date);
  if (date.year < 1 || date.year > 9999) return {};
  return date;
}

}  // namespace neurone
