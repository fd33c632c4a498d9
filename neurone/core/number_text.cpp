// std::from_chars takes no sign, no space, no hexadecimal and no locale.
#include "neurone/core/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "neurone/core/choice.h"

namespace neurone {
namespace {

[[noreturn]] void refuse_number(const std::string& what, const std::string& expected, std::string_view text,
                                const std::string& hint = "") {
  throw UsageError(what, "expected " + expected + ", found '" + std::string(text) + "'" + hint);
}

// "a whole number from 1 to 1024"
std::string text_of(const WholeRange& range) {
  const std::string least = setting_text(range.least);
  return range.most == WholeRange{}.most ? "a whole number of " + least + " or above"
                                         : "a whole number from " + least + " to " + setting_text(range.most);
}

// "a number from 0 to 1", "a number above 0 and up to 1024", "a number of 0 or above and below 1"
std::string text_of(const RealRange& range) {
  const bool has_least = std::isfinite(range.least), has_most = std::isfinite(range.most);
  const std::string least = setting_text(range.least), most = setting_text(range.most);
  if (has_least && has_most && range.without_least == range.without_most)
    return "a number " +
           (range.without_least ? "between " + least + " and " + most : "from " + least + " to " + most);
  std::string text = "a number";
  if (has_least) text += range.without_least ? " above " + least : " of " + least + " or above";
  if (has_least && has_most) text += " and";
  if (has_most) text += (range.without_most ? " below " : " up to ") + most;
  return text;
}

std::from_chars_result scanned(std::string_view text, auto& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value);
}

// The same number with a point, if that is all that is wrong.
std::string comma_hint(std::string_view text) {
  std::string with_point(text);
  if (std::ranges::count(text, ',') == 1) std::ranges::replace(with_point, ',', '.');
  double value = 0;
  const auto [end, error] = scanned(with_point, value);
  const bool reads = error == std::errc() && end == with_point.data() + with_point.size() && with_point != text;
  return reads ? " (a decimal comma: write " + with_point + ")" : "";
}

}  // namespace

std::uint64_t read_whole(const std::string& what, std::string_view text, const WholeRange& range) {
  std::uint64_t value = 0;
  const auto [end, error] = scanned(text, value);
  const bool ends = end == text.data() + text.size();
  if (error == std::errc::result_out_of_range && ends)
    refuse_number(what, "a whole number from " + setting_text(range.least) + " to " + setting_text(range.most), text);
  if (error != std::errc() || !ends || value < range.least || value > range.most)
    refuse_number(what, text_of(range), text);
  return value;
}

double read_real(const std::string& what, std::string_view text, const RealRange& range) {
  double value = 0;
  const auto [end, error] = scanned(text, value);
  const bool ends = end == text.data() + text.size();
  if (error == std::errc::result_out_of_range && ends)
    refuse_number(what, text_of(range), text, " (a double holds 2.3e-308 to 1.7e308, and 0)");
  if (error != std::errc() || !ends || !std::isfinite(value))
    refuse_number(what, text_of(range), text, comma_hint(text));
  const bool too_small = range.without_least ? !(value > range.least) : !(value >= range.least);
  const bool too_large = range.without_most ? !(value < range.most) : !(value <= range.most);
  if (too_small || too_large) refuse_number(what, text_of(range), text);
  return value;
}

}  // namespace neurone
