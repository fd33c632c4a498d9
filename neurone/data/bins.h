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
/// 2022, section 3.2.2), with 50 rows at least in each. `targets`, as many rows as numbers. None where there would be
/// no bin but one.
std::vector<double> tree_knots(std::span<const double> numbers, ConstMatrixView<double> targets, std::size_t bins);

/// The same with about as many numbers in each bin (there, section 3.2.1).
std::vector<double> quantile_knots(std::vector<double> numbers, std::size_t bins);

/// Cuts the columns of numbers: by trees where there are `targets`, a row for each of the table's; else at quantiles.
/// Which suits what was measured in docs/decisions/0013. Trees look at 50,000 rows.
void cut_into_bins(const Table& table, ConstMatrixView<double> targets, std::size_t bins,
                   TablePreparation& preparation);

}  // namespace neurone
