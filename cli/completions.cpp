// neurone completions SHELL. Each shell has its own way of saying the same: which verbs there are, which options a
// verb has, and what may stand behind an option or in a place: files, some words, or anything.
#include "cli/completions.h"

#include <fmt/format.h>
#include <algorithm>

#include "cli/verbs.h"
#include "neurone/core/suggestion.h"

namespace neurone::cli {
namespace {

// What may be offered behind an option, or in a place.
struct Values {
  bool files = false;
  std::vector<std::string> words;
};

Values values_of(const Verb& verb, const CLI::Option* option) {
  return {.files = verb.use_of(option).has_value(), .words = verb.offers_of(option)};
}

std::vector<const CLI::Option*> options_of(const Verb& verb) {
  return verb.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}
std::vector<const CLI::Option*> places_of(const Verb& verb) {
  return verb.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> words_of_verbs(const std::vector<VerbPointer>& verbs) {
  std::vector<std::string> words;
  for (const VerbPointer& verb : verbs) words.push_back(verb->word());
  return words;
}

std::string with_replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// The help up to where a second thought begins: a line of a menu is short.
std::string short_help(const std::string& help) {
  return help.substr(0, help.find_first_of(":;("));
}

// --- bash ----------------------------------------------------------------------------------------------------------

// The commands that fill COMPREPLY with what fits `current`.
std::string bash_reply(const Values& values) {
  std::string text;
  if (!values.words.empty())
    text += fmt::format("COMPREPLY+=($(compgen -W '{}' -- \"$current\"));", fmt::join(values.words, " "));
  return text + (values.files ? "_neurone_files;" : "");
}

std::string bash_script() {
  const std::vector<VerbPointer> verbs = all_verbs();
  std::string text = R"(# bash completion for neurone, made by: neurone completions bash
_neurone_files() {
  compopt -o filenames 2>/dev/null
  local file
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")
}
_neurone() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" verb="${COMP_WORDS[1]}"
  COMPREPLY=()
)";
  text += fmt::format(R"(  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$current"))
    return
  fi
  if [[ $current == '=' ]]; then current=''; elif [[ $previous == '=' ]]; then previous="${{COMP_WORDS[COMP_CWORD-2]}}"; fi
  local options='' place=0 i
)",
                      fmt::join(words_of_verbs(verbs), " "));
  text += "  case $verb in\n";
  for (const VerbPointer& verb : verbs) {
    std::string names, flags;
    for (const CLI::Option* option : options_of(*verb)) {
      names += " " + option->get_name();
      if (is_flag(*option)) flags += " " + option->get_name();
    }
    text += fmt::format("    {}) options='{} ' flags='{} ' ;;\n", verb->word(), names, flags);
  }
  text += R"(  esac
  for ((i = 2; i < COMP_CWORD; i++)); do  # how many places are taken
    case ${COMP_WORDS[i]} in
      --) ;;
      --*) if [[ $flags != *" ${COMP_WORDS[i]} "* ]]; then ((i++)); [[ ${COMP_WORDS[i]} == '=' ]] && ((i++)); fi ;;
      *) ((place++)) ;;
    esac
  done
  case $verb:$previous in
)";
  for (const VerbPointer& verb : verbs)
    for (const CLI::Option* option : options_of(*verb))
      if (!is_flag(*option))
        text += fmt::format("    {}:{}) {} return ;;\n", verb->word(), option->get_name(),
                            bash_reply(values_of(*verb, option)));
  text += R"(  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
    return
  fi
  case $verb:$place in
)";
  for (const VerbPointer& verb : verbs) {
    const std::vector<const CLI::Option*> places = places_of(*verb);
    for (std::size_t k = 0; k < places.size(); ++k)
      text += fmt::format("    {}:{}) {} ;;\n", verb->word(), k, bash_reply(values_of(*verb, places[k])));
  }
  return text + "  esac\n}\ncomplete -F _neurone neurone\n";
}

// --- zsh -----------------------------------------------------------------------------------------------------------

std::string zsh_action(const Values& values) {
  if (values.files) return ":_files";
  return values.words.empty() ? ": " : fmt::format(":({})", fmt::join(values.words, " "));
}

// In a specification of _arguments, itself in single quotes.
std::string zsh_text(const std::string& help) {
  std::string text = with_replaced(short_help(help), "'", "'\\''");
  for (const char* each : {"[", "]", ":"}) text = with_replaced(text, each, "\\" + std::string(each));
  return text;
}

