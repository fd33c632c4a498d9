// Which texts are one value of a column of categories or classes, however they are written.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/data/number_form.h"
#include "neurone/data/table.h"

namespace neurone {

/// What tells values apart.
///   text     their letters
///   number   which number they are, to the last digit: 7, 7.0, +7 and 70e-1 are one value
///   boolean  which of true and false: True, true and TRUE are one value
/// Values are numbers where all are, and none has zeros in front: 01234 is a code, and 1234 another one.
struct Spelling {
  enum class Kind { text, number, boolean };
  Kind kind = Kind::text;
  NumberForm form{};  ///< of numbers

  bool operator==(const Spelling&) const = default;

  /// The text that stands for the value of a cell: of numbers the plainest, "7", of booleans "true" or "false"; the
  /// cell itself for text, and for what is none of these.
  std::string value_of(std::string_view cell) const;

  /// The texts that exported models, which compare letters, take for a value: it, 7.0 for 7, True and TRUE for true.
  std::vector<std::string> usual(const std::string& value) const;
};

std::string_view spelling_name(Spelling::Kind kind);
/// Throws UsageError for another name.
Spelling::Kind parse_spelling(std::string_view name);

/// What tells these values apart. Missing ones are to be left out.
Spelling find_spelling(const std::vector<std::string_view>& values, const NumberForm& form);

/// A sentence for texts that differ in nothing but capitals and spaces, naming some; empty where there are none.
std::string notice_of_alike(const std::string& what, const std::vector<std::string>& values);

}  // namespace neurone
