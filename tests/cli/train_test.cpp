// What neurone train, evaluate and inspect do with good input.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

std::vector<Json> events_of(const Outcome& outcome) {
  std::vector<Json> events;
  for (const std::string& line : lines_of(outcome.output)) events.push_back(Json::parse(line));
  return events;
}

// A folder of IDX files: bright images are class 1, dark ones class 0.
void write_idx_folder(const TemporaryFolder& folder, const std::string& name) {
  std::filesystem::create_directory(folder.path(name));
  const auto big_endian = [](std::uint32_t n) {
    return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                       static_cast<char>(n)};
  };
  const auto write_part = [&](const std::string& part, std::uint32_t count) {
    std::string images = std::string("\0\0\x08\x03", 4) + big_endian(count) + big_endian(4) + big_endian(3);
    std::string labels = std::string("\0\0\x08\x01", 4) + big_endian(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      labels += static_cast<char>(i % 2);
      for (std::uint32_t p = 0; p < 12; ++p) images += static_cast<char>((i * 7 + p * 5) % 90 + (i % 2) * 120);
    }
    folder.write(name + "/" + part + "-images-idx3-ubyte", images);
    folder.write(name + "/" + part + "-labels-idx1-ubyte", labels);
  };
  write_part("train", 200);
  write_part("t10k", 50);
}

TEST(Train, tells_start_epochs_and_end_as_json_lines) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--epochs", "3", "--batch", "32",
                                   "--ensemble", "2", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors, "");
  const std::vector<Json> events = events_of(outcome);
  ASSERT_EQ(events.size(), 8U);

  const Json& start = events.front();
  EXPECT_EQ(start.at("event"), "start");
  EXPECT_EQ(start.at("task"), "classification");
  EXPECT_EQ(start.at("classes"), Json({"Adelie", "Chinstrap", "Gentoo"}));
  EXPECT_EQ(start.at("columns").at(0), Json({{"name", "island"}, {"kind", "category"}}));
  EXPECT_EQ(start.at("rows"), Json({{"train", 247}, {"validation", 28}, {"test", 69}, {"without_target", 0}}));
  EXPECT_EQ(start.at("networks"), 2);
  EXPECT_EQ(start.at("layers").size(), 8U);
  EXPECT_EQ(start.at("layers").at(1).at("activation"), "selu");
  std::size_t parameters = 0;
  for (const Json& layer : start.at("layers")) parameters += layer.at("parameters").get<std::size_t>();
  EXPECT_EQ(start.at("parameters"), parameters);

  for (std::size_t line = 0; line < 6; ++line) {
    const Json& event = events.at(line + 1);
    EXPECT_EQ(event.at("event"), "epoch");
    EXPECT_EQ(event.at("network"), line / 3 + 1);
    EXPECT_EQ(event.at("epoch"), line % 3 + 1);
    for (const char* part : {"train", "validation"}) {
      EXPECT_GT(event.at(part).at("loss").get<double>(), 0);
      EXPECT_GT(event.at(part).at("accuracy").get<double>(), 0.2);
    }
    EXPECT_GE(event.at("learning_rate").get<double>(), 0);
    EXPECT_GE(event.at("seconds").get<double>(), 0);
  }

  const Json& done = events.back();
  EXPECT_EQ(done.at("event"), "done");
  EXPECT_GE(done.at("best_epoch").get<int>(), 1);
  EXPECT_EQ(done.at("best_epochs").size(), 2U);
  EXPECT_EQ(done.at("comparison").at("figure"), "accuracy");
  EXPECT_LT(done.at("comparison").at("constant").get<double>(), done.at("comparison").at("linear").get<double>());
  EXPECT_GT(done.at("test").at("accuracy").get<double>(), 0.8);
  EXPECT_EQ(done.at("model"), "penguins.safetensors");
  EXPECT_GE(done.at("seconds").get<double>(), 0);
}

TEST(Train, regression_is_told_as_rmse) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "body_mass_g", "--epochs", "30", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const Json done = events_of(outcome).back();
  EXPECT_LT(done.at("test").at("rmse").get<double>(), 450);  // the column's own deviation is 802 g
  EXPECT_EQ(outcome.errors, "2 rows without a target are left out\n");
}

TEST(Train, a_single_test_row_has_no_r2) {
  const Command command;
  command.folder.write("five.csv", "x,y\n1,0.5\n2,1.5\n3,2.5\n4,3.5\n5,4.5\n");
  const std::vector<std::string> arguments{"train", "five.csv", "--target", "y", "--epochs", "2"};
  const Outcome text = command(arguments);
  ASSERT_EQ(text.code, 0) << text.errors;
  EXPECT_NE(text.output.find("\ntest rows          1\nrmse "), std::string::npos) << text.output;
  EXPECT_EQ(text.output.find("r2"), std::string::npos) << text.output;

  auto with_json = arguments;
  with_json.emplace_back("--json");
  const Json done = events_of(command(with_json)).back();
  EXPECT_TRUE(done.at("test").contains("rmse"));
  EXPECT_FALSE(done.at("test").contains("r2"));
}

