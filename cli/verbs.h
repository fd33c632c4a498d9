// The verbs of the command, one file each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace neurone::cli {

inline constexpr int exit_interrupted = 130;

using VerbPointer = std::unique_ptr<Verb>;

VerbPointer train_verb();
VerbPointer describe_verb();
VerbPointer crossvalidate_verb();
VerbPointer predict_verb();
VerbPointer evaluate_verb();
VerbPointer explain_verb();
VerbPointer inspect_verb();
VerbPointer activations_verb();
VerbPointer export_verb();
VerbPointer import_verb();
VerbPointer serve_verb();
VerbPointer verify_verb();
VerbPointer completions_verb();
VerbPointer manual_verb();
VerbPointer help_verb();
VerbPointer version_verb();

/// All of them, in the order in which they are listed.
std::vector<VerbPointer> all_verbs();

/// Throws UsageError with the nearest word.
VerbPointer verb_named(const std::string& word);

/// What `neurone help` prints.
std::string overview();

}  // namespace neurone::cli
