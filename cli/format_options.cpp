#include "cli/format_options.h"

#include <string>
#include <vector>

namespace neurone::cli {
namespace {

struct PartHelp {
  const char* part;
  const char* help;
};

constexpr std::array<PartHelp, format_parts.size()> helps{
    {{"header", "yes or no: does the first row name the columns?"},
     {"separator", "Between cells: a character, tab, or space for any number of spaces"},
     {"decimal", "point or comma: the decimal sign of all numbers"},
     {"missing", "Text of cells that means missing, besides NA, ? and the like; may be repeated"},
     {"skip", "Lines before the table"},
     {"comment", "Character that lines begin with which are not of the table; none"},
     {"quote", "Character around cells, \" if not given; none where quotes are text"},
     {"encoding", "utf-8, latin-1, windows-1252, utf-16 or another that iconv knows"}}};

void add(CLI::App& verb, TableFormat& format, const char* group) {
  for (const auto& [part, help] : helps) {
    const auto set = [&format, name = part](const std::vector<std::string>& texts) {
      for (const std::string& text : texts) set_format_part(name, text, format);
    };
    CLI::Option* option = verb.add_option_function<std::vector<std::string>>(std::string("--") + part, set, help);
    option->allow_extra_args(false)->type_name("TEXT")->group(group);
    if (part != std::string_view("missing")) option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  }
}

}  // namespace

void add_format_options(CLI::App& verb, TableFormat& format) {
  add(verb, format, "How the table is written; found out where not given");
}

void add_format_options_of_model(CLI::App& verb, TableFormat& format) {
  add(verb, format, "How the table is written; as in training where not given");
}

}  // namespace neurone::cli
