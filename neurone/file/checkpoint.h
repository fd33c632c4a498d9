// A training run on disk, so that it can go on bit for bit after an interruption.
// The container itself is in safetensors.h; which run the state belongs to is told by the caller's notes.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "neurone/training/trainer.h"

namespace neurone {

template <class T> using TrainerStates = std::vector<TrainerState<T>>;

struct Checkpoint {
  /// Of each network that has begun, at least one.
  std::variant<TrainerStates<float>, TrainerStates<double>> states;
  std::map<std::string, std::string> notes;  ///< of whoever wrote it: the command line, the data's fingerprint
};

/// The bytes of a checkpoint file: the same for the same states, at least one, and notes.
template <class T>
std::string format_checkpoint(const TrainerStates<T>& states, const std::map<std::string, std::string>& notes);

/// Throws Error, naming `source`, for bytes that are no checkpoint, are damaged, or hold a weight that is not finite.
Checkpoint parse_checkpoint(std::string bytes, const std::string& source);

/// format_checkpoint, written aside and renamed. Throws Error when it cannot be written.
template <class T>
void save_checkpoint(const std::string& path, const TrainerStates<T>& states,
                     const std::map<std::string, std::string>& notes);

/// parse_checkpoint of a file. Throws Error.
Checkpoint load_checkpoint(const std::string& path);

}  // namespace neurone
