// neurone manual [VERB]: the pages of the manual in the language of man, made from the options of the verbs.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/completions.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"

namespace neurone::cli {
namespace {

namespace fs = std::filesystem;

struct ManualOptions {
  std::string verb, folder;
};

// Plain text in roff: a backslash, a hyphen that is typed, and a point or apostrophe at the beginning are spelt out.
std::string roff(const std::string& text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) out += c == '\\' ? std::string("\\e") : c == '-' ? std::string("\\-") : std::string(1, c);
  return out;
}

std::string head(const std::string& name, const std::string& help) {
  std::string title = name;
  std::ranges::transform(title, title.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return fmt::format(".TH {} 1 \"\" \"neurone {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", roff(title),
                     NEURONE_VERSION, roff(name), roff(help));
}

std::string exit_status() {
  return ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nFailed: a file, a table or the machine is not as it has to be.\n"
         ".TP\n2\nWrong usage.\n.TP\n130\nInterrupted.\n";
}

std::string page_of_option(const CLI::Option* option) {
  std::string text = ".TP\n\\fB" + roff(option->get_name(false, true)) + "\\fR";
  if (!is_flag(*option)) text += " \\fI" + roff(option->get_type_name()) + "\\fR";
  text += "\n" + roff(option->get_description());
  if (!option->get_default_str().empty()) text += roff(" (default " + option->get_default_str() + ")");
  return text + "\n";
}

std::string page_of_verb(const Verb& verb) {
  std::string text = head("neurone-" + verb.word(), verb.get_description());
  text += ".SH SYNOPSIS\n.B " + roff("neurone " + verb.word()) + "\n[\\fIOPTIONS\\fR]";
  const auto places = verb.get_options([](const CLI::Option* option) { return option->get_positional(); });
  for (const CLI::Option* each : places)
    text += each->get_required() ? " \\fI" + each->get_name() + "\\fR" : " [\\fI" + each->get_name() + "\\fR]";
  text += "\n.SH DESCRIPTION\n" + roff(verb.get_description()) + ".\n";
  for (const CLI::Option* each : places)
    text += fmt::format(".TP\n\\fI{}\\fR\n{}\n", each->get_name(), roff(each->get_description()));
  text += ".SH OPTIONS\n";
  for (const std::string& group : verb.get_groups()) {
    const auto options = verb.get_options(
        [&](const CLI::Option* option) { return option->nonpositional() && option->get_group() == group; });
    if (options.empty()) continue;
    if (group != "Options") text += ".SS " + roff(group) + "\n";
    for (const CLI::Option* option : options) text += page_of_option(option);
  }
  return text + exit_status() + ".SH SEE ALSO\n.BR neurone (1)\n";
}

std::string page_of_command() {
  std::string text = head("neurone", "train, examine and use feed-forward neural networks");
  text += ".SH SYNOPSIS\n.B neurone\n\\fIVERB\\fR [\\fIOPTIONS\\fR] \\fIFILES\\fR\n";
  text +=
      ".SH DESCRIPTION\nTurns a file of data into a model that predicts, and shows how. Each verb has a page of its "
      "own,\n.BR neurone\\-train (1)\nand so on. Behind \\fB\\-\\-\\fR nothing is an option: a file may be called "
      "\\fI\\-x.csv\\fR.\n"
      ".SH VERBS\n";
  for (const VerbPointer& verb : all_verbs())
    text += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", roff(verb->word()), roff(verb->get_description()));
  text +=
      ".SH EXAMPLE\n.nf\nneurone train table.csv \\-\\-target price\nneurone predict table.safetensors "
      "new.csv\n.fi\n";
  return text + exit_status();
}

void write_into(const fs::path& file, const std::string& text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  write_file(file.string(), text);
}

// As an installation has them below share/.
void write_all(const fs::path& folder) {
  const fs::path pages = folder / "man" / "man1";
  write_into(pages / "neurone.1", page_of_command());
  for (const VerbPointer& verb : all_verbs())
    write_into(pages / ("neurone-" + verb->word() + ".1"), page_of_verb(*verb));
  for (const Shell& shell : all_shells()) write_into(folder / shell.file, shell.script());
}

int run_manual(const ManualOptions& options) {
  if (!options.folder.empty())
    write_all(options.folder);
  else
    fmt::print("{}", options.verb.empty() ? page_of_command() : page_of_verb(*verb_named(options.verb)));
  return 0;
}

}  // namespace

VerbPointer manual_verb(const std::string& word) {
  const auto options = std::make_shared<ManualOptions>();
  auto verb = std::make_unique<Verb>(word, "Write a page of the manual: neurone manual train | man -l -");
  verb->add_option("VERB", options->verb, "Which verb; the command as a whole if not given");
  verb->add_output("--folder", options->folder,
                   "Write all pages and completions into this folder, as share/ has them");
  verb->action = [options] { return run_manual(*options); };
  return verb;
}

}  // namespace neurone::cli
