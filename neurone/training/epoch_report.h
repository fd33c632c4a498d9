// What an epoch came to, as observers, stopping criteria and checkpoints are told it. Who fills it in is trainer.h.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>

namespace neurone {

/// Loss and metric of one part of the data.
struct Score {
  double loss = std::numeric_limits<double>::quiet_NaN();
  double metric = std::numeric_limits<double>::quiet_NaN();
};

struct EpochReport {
  std::size_t epoch = 0;              ///< from 1
  Score train{};                      ///< over the epoch, while the parameters moved; after an iteration of a solver
  std::optional<Score> validation{};  ///< at its end
  double learning_rate = 0;           ///< of its last step; 0 with a solver
  bool best = false;                  ///< are these the best parameters so far?
};

}  // namespace neurone
