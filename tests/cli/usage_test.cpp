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
  EXPECT_EQ(outcome.output, "");
}

TEST(Usage, help_and_version_are_verbs_and_options) {
  const Command command;
  const std::string overview = command({"help"}).output, train = command({"help", "train"}).output;
  EXPECT_NE(overview.find("\n  crossvalidate "), std::string::npos) << overview;
  EXPECT_NE(train.find("--learning-rate"), std::string::npos) << train;
  for (const char* word : {"--help", "-h"}) {
    EXPECT_EQ(command({word}).output, overview);
    EXPECT_EQ(command({"train", word}).output, train);
    EXPECT_EQ(command({"train", "--target", "x", word, "--nonsense"}).output, train) << "help comes before mistakes";
    EXPECT_EQ(command({word, "train"}).output, train);
  }
  const std::string version = command({"version"}).output;
  EXPECT_TRUE(version.starts_with("neurone 0.")) << version;
  EXPECT_EQ(command({"--version"}).output, version);
  EXPECT_NE(command({"--help-all"}).output.find(train), std::string::npos);
  EXPECT_EQ(command({"help", "trian"}).errors, "neurone: unknown verb 'trian': did you mean 'train'?\n");
  EXPECT_EQ(command({"version", "3"}).errors, "neurone: unexpected argument '3'\n");
}

// POSIX, utility syntax guideline 10
TEST(Usage, behind_two_hyphens_nothing_is_an_option) {
  const Command command;
  std::filesystem::copy(command.folder.path("penguins.csv"), command.folder.path("-dash.csv"));
  const std::vector<std::string> train{"train", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"};
  std::vector<std::string> words = train;
  words.insert(words.end(), {"--checkpoint", "run", "--", "-dash.csv"});
  EXPECT_EQ(command(words).code, 0);
  EXPECT_TRUE(std::filesystem::exists(command.folder.path("-dash.safetensors")));
  EXPECT_EQ(command({"train", "--resume", "run", "--quiet"}).code, 0) << "the checkpoint knows it too";
  for (const std::vector<std::string>& behind : {std::vector<std::string>{"--", "-dash.safetensors", "-dash.csv"},
                                                 {"./-dash.safetensors", "--", "-dash.csv"},
                                                 {"./-dash.safetensors", "./-dash.csv", "--"}})
    for (const char* verb : {"predict", "evaluate", "explain"}) {
      std::vector<std::string> all{verb};
      all.insert(all.end(), behind.begin(), behind.end());
      const Outcome outcome = command(all);
      EXPECT_EQ(outcome.code, 0) << outcome.errors;
    }
  EXPECT_EQ(command({"inspect", "--", "-dash.safetensors"}).code, 0);
  EXPECT_EQ(command({"describe", "--", "-dash.csv"}).code, 0);
  EXPECT_EQ(command({"describe", "--", "-dash.csv", "--json"}).errors, "neurone: unexpected argument '--json'\n");
  EXPECT_EQ(command({"describe", "--", "--"}).errors, "neurone: --: no such file\n");
  EXPECT_EQ(command({"describe", "-dash.csv"}).errors,
            "neurone: unknown option '-dash.csv': for the file of this name write ./-dash.csv, or -- before it\n");
}

TEST(Usage, a_file_may_be_called_like_a_verb) {
  const Command command;
  std::filesystem::rename(command.folder.path("penguins.csv"), command.folder.path("predict"));
  EXPECT_EQ(command({"describe", "predict"}).code, 0);
}

void expect_message(const std::vector<std::string>& words, const std::string& message) {
  const Outcome outcome = Command()(words);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "neurone: " + message + "\n");
}

TEST(Usage, an_option_that_counts_once_is_given_once) {
  const std::vector<std::string> train{"train", "penguins.csv", "--target", "species"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), train.begin(), train.end());
    return more;
  };
  expect_message(with({"--epochs", "2", "--epochs", "3"}),
                 "--epochs is given twice, '2' and '3': one of them counts");
  expect_message(with({"--target=sex"}), "--target is given twice, 'species' and 'sex': one of them counts");
  const Outcome outcome = Command()(with({"--ignore", "sex", "--ignore", "year", "--ignore", "[a,b]", "--quiet"}));
  EXPECT_EQ(outcome.errors.find("twice"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("unknown column '[a,b]'"), std::string::npos)
      << "a name, not a list: " << outcome.errors;
}

