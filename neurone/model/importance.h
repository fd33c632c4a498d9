// How much a model relies on each column of a table: what its predictions lose when the values of that column change
// places among the rows (permutation importance; Breiman 2001, section 10; Fisher, Rudin and Dominici 2019).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

struct Importance {
  std::string column;
  double rise = 0;                 ///< of the loss, the mean over the shufflings
  double lowest = 0, highest = 0;  ///< of the shufflings
};

struct Importances {
  std::string figure;                 ///< the loss: log_loss; wrong, the share of rows, for scores; rmse for numbers
  double loss = 0;                    ///< on the rows as they are
  std::size_t rows = 0;               ///< looked at
  std::size_t shufflings = 0;         ///< of each column
  std::vector<Importance> columns{};  ///< the most important first
};

/// Of the rows of a table with their targets, evenly chosen where there are so many that it would take long. The
/// shufflings are always the same. Columns that say the same stand in for each other, and then look less important
/// than they are. Throws Error for rows that cannot be prepared.
Importances permutation_importance(const Model& model, const Table& table, std::size_t threads);

}  // namespace neurone
