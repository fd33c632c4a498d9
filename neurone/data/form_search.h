// In which form the numbers of a column are written, found from its values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "neurone/data/number_form.h"
#include "neurone/data/table.h"

namespace neurone {

/// Which units may be taken off: those that say an amount by themselves (a sign of a currency or its three letters,
/// per cent, per mille), or any, where somebody has said that the column holds numbers.
enum class Units { of_amounts, any };

struct FormSearch {
  NumberForm form{};        ///< that most values have
  std::size_t values = 0;   ///< that were looked at; missing ones are none
  std::size_t fitting = 0;  ///< how many of them are numbers in this form, too large ones among them
  /// A value that is one number by groups of digits and another by a decimal comma, where all values fit both.
  std::optional<std::size_t> ambiguous_row{};
  std::string other_unit{};  ///< behind most values that are no numbers without it, where Units do not allow it

  bool all_fit() const { return values > 0 && fitting == values; }
  bool most_fit() const { return 2 * fitting > values; }
  /// Is it a column of numbers with a few mistakes? A unit says so; commas also stand in lists, "1,2" beside "3,4,5".
  bool nearly_all_fit() const { return most_fit() && (!form.unit.empty() || 10 * fitting >= 9 * values); }
};

/// Looks at the values that are not missing, of a column of which hardly one fits at the first thousand. Where the
/// table's decimal sign was said, with this one alone; with the point, groups are read as well.
FormSearch find_number_form(const Table& table, std::size_t column, Units units);

/// Throws Error for a search that is ambiguous: "t.csv:2: column 'x': '1,234' may be 1234 or 1.234, …"
void refuse_ambiguous(const Table& table, std::size_t column, const std::string& what, const FormSearch& search);

/// The form of a column in which every value is a number, else plain: for columns of which a reader says what is
/// wrong.
NumberForm form_or_plain(const Table& table, std::size_t column, const std::string& what);

}  // namespace neurone
