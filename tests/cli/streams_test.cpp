// Standard streams that are closed, full or left by their reader.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/cli/command.h"

namespace neurone {
namespace {

class Streams : public testing::Test {
 protected:
  Streams() {
    const Outcome outcome =
        command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"});
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
  }
  // The exit code of a line for the shell, in which neurone is the command.
  int shell(const std::string& line) const {
    const std::string all =
        "cd '" + command.folder.path() + "' && neurone() { " NEURONE_COMMAND " \"$@\"; } && " + line;
    return WEXITSTATUS(std::system(all.c_str()));
  }
  std::string errors() const { return command.bytes("errors"); }

  const Command command;
};

TEST_F(Streams, a_reader_that_leaves_early_is_an_error) {
  std::string table = command.bytes("penguins.csv");
  const std::string rows = table.substr(table.find('\n') + 1);
  for (int i = 0; i < 20; ++i) table += rows;  // more than a pipe holds
  command.folder.write("many.csv", table);
  EXPECT_EQ(shell("{ neurone predict penguins.safetensors many.csv 2> errors; echo $? > code; } | head -n 1 > first"),
            0);
  EXPECT_EQ(command.bytes("code"), "1\n");
  EXPECT_EQ(errors(), "neurone: standard output: cannot be written: Broken pipe\n");
  EXPECT_TRUE(command.bytes("first").starts_with("prediction,"));
}

TEST_F(Streams, what_cannot_be_printed_is_an_error_of_every_verb) {
  for (const char* words : {"predict penguins.safetensors penguins.csv", "inspect penguins.safetensors",
                            "evaluate penguins.safetensors penguins.csv", "describe penguins.csv", "activations relu",
                            "explain penguins.safetensors penguins.csv", "help", "version", "train --help",
                            "completions bash", "manual", "verify penguins.safetensors"}) {
    EXPECT_EQ(shell("neurone " + std::string(words) + " > /dev/full 2> errors"), 1) << words;
    EXPECT_TRUE(errors().ends_with("neurone: standard output: cannot be written: No space left on device\n"))
        << words << ": " << errors();
    EXPECT_EQ(shell("neurone " + std::string(words) + " >&- 2> errors"), 1) << words;
    EXPECT_TRUE(errors().ends_with("neurone: standard output: cannot be written: Bad file descriptor\n"))
        << words << ": " << errors();
  }
}

TEST_F(Streams, what_is_printed_never_goes_into_a_file_that_is_written) {
  const std::string table = command({"predict", "penguins.safetensors", "penguins.csv"}).output;
  EXPECT_EQ(shell("neurone predict penguins.safetensors penguins.csv --output out.csv <&- >&- 2>&-"), 0);
  EXPECT_EQ(command.bytes("out.csv"), table);
  EXPECT_EQ(
      shell("neurone train penguins.csv --target species --epochs 1 --ensemble 1 --output m.safetensors >&- 2>&-"),
      1);
  EXPECT_EQ(command({"verify", "m.safetensors"}).code, 0) << "the model itself is whole";
}

TEST_F(Streams, messages_that_nobody_reads_change_nothing) {
  const std::string table = command({"predict", "penguins.safetensors", "penguins.csv"}).output;
  EXPECT_EQ(shell("neurone predict penguins.safetensors penguins.csv > out.csv 2> /dev/full"), 0);
  EXPECT_EQ(command.bytes("out.csv"), table);
  EXPECT_EQ(shell("neurone train penguins.csv --target species --epochs 1 --ensemble 1 > /dev/null 2> /dev/full"), 0);
  EXPECT_EQ(shell("neurone inspect nothing 2> /dev/full"), 1);
}

}  // namespace
}  // namespace neurone
