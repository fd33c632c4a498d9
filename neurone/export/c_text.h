// Pieces of C99 source: numbers that read back as the same, texts, names. What is written with them is left to the
// other c_*.cpp.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace neurone {

/// A constant, the shortest that reads back as the same: "0.1f", "1.0". Throws Error for one that is not finite.
std::string c_number(float value);
std::string c_number(double value);
std::string c_number(std::int8_t value);

/// NAN or a constant.
std::string c_number_or_nan(double value);

/// The text in quotes. Throws Error for one with a zero byte, which ends a text in C, and for one of more than 4095
/// bytes, which compilers need not take; `what` names it.
std::string c_string(std::string_view text, const std::string& what);

/// A text as it may stand in a comment.
std::string c_comment(std::string_view text);

/// Names for C and C++ made of other names.
class CNames {
 public:
  /// Letters, digits and lines below; none that C or C++ keep for themselves, none twice.
  std::string make(std::string_view name);

 private:
  std::set<std::string> taken_;
};

/// "static const real name[2][3] = {…};", one row of `columns` for each of the outer dimension, in lines of 110
/// letters.
template <class T> std::string c_array(const std::string& declaration, std::span<const std::span<const T>> rows);

}  // namespace neurone
