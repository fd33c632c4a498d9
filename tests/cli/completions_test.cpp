// What shells and man are told of the verbs: made from the options, and so complete.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/cli/verbs.h"

namespace neurone {
namespace {

int run_shell(const Command& command, const std::string& line) {
  return WEXITSTATUS(std::system(("cd '" + command.folder.path() + "' && " + line).c_str()));
}

bool is_installed(const Command& command, const std::string& program) {
  return run_shell(command, "command -v " + program + " >/dev/null 2>&1") == 0;
}

// What bash offers behind these words.
std::vector<std::string> offered(const Command& command, const std::vector<std::string>& words) {
  std::string line = "source ./completion; COMP_WORDS=(";
  for (const std::string& word : words) line += "\"" + word + "\" ";
  line += "); COMP_CWORD=" + std::to_string(words.size() - 1) +
          "; _neurone; ((${#COMPREPLY[@]})) && printf \"%s\\n\" \"${COMPREPLY[@]}\"; true";
  EXPECT_EQ(run_shell(command, "bash -c '" + line + "' > offered 2> complaints"), 0);
  EXPECT_EQ(command.bytes("complaints"), "");
  return lines_of(command.bytes("offered"));
}

TEST(Completions, bash_offers_what_fits) {
  const Command command;
  if (!is_installed(command, "bash")) GTEST_SKIP() << "no bash";
  command.folder.write("completion", command({"completions", "bash"}).output);
  command.folder.write("a table.csv", "x,y\n");
  using Words = std::vector<std::string>;
  EXPECT_EQ(offered(command, {"neurone", "cross"}), Words{"crossvalidate"});
  EXPECT_EQ(offered(command, {"neurone", "train", "--lea"}), Words{"--learning-rate"});
  EXPECT_EQ(offered(command, {"neurone", "train", "--task", "c"}), Words{"classification"});
  EXPECT_EQ(offered(command, {"neurone", "train", "--task", "="}), (Words{"classification", "regression"}));
  EXPECT_EQ(offered(command, {"neurone", "train", "--task", "=", "r"}), Words{"regression"});
  EXPECT_EQ(offered(command, {"neurone", "predict", "m", "peng"}), Words{"penguins.csv"});
  EXPECT_EQ(offered(command, {"neurone", "predict", "m", "--json", "a"}), Words{"a table.csv"})
      << "one name with a space";
  EXPECT_EQ(offered(command, {"neurone", "train", "--output", "peng"}), Words{"penguins.csv"});
  EXPECT_EQ(offered(command, {"neurone", "train", "--seed", ""}), Words{}) << "a number is nobody's to guess";
  EXPECT_EQ(offered(command, {"neurone", "completions", "z"}), Words{"zsh"});
  EXPECT_EQ(offered(command, {"neurone", "help", "ver"}), (Words{"verify", "version"}));
  EXPECT_EQ(offered(command, {"neurone", "describe", "--", "peng"}), Words{"penguins.csv"});
}

TEST(Completions, every_option_of_every_verb_stands_in_all_of_them) {
  const Command command;
  const std::string bash = command({"completions", "bash"}).output, zsh = command({"completions", "zsh"}).output,
                    fish = command({"completions", "fish"}).output, manual = command({"manual"}).output;
  std::size_t seen = 0;
  for (const std::string& verb : words_of_verbs()) {
    const std::string page = command({"manual", verb}).output;
    EXPECT_NE(manual.find("\\fB" + verb + "\\fR"), std::string::npos) << verb;
    for (const HelpOption& each : options_of_verb(verb)) {
      if (is_place(each)) continue;
      ++seen;
      const auto stands_in = [&](const std::string& text, const std::string& pattern) {
        return std::regex_search(text, std::regex(pattern));
      };
      const std::string word = each.name.substr(2);
      EXPECT_TRUE(stands_in(bash, verb + "\\) options='[^']* " + each.name + " ")) << verb << " " << each.name;
      EXPECT_NE(zsh.find(each.name + "["), std::string::npos) << verb << " " << each.name;
      EXPECT_NE(fish.find("'__fish_seen_subcommand_from " + verb + "' -l " + word + " "), std::string::npos)
          << verb << " " << each.name;
      EXPECT_NE(page.find("\\-\\-" + std::regex_replace(word, std::regex("-"), "\\-") + "\\fR"), std::string::npos)
          << verb << " " << each.name;
    }
  }
  EXPECT_GE(seen, 100U);
}

TEST(Completions, shells_and_man_can_read_them) {
  const Command command;
  ASSERT_EQ(command({"manual", "--folder", "share"}).code, 0);
  EXPECT_EQ(command.bytes("share/bash-completion/completions/neurone"), command({"completions", "bash"}).output);
  EXPECT_EQ(command.bytes("share/man/man1/neurone-train.1"), command({"manual", "train"}).output);
  for (const std::string& verb : words_of_verbs())
    EXPECT_TRUE(std::filesystem::exists(command.folder.path("share/man/man1/neurone-" + verb + ".1"))) << verb;
  std::size_t read = 0;
  for (const auto& [program, line] :
       {std::pair{"bash", "bash -n share/bash-completion/completions/neurone"},
        {"zsh", "zsh -n share/zsh/site-functions/_neurone"},
        {"fish", "fish --no-execute share/fish/vendor_completions.d/neurone.fish"},
        {"groff", "! groff -man -Tutf8 -Kutf8 -ww -z share/man/man1/*.1 2>&1 | grep ."}}) {
    if (!is_installed(command, program)) continue;
    ++read;
    EXPECT_EQ(run_shell(command, line), 0) << line;
  }
  if (read == 0) GTEST_SKIP() << "neither bash, zsh, fish nor groff is here";
}

TEST(Completions, a_shell_that_is_none_of_them_is_refused) {
  const Outcome outcome = Command()({"completions", "tcsh"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: unknown shell 'tcsh', expected one of: bash, zsh, fish\n");
}

}  // namespace
}  // namespace neurone
