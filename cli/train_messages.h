// What neurone train says of a run on standard output: at its start, of the gradient's certificate, and at its end;
// as lines for people or as events, JSON Lines. What stands between is left to progress.h.
#pragma once

#include <cstddef>
#include <string>

#include "neurone/model/fitting.h"

namespace neurone::cli {

template <class T> void print_start(const Fitting<T>& fitting, std::size_t without_target, bool json);

/// Throws Error for a gradient that is not that of the loss: then there is no run.
void print_certificate(const GradientCheck& check, bool json);

struct Written {            ///< files
  std::string model, page;  ///< no page: empty
};

struct Ended {
  const TrainedModel& made;
  std::size_t networks;  ///< that were to be trained
  bool restarts;         ///< of which the best one is kept
  const Written& written;
  double seconds;
  bool was_interrupted;
};
void print_done(const Ended& run, bool json);

}  // namespace neurone::cli
