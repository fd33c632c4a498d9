// The verbs and their options, as `neurone help` tells them: for tests of every verb that there is or will be.
#pragma once

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/command.h"

namespace neurone {

struct HelpOption {
  std::string name;  ///< "--output", or of what is named by its place "MODEL"
  std::string type;  ///< "FILE", "OUTFILE", "UINT", "FLOAT", "TEXT"; empty: a flag
  std::string help;  ///< its first line
  bool is_required = false;
};

inline std::vector<std::string> words_of_verbs() {
  std::vector<std::string> words;
  const std::string text = Command()({"help"}).output;
  const std::regex line("\n  ([a-z]+) +[A-Z]");
  for (std::sregex_iterator each(text.begin(), text.end(), line), end; each != end; ++each)
    words.push_back((*each)[1]);
  return words;
}

inline std::vector<HelpOption> options_of_verb(const std::string& verb) {
  std::vector<HelpOption> options;
  const std::regex line(
      "  (?:-h,)?(--[a-z0-9-]+|[A-Z]+)(?: (FILE|OUTFILE|UINT|FLOAT|TEXT)(?:=\\S*)?(?: \\.\\.\\.)?( REQUIRED)?)?.*");
  std::istringstream help(Command()({"help", verb}).output);
  for (std::string text; std::getline(help, text);) {
    std::smatch found;
    if (std::regex_match(text, found, line))
      options.push_back({.name = found[1], .type = found[2], .help = text, .is_required = found[3].matched});
    else if (!options.empty() && text.starts_with("      "))
      options.back().help += text;
  }
  return options;
}

inline bool is_place(const HelpOption& option) {
  return !option.name.starts_with("--");
}

}  // namespace neurone