TEST(Train, writes_a_page_beside_the_model_unless_none_is_wanted) {
  const Command command;
  const std::vector<std::string> quick{"train", "penguins.csv", "--target", "species", "--epochs", "2", "--json"};
  const Json done = events_of(command(quick)).back();
  EXPECT_EQ(done.at("report"), "penguins.html");
  const std::string page = command.bytes("penguins.html");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(page.find("neurone train penguins.csv --target species --epochs 2"), std::string::npos);

  std::vector<std::string> elsewhere = quick, none = quick;
  elsewhere.insert(elsewhere.end(), {"--output", "a.safetensors", "--report", "b.html"});
  EXPECT_EQ(events_of(command(elsewhere)).back().at("report"), "b.html");
  EXPECT_FALSE(std::filesystem::exists(command.folder.path("a.html")));
  EXPECT_TRUE(std::filesystem::exists(command.folder.path("b.html")));
  none.insert(none.end(), {"--output", "c.safetensors", "--report", "none"});
  EXPECT_FALSE(events_of(command(none)).back().contains("report"));
  EXPECT_FALSE(std::filesystem::exists(command.folder.path("c.html")));

  std::vector<std::string> wrong = quick;
  wrong.insert(wrong.end(), {"--report", "penguins.csv"});
  EXPECT_EQ(command(wrong).errors,
            "neurone: --report penguins.csv is one of the files to read, and would be overwritten\n");
}

TEST(Train, replaces_nothing_that_somebody_else_may_want) {
  const Command command;
  const auto train = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"train", "penguins.csv", "--target", "species", "--epochs", "2", "--quiet"});
    return command(more);
  };
  command.folder.write("penguins.html", "<p>mine</p>");
  const Outcome outcome = train({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(
      outcome.errors,
      "neurone: penguins.html: is there already, and is no page of neurone: name another with --report, or none\n");
  EXPECT_EQ(command.bytes("penguins.html"), "<p>mine</p>");
  EXPECT_FALSE(std::filesystem::exists(command.folder.path("penguins.safetensors")));
  EXPECT_EQ(train({"--report", "penguins.html"}).code, 0);  // named, so it may
  EXPECT_EQ(train({}).code, 0);                             // its own
  const std::string twice = ": is to be written twice, by ";
  EXPECT_EQ(train({"--output", "model.html"}).errors, "neurone: model.html" + twice + "--output and by --report\n");
  EXPECT_EQ(train({"--report", "./penguins.safetensors"}).errors,
            "neurone: penguins.safetensors" + twice + "--report and by --output\n");
  EXPECT_EQ(train({"--checkpoint", "penguins.html"}).errors,
            "neurone: penguins.html" + twice + "--checkpoint and by --report\n");
  EXPECT_EQ(train({"--output", "/dev/null"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists("/dev/null.html"));
}

TEST(Train, compares_a_network_of_members_with_a_line) {
  const Command command;
  const auto done = [&](const char* hidden) {
    return events_of(command({"train", "penguins.csv", "--target", "species", "--epochs", "2", "--best", "--hidden",
                              hidden, "--json"}))
        .back();
  };
  EXPECT_TRUE(done("8").contains("comparison"));
  EXPECT_FALSE(done("none").contains("comparison"));  // it is one
}

TEST(Train, with_best_has_many_networks_in_one) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--epochs", "2", "--best"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("scale → members 32 → dense 256 selu"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("heads 3 softmax"), std::string::npos) << outcome.output;
  EXPECT_EQ(command({"predict", "penguins.safetensors", "penguins.csv"}).code, 0);
  EXPECT_EQ(command({"train", "penguins.csv", "--target", "species", "--best", "--optimizer", "adam"}).code, 2);
}

TEST(Train, without_json_prints_progress_on_standard_error_and_the_result_on_standard_output) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--epochs", "3"});
  ASSERT_EQ(outcome.code, 0);
  // of each network the first and the last epoch, and what lies between where a second has passed
  ASSERT_EQ(lines_of(outcome.errors).size(), 8U) << outcome.errors;
  EXPECT_TRUE(lines_of(outcome.errors)[3].starts_with("network 2/4 epoch 3/3  train loss ")) << outcome.errors;
  EXPECT_NE(outcome.output.find("\naccuracy "), std::string::npos) << outcome.output;
  EXPECT_TRUE(outcome.output.ends_with("model penguins.safetensors\npage penguins.html\n")) << outcome.output;
  EXPECT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "3", "--quiet"}).errors, "");
}

