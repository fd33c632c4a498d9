// Options that change what is learnt, or that would be passed over in silence.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "neurone/math/bf16_kernels.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

std::vector<std::string> training(std::initializer_list<std::string> more) {
  std::vector<std::string> all{"train", "penguins.csv", "--target", "species", "--epochs", "2", "--quiet"};
  all.insert(all.end(), more);
  return all;
}

std::string refusal(const Command& command, const std::vector<std::string>& arguments, int code = 2) {
  const Outcome outcome = command(arguments);
  EXPECT_EQ(outcome.code, code) << outcome.errors;
  return outcome.errors;
}

TEST(Settings, an_initialiser_with_settings_survives_the_model_file_in_each_spelling) {
  const Command command;
  for (const char* spelling : {"orthogonal:gain=2", "orthogonal gain=2", "orthogonal:2", "orthogonal(gain=2)"}) {
    ASSERT_EQ(command(training({"--initialiser", spelling})).code, 0) << spelling;
    const Outcome outcome = command({"inspect", "penguins.safetensors", "--json"});
    EXPECT_EQ(outcome.code, 0) << spelling << ": " << outcome.errors;
  }
}

TEST(Settings, robust_scaling_is_in_the_model_and_in_its_record) {
  const Command command;
  const Outcome train =
      command({"train", "penguins.csv", "--target", "species", "--scaling", "robust", "--epochs", "5"});
  ASSERT_EQ(train.code, 0) << train.errors;
  const Json model = Json::parse(command({"inspect", "penguins.safetensors", "--json"}).output);
  EXPECT_EQ(model.at("training").at("settings").at("scaling"), "robust");
  EXPECT_NE(command({"inspect", "penguins.safetensors"}).output.find(", bent to ±3; missing: "), std::string::npos);
  const Outcome wrong = command({"train", "penguins.csv", "--target", "species", "--scaling", "robost"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.errors, "neurone: unknown scaling 'robost': did you mean 'robust'?\n");
}

TEST(Settings, what_stops_a_run_and_chooses_its_epoch_is_in_its_record) {
  const Command command;
  const Outcome train = command(training({"--stop", "successive-increases:2", "--best-by", "loss"}));
  ASSERT_EQ(train.code, 0) << train.errors;
  const Json model = Json::parse(command({"inspect", "penguins.safetensors", "--json"}).output);
  const Json& settings = model.at("training").at("settings");
  EXPECT_EQ(settings.at("stop"), "successive-increases:times=2,strip=5,least_progress=0.1");
  EXPECT_EQ(settings.at("best_by"), "loss");
  EXPECT_EQ(refusal(command, training({"--best-by", "accuracy"})),
            "neurone: unknown figure to choose the best epoch by 'accuracy', expected one of: metric, loss\n");
}

TEST(Settings, class_weights_move_the_predictions) {
  const Command command;
  // a rare class in noise: weighed alike it is hardly predicted, balanced it is predicted about half of the time
  std::string table = "x,rare\n";
  for (int i = 0; i < 400; ++i) table += std::to_string((i * 7919) % 1000) + (i % 10 == 0 ? ",yes\n" : ",no\n");
  command.folder.write("rare.csv", table);
  const auto predicted = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"train",    "rare.csv", "--target", "rare",         "--hidden", "none",
                                       "--epochs", "60",       "--quiet",  "--validation", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(command(arguments).code, 0);
    double sum = 0;
    for (const std::string& line : lines_of(command({"predict", "rare.safetensors", "rare.csv", "--json"}).output))
      sum += Json::parse(line).at("probabilities").at("yes").get<double>();
    return sum / 400;
  };
  EXPECT_NEAR(predicted({}), 0.1, 0.03);
  EXPECT_NEAR(predicted({"--class-weight", "balanced"}), 0.5, 0.05);
  EXPECT_NEAR(predicted({"--class-weight", "yes=3"}), 0.25, 0.05);
  EXPECT_EQ(refusal(command, {"train", "rare.csv", "--target", "rare", "--class-weight", "yess=3"}),
            "neurone: unknown class 'yess': did you mean 'yes'?\n");
}

