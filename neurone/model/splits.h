// Which rows go where, as the plan says: with the share of each class, by groups, or by time.
// How rows are drawn is left to data/dataset.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neurone/model/plan.h"

namespace neurone {

/// The rows of a source in two.
struct SourceSplit {
  Source kept, held_out;
};

/// Holds out `fraction` of the rows, each class with its share when the task is classification; by groups or by time
/// where the plan says so. `part` tells several splits with one seed apart.
/// Throws Error for a time that is none, and where groups or times leave nothing to hold out.
SourceSplit hold_out(const Source& source, double fraction, const Plan& plan, std::uint32_t part);

/// The fold of each row, by groups or with the share of each class. Throws UsageError for a plan by time: the past is
/// not held out.
std::vector<std::uint32_t> folds_of(const Source& source, std::size_t folds, const Plan& plan, std::uint32_t part);

/// A class number for each row; empty for a number.
std::vector<std::uint32_t> strata_of(const Source& source, const Plan& plan);

}  // namespace neurone
