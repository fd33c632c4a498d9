// Arguments that no one takes: refused wherever they stand, with exit code 2.
#include <gtest/gtest.h>

#include "tests/cli/command.h"

namespace neurone {
namespace {

TEST(Usage, what_stands_before_the_verb_is_not_ignored) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const Outcome option = command({"--bogus", "inspect", "penguins.safetensors"});
  EXPECT_EQ(option.code, 2);
  EXPECT_TRUE(option.errors.starts_with("neurone: unknown option '--bogus'")) << option.errors;
  EXPECT_EQ(option.output, "");
  const Outcome word = command({"junk", "inspect", "penguins.safetensors"});
  EXPECT_EQ(word.code, 2);
  EXPECT_TRUE(word.errors.starts_with("neurone: unknown verb 'junk'")) << word.errors;
  EXPECT_EQ(word.output, "");
}

TEST(Usage, what_stands_behind_the_verb_is_refused_by_the_verb) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const Outcome outcome = command({"inspect", "penguins.safetensors", "junk"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: unexpected argument 'junk'\n");
}

TEST(Usage, no_verb_shows_the_help_and_fails) {
  const Outcome outcome = Command()({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.errors.find("inspect"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace neurone
