// Numbers in options: one way of reading them, for every option of every verb.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/verbs.h"

namespace neurone {
namespace {

// The verb with something in each of its places, and one option.
std::string refusal_of(const Command& command, const std::string& verb, const std::vector<HelpOption>& options,
                       const std::string& option, const std::string& value) {
  std::vector<std::string> words{verb, option, value};
  for (const HelpOption& each : options)
    if (is_place(each) && each.is_required) words.push_back("nothing" + std::to_string(words.size()));
  const Outcome outcome = command(words);
  EXPECT_EQ(outcome.code, 2) << verb << " " << option << " " << value << ": " << outcome.errors;
  return outcome.errors;
}

TEST(Numbers, a_whole_number_is_never_wrapped_cut_or_octal) {
  const Command command;
  std::size_t seen = 0;
  for (const std::string& verb : words_of_verbs()) {
    const std::vector<HelpOption> options = options_of_verb(verb);
    for (const HelpOption& each : options) {
      if (each.type != "UINT") continue;
      ++seen;
      for (const char* value : {"-1", "18446744073709551616", "1e30", "1.5", "ten", "0x10"}) {
        const std::string message = refusal_of(command, verb, options, each.name, value);
        EXPECT_TRUE(message.starts_with("neurone: " + each.name + ": expected a whole number ")) << message;
        EXPECT_TRUE(message.ends_with(", found '" + std::string(value) + "'\n")) << message;
      }
    }
  }
  EXPECT_GE(seen, 20U);
}

TEST(Numbers, a_real_number_is_finite_and_has_a_decimal_point) {
  const Command command;
  std::size_t seen = 0;
  for (const std::string& verb : words_of_verbs()) {
    const std::vector<HelpOption> options = options_of_verb(verb);
    for (const HelpOption& each : options) {
      if (each.type != "FLOAT") continue;
      ++seen;
      for (const char* value : {"-5", "nan", "inf", "1e400", "0x10", "0,5", "half"}) {
        const std::string message = refusal_of(command, verb, options, each.name, value);
        EXPECT_TRUE(message.starts_with("neurone: " + each.name + ": expected a number")) << message;
        EXPECT_NE(message.find(", found '" + std::string(value) + "'"), std::string::npos) << message;
      }
    }
  }
  EXPECT_GE(seen, 10U);
}

TEST(Numbers, the_message_says_which_are_taken) {
  const Command command;
  const auto message = [&](const std::string& verb, const std::string& option, const std::string& value) {
    return refusal_of(command, verb, options_of_verb(verb), option, value);
  };
  EXPECT_EQ(message("train", "--seed", "-1"), "neurone: --seed: expected a whole number of 0 or above, found '-1'\n");
  EXPECT_EQ(message("serve", "--port", "70000"),
            "neurone: --port: expected a whole number from 0 to 65535, found '70000'\n");
  EXPECT_EQ(message("serve", "--body", "-5"),
            "neurone: --body: expected a number above 0 and up to 1024, found '-5'\n");
  EXPECT_EQ(message("predict", "--interval", "0,9"),
            "neurone: --interval: expected a number between 0 and 1, found '0,9' (a decimal comma: write 0.9)\n");
  EXPECT_EQ(message("predict", "--threads", "0"),
            "neurone: --threads: expected a whole number from 1 to 1024, found '0'\n");
  EXPECT_EQ(message("train", "--dropout", "1"),
            "neurone: --dropout: expected a number of 0 or above and below 1, found '1'\n");
}

TEST(Numbers, zeros_before_a_number_count_nothing) {
  const Command command;
  for (const auto& [seed, epochs, expected] : {std::tuple{"010", "08", "10"}, {"007", "2", "7"}}) {
    const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--ensemble", "01", "--hidden",
                                     "08", "--quiet", "--seed", seed, "--epochs", epochs, "--report", "none"});
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    const nlohmann::json model = nlohmann::json::parse(command({"inspect", "penguins.safetensors", "--json"}).output);
    EXPECT_EQ(model["training"]["settings"]["seed"], expected);
    EXPECT_EQ(model["training"]["epochs"].get<int>(), std::stoi(epochs));
  }
}

TEST(Numbers, of_layers_stand_between_commas) {
  const Command command;
  const auto refusal = [&](const std::string& option, const std::string& value) {
    const Outcome outcome = command({"train", "penguins.csv", "--target", "species", option, value});
    EXPECT_EQ(outcome.code, 2);
    return outcome.errors;
  };
  for (const auto& [text, found] :
       {std::pair{"8,,4", ""}, {"8,", ""}, {",8", ""}, {"8;4", "8;4"}, {"8,-4", "-4"}, {"0", "0"}})
    EXPECT_EQ(refusal("--hidden", text), "neurone: --hidden " + std::string(text) +
                                             ": expected a whole number of 1 or above, found '" + found + "'\n");
  EXPECT_EQ(refusal("--layer", "dense -4"),
            "neurone: layer 'dense', units: expected a whole number of 0 or above, found '-4'\n");
  EXPECT_EQ(refusal("--test", "0,2"),
            "neurone: --test: expected a file or a fraction below 1, as in 0.2, found '0,2'\n");
}

TEST(Numbers, a_decimal_comma_in_a_setting_is_not_two_settings) {
  const Command command;
  const auto refusal = [&](const std::string& optimizer) {
    const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--optimizer", optimizer});
    EXPECT_EQ(outcome.code, 2);
    return outcome.errors;
  };
  EXPECT_EQ(refusal("adam:beta1=0,9"),
            "neurone: optimizer 'adam': '9' stands alone behind beta1=0: a decimal comma? Write beta1=0.9\n");
  EXPECT_EQ(refusal("adam:beta1=0.9,beta1=0.8"), "neurone: optimizer 'adam': beta1 is set twice\n");
  EXPECT_EQ(refusal("adam:0.01,0.8,beta1=0.7"), "neurone: optimizer 'adam': beta1 is set twice\n");
  EXPECT_EQ(refusal("adam:0,01"),
            "neurone: optimizer 'adam': 0 and 01 stand alone: a decimal comma? Write 0.01, or say "
            "which settings they are\n");
}

}  // namespace
}  // namespace neurone
