// Closed forms and second-order methods on the command line, against statistics programs and certified values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/cli/estimates.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

// Longley 1967, the data and certified values of NIST's Statistical Reference Datasets (linear regression).
constexpr const char* longley =
    "y,x1,x2,x3,x4,x5,x6\n60323,83.0,234289,2356,1590,107608,1947\n61122,88.5,259426,2325,1456,108632,1948\n"
    "60171,88.2,258054,3682,1616,109773,1949\n61187,89.5,284599,3351,1650,110929,1950\n"
    "63221,96.2,328975,2099,3099,112075,1951\n63639,98.1,346999,1932,3594,113270,1952\n"
    "64989,99.0,365385,1870,3547,115094,1953\n63761,100.0,363112,3578,3350,116219,1954\n"
    "66019,101.2,397469,2904,3048,117388,1955\n67857,104.6,419180,2822,2857,118734,1956\n"
    "68169,108.4,442769,2936,2798,120445,1957\n66513,110.8,444546,4681,2637,121950,1958\n"
    "68655,112.6,482704,3813,2552,123366,1959\n69564,114.2,502601,3931,2514,125368,1960\n"
    "69331,115.7,518173,4806,2572,127852,1961\n70551,116.9,554894,4007,2827,130081,1962\n";
const TableOfEstimates longley_certified{{"(constant)", {-3482258.63459582, 890420.383607373}},
                                         {"x1", {15.0618722713733, 84.9149257747669}},
                                         {"x2", {-0.358191792925910E-01, 0.334910077722432E-01}},
                                         {"x3", {-2.02022980381683, 0.488399681651699}},
                                         {"x4", {-1.03322686717359, 0.214274163161675}},
                                         {"x5", {-0.511041056535807E-01, 0.226073200069370}},
                                         {"x6", {1829.15146461355, 455.478499142212}}};

TEST(SolversOnTheCommandLine, least_squares_has_the_certified_digits_of_longley) {
  const Command command;
  command.folder.write("longley.csv", longley);
  const std::vector<std::string> arguments{"train",  "longley.csv", "--target",    "y",
                                           "--task", "regression",  "--optimizer", "least-squares"};
  const Json scaled = done(command, arguments);
  expect_agree(table_of(scaled), longley_certified, 12);
  EXPECT_NEAR(scaled.at("estimates").at("residual_deviation"), 304.854073561965, 1e-9);
  EXPECT_NEAR(scaled.at("estimates").at("r_squared"), 0.995479004577296, 1e-13);
  const Json kept = Json::parse(command({"inspect", "longley.safetensors", "--json"}).output);
  EXPECT_EQ(kept.at("training").at("estimates"), scaled.at("estimates"));
  EXPECT_NE(command({"inspect", "longley.safetensors"}).output.find("residual deviation 304.854 on 9 degrees"),
            std::string::npos);
  std::vector<std::string> raw = arguments;
  raw.emplace_back("--raw");
  expect_agree(table_of(done(command, raw)), longley_certified, 10);
}

// y = Σ x^k for k = 0 … 5 over x = 0 … 20, as Wampler 1970 has it: all parameters are 1.
TEST(SolversOnTheCommandLine, least_squares_of_a_polynomial_is_right_to_nine_digits) {
  const Command command;
  std::ostringstream table;
  table << "y,a,b,c,d,e\n";
  for (long long x = 0; x <= 20; ++x) {
    long long power = 1, sum = 1;
    std::string row;
    for (int k = 1; k <= 5; ++k) {
      power *= x;
      sum += power;
      row += "," + std::to_string(power);
    }
    table << sum << row << "\n";
  }
  command.folder.write("polynomial.csv", table.str());
  for (const char* scaling : {"standard", "none"}) {
    const Json event = done(
        command, {"train", "polynomial.csv", "--target", "y", "--optimizer", "least-squares", "--scaling", scaling});
    for (const auto& [name, estimate] : table_of(event))
      EXPECT_NEAR(estimate.value, 1, 1e-9) << name << " " << scaling;
  }
}

