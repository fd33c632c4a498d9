// How much each column of a table tells of the target on its own: what to look at first, and what may be a leak.
#pragma once

#include <string>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/data/preparation.h"

namespace neurone {

struct Association {
  std::string column;
  /// The part of the errors of a constant prediction that goes away when the column is known: wrong classes, or
  /// squared errors of a number. 0 for a column that tells nothing, 1 for one that tells all.
  double share = 0;
};

/// From this share on a column is suspicious: it may hold what is to be predicted, in other words.
inline constexpr double suspicious_share = 0.98;

/// Of every column, in the order of the preparation. Categories are taken one by one, numbers and dates in up to
/// 64 bins of equally many rows; what is learnt from one half of the rows is tested on the other. Of large tables
/// 50,000 rows are looked at.
template <class T> std::vector<Association> associations(const TablePreparation& preparation, const Dataset<T>& data);

/// A sentence for each suspicious column.
std::vector<std::string> warnings_of(const std::vector<Association>& all);

}  // namespace neurone
