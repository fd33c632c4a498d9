// neurone explain as a user runs it: the same prediction as predict, numbers that follow from each other, bad input.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

// A small model of two networks that has seen the penguins.
class Explain : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome trained = command({"train", "penguins.csv", "--target", "species", "--hidden", "6", "--epochs", "4",
                                     "--ensemble", "2", "--output", "m.safetensors", "--report", "none"});
    ASSERT_EQ(trained.code, 0) << trained.errors;
  }

  Outcome explain(std::vector<std::string> options, const std::string& data = "penguins.csv") const {
    options.insert(options.begin(), {"explain", "m.safetensors", data});
    return command(options);
  }
  Json json(std::vector<std::string> options) const {
    options.emplace_back("--json");
    const Outcome outcome = explain(options);
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
    return Json::parse(outcome.output);
  }

  Command command;
};

TEST_F(Explain, says_what_predict_says) {
  const std::vector<std::string> csv = lines_of(command({"predict", "m.safetensors", "penguins.csv"}).output);
  const std::vector<std::string> objects =
      lines_of(command({"predict", "m.safetensors", "penguins.csv", "--json"}).output);
  for (const std::size_t row : {1U, 4U, 7U, 344U}) {  // the fourth is nearly empty
    const Outcome outcome = explain({"--row", std::to_string(row)});
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_TRUE(outcome.output.starts_with("row " + std::to_string(row) + " of penguins.csv (line " +
                                           std::to_string(row + 1) + ")"))
        << outcome.output;
    EXPECT_NE(outcome.output.find("neurone predict says\n  " + csv[0] + "\n  " + csv[row] + "\n"), std::string::npos)
        << outcome.output;
    EXPECT_EQ(json({"--row", std::to_string(row)})["predict"], Json::parse(objects[row - 1]));
  }
}

// Z of a row of X, in double.
std::vector<double> affine(const std::vector<double>& x, const Json& layer) {
  std::vector<double> z = layer["parameters"]["b"][0];
  const std::vector<std::vector<double>> W = layer["parameters"]["W"];
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < z.size(); ++j) z[j] += x[i] * W[i][j];
  return z;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t j = 0; j < found.size(); ++j) EXPECT_NEAR(found[j], expected[j], tolerance);
}

TEST_F(Explain, json_has_every_number_of_both_ways) {
  const Json all = json({"--row", "7", "--network", "2", "--backward"});
  EXPECT_EQ(all["row"], 7);
  EXPECT_EQ(all["line"], 8);
  EXPECT_EQ(all["network"], 2);
  EXPECT_EQ(all["cells"]["bill_length_mm"], "38.9");
  EXPECT_EQ(all["truth"], "Adelie");
  ASSERT_EQ(all["inputs"].size(), all["x"].size());
  std::vector<double> x = all["x"];
  std::size_t dense = 0;
  for (const Json& layer : all["layers"]) {
    if (layer["parameters"].contains("W")) {
      ++dense;
      expect_near(affine(x, layer), layer["Z"][0], 1e-5);
      const std::vector<double> dz = layer["dZ"][0];
      for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < dz.size(); ++j)
          EXPECT_NEAR(layer["gradient"]["W"][i][j].get<double>(), x[i] * dz[j], 1e-7);
      expect_near(layer["gradient"]["b"][0], dz, 0);
    }
    x = layer["A"][0].get<std::vector<double>>();
  }
  EXPECT_EQ(dense, 2U);
  expect_near(x, all["outputs"], 0);
  const std::vector<std::vector<double>> networks = all["of_networks"];
  ASSERT_EQ(networks.size(), 2U);
  for (std::size_t j = 0; j < 3; ++j) {
    const std::string species = all["output_names"][j];
    EXPECT_EQ((networks[0][j] + networks[1][j]) / 2, all["predict"]["probabilities"][species].get<double>());
  }
  EXPECT_NEAR(all["loss"].get<double>(), -std::log(x[0]), 1e-6);
  EXPECT_EQ(all["dx"].size(), all["x"].size());
}

TEST_F(Explain, a_neuron_is_the_sum_of_its_terms) {
  const Json all = json({"--row", "7", "--backward"});
  std::size_t layer = 0;
  while (!all["layers"][layer]["parameters"].contains("W")) ++layer;
  const std::string name = std::to_string(layer + 1) + ":3";
  const Json neuron = json({"--row", "7", "--backward", "--neuron", name});
  double sum = neuron["Z_from"]["bias"];
  for (const Json& term : neuron["Z_from"]["terms"]) {
    EXPECT_EQ(term["product"].get<double>(), term["value"].get<double>() * term["weight"].get<double>());
    sum += term["product"].get<double>();
  }
  EXPECT_EQ(neuron["Z"], all["layers"][layer]["Z"][0][2]);
  EXPECT_NEAR(sum, neuron["Z"], 1e-5);
  EXPECT_NEAR(neuron["dA_from"]["in_double"], neuron["dA"], 1e-6);

  const Outcome text = explain({"--row", "7", "--neuron", name, "--backward"});
  EXPECT_EQ(text.code, 0) << text.errors;
  double last = std::numeric_limits<double>::infinity();
  std::size_t terms = 0;
  for (const std::string& line : lines_of(text.output)) {
    if (line == "the way back") break;
    double value = 0, weight = 0, product = 0, gradient = 0;
    if (std::sscanf(line.c_str(), "%lf %lf %lf %lf", &value, &weight, &product, &gradient) != 4) continue;
    EXPECT_NEAR(value * weight, product, 1e-6);
    EXPECT_LE(std::abs(product), last);
    last = std::abs(product);
    ++terms;
  }
  EXPECT_EQ(terms, all["x"].size());
}