// statsmodels 0.14: ols("body_mass_g ~ bill_length_mm + bill_depth_mm + flipper_length_mm + year").
TEST(SolversOnTheCommandLine, least_squares_is_the_table_of_statsmodels) {
  const Command command;
  write_complete(command);
  const Json event = done(command, {"train", "complete.csv", "--target", "body_mass_g", "--optimizer",
                                    "least-squares", "--ignore", "species", "--ignore", "sex", "--ignore", "island"});
  expect_agree(table_of(event),
               {{"(constant)", {2.205337668981e+05, 5.278018806586e+04}},
                {"bill_length_mm", {9.647906011992e-01, 5.256651319358e+00}},
                {"bill_depth_mm", {2.202331662059e+01, 1.350748995027e+01}},
                {"flipper_length_mm", {5.268727654842e+01, 2.474227238396e+00}},
                {"year", {-1.132125614573e+02, 2.632423043894e+01}}},
               9);
  const Json& estimates = event.at("estimates");
  EXPECT_NEAR(estimates.at("residual_deviation"), 382.9538800104923, 1e-7);
  EXPECT_NEAR(estimates.at("adjusted_r_squared"), 0.7738126200640448, 1e-11);
  EXPECT_NEAR(estimates.at("parameters").at(1).at("p"), 8.544900076560e-01, 1e-9);
}

// statsmodels 0.14's Logit, and scikit-learn 1.7's LogisticRegression(penalty=None), which agree.
TEST(SolversOnTheCommandLine, logistic_regression_is_that_of_statsmodels_and_scikit_learn) {
  const Command command;
  write_complete(command);
  const std::vector<std::string> arguments{"train",    "complete.csv", "--target", "sex",  "--ignore",   "species",
                                           "--ignore", "island",       "--ignore", "year", "--optimizer"};
  const TableOfEstimates expected{{"(constant)", {-5.611740398816e+01, 8.369320872090e+00}},
                                  {"bill_length_mm", {1.076295477007e-01, 4.796729388669e-02}},
                                  {"bill_depth_mm", {2.031515595868e+00, 2.494650015441e-01}},
                                  {"flipper_length_mm", {-3.247439535883e-02, 3.475539619285e-02}},
                                  {"body_mass_g", {5.512025902394e-03, 8.234882752641e-04}}};
  std::vector<std::string> newton = arguments;
  newton.emplace_back("newton");
  expect_agree(table_of(done(command, newton)), expected, 9);
  for (const char* method : {"lbfgs", "levenberg-marquardt", "conjugate-gradient"}) {
    std::vector<std::string> other = arguments;
    other.insert(other.end(), {method, "--hidden", "none"});
    expect_agree(table_of(done(command, other)), expected, 6);
  }
}

// statsmodels 0.14: GLM(year − 2006, bill_length_mm and bill_depth_mm, Poisson).
TEST(SolversOnTheCommandLine, a_regression_of_counts_is_that_of_statsmodels) {
  const Command command;
  std::string counts = "count,length,depth\n";
  std::istringstream lines(command.bytes("penguins.csv"));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (line.find("NA") != std::string::npos || cells[0] == "species") continue;
    counts += std::to_string(std::stoi(cells[7]) - 2006) + "," + cells[2] + "," + cells[3] + "\n";
  }
  command.folder.write("counts.csv", counts);
  const Json event = done(command, {"train", "counts.csv", "--target", "count", "--task", "regression", "--loss",
                                    "poisson", "--optimizer", "newton"});
  expect_agree(table_of(event),
               {{"(constant)", {0.789144963459, 0.519744261949}},
                {"length", {0.001666882876, 0.007228242064}},
                {"depth", {-0.008665822693, 0.019997916061}}},
               8);
}

TEST(SolversOnTheCommandLine, collinear_columns_are_said) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "body_mass_g", "--optimizer", "least-squares",
                                   "--test", "0", "--validation", "0", "--report", "none"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("collinear with others, and left out: species = Gentoo, island = Torgersen, "),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("(constant)"), std::string::npos);
}

