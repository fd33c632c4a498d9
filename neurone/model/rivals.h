// On small tables simpler methods often do better than the recipe for tables. Where the user leaves the method open,
// they are trained as well, on the same rows, and what validates best is kept.
#pragma once

#include <string>
#include <vector>

#include "neurone/model/fitting.h"

namespace neurone {

struct Rival {
  std::string name;  ///< "a linear model"
  Plan plan;
};

/// The methods to try beside the plan's own: none where the user has said anything about network or training, where
/// there are no rows to validate by, or where the table is not small.
std::vector<Rival> rivals(const Plan& plan, const Parts& parts);

/// Of a model that is ready and those of its rivals the one with the lowest loss on the rows that validate, with a
/// remark on what was compared. The rows are the same for all: in folds each network's own. Where the observer says
/// stop, the best so far.
template <class T>
TrainedModel best_of_rivals(TrainedModel made, const Parts& parts, const Plan& plan,
                            const FittingObserver& observer = {});

}  // namespace neurone
