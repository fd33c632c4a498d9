// Where to cut a column of numbers into bins, for its piecewise-linear encoding (columns.h).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/data/preparation.h"
#include "neurone/data/table.h"

namespace neurone {

/// Rising knots, the lowest and the highest number among them, for up to `bins` bins: the leaves of a decision tree
/// that tells the target from this column alone, the cut with the largest gain first (Gorishniy, Rubachev and Babenko
/// 2022, section 3.2.2). `targets`, as many rows as numbers: one-hot classes, or a number. None where there would be
/// no bin but one.
std::vector<double> find_knots(std::span<const double> numbers, ConstMatrixView<double> targets, std::size_t bins);

/// Cuts the columns of numbers. `targets`: a row for each of the table's. Of large tables 50,000 rows are looked at.
void cut_into_bins(const Table& table, ConstMatrixView<double> targets, std::size_t bins,
                   TablePreparation& preparation);

}  // namespace neurone