// Far from 0 a sigmoid is flat: nothing may seem collinear because of where a run begins.
TEST(SolversOnTheCommandLine, newton_finds_its_way_from_numbers_that_are_large_as_they_are) {
  const Command command;
  std::string table = "x,y\n";
  for (int i = 0; i < 60; ++i)
    table += std::to_string(1950 + 2 * i) + "," + ((i % 7 < 3) == (i < 30) ? "a" : "b") + "\n";
  command.folder.write("years.csv", table);
  const std::vector<std::string> scaled{"train", "years.csv", "--target", "y", "--optimizer", "newton"};
  std::vector<std::string> raw = scaled;
  raw.emplace_back("--raw");
  const TableOfEstimates expected = table_of(done(command, scaled));
  EXPECT_GT(std::abs(expected.at("x").value), 1e-3);
  expect_agree(table_of(done(command, raw)), expected, 6);
}

TEST(SolversOnTheCommandLine, rows_that_count_nothing_are_no_degrees_of_freedom) {
  const Command command;
  std::string half = "x,w,y\n", all = half;
  for (int i = 0; i < 40; ++i) {
    const std::string row =
        std::to_string(i) + "," + (i % 2 == 0 ? "1" : "0") + "," + std::to_string(2.0 * i + std::sin(5.0 * i)) + "\n";
    all += row;
    if (i % 2 == 0) half += row;
  }
  command.folder.write("all.csv", all);
  command.folder.write("half.csv", half);
  const Json weighted =
      done(command, {"train", "all.csv", "--target", "y", "--weight", "w", "--optimizer", "least-squares"});
  const Json alone =
      done(command, {"train", "half.csv", "--target", "y", "--ignore", "w", "--optimizer", "least-squares"});
  EXPECT_EQ(weighted.at("estimates").at("degrees_of_freedom"), 18);
  expect_agree(table_of(weighted), table_of(alone), 9);
}

TEST(SolversOnTheCommandLine, a_table_is_told_at_the_minimum_alone_and_where_nothing_is_shared) {
  const Command command;
  const Json early = done(command, {"train", "penguins.csv", "--target", "sex", "--hidden", "none", "--optimizer",
                                    "lbfgs", "--epochs", "2"});
  EXPECT_FALSE(early.contains("estimates"));
  EXPECT_NE(early.at("remarks").dump().find("ended before the minimum"), std::string::npos);
  // one-hot columns sum to 1: lbfgs shares between them and the constant what least-squares gives to one
  const Json shared = done(command, {"train", "penguins.csv", "--target", "body_mass_g", "--hidden", "none",
                                     "--optimizer", "lbfgs", "--epochs", "100000"});
  EXPECT_FALSE(shared.contains("estimates"));
}

// NIST's Rat42 (nonlinear regression, higher level of difficulty) as one sigmoid neuron, from its first start.
TEST(SolversOnTheCommandLine, a_certified_nonlinear_regression) {
  const Command command;
  command.folder.write(
      "rat42.csv", "y,x\n8.93,9\n10.8,14\n18.59,21\n22.33,28\n39.35,42\n56.11,57\n61.73,63\n64.62,70\n67.08,79\n");
  command.folder.write("start.toml", "\"0.W\" = [[0.1]]\n\"0.b\" = [-1]\n\"1.W\" = [[100]]\n");
  const Json event =
      done(command, {"train", "rat42.csv", "--target", "y", "--raw", "--layer", "dense 1 sigmoid", "--no-output-bias",
                     "--start", "start.toml", "--optimizer", "levenberg-marquardt"});
  expect_agree(table_of(event),
               {{"0.W[1,1]", {6.7359200066E-02, 3.4465663377E-03}},
                {"0.b[1]", {-2.6180768402E+00, 8.8295217536E-02}},
                {"1.W[1,1]", {7.2462237576E+01, 1.7340283401E+00}}},
               9);
  // and the formula itself, far out as well: nothing is held in the range of the rows
  const Outcome predicted = command({"predict", "rat42.safetensors", "-"}, "x\n0\n500\n");
  const std::vector<std::string> values = lines_of(predicted.output);
  ASSERT_EQ(values.size(), 3U) << predicted.errors;
  EXPECT_NEAR(std::stod(values[1]), 72.462237576 / (1 + std::exp(2.6180768402)), 1e-7);
  EXPECT_NEAR(std::stod(values[2]), 72.462237576, 1e-6);
}