TEST(Usage, a_value_is_not_taken_from_elsewhere) {
  expect_message({"train", "penguins.csv", "--target", "--quiet"},
                 "--target: a value is missing before --quiet (if it is the value: --target=--quiet)");
  expect_message({"train", "penguins.csv", "--target"}, "--target: a value is missing");
  expect_message({"train", "--target", "--", "penguins.csv"}, "--target: a value is missing");
  expect_message({"train", "--target=", "penguins.csv"}, "--target: the value is empty");
  expect_message({"train", "penguins.csv", "--target", "species", "--output", ""}, "--output: the value is empty");
  expect_message({"train", ""}, "DATA: the name is empty");
  expect_message({"train", "penguins.csv", "--target", "species", "--quiet=no"},
                 "--quiet: takes no value, found 'no'");
  expect_message({"export", "m.safetensors", "m.c", "--int8=3"}, "--int8: takes no value, found '3'");
  expect_message({"predict", "m.safetensors"}, "DATA is missing: neurone predict MODEL DATA");
  expect_message({"inspect"}, "MODEL is missing: neurone inspect MODEL");
}

TEST(Usage, what_has_its_use_already_is_not_suggested) {
  expect_message(
      {"train", "penguins.csv", "--target", "species", "--targte", "sex"},
      "unknown option '--targte', expected one of: " + [] {
        const std::string known =
            Command()({"train", "penguins.csv", "--target", "species", "--elephants", "1"}).errors;
        const std::string before = "expected one of: ";
        return known.substr(known.find(before) + before.size(),
                            known.size() - known.find(before) - before.size() - 1);
      }());
  const Command command;
  command.folder.write("t.csv", "price,prices,size\n1,2,3\n");
  EXPECT_EQ(command({"train", "t.csv", "--target", "price", "--weight", "pricse"}).errors,
            "neurone: t.csv: unknown column 'pricse': did you mean 'prices'?\n");
  EXPECT_EQ(command({"train", "t.csv", "--target", "price", "--ignore", "prices", "--weight", "pricse"}).errors,
            "neurone: t.csv: unknown column 'pricse', expected one of: size\n");
  // of a table to predict: columns of the model are what they are
  std::string table = "x1,x2,y\n";
  for (int i = 0; i < 30; ++i)
    table += std::to_string(i) + "," + std::to_string(i * i) + "," + std::to_string(i % 2) + "\n";
  command.folder.write("a.csv", table);
  command.folder.write("b.csv", "x2,other\n1,2\n");
  ASSERT_EQ(command({"train", "a.csv", "--target", "y", "--task", "classification", "--epochs", "1", "--quiet"}).code,
            0);
  EXPECT_NE(command({"predict", "a.safetensors", "b.csv"})
                .errors.find("b.csv: unknown column 'x1', expected one of: other"),
            std::string::npos);
}

TEST(Usage, a_model_is_no_table_and_a_table_no_model) {
  const Command command;
  ASSERT_EQ(
      command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--ensemble", "1", "--quiet"}).code,
      0);
  ASSERT_EQ(command({"export", "penguins.safetensors", "p.onnx"}).code, 0);
  const auto refusal = [&](const std::vector<std::string>& words) {
    const Outcome outcome = command(words);
    EXPECT_EQ(outcome.code, 1);
    return outcome.errors;
  };
  const std::string no_model =
      "neurone: penguins.csv: is a table, and MODEL is to be a model: neurone describe penguins.csv shows it\n";
  const std::string no_table =
      "neurone: penguins.safetensors: is a model, and DATA is to be a table: neurone inspect "
      "penguins.safetensors shows it\n";
  EXPECT_EQ(refusal({"inspect", "penguins.csv"}), no_model);
  EXPECT_EQ(refusal({"serve", "penguins.csv"}), no_model);
  EXPECT_EQ(refusal({"export", "penguins.csv", "out.c"}), no_model);
  for (const char* verb : {"predict", "evaluate", "explain"}) {
    EXPECT_EQ(refusal({verb, "penguins.csv", "penguins.safetensors"}), no_model);
    EXPECT_EQ(refusal({verb, "penguins.safetensors", "penguins.safetensors"}), no_table);
  }
  for (const char* verb : {"train", "describe", "crossvalidate"})
    EXPECT_EQ(refusal({verb, "penguins.safetensors", "--target", "species"}), no_table);
  EXPECT_EQ(refusal({"inspect", "p.onnx"}),
            "neurone: p.onnx: is an ONNX file, and MODEL is to be a model: neurone import "
            "p.onnx MODEL.safetensors makes a model of it\n");
  EXPECT_EQ(refusal({"import", "penguins.safetensors", "m.safetensors"}),
            "neurone: penguins.safetensors: is a model, and NET is to be an ONNX file: neurone inspect "
            "penguins.safetensors shows it\n");
}

TEST(Usage, crossvalidation_says_how_many_folds_there_can_be) {
  const Command command;
  std::string table = "x,y\n";
  for (int i = 0; i < 30; ++i) table += std::to_string(i) + "," + std::to_string(i * 0.5) + "\n";
  command.folder.write("t.csv", table);
  EXPECT_EQ(
      command({"crossvalidate", "t.csv", "--target", "y", "--folds", "30"}).errors,
      "neurone: --folds 30: a part needs 2 rows at least, and 30 rows have a target: expected at most 15 (leaving "
      "one out at a time is no part: R², AUC and the others are figures of several rows)\n");
}

}  // namespace
}  // namespace neurone