TEST(Train, layers_one_by_one_and_from_a_toml_file_give_the_same_model) {
  const Command command;
  command.folder.write("network.toml",
                       "[[layer]]\ntype = \"dense\"\nunits = 16\nactivation = \"tanh\"\n\n"
                       "[[layer]]\ntype = \"batch_norm\"\n\n[[layer]]\ntype = \"dropout\"\nrate = 0.1\n");
  const std::vector<std::string> common{"train", "penguins.csv", "--target", "species", "--epochs", "2", "--output"};
  auto by_options = common, by_file = common;
  by_options.insert(by_options.end(),
                    {"a", "--layer", "dense 16 tanh", "--layer", "batch_norm", "--layer", "dropout 0.1"});
  by_file.insert(by_file.end(), {"b", "--network", "network.toml"});
  ASSERT_EQ(command(by_options).code, 0);
  ASSERT_EQ(command(by_file).code, 0);
  EXPECT_EQ(command.bytes("a"), command.bytes("b"));
  const Json model = Json::parse(command({"inspect", "a", "--json"}).output);
  EXPECT_EQ(model.at("layers").size(), 4U);
  EXPECT_EQ(model.at("layers").at(0).at("activation"), "tanh");
  EXPECT_EQ(model.at("layers").at(2).at("rate"), 0.1);
}

TEST(Train, own_test_and_validation_files_are_used) {
  const Command command;
  std::filesystem::copy(command.folder.path("penguins.csv"), command.folder.path("other.csv"));
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--epochs", "1", "--test",
                                   "other.csv", "--validation", "other.csv", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(events_of(outcome).front().at("rows"),
            Json({{"train", 344}, {"validation", 344}, {"test", 344}, {"without_target", 0}}));
}

TEST(Train, a_folder_of_idx_files_is_trained_on_and_its_t10k_files_are_the_test_set) {
  const Command command;
  write_idx_folder(command.folder, "images");
  const Outcome outcome = command({"train", "images/", "--hidden", "8", "--epochs", "20", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<Json> events = events_of(outcome);
  EXPECT_EQ(events.front().at("rows").at("test"), 50);
  EXPECT_EQ(events.front().at("columns"), Json({{"height", 4}, {"width", 3}}));
  EXPECT_EQ(events.back().at("test").at("accuracy"), 1.0);
  EXPECT_EQ(events.back().at("model"), "images.safetensors");

  const Json evaluation = Json::parse(command({"evaluate", "images.safetensors", "images", "--json"}).output);
  EXPECT_EQ(evaluation.at("accuracy"), 1.0);
  const Outcome prediction = command({"predict", "images.safetensors", "images/t10k-images-idx3-ubyte"});
  const std::vector<std::string> lines = lines_of(prediction.output);
  ASSERT_EQ(lines.size(), 51U);
  EXPECT_EQ(lines[0], "prediction,probability_0,probability_1");
  EXPECT_TRUE(lines[1].starts_with("0,") && lines[2].starts_with("1,")) << lines[1] << '\n' << lines[2];
}

TEST(Evaluate, agrees_with_what_training_said_of_the_same_rows) {
  const Command command;
  std::filesystem::copy(command.folder.path("penguins.csv"), command.folder.path("other.csv"));
  const Outcome trained =
      command({"train", "penguins.csv", "--target", "species", "--epochs", "5", "--test", "other.csv", "--json"});
  ASSERT_EQ(trained.code, 0);
  const Json evaluation = Json::parse(command({"evaluate", "penguins.safetensors", "other.csv", "--json"}).output);
  const Json test = events_of(trained).back().at("test");  // items() of a temporary would dangle
  for (const auto& [name, value] : test.items()) EXPECT_EQ(evaluation.at(name), value);

  const Json intervals = evaluation.at("intervals");
  EXPECT_EQ(intervals.size(), test.size() - 1);  // set_size_90 has none
  for (const auto& [name, interval] : intervals.items()) {
    EXPECT_LT(interval.at(0), interval.at(1)) << name;
    EXPECT_LE(interval.at(0), test.at(name)) << name;
  }
  EXPECT_EQ(events_of(trained).back().at("test_intervals"), intervals);
  const Json model = Json::parse(command({"inspect", "penguins.safetensors", "--json"}).output);
  EXPECT_EQ(model.at("training").at("test"), test);
  EXPECT_EQ(model.at("training").at("test_intervals"), intervals);
  EXPECT_NE(
      command({"inspect", "penguins.safetensors"}).output.find("\ntest rows          344        95 % interval\n"),
      std::string::npos);

  EXPECT_EQ(evaluation.at("rows"), 344);
  EXPECT_EQ(evaluation.at("confusion").size(), 3U);
}

TEST(Inspect, shows_layers_shapes_columns_and_training) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "2"}).code, 0);
  const Outcome outcome = command({"inspect", "penguins.safetensors"});
  ASSERT_EQ(outcome.code, 0);
  for (const char* part : {"4 networks in float", "dense 256 selu", "W 34 × 256, b 256", "bill_length_mm",
                           "Biscoe, Dream, Torgersen", "species: 3 classes", "adam:learning_rate=0.04",
                           "trained on 247 rows", "for comparison ", "calibrated on the validation rows: "})
    EXPECT_NE(outcome.output.find(part), std::string::npos) << part << " is missing in\n" << outcome.output;
}

}  // namespace
}  // namespace neurone
