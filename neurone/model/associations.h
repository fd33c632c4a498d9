// How much each column of a table tells of the target on its own: what to look at first, and what may be a leak.
#pragma once

#include <string>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/data/table.h"
#include "neurone/model/plan.h"

namespace neurone {

struct Association {
  std::string column;
  /// The part of the squared errors of a constant prediction that goes away when the column is known: 0 for a column
  /// that tells nothing, 1 for one that tells all.
  double share = 0;
  /// Of classes, how well they lie one behind the other along the numbers of the column: 1 where thresholds alone
  /// tell them apart, 0 where they are mixed as by chance.
  double order = 0;
};

/// From this share, or this order, on a column is suspicious: it may hold what is to be predicted, in other words.
inline constexpr double suspicious_share = 0.98;

/// Of every column, in the order of the preparation; `data` is the table, encoded. What is learnt from one half of
/// the rows is tested on the other. Categories are taken one by one. Of numbers and dates it is the best of: the mean
/// in each of up to 64 bins of equally many rows; and, where the target is a number, a line, and a line between the
/// ranks of both, which follows whatever rises or falls all the way. Of large tables 50,000 rows are looked at.
template <class T>
std::vector<Association> associations(const Preparations& ready, const Table& table, const Dataset<T>& data);

/// A sentence for each suspicious column.
std::vector<std::string> warnings_of(const std::vector<Association>& all);

}  // namespace neurone