TEST(SolversOnTheCommandLine, the_gradient_is_certified_on_the_rows_before_training) {
  const Command command;
  const Outcome outcome = command({"train", "penguins.csv", "--target", "species", "--certify", "--ensemble", "1",
                                   "--epochs", "1", "--report", "none", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const Json certificate = Json::parse(lines_of(outcome.output).at(1));
  EXPECT_EQ(certificate.at("event"), "certificate");
  EXPECT_EQ(certificate.at("checked"), 500);
  EXPECT_LT(certificate.at("largest_error"), 1e-5);
  EXPECT_GT(certificate.at("largest_error"), 0);
}

// The events tell each start's loss; the model is the one of the lowest.
TEST(SolversOnTheCommandLine, restarts_keep_the_best_and_tell_the_spread) {
  const Command command;
  const std::vector<std::string> arguments{
      "train", "penguins.csv", "--target", "species", "--optimizer", "lbfgs", "--hidden", "3", "--epochs",
      "6",     "--restarts",   "5",        "--json",  "--report",    "none"};
  const Outcome outcome = command(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  std::map<int, double> lowest;  // of each start the loss of its best epoch
  for (const std::string& line : lines_of(outcome.output)) {
    const Json event = Json::parse(line);
    if (event.at("event") != "epoch" || !event.at("best").get<bool>()) continue;
    lowest[event.at("network")] = event.at("validation").at("loss");
  }
  ASSERT_EQ(lowest.size(), 5U);
  const auto best = std::ranges::min_element(lowest, {}, &std::pair<const int, double>::second);
  EXPECT_NE(std::ranges::max_element(lowest, {}, &std::pair<const int, double>::second)->first, best->first);
  const Json done = Json::parse(lines_of(outcome.output).back());
  EXPECT_DOUBLE_EQ(done.at("validation").at("loss"), best->second);
  EXPECT_NE(done.at("remarks").dump().find("of 5 starting points number " + std::to_string(best->first) + " is kept"),
            std::string::npos)
      << done.at("remarks");
  const Outcome inspected = command({"inspect", "penguins.safetensors", "--json"});
  EXPECT_EQ(Json::parse(inspected.output).value("networks", 1), 1);
}

// y = b x: b = Σ xy / Σ x² = 109.7 / 55, and of Σ y² = 218.9 remain 218.9 − 109.7 b.
TEST(SolversOnTheCommandLine, without_a_constant_r_squared_is_a_share_of_the_squares_themselves) {
  const Command command;
  command.folder.write("line.csv", "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n5,10\n");
  const Json event = done(
      command, {"train", "line.csv", "--target", "y", "--optimizer", "least-squares", "--raw", "--no-output-bias"});
  const Json& estimates = event.at("estimates");
  const double all = 218.9, left = all - 109.7 * 109.7 / 55;
  EXPECT_NEAR(estimates.at("r_squared").get<double>(), 1 - left / all, 1e-12);
  EXPECT_NEAR(estimates.at("adjusted_r_squared").get<double>(), 1 - left / all * 5 / 4, 1e-12);
  EXPECT_NEAR(estimates.at("residual_deviation").get<double>(), std::sqrt(left / 4), 1e-12);
}

TEST(SolversOnTheCommandLine, what_a_solver_noticed_is_said_again_by_a_resumed_run) {
  const Command command;
  std::string apart = "x,y\n";
  for (int i = 0; i < 40; ++i) apart += std::to_string(i) + "," + (i < 20 ? "a" : "b") + "\n";
  command.folder.write("apart.csv", apart);
  const Outcome first = command({"train", "apart.csv", "--target", "y", "--optimizer", "newton", "--test", "0",
                                 "--validation", "0", "--checkpoint", "run", "--report", "none"});
  EXPECT_NE(first.errors.find("some of the classes can be told apart"), std::string::npos) << first.errors;
  const Outcome second = command({"train", "apart.csv", "--resume", "run", "--report", "none"});
  EXPECT_EQ(second.code, 0) << second.errors;
  EXPECT_NE(second.errors.find("some of the classes can be told apart"), std::string::npos) << second.errors;
}

// rprop moves without looking where: the loss it tells is that of the place it has left.
TEST(SolversOnTheCommandLine, a_move_into_nowhere_is_told_even_as_the_last_one) {
  const Command command;
  command.folder.write("bowl.csv", "x,y\n-2,4.1\n-1,1.2\n0,0.1\n1,0.9\n2,4\n3,9.2\n");
  const Outcome outcome = command({"train", "bowl.csv", "--target", "y", "--raw", "--hidden", "4", "--precision",
                                   "float", "--optimizer", "rprop:first=1e30,most=1e30", "--epochs", "1",
                                   "--validation", "0", "--test", "0", "--report", "none"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.errors.find("training diverged at the end of iteration 1: the loss is inf"), std::string::npos)
      << outcome.errors;
}

TEST(SolversOnTheCommandLine, what_cannot_be_is_refused_before_the_work) {
  const Command command;
  command.folder.write("wrong.toml", "\"0.W\" = [[1, 2], [3]]\n");
  command.folder.write("small.toml", "\"0.W\" = [[1, 2]]\n");
  command.folder.write("infinite.toml", "\"0.W\" = [[1, inf]]\n");
  command.folder.write("strange.toml", "\"7.W\" = [[1, 2]]\n");
  const auto refusal = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"train", "penguins.csv", "--target", "species"});
    const Outcome outcome = command(options);
    EXPECT_EQ(outcome.code, 2) << outcome.errors;
    return outcome.errors;
  };
  EXPECT_EQ(refusal({"--optimizer", "lbfgs", "--batch", "32"}),
            "neurone: a batch means nothing to lbfgs, which looks at all rows\n");
  EXPECT_EQ(refusal({"--optimizer", "newton", "--dropout", "0.1"}),
            "neurone: dropout means nothing to newton, which looks at all rows\n");
  EXPECT_EQ(refusal({"--optimizer", "least-squares"}),
            "neurone: least-squares needs loss squared_error and the output activation identity, found "
            "categorical_cross_entropy and softmax\n");
  EXPECT_EQ(refusal({"--optimizer", "newton", "--hidden", "4"}),
            "neurone: newton is for a network without hidden layers, found 2 layers\n");
  EXPECT_EQ(
      refusal({"--start", "wrong.toml"}),
      "neurone: wrong.toml:1: 0.W: expected numbers, or rows of as many numbers each: \"0.W\" = [[1, 2], [3, 4]]\n");
  EXPECT_NE(refusal({"--start", "infinite.toml"}).find("infinite.toml:1: 0.W: expected numbers"), std::string::npos);
  EXPECT_EQ(refusal({"--start", "small.toml", "--layer", "dense 4 tanh"}),
            "neurone: the starting values of 0.W are 1 × 2, expected 15 × 4\n");
  EXPECT_EQ(refusal({"--start", "strange.toml", "--layer", "dense 4 tanh"}).substr(0, 33),
            "neurone: unknown parameter '7.W':");
  EXPECT_EQ(refusal({"--raw", "--scaling", "robust"}),
            "neurone: raw numbers are not scaled: give one or the other\n");
  EXPECT_EQ(refusal({"--restarts", "3", "--ensemble", "3"}),
            "neurone: an ensemble keeps all its networks, restarts keep the best one: give one or the other\n");
}

}  // namespace
}  // namespace neurone
