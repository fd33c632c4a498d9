// The list of verbs, and the two that speak of the others.
#include "cli/verbs.h"

#include <fmt/format.h>
#include <array>

#include "neurone/core/suggestion.h"

namespace neurone::cli {
namespace {

struct HelpOptions {
  std::string verb;
  bool all = false;
};

struct Entry {
  const char* word;
  VerbPointer (*make)(const std::string& word);
};

constexpr std::array entries{Entry{"train", train_verb},
                             Entry{"describe", describe_verb},
                             Entry{"crossvalidate", crossvalidate_verb},
                             Entry{"predict", predict_verb},
                             Entry{"evaluate", evaluate_verb},
                             Entry{"explain", explain_verb},
                             Entry{"inspect", inspect_verb},
                             Entry{"activations", activations_verb},
                             Entry{"export", export_verb},
                             Entry{"import", import_verb},
                             Entry{"serve", serve_verb},
                             Entry{"verify", verify_verb},
                             Entry{"completions", completions_verb},
                             Entry{"manual", manual_verb},
                             Entry{"help", help_verb},
                             Entry{"version", version_verb}};

std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const Entry& entry : entries) words.emplace_back(entry.word);
  return words;
}

VerbPointer made(const Entry& entry) {
  VerbPointer verb = entry.make(entry.word);
  if (verb->get_option_no_throw("VERB") != nullptr) verb->offer("VERB", all_words());
  return verb;
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
  for (const Entry& entry : entries) verbs.push_back(made(entry));
  return verbs;
}

VerbPointer verb_named(const std::string& word) {
  for (const Entry& entry : entries)
    if (word == entry.word) return made(entry);
  throw unknown_name("verb", word, all_words());
}

VerbPointer help_verb(const std::string& word) {
  const auto options = std::make_shared<HelpOptions>();
  auto verb = std::make_unique<Verb>(word, "Show how the command, or a verb of it, is used");
  verb->add_option("VERB", options->verb, "Which verb; all of them by name if not given");
  verb->add_flag("--all", options->all, "The help of every verb");
  verb->action = [options] { return run_help(*options); };
  return verb;
}

VerbPointer version_verb(const std::string& word) {
  auto verb = std::make_unique<Verb>(word, "Show which version this is");
  verb->action = [] {
    fmt::print("neurone " NEURONE_VERSION "\n");
    return 0;
  };
  return verb;
}

}  // namespace neurone::cli
