// No verb writes over a file that it reads, whatever name leads to it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tests/cli/verbs.h"

namespace neurone {
namespace {

namespace fs = std::filesystem;

constexpr const char* refusal = " is one of the files to read, and would be overwritten\n";

// A command line of the verb in which each file has a name of its own, but for two options that are given `both`.
std::vector<std::string> words_for(const std::string& verb, const std::vector<HelpOption>& options,
                                   const HelpOption& in, const HelpOption& out, const std::string& read,
                                   const std::string& written) {
  std::vector<std::string> words{verb}, places;
  int number = 0;
  for (const HelpOption& each : options) {
    const std::string own = "other" + std::to_string(number++);
    const std::string value = each.name == in.name ? read : each.name == out.name ? written : own;
    if (is_place(each) && (each.is_required || value != own))
      places.push_back(value);
    else if (value != own)
      words.insert(words.end(), {each.name, value});
  }
  words.insert(words.end(), places.begin(), places.end());
  return words;
}

TEST(Overwriting, no_verb_writes_what_it_reads) {
  const Command command;
  std::size_t pairs = 0;
  for (const std::string& verb : words_of_verbs()) {
    const std::vector<HelpOption> options = options_of_verb(verb);
    for (const HelpOption& in : options)
      for (const HelpOption& out : options) {
        if (in.type != "FILE" || out.type != "OUTFILE" || in.name == "--resume") continue;
        ++pairs;
        command.folder.write("file", "x,y\n1,2\n");
        const Outcome outcome = command(words_for(verb, options, in, out, "file", "file"));
        EXPECT_EQ(outcome.code, 2) << verb << " " << in.name << " " << out.name;
        EXPECT_EQ(outcome.errors, "neurone: " + out.name + " file" + refusal) << verb << " " << in.name;
        EXPECT_EQ(command.bytes("file"), "x,y\n1,2\n");
      }
  }
  EXPECT_GE(pairs, 20U);
}

TEST(Overwriting, two_outputs_are_two_files) {
  const Command command;
  std::size_t pairs = 0;
  for (const std::string& verb : words_of_verbs()) {
    const std::vector<HelpOption> options = options_of_verb(verb);
    for (std::size_t i = 0; i < options.size(); ++i)
      for (std::size_t k = i + 1; k < options.size(); ++k) {
        if (options[i].type != "OUTFILE" || options[k].type != "OUTFILE") continue;
        ++pairs;
        const Outcome outcome = command(words_for(verb, options, options[i], options[k], "new", "./new"));
        EXPECT_EQ(outcome.code, 2) << verb << ": " << outcome.errors;
        EXPECT_NE(outcome.errors.find("is to be written twice, by "), std::string::npos) << outcome.errors;
      }
  }
  EXPECT_GE(pairs, 3U);
}

// What names a file by an option that is no FILE and no OUTFILE is not guarded.
TEST(Overwriting, every_option_that_speaks_of_a_file_is_known_to_name_one) {
  const std::regex file("\\b(file|File|FILE|page|folder|Where to write)\\b");
  for (const std::string& verb : words_of_verbs())
    for (const HelpOption& each : options_of_verb(verb)) {
      const bool is_within_a_file = each.name == "--outputs" || each.name == "--classes";
      EXPECT_FALSE(each.type == "TEXT" && !is_within_a_file && std::regex_search(each.help, file))
          << verb << ": " << each.help;
    }
}

class OtherSpelling : public testing::TestWithParam<const char*> {};

TEST_P(OtherSpelling, is_the_same_file) {
  const Command command;
  ASSERT_EQ(
      command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"}).code,
      0);
  fs::create_directory(command.folder.path("sub"));
  fs::create_symlink("penguins.csv", command.folder.path("link"));
  fs::create_symlink("link", command.folder.path("link-to-link"));
  fs::create_symlink(".", command.folder.path("here"));
  fs::create_hard_link(command.folder.path("penguins.csv"), command.folder.path("hard"));
  const std::string table = command.bytes("penguins.csv"), model = command.bytes("penguins.safetensors");
  const std::string spelt = GetParam() == std::string("absolute") ? command.folder.path("penguins.csv") : GetParam();
  const Outcome outcome = command({"predict", "penguins.safetensors", "penguins.csv", "--output", spelt});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: --output " + spelt + refusal);
  EXPECT_EQ(command.bytes("penguins.csv"), table);
  const Outcome turned = command({"predict", "penguins.safetensors", spelt, "--output", "penguins.csv"});
  EXPECT_EQ(turned.errors, std::string("neurone: --output penguins.csv") + refusal);
  EXPECT_EQ(command({"predict", "penguins.safetensors", "penguins.csv", "--output", "penguins.safetensors"}).code, 2);
  EXPECT_EQ(command.bytes("penguins.safetensors"), model);
}

INSTANTIATE_TEST_SUITE_P(Overwriting, OtherSpelling,
                         testing::Values("./penguins.csv", ".//penguins.csv", "sub/../penguins.csv",
                                         "here/penguins.csv", "link", "link-to-link", "hard", "absolute"));

TEST(Overwriting, names_made_by_default_are_guarded_too) {
  const Command command;
  const std::vector<std::string> train{"train", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"};
  const auto refused = [&](std::vector<std::string> more, const std::string& message) {
    std::vector<std::string> words = train;
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = command(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.errors, "neurone: " + message + "\n");
  };
  const std::string table = command.bytes("penguins.csv");
  // the table has the name that the model would get, or that of the page
  command.folder.write("t.safetensors", table);
  refused({"t.safetensors"}, std::string("--output t.safetensors") + std::string(refusal, std::strlen(refusal) - 1));
  command.folder.write("t.html", table);
  refused({"t.html"}, "t.html: is there already, and is no page of neurone: name another with --report, or none");
  EXPECT_EQ(command.bytes("t.safetensors"), table);
  EXPECT_EQ(command.bytes("t.html"), table);
  // a link that leads nowhere leads to what is not there yet
  fs::create_symlink("new", command.folder.path("to-new"));
  refused({"penguins.csv", "--output", "new", "--report", "to-new"},
          "to-new: is to be written twice, by --output and by --report");

  // the header of a C source
  ASSERT_EQ(
      command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"}).code,
      0);
  fs::rename(command.folder.path("penguins.safetensors"), command.folder.path("m.h"));
  const std::string model = command.bytes("m.h");
  const Outcome outcome = command({"export", "m.h", "m.c"});
  EXPECT_EQ(outcome.errors, std::string("neurone: the .h of OUT m.h") + refusal);
  EXPECT_EQ(command.bytes("m.h"), model);
}

TEST(Overwriting, a_model_in_a_served_folder_is_read) {
  const Command command;
  ASSERT_EQ(
      command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"}).code,
      0);
  fs::create_directory(command.folder.path("models"));
  fs::rename(command.folder.path("penguins.safetensors"), command.folder.path("models/m.safetensors"));
  fs::create_hard_link(command.folder.path("models/m.safetensors"), command.folder.path("hard"));
  const std::string model = command.bytes("models/m.safetensors");
  for (const char* log : {"models/m.safetensors", "models/new.safetensors", "hard"}) {
    const Outcome outcome = command({"serve", "models", "--port", "0", "--log", log});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.errors, "neurone: --log " + std::string(log) + refusal);
  }
  EXPECT_EQ(command.bytes("models/m.safetensors"), model);
}

TEST(Overwriting, a_checkpoint_goes_on_in_its_own_file) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2", "--ensemble", "1", "--quiet",
                     "--checkpoint", "run"})
                .code,
            0);
  EXPECT_EQ(command({"train", "--resume", "run", "--checkpoint", "run", "--quiet"}).code, 0);
  const Outcome outcome = command({"train", "--resume", "run", "--output", "run", "--quiet"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, std::string("neurone: --output run") + refusal);
}

TEST(Overwriting, what_is_printed_does_not_go_into_what_is_read) {
  const Command command;
  const std::string table = command.bytes("penguins.csv");
  const std::string shell =
      "cd " + command.folder.path() + " && " NEURONE_COMMAND " describe penguins.csv >> penguins.csv 2> errors";
  EXPECT_EQ(WEXITSTATUS(std::system(shell.c_str())), 2);
  EXPECT_EQ(command.bytes("errors"),
            "neurone: penguins.csv: is one of the files to read, and what is printed would go into it\n");
  EXPECT_EQ(command.bytes("penguins.csv"), table);
}

TEST(Overwriting, pipes_and_devices_are_no_files) {
  const Command command;
  ASSERT_EQ(
      command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"}).code,
      0);
  const std::string table = command.bytes("penguins.csv");
  EXPECT_EQ(command({"predict", "penguins.safetensors", "-", "--output", "-"}, table).code, 0);
  EXPECT_EQ(command({"predict", "penguins.safetensors", "/dev/stdin", "--output", "/dev/stdout"}, table).code, 0);
  EXPECT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet",
                     "--output", "/dev/null", "--report", "/dev/null"})
                .code,
            0);
}

}  // namespace
}  // namespace neurone
