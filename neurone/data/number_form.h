// Numbers as people write them: with groups of digits, a decimal comma, a unit, a minus sign of its own.
// Plain numbers are read in cells.h; which form a column has is learnt in form_search.h.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/table.h"

namespace neurone {

/// The decimal sign, and what parts groups of three digits. A space is any of Unicode's, an apostrophe ' or ’.
///   point   1234.5                         no groups
///   groups  1,234.5 or 1'234.5 or 1 234.5
///   comma   1.234,5 or 1'234,5 or 1 234,5
enum class Notation { point, groups, comma };
std::string_view notation_name(Notation notation);
/// Throws UsageError for another name.
Notation parse_notation(std::string_view name);
/// How numbers are written where nothing else is known of their column.
inline Notation notation_of(const TableFormat& format) {
  return format.decimal == DecimalSign::comma ? Notation::comma : Notation::point;
}

/// How the numbers of a column are written. Each has the unit, in front or behind: "%", "€", "kg"; none where it is
/// empty. In every form the minus sign may be U+2212, and spaces of any kind may stand around the number and between
/// number, sign and unit. A number in parentheses is negative, as in
/// accounts: (12.5).
struct NumberForm {
  Notation notation = Notation::point;
  std::string unit{};

  NumberForm(Notation notation_ = Notation::point, std::string unit_ = {})  // NOLINT(*-explicit-*): a notation is one
      : notation(notation_), unit(std::move(unit_)) {}
  bool operator==(const NumberForm&) const = default;
  bool is_plain() const { return notation == Notation::point && unit.empty(); }
};

/// The number that the whole cell is in this form.
CellNumber parse_number(std::string_view cell, const NumberForm& form);

/// The number of a cell as cells.h reads it, "-1234.5", written into `room`; nothing for a cell that is no number in
/// this form, or is longer than the room. One that is too large for a double has such a text as well.
using NumberRoom = std::array<char, 64>;
std::optional<std::string_view> plain_number(std::string_view cell, const NumberForm& form, NumberRoom& room);

/// The number as a cell in this form, the shortest that reads back as the same.
std::string number_cell(double value, const NumberForm& form);

/// What stands in front of the first digit of a cell or behind the last one, signs, spaces and parentheses aside;
/// empty where there is nothing, or where it cannot be a unit.
std::string_view unit_of(std::string_view cell);

/// The text without spaces of any kind around it.
std::string_view trim_spaces(std::string_view text);
/// The size of the space that a text begins with, in bytes: any of Unicode's, or a tab; 0 where there is none.
std::size_t leading_space(std::string_view text);
/// The size of the minus sign that it begins with, - or U+2212; 0 where there is none.
std::size_t leading_minus(std::string_view text);

/// "people.csv:3: numeric column 'x': expected a number with %, found 'two'"; `column` is "numeric column 'x'".
Error no_number(const Table& table, std::size_t row, const std::string& column, std::string_view cell,
                const NumberForm& form);

}  // namespace neurone
