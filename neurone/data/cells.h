// What a cell of text says: a number, or that there is no value; and whether it is text that a file can keep.
// Leaves to preparation what a column of such cells is.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace neurone {

/// The text without the spaces and tabs around it.
std::string_view trim(std::string_view text);

/// A number or none, used as an optional is. No cell is NaN, which stands for none: so it travels in a register,
/// where an optional goes through memory in two pieces, which takes as long as reading a short number.
class CellNumber {
 public:
  constexpr CellNumber() = default;                         // none
  constexpr CellNumber(std::nullopt_t) {}                   // NOLINT(*-explicit-*): none as well
  constexpr CellNumber(double number) : number_(number) {}  // NOLINT(*-explicit-*): a number is one

  bool has_value() const { return !std::isnan(number_); }
  explicit operator bool() const { return has_value(); }
  double operator*() const { return number_; }
  double value_or(double otherwise) const { return has_value() ? number_ : otherwise; }
  operator std::optional<double>() const {  // NOLINT(*-explicit-*): nothing is lost
    return has_value() ? std::optional(number_) : std::nullopt;
  }
  bool operator==(const CellNumber& other) const {
    return has_value() ? number_ == other.number_ : !other.has_value();
  }

 private:
  double number_ = std::numeric_limits<double>::quiet_NaN();
};

/// The number that the whole cell is: "42", "-1.5", "+.5", "6e-3", spaces around it allowed. The decimal sign is
/// the point, whatever the locale. None for other text, for "inf" and "nan", and for what is too large for a double
/// ("1e400"); what is too small for one is 0 ("1e-400"). Other forms of numbers are read in number_form.h.
CellNumber parse_number(std::string_view cell);

/// Whether the cell would be a number if a double could be as large.
bool is_too_large(std::string_view cell);

/// What says in a cell that the value is unknown.
inline constexpr std::array<std::string_view, 9> marks_of_missing{"",  "NA",   "N/A",  "NaN", "nan",
                                                                  "?", "null", "NULL", "None"};

/// Whether the cell is one of these marks, in exactly these letters, spaces around it allowed.
bool is_missing(std::string_view cell);

/// The same for a cell of the target column: one of the first six. There null, NULL and None are answers
/// like any other: the classes None and Attached, say.
bool is_missing_target(std::string_view cell);

/// Whether the text is UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace neurone
