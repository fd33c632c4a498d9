// Same seed, same bytes: of two runs, and of a run that was interrupted and resumed.
#include <gtest/gtest.h>

#include <csignal>

#include "neurone/core/instruction_set.h"
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

// Wide enough that every product is shared out; every kind of activation's kernel takes part.
std::vector<std::string> wide_training(const std::string& output, std::initializer_list<std::string> more) {
  std::vector<std::string> all{
      "train",          "penguins.csv", "--target",       "species", "--epochs",       "3",       "--layer",
      "dense 500 tanh", "--layer",      "dense 300 gelu", "--layer", "dense 260 mish", "--batch", "200",
      "--loss",         "focal",        "--clip-norm",    "1",       "--output",       output,    "--quiet"};
  all.insert(all.end(), more);
  return all;
}

TEST(Reproducibility, the_number_of_threads_changes_no_byte) {
  const Command command;
  ASSERT_EQ(command(wide_training("1", {"--threads", "1"})).code, 0);
  for (const std::string threads : {"2", "3", "4", "8"}) {
    ASSERT_EQ(command(wide_training(threads, {"--threads", threads})).code, 0);
    EXPECT_TRUE(command.bytes(threads) == command.bytes("1")) << threads << " threads";
  }
  const std::string alone = command({"predict", "1", "penguins.csv", "--threads", "1"}).output;
  EXPECT_FALSE(alone.empty());
  EXPECT_EQ(command({"predict", "1", "penguins.csv", "--threads", "3"}).output, alone);
}

TEST(Reproducibility, avx2_and_avx512_give_the_same_file) {
  if (usable_instruction_sets().back() != InstructionSet::avx512) GTEST_SKIP() << "this processor has no AVX-512";
  const Command command;
  ASSERT_EQ(command(wide_training("avx2", {"--instruction-set", "avx2"})).code, 0);
  ASSERT_EQ(command(wide_training("avx512", {"--instruction-set", "avx512"})).code, 0);
  EXPECT_TRUE(command.bytes("avx2") == command.bytes("avx512"));
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

  const Outcome second = command({"train", "--resume", "run.checkpoint", "--quiet", "--threads", "2"});
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
