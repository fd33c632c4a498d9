// Same seed, same bytes: of two runs, and of a run that was interrupted and resumed.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/command.h"

namespace neurone {
namespace {

// Everything that could make a difference: dropout, batch normalisation, warm-up, a schedule with a memory.
std::vector<std::string> training(const std::string& output) {
  return {"train",      "penguins.csv",  "--target",   "species", "--epochs", "40",      "--layer",
          "dense 16",   "--layer",       "batch_norm", "--layer", "dropout",  "--layer", "dense 8 tanh",
          "--schedule", "plateau:0.5,2", "--warmup",   "2",       "--output", output};
}

TEST(Reproducibility, same_seed_gives_the_same_file_and_another_seed_another) {
  const Command command;
  ASSERT_EQ(command(training("a")).code, 0);
  ASSERT_EQ(command(training("b")).code, 0);
  auto other = training("c");
  other.insert(other.end(), {"--seed", "2"});
  ASSERT_EQ(command(other).code, 0);
  EXPECT_EQ(command.bytes("a"), command.bytes("b"));
  EXPECT_NE(command.bytes("a"), command.bytes("c"));
}

TEST(Reproducibility, an_interrupted_and_resumed_run_gives_the_file_of_one_that_was_never_interrupted) {
  const Command command;
  ASSERT_EQ(command(training("whole")).code, 0);

  auto interrupted = training("resumed");
  interrupted.insert(interrupted.end(), {"--checkpoint", "run.checkpoint", "--json"});
  const Outcome first = run_command(command.folder.path(), interrupted, {}, [](std::string_view line, int process) {
    if (line.find("\"epoch\":7,") != std::string_view::npos) kill(process, SIGINT);
  });
  EXPECT_EQ(first.code, 130) << first.output << first.errors;
  EXPECT_NE(first.output.find("\"interrupted\":true"), std::string::npos);
  EXPECT_NE(command.bytes("resumed"), command.bytes("whole"));  // the best so far was kept

  const Outcome second = command({"train", "--resume", "run.checkpoint", "--quiet"});
  EXPECT_EQ(second.code, 0) << second.errors;
  EXPECT_EQ(command.bytes("resumed"), command.bytes("whole"));
}

TEST(Reproducibility, a_resumed_run_refuses_other_options_and_other_data) {
  const Command command;
  auto first = training("model");
  first.insert(first.end(), {"--checkpoint", "run.checkpoint"});
  ASSERT_EQ(command(first).code, 0);

  Outcome outcome = command({"train", "--resume", "run.checkpoint", "--seed", "3"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors,
            "neurone: --seed cannot be given with --resume: the run goes on with the options it began with\n");

  const std::string table = command.bytes("penguins.csv");
  command.folder.write("penguins.csv", table.substr(0, table.rfind('\n', table.size() - 2) + 1));
  outcome = command({"train", "--resume", "run.checkpoint"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.errors.find("not the data and settings that the run in run.checkpoint began with"),
            std::string::npos)
      << outcome.errors;
}

}  // namespace
}  // namespace neurone