TEST(Settings, a_last_step_that_diverges_is_seen_without_validation_rows) {
  const Command command;
  const Outcome outcome =
      command({"train", "penguins.csv", "--target", "species", "--validation", "0", "--epochs", "1", "--batch",
               "1000", "--optimizer", "sgd", "--learning-rate", "1e38", "--quiet"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.errors.find("neurone: training diverged "), std::string::npos) << outcome.errors;
  EXPECT_FALSE(std::filesystem::exists(command.folder.path("penguins.safetensors")));
}

TEST(Settings, an_output_that_cannot_be_written_or_is_an_input_is_refused_before_training) {
  const Command command;
  const std::string table = command.bytes("penguins.csv");
  EXPECT_EQ(refusal(command, training({"--output", "penguins.csv"})),
            "neurone: --output penguins.csv is one of the files to read, and would be overwritten\n");
  EXPECT_EQ(command.bytes("penguins.csv"), table);
  const Outcome outcome =
      command({"train", "penguins.csv", "--target", "species", "--output", "nowhere/model", "--epochs", "100000"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.errors, "neurone: nowhere/model: cannot be written: No such file or directory\n");
}

TEST(Settings, what_would_have_no_effect_is_refused) {
  const Command command;
  EXPECT_EQ(refusal(command, training({"--patience", "3", "--validation", "0"})),
            "neurone: --patience needs validation rows to watch, and --validation says none\n");
  EXPECT_EQ(refusal(command, training({"--stop", "generalisation-loss", "--validation", "0"})),
            "neurone: --stop needs validation rows to watch, and --validation says none\n");
  EXPECT_EQ(
      refusal(command, training({"--layer", "dense 4", "--activation", "tanh"})),
      "neurone: --activation and --initialiser cannot go with --layer or --network: give them layer by layer\n");
  EXPECT_EQ(refusal(command, {"train", "penguins.csv", "--target", "body_mass_g", "--label-smoothing", "0.1"}),
            "neurone: label smoothing is for classes, but the target is a number\n");
}

TEST(Settings, the_task_is_decided_by_all_rows_not_by_the_part_that_is_trained_on) {
  const Command command;
  std::string table = "x,y\n";  // 22 different whole numbers in all, 20 or fewer in a part of the rows
  for (int i = 0; i < 44; ++i) table += std::to_string(i) + "," + std::to_string(i / 2) + "\n";
  command.folder.write("few.csv", table);
  for (const char* seed : {"1", "2", "3", "4", "5"})
    EXPECT_EQ(command({"train", "few.csv", "--target", "y", "--epochs", "1", "--test", "0.5", "--seed", seed}).code,
              0);
}

TEST(Settings, a_changed_network_file_is_not_resumed_with) {
  const Command command;
  command.folder.write("network.toml", "[[layer]]\ntype = \"dense\"\nunits = 4\nactivation = \"tanh\"\n");
  ASSERT_EQ(command(training({"--network", "network.toml", "--checkpoint", "run"})).code, 0);
  command.folder.write("network.toml", "[[layer]]\ntype = \"dense\"\nunits = 4\nactivation = \"relu\"\n");
  EXPECT_EQ(refusal(command, {"train", "--resume", "run"}, 1),
            "neurone: penguins.csv: not the data and settings that the run in run began with\n");
}

TEST(Settings, bf16_trains_where_the_processor_has_it_and_is_refused_elsewhere) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--quiet", "--precision", "bf16"});
  if (!bf16::usable()) {
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.errors,
              "neurone: bf16: this processor does not multiply in bfloat16 (it has no AVX512_BF16)\n");
    return;
  }
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  const Json model = Json::parse(command({"inspect", "penguins.safetensors", "--json"}).output);
  EXPECT_EQ(model["precision"], "float");  // of the parameters
  const Json score = Json::parse(command({"evaluate", "penguins.safetensors", "penguins.csv", "--json"}).output);
  EXPECT_GT(score["accuracy"], 0.9);
}

TEST(Settings, the_machine_is_asked_for_what_it_has) {
  const Command command;
  EXPECT_EQ(refusal(command, training({"--instruction-set", "avx3"})),
            "neurone: unknown instruction set 'avx3': did you mean 'avx2'?\n");
  EXPECT_NE(refusal(command, training({"--threads", "0"})).find("--threads"), std::string::npos);
  EXPECT_EQ(command(training({"--instruction-set", "baseline"})).code, 0);
}

}  // namespace
}  // namespace neurone