std::string zsh_script() {
  std::string text = "#compdef neurone\n# zsh completion for neurone, made by: neurone completions zsh\n\n";
  text +=
      "_neurone() {\n  local context state state_descr line\n  typeset -A opt_args\n  local -a verbs\n  verbs=(\n";
  const std::vector<VerbPointer> verbs = all_verbs();
  for (const VerbPointer& verb : verbs)
    text += fmt::format("    '{}:{}'\n", verb->word(), with_replaced(verb->get_description(), "'", "'\\''"));
  text += "  )\n  _arguments -C '1: :->verb' '*:: :->rest'\n";
  text += "  if [[ $state == verb ]]; then\n    _describe 'verb' verbs\n    return\n  fi\n  case $words[1] in\n";
  for (const VerbPointer& verb : verbs) {
    text += fmt::format("    {})\n      _arguments", verb->word());
    for (const CLI::Option* option : options_of(*verb)) {
      const std::string name = option->get_name(), help = zsh_text(option->get_description());
      const bool repeats = is_repeatable(*option);
      text += fmt::format(" \\\n        '{}{}[{}]{}'", repeats ? "*" : "", name, help,
                          is_flag(*option) ? "" : ":value" + zsh_action(values_of(*verb, option)));
    }
    const std::vector<const CLI::Option*> places = places_of(*verb);
    for (std::size_t k = 0; k < places.size(); ++k)
      text += fmt::format(" \\\n        '{}:{}{}'", k + 1, places[k]->get_name(),
                          zsh_action(values_of(*verb, places[k])));
    text += "\n      ;;\n";
  }
  return text + "  esac\n}\n\n_neurone \"$@\"\n";
}

// --- fish ----------------------------------------------------------------------------------------------------------

std::string fish_text(const std::string& help) {
  return with_replaced(with_replaced(short_help(help), "\\", "\\\\"), "'", "\\'");
}

std::string fish_script() {
  const std::vector<VerbPointer> verbs = all_verbs();
  std::string text = "# fish completion for neurone, made by: neurone completions fish\ncomplete -c neurone -f\n";
  text += "complete -c neurone -n __fish_use_subcommand -l help -d 'Show how the command is used'\n";
  text += "complete -c neurone -n __fish_use_subcommand -l version -d 'Show which version this is'\n";
  for (const VerbPointer& verb : verbs)
    text += fmt::format("complete -c neurone -n __fish_use_subcommand -a {} -d '{}'\n", verb->word(),
                        fish_text(verb->get_description()));
  for (const VerbPointer& verb : verbs) {
    const std::string behind = fmt::format("complete -c neurone -n '__fish_seen_subcommand_from {}'", verb->word());
    for (const CLI::Option* option : options_of(*verb)) {
      const Values values = values_of(*verb, option);
      std::string what;
      if (!is_flag(*option)) what = values.files ? " -rF" : " -x";
      if (!values.words.empty()) what += fmt::format(" -a '{}'", fmt::join(values.words, " "));
      text += fmt::format("{} -l {}{} -d '{}'\n", behind, option->get_lnames().front(), what,
                          fish_text(option->get_description()));
    }
    for (const CLI::Option* place : places_of(*verb)) {
      const Values values = values_of(*verb, place);
      if (values.files) text += behind + " -F\n";
      if (!values.words.empty()) text += fmt::format("{} -a '{}'\n", behind, fmt::join(values.words, " "));
    }
  }
  return text;
}

}  // namespace

const std::vector<Shell>& all_shells() {
  static const std::vector<Shell> shells{
      {.name = "bash", .file = "bash-completion/completions/neurone", .script = bash_script},
      {.name = "zsh", .file = "zsh/site-functions/_neurone", .script = zsh_script},
      {.name = "fish", .file = "fish/vendor_completions.d/neurone.fish", .script = fish_script}};
  return shells;
}

VerbPointer completions_verb(const std::string& word) {
  const auto shell = std::make_shared<std::string>();
  auto verb = std::make_unique<Verb>(word, "Write what a shell needs to complete verbs and options");
  verb->add_option("SHELL", *shell, "bash, zsh or fish")->required();
  std::vector<std::string> names;
  for (const Shell& each : all_shells()) names.emplace_back(each.name);
  verb->offer("SHELL", names);
  verb->action = [shell, names] {
    const auto found =
        std::ranges::find(all_shells(), *shell, [](const Shell& each) { return std::string(each.name); });
    if (found == all_shells().end()) throw unknown_name("shell", *shell, names);
    fmt::print("{}", found->script());
    return 0;
  };
  return verb;
}

}  // namespace neurone::cli
