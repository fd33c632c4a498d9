// The list of verbs, and the two that speak of the others.
#include "cli/verbs.h"

#include <fmt/format.h>
#include <algorithm>

#include "neurone/core/suggestion.h"

namespace neurone::cli {
namespace {

struct HelpOptions {
  std::string verb;
  bool all = false;
};

std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const VerbPointer& verb : all_verbs()) words.push_back(verb->word());
  return words;
}

int run_help(const HelpOptions& options) {
  if (!options.verb.empty()) {
    fmt::print("{}", verb_named(options.verb)->help());
    return 0;
  }
  fmt::print("{}", overview());
  if (options.all)
    for (const VerbPointer& verb : all_verbs()) fmt::print("\n{}", verb->help());
  return 0;
}

}  // namespace

std::string overview() {
  std::string text =
      "neurone: train, examine and use feed-forward neural networks\nUsage: neurone VERB …\n\nVerbs:\n";
  for (const VerbPointer& verb : all_verbs())
    text += fmt::format("  {:<14} {}\n", verb->word(), verb->get_description());
  return text + "\nneurone help VERB tells more. Start with: neurone train TABLE.csv --target COLUMN\n";
}

std::vector<VerbPointer> all_verbs() {
  std::vector<VerbPointer> verbs;
  for (const auto make : {train_verb, describe_verb, crossvalidate_verb, predict_verb, evaluate_verb, explain_verb,
                          inspect_verb, activations_verb, export_verb, import_verb, serve_verb, verify_verb,
                          completions_verb, manual_verb, help_verb, version_verb})
    verbs.push_back(make());
  std::vector<std::string> words;
  for (const VerbPointer& verb : verbs) words.push_back(verb->word());
  for (const VerbPointer& verb : verbs)
    if (verb->get_option_no_throw("VERB") != nullptr) verb->offer("VERB", words);
  return verbs;
}

VerbPointer verb_named(const std::string& word) {
  for (VerbPointer& verb : all_verbs())
    if (verb->word() == word) return std::move(verb);
  throw unknown_name("verb", word, all_words());
}

VerbPointer help_verb() {
  const auto options = std::make_shared<HelpOptions>();
  auto verb = std::make_unique<Verb>("help", "Show how the command, or a verb of it, is used");
  verb->add_option("VERB", options->verb, "Which verb; all of them by name if not given");
  verb->add_flag("--all", options->all, "The help of every verb");
  verb->action = [options] { return run_help(*options); };
  return verb;
}

VerbPointer version_verb() {
  auto verb = std::make_unique<Verb>("version", "Show which version this is");
  verb->action = [] {
    fmt::print("neurone " NEURONE_VERSION "\n");
    return 0;
  };
  return verb;
}

}  // namespace neurone::cli
