// A training run on disk, so that it can go on bit for bit after an interruption.
// The container itself is in safetensors.h; which run the state belongs to is told by the caller's notes.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "neurone/training/trainer.h"

namespace neurone {

struct Checkpoint {
  std::variant<TrainerState<float>, TrainerState<double>> state;
  std::map<std::string, std::string> notes;  ///< of whoever wrote it: the command line, the data's fingerprint
};

/// Written aside and renamed. Throws Error when it cannot be written.
template <class T>
void save_checkpoint(const std::string& path, const TrainerState<T>& state,
                     const std::map<std::string, std::string>& notes);

/// Throws Error for a file that is no checkpoint or is damaged.
Checkpoint load_checkpoint(const std::string& path);

}  // namespace neurone
