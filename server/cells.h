// Values that came as numbers, written as the cells that the columns of a model read.
#pragma once

#include <string>
#include <string_view>

#include "neurone/data/columns.h"

namespace neurone::server {

/// Is the cell of each number its digits?
bool reads_digits(const Column& column);

/// The cell that says a number, written as JSON has it, in the column: in the column's notation; as the category that
/// it is, where 3.0 stands for 3.
std::string cell_of(const Column& column, std::string_view digits);

/// The same for a number that comes without a text of its own; NaN is a missing value.
std::string cell_of(const Column& column, double value);

/// The cell that says yes or no: "true" or "false" where those are categories, else "1" or "0".
std::string_view truth_cell(const Column& column, bool value);

}  // namespace neurone::server
