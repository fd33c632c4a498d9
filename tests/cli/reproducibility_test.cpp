// Same seed, same bytes: of two runs, and of a run that was interrupted and resumed.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

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

// The page about a model, without what the model is called: that is the one thing in which these runs differ.
std::string page_without_name(const Command& command, const std::string& model) {
  const std::string page = command.bytes(model + ".html");
  std::string text;
  std::size_t from = 0;
  for (const std::string& name :
       {" by " + model + ",", "--output " + model, " predict " + model + " ", " evaluate " + model + " "}) {
    const std::size_t at = page.find(name, from);
    EXPECT_NE(at, std::string::npos) << name;
    text += page.substr(from, at - from);
    from = at + name.size();
  }
  return text + page.substr(from);
}

TEST(Reproducibility, the_number_of_threads_changes_no_byte) {
  const Command command;
  ASSERT_EQ(command(wide_training("1", {"--threads", "1"})).code, 0);
  for (const std::string threads : {"2", "3", "4", "8"}) {
    ASSERT_EQ(command(wide_training(threads, {"--threads", threads})).code, 0);
    EXPECT_TRUE(command.bytes(threads) == command.bytes("1")) << threads << " threads";
    EXPECT_TRUE(page_without_name(command, threads) == page_without_name(command, "1")) << threads << " threads";
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
  const std::initializer_list<std::string> more{"--checkpoint", "run.checkpoint", "--json", "--report", "page"};
  auto whole = training("whole"), interrupted = training("resumed");
  whole.insert(whole.end(), more);
  interrupted.insert(interrupted.end(), more);
  ASSERT_EQ(command(whole).code, 0);
  std::filesystem::rename(command.folder.path("page"), command.folder.path("whole.html"));
  const Outcome first = run_command(command.folder.path(), interrupted, {}, [](std::string_view line, int process) {
    if (line.find("\"epoch\":7,") != std::string_view::npos) kill(process, SIGINT);
  });
  EXPECT_EQ(first.code, 130) << first.output << first.errors;
  EXPECT_NE(first.output.find("\"interrupted\":true"), std::string::npos);
  EXPECT_NE(command.bytes("resumed"), command.bytes("whole"));  // the best so far was kept

  const Outcome second = command({"train", "--resume", "run.checkpoint", "--quiet", "--threads", "2"});
  EXPECT_EQ(second.code, 0) << second.errors;
  EXPECT_EQ(command.bytes("resumed"), command.bytes("whole"));
  std::filesystem::rename(command.folder.path("page"), command.folder.path("resumed.html"));
  EXPECT_TRUE(page_without_name(command, "resumed") == page_without_name(command, "whole"));  // all its epochs, too
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
  EXPECT_NE(outcome.errors.find("but the run in run.checkpoint began with"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace neurone
