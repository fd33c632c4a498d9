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

/// How many pieces a split can cut the rows into: as many as there are rows, or groups or times where the plan splits
/// by them. Throws Error for a time that is none.
std::size_t pieces_of(const Source& source, const Plan& plan);

/// What the rows are to be cut into: as many parts as are true, one to train on among them.
struct WantedParts {
  bool validation = false, test = false;
};
/// Throws Error where there are fewer pieces than parts: "sites.csv: column 'site' has 2 values in these rows: 3 are
/// needed to train, validate and test".
void check_pieces(const Source& source, const Plan& plan, const WantedParts& wanted);

/// Holds out `fraction` of the rows, each class with its share when the task is classification; by groups or by time
/// where the plan says so. Neither part is empty. `part` tells several splits with one seed apart.
/// Throws Error for a time that is none, and where there is nothing to hold out.
SourceSplit hold_out(const Source& source, double fraction, const Plan& plan, std::uint32_t part);

/// The fold of each row, by groups or with the share of each class; no fold is empty. Throws UsageError for a plan by
/// time, since the past is not held out, and for more folds than pieces.
std::vector<std::uint32_t> folds_of(const Source& source, std::size_t folds, const Plan& plan, std::uint32_t part);

/// A class number for each row; empty for a number.
std::vector<std::uint32_t> strata_of(const Source& source, const Plan& plan);

}  // namespace neurone