TEST_F(Explain, writes_a_page) {
  const Outcome outcome = explain({"--row", "7", "--backward", "--page", "row7.html"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "page row7.html\n");
  const std::string page = command.bytes("row7.html");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_NE(page.find("Row 7 of penguins.csv"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST_F(Explain, cells_may_hold_any_bytes) {
  command.folder.write("latin.csv",
                       "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n"
                       "Z\xFCrich<,NA,,199,3825,male,2008\n");
  const Outcome text = explain({}, "latin.csv");
  EXPECT_EQ(text.code, 0) << text.errors;
  EXPECT_NE(text.errors.find("1 cell with a category that it has not seen"), std::string::npos);
  const Outcome object = explain({"--json"}, "latin.csv");
  EXPECT_EQ(object.code, 0) << object.errors;
  EXPECT_EQ(Json::parse(object.output)["cells"]["island"], "Z\uFFFDrich<");
  EXPECT_EQ(explain({"--page", "p.html"}, "latin.csv").code, 0);
  EXPECT_NE(command.bytes("p.html").find("Z\uFFFDrich&lt;"), std::string::npos);
}

TEST_F(Explain, of_a_number_stays_within_the_training_rows) {
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "body_mass_g", "--hidden", "6", "--epochs", "3", "--output",
                     "m.safetensors", "--report", "none"})
                .code,
            0);
  const std::vector<std::string> csv = lines_of(command({"predict", "m.safetensors", "penguins.csv"}).output);
  const Outcome outcome = explain({"--row", "9", "--backward"});
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("neurone predict says\n  prediction\n  " + csv[9] + "\n"), std::string::npos)
      << outcome.output;
  const Json all = json({"--row", "9"});
  EXPECT_EQ(std::to_string(all["predict"]["prediction"].get<double>()), std::to_string(std::stod(csv[9])));
}

TEST_F(Explain, refuses_rows_networks_and_neurons_that_are_not_there) {
  const auto expect_refused = [&](const std::vector<std::string>& options, int code, const std::string& message,
                                  const std::string& data = "penguins.csv") {
    const Outcome outcome = explain(options, data);
    EXPECT_EQ(outcome.code, code) << outcome.errors;
    EXPECT_EQ(outcome.errors, "neurone: " + message + "\n");
    EXPECT_EQ(outcome.output, "");
  };
  expect_refused({"--row", "345"}, 2,
                 "penguins.csv: row 345 is not there: expected one of its 344 rows, counted from 1");
  expect_refused({"--row", "0"}, 2, "--row: expected a whole number from 1 to 4294967295, found '0'");
  expect_refused({"--row", "-3"}, 2, "--row: expected a whole number from 1 to 4294967295, found '-3'");
  expect_refused({"--network", "3"}, 2, "network 3 is not there: expected one of the model's 2, counted from 1");
  expect_refused({"--member", "2"}, 2, "--member 2: the network has no members");
  expect_refused({"--neuron", "9:1"}, 2,
                 "--neuron 9:1: expected a layer from 1 to " + std::to_string(json({})["layers"].size()));
  expect_refused({"--neuron", "1"}, 2, "--neuron 1: expected layer:unit, two numbers counted from 1, as in 2:17");
  expect_refused({"--neuron", "1:1000"}, 2,
                 "--neuron 1:1000: expected a unit of layer 1 from 1 to " + std::to_string(json({})["x"].size()));
  command.folder.write("new.csv",
                       "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n"
                       "Dream,50,19,199,3825,male,2008\nDream,wide,19,199,3825,male,2008\n");
  expect_refused({"--backward"}, 2,
                 "new.csv: unknown column 'species', expected one of: island, bill_length_mm, bill_depth_mm, "
                 "flipper_length_mm, body_mass_g, sex, year",
                 "new.csv");
  expect_refused({"--row", "2"}, 1, "new.csv:3: numeric column 'bill_length_mm': expected a number, found 'wide'",
                 "new.csv");
  EXPECT_EQ(explain({"--row", "1"}, "new.csv").code, 0);  // what stands in other rows is nobody's business
  EXPECT_EQ(explain({"--json", "--page", "p.html"}).code, 2);
  expect_refused({"--page", "m.safetensors"}, 2,
                 "--page m.safetensors is one of the files to read, and would be overwritten");
}

}  // namespace
}  // namespace neurone
