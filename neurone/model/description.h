// What stands in the columns of a table, for people: kinds, missing values, ranges, the commonest values.
// What a network is told of them is in data/columns.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/data/preparation.h"
#include "neurone/data/table.h"
#include "neurone/data/target.h"
#include "neurone/model/associations.h"

namespace neurone {

struct ColumnDescription {
  std::string name;
  std::string_view kind;                                         ///< column_kind, "target" or "left out"
  std::size_t missing = 0, distinct = 0;                         ///< cells, values
  std::vector<std::pair<std::string, std::size_t>> commonest{};  ///< values and how often, at most three
  std::string range{};                   ///< of numbers and dates: "17 to 90, median 37"; else empty
  std::vector<std::size_t> histogram{};  ///< of numbers and dates: rows in equal bins from lowest to highest
  std::optional<double> share{};         ///< as Association has it

  /// The range, or the commonest values.
  std::string values() const;
};

/// The columns in the order of the table; the target, and those that the preparation leaves out, are kinds of their
/// own.
std::vector<ColumnDescription> describe_columns(const Table& table, const TablePreparation& preparation,
                                                const std::string& target, const std::vector<Association>& shares);

/// "3 classes, the commonest Adelie in 44.2 % of the rows", "a number: 1 to 5, mean 3, deviation 1.2".
std::string describe_target(const Table& table, const Target& target);

}  // namespace neurone
