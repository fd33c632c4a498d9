// What the columns of a table are, and what has to be known of each, learnt from the training rows alone.
// What becomes of a cell is in columns.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/data/preparation.h"

namespace neurone {

/// How the numbers of a column are brought to one size.
///   standard  center and spread are mean and standard deviation
///   robust    center and spread are median and interquartile range, or half the range where that is 0, so that a few
///             values far away do not squeeze the others together; these are bent to stay within ± 3
///             (Holzmüller, Grinsztajn and Steinwart 2024, "Better by default", section 3)
///   none      the numbers as they are
enum class Scaling { standard, robust, none };
std::string_view scaling_name(Scaling scaling);
/// Throws UsageError for another name.
Scaling parse_scaling(std::string_view name);

/// Which columns are what, where the values alone would say otherwise, and how numbers are scaled.
struct ColumnChoices {
  std::vector<std::string> ignore{};    ///< left out, the target among them
  std::vector<std::string> category{};  ///< categories although they are numbers or dates
  std::vector<std::string> numeric{};   ///< numbers although they look like identifiers, or have a unit
  std::optional<Scaling> scaling{};     ///< standard if not said
};

struct FittedTable {
  TablePreparation preparation;
  std::vector<std::string> notices;  ///< what was left out and why, a sentence each
};

/// Learns from the training rows. A column is numeric when all of its values are numbers in one form, or most of them
/// plain numbers or amounts with a unit, a date when most are dates in some order (other text among them is an
/// Error), else a category. Left out, with a notice, are columns without values or with one value only, whole numbers
/// that are all different in a column called like an identifier, and texts that are almost as many as rows, or more
/// than 1,000 (each is an input), unless a choice says otherwise. Throws UsageError for a chosen column that is not
/// there, Error when no column is left, for numbers of which nobody can say whether a comma is their decimal sign,
/// and for names and categories that are not UTF-8. The numbers of several columns are gathered in one pass over the
/// text, as far as they are no more than `numbers_at_once` (256 MiB of them).
FittedTable fit_table(const Table& table, const ColumnChoices& choices,
                      std::size_t numbers_at_once = std::size_t{1} << 25);

}  // namespace neurone
