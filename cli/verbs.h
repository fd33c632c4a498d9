// The verbs of the command, one file each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace neurone::cli {

inline constexpr int exit_interrupted = 130;

using VerbPointer = std::unique_ptr<Verb>;

/// Each is made with the word that calls it, which verbs.cpp alone says.
VerbPointer train_verb(const std::string& word);
VerbPointer describe_verb(const std::string& word);
VerbPointer crossvalidate_verb(const std::string& word);
VerbPointer predict_verb(const std::string& word);
VerbPointer evaluate_verb(const std::string& word);
VerbPointer explain_verb(const std::string& word);
VerbPointer inspect_verb(const std::string& word);
VerbPointer activations_verb(const std::string& word);
VerbPointer export_verb(const std::string& word);
VerbPointer import_verb(const std::string& word);
VerbPointer serve_verb(const std::string& word);
VerbPointer verify_verb(const std::string& word);
VerbPointer completions_verb(const std::string& word);
VerbPointer manual_verb(const std::string& word);
VerbPointer help_verb(const std::string& word);
VerbPointer version_verb(const std::string& word);

/// All of them, in the order in which they are listed.
std::vector<VerbPointer> all_verbs();

/// Throws UsageError with the nearest word.
VerbPointer verb_named(const std::string& word);

/// What `neurone help` prints.
std::string overview();

}  // namespace neurone::cli
