// A run that may go on from a checkpoint: what it was started with, where it writes, and whether the rows are still
// the same. That the network fits is seen by Fitting.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/train_options.h"
#include "cli/verb.h"
#include "neurone/file/checkpoint.h"
#include "neurone/model/fitting.h"

namespace neurone::cli {

struct Run {
  TrainOptions options;
  std::vector<std::string> arguments;    ///< as the first command line gave them
  Files files;                           ///< that these options name
  std::optional<Checkpoint> checkpoint;  ///< where to go on
};

/// The run in the checkpoint that `now` names, with where to write from `now`. Other options cannot be given: the run
/// would be another. A checkpoint may come from anybody: where it would write outside of the working folder, the
/// option has to be repeated. Throws UsageError, Error.
Run resumed(const Verb& verb, const TrainOptions& now);

/// What the checkpoint keeps of a run beside its states; `fingerprint` is Fitting's.
std::map<std::string, std::string> notes_of(const Run& run, const Parts& parts, const std::string& fingerprint);

/// Are these the rows that the checkpoint's run began with, and its networks of this precision? Before any work.
/// Throws Error that says what is another: "p.csv: 240 rows to learn from, but the run in c began with 275".
void check_same_rows(const Run& run, const Parts& parts, bool in_double);

/// The states from which the run goes on; null where it begins.
template <class T> const TrainerStates<T>* states_of(const Run& run) {
  return run.checkpoint ? std::get_if<TrainerStates<T>>(&run.checkpoint->states) : nullptr;
}

/// Puts the fitting where the checkpoint, if there is one, left it, once it is certain that data and settings are the
/// same. Throws Error.
template <class T> void resume(const Run& run, const std::string& fingerprint, Fitting<T>& fitting);

}  // namespace neurone::cli
