// What the parameters of several outputs are worth, on the command line, against statsmodels.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/estimates.h"

namespace neurone {
namespace {

using Json = nlohmann::json;

std::vector<std::string> island_by(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"train",   "complete.csv", "--target", "island",   "--ignore",
                                     "species", "--ignore",     "sex",      "--ignore", "year"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

// statsmodels 0.15.0: MNLogit(island, constant and the four measurements).fit(method="newton"), which compares with
// the first island as well.
const TablesOfClasses multinomial{{"Dream",
                                   {{"(constant)", {-6.706078509428e+00, 5.564600114460e+00}},
                                    {"bill_length_mm", {2.424050085161e-01, 5.198061496258e-02}},
                                    {"bill_depth_mm", {6.507155978146e-01, 1.330104192597e-01}},
                                    {"flipper_length_mm", {-2.512764195082e-02, 3.026700103976e-02}},
                                    {"body_mass_g", {-2.542675226079e-03, 5.013533368426e-04}}}},
                                  {"Torgersen",
                                   {{"(constant)", {-8.819399745391e+00, 6.534187446717e+00}},
                                    {"bill_length_mm", {-4.884760379669e-02, 6.426358906267e-02}},
                                    {"bill_depth_mm", {7.677573434557e-01, 1.648170710624e-01}},
                                    {"flipper_length_mm", {1.962770581111e-02, 3.520518019842e-02}},
                                    {"body_mass_g", {-1.892394622183e-03, 5.882562739312e-04}}}}};

TEST(EstimatesOfClasses, softmax_regression_is_the_multinomial_logit_of_statsmodels) {
  const Command command;
  write_complete(command);
  const Json event = done(command, island_by({"--optimizer", "newton"}));
  expect_agree(tables_of(event), multinomial, 9);
  const Json& estimates = event.at("estimates");
  EXPECT_EQ(estimates.at("reference"), "Biscoe");
  EXPECT_TRUE(estimates.at("is_likelihood").get<bool>());
  EXPECT_EQ(estimates.at("degrees_of_freedom"), 333 * 2 - 10);
  EXPECT_FALSE(estimates.contains("r_squared"));
  EXPECT_EQ(estimates.at("parameters").at(0).at("class"), "Dream");
  EXPECT_NEAR(estimates.at("parameters").at(0).at("p"), 2.281523e-01, 1e-7);
  const Json kept = Json::parse(command({"inspect", "complete.safetensors", "--json"}).output);
  EXPECT_EQ(kept.at("training").at("estimates"), estimates);
}

// Their W is not newton's, which keeps the first class at 0: softmax leaves open what all classes have in common.
TEST(EstimatesOfClasses, another_method_has_the_same_table_though_it_shares_between_the_classes) {
  const Command command;
  write_complete(command);
  for (const char* method : {"lbfgs", "levenberg-marquardt"})
    expect_agree(tables_of(done(command, island_by({"--optimizer", method, "--hidden", "none"}))), multinomial, 6);
  const Json raw = done(command, island_by({"--optimizer", "newton", "--raw"}));
  expect_agree(tables_of(raw), multinomial, 6);
}

TEST(EstimatesOfClasses, are_printed_class_by_class_and_kept) {
  const Command command;
  write_complete(command);
  std::vector<std::string> arguments = island_by({"--optimizer", "newton", "--test", "0", "--validation", "0"});
  const Outcome outcome = command(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  const std::string table =
      "island                   estimate    std. error         z         p\n"
      "Dream against Biscoe\n"
      "  (constant)             -6.70608        5.5646    -1.205     0.228\n"
      "  bill_length_mm         0.242405     0.0519806     4.663  3.11e-06\n"
      "  bill_depth_mm          0.650716       0.13301     4.892  9.97e-07\n"
      "  flipper_length_mm    -0.0251276      0.030267    -0.830     0.406\n"
      "  body_mass_g         -0.00254268   0.000501353    -5.072  3.94e-07\n"
      "Torgersen against Biscoe\n"
      "  (constant)              -8.8194       6.53419    -1.350     0.177\n";
  EXPECT_NE(outcome.output.find(table), std::string::npos) << outcome.output;
  EXPECT_NE(command({"inspect", "complete.safetensors"}).output.find(table), std::string::npos);
  EXPECT_NE(command.bytes("complete.html").find("<th scope=\"row\">Torgersen against Biscoe</th><td>(constant)</td>"),
            std::string::npos);
}

TEST(EstimatesOfClasses, two_outputs_of_softmax_are_one_of_a_sigmoid) {
  const Command command;
  write_complete(command);
  const std::vector<std::string> arguments{
      "train",    "complete.csv", "--target",    "sex",    "--ignore",           "species", "--ignore", "island",
      "--ignore", "year",         "--optimizer", "newton", "--output-activation"};
  std::vector<std::string> one = arguments, two = arguments;
  one.emplace_back("sigmoid");
  two.emplace_back("softmax");
  const Json of_one = done(command, one), of_two = done(command, two);
  expect_agree(tables_of(of_two), tables_of(of_one), 9);
  EXPECT_EQ(of_one.at("estimates").at("reference"), "female");
  EXPECT_EQ(of_one.at("estimates").at("parameters").at(0).at("class"), "male");
  for (const char* same : {"reference", "degrees_of_freedom"})
    EXPECT_EQ(of_two.at("estimates").at(same), of_one.at("estimates").at(same));
}

// statsmodels 0.15.0: Logit(island == each, constant and the four measurements).fit(method="newton").
TEST(EstimatesOfClasses, a_sigmoid_for_each_class_is_as_many_logistic_regressions) {
  const Command command;
  write_complete(command);
  const Json event = done(command, island_by({"--optimizer", "newton", "--output-activation", "sigmoid"}));
  expect_agree(tables_of(event),
               {{"Biscoe",
                 {{"(constant)", {7.801120231844e+00, 5.216977268165e+00}},
                  {"bill_length_mm", {-1.595357094374e-01, 4.610635520260e-02}},
                  {"bill_depth_mm", {-7.156152115464e-01, 1.241078886650e-01}},
                  {"flipper_length_mm", {7.843671517152e-03, 2.791212892776e-02}},
                  {"body_mass_g", {2.420098151450e-03, 4.621486313130e-04}}}},
                {"Dream",
                 {{"(constant)", {-2.102558977441e+00, 4.609157170532e+00}},
                  {"bill_length_mm", {2.752901733526e-01, 4.361491553412e-02}},
                  {"bill_depth_mm", {4.220718069682e-01, 1.065375662846e-01}},
                  {"flipper_length_mm", {-4.905020930417e-02, 2.582254969170e-02}},
                  {"body_mass_g", {-1.997974656346e-03, 4.186783112188e-04}}}},
                {"Torgersen",
                 {{"(constant)", {-3.855239673381e+00, 5.465802074348e+00}},
                  {"bill_length_mm", {-2.205330099654e-01, 5.143395007060e-02}},
                  {"bill_depth_mm", {4.685670238890e-01, 1.318078785302e-01}},
                  {"flipper_length_mm", {2.506324027117e-02, 3.000944071704e-02}},
                  {"body_mass_g", {-5.226313976149e-04, 4.756011211557e-04}}}}},
               9);
  EXPECT_FALSE(event.at("estimates").contains("reference"));
}

// statsmodels 0.15.0: OLS(island == each, constant and the four measurements).
TEST(EstimatesOfClasses, least_squares_of_indicators_are_as_many_regressions) {
  const Command command;
  write_complete(command);
  const Json event =
      done(command,
           island_by({"--optimizer", "least-squares", "--loss", "squared_error", "--output-activation", "identity"}));
  expect_agree(tables_of(event),
               {{"Biscoe",
                 {{"(constant)", {1.189002535827e+00, 5.718097475521e-01}},
                  {"bill_length_mm", {-1.881370779187e-02, 4.593034297562e-03}},
                  {"bill_depth_mm", {-1.007887702995e-01, 1.185759344811e-02}},
                  {"flipper_length_mm", {2.914173529810e-03, 3.208708267182e-03}},
                  {"body_mass_g", {3.024745068921e-04, 4.716372126338e-05}}}},
                {"Dream",
                 {{"(constant)", {1.184693811485e-01, 6.262579392744e-01}},
                  {"bill_length_mm", {4.390448507863e-02, 5.030386779032e-03}},
                  {"bill_depth_mm", {5.623945242666e-02, 1.298668319202e-02}},
                  {"flipper_length_mm", {-7.341811269887e-03, 3.514244092097e-03}},
                  {"body_mass_g", {-2.782139554249e-04, 5.165468936716e-05}}}},
                {"Torgersen",
                 {{"(constant)", {-3.074719169754e-01, 5.413115885441e-01}},
                  {"bill_length_mm", {-2.509077728676e-02, 4.348059302056e-03}},
                  {"bill_depth_mm", {4.454931787285e-02, 1.122515447346e-02}},
                  {"flipper_length_mm", {4.427637740077e-03, 3.037567961579e-03}},
                  {"body_mass_g", {-2.426055146715e-05, 4.464818759740e-05}}}}},
               9);
  const Json& estimates = event.at("estimates");
  EXPECT_EQ(estimates.at("degrees_of_freedom"), 328);
  EXPECT_NEAR(estimates.at("parameters").at(1).at("p"), 5.297682149319e-05, 1e-14);
  const Json& torgersen = estimates.at("fits").at(2);
  EXPECT_EQ(torgersen.at("class"), "Torgersen");
  EXPECT_NEAR(torgersen.at("residual_deviation"), 0.3182727248837239, 1e-10);
  EXPECT_NEAR(torgersen.at("r_squared"), 0.17689918663339121, 1e-10);
  EXPECT_NEAR(torgersen.at("adjusted_r_squared"), 0.1668613718362374, 1e-10);
  const Outcome inspected = command({"inspect", "complete.safetensors"});
  EXPECT_NE(inspected.output.find("\nBiscoe: residual deviation 0.336205 on 328 degrees of freedom, R² 0.5545, "
                                  "adjusted 0.5490\n"),
            std::string::npos)
      << inspected.output;
  EXPECT_EQ(Json::parse(command({"inspect", "complete.safetensors", "--json"}).output).at("training").at("estimates"),
            estimates);
}

// Adelie, Chinstrap and Gentoo can be told apart by their measurements without an error.
TEST(EstimatesOfClasses, there_are_none_where_the_loss_has_no_minimum) {
  const Command command;
  write_complete(command);
  const std::string unasked = "no errors of the parameters are told: the loss still falls";
  for (const auto& [method, why] :
       {std::pair<std::string, std::string>{"newton", "some of the classes can be told apart"},
        {"lbfgs", unasked},
        {"levenberg-marquardt", unasked}}) {
    const Json event =
        done(command, {"train", "complete.csv", "--target", "species", "--optimizer", method, "--hidden", "none",
                       "--ignore", "island", "--ignore", "sex", "--ignore", "year", "--epochs", "100000"});
    EXPECT_FALSE(event.contains("estimates")) << method;
    ASSERT_EQ(event.at("remarks").size(), 1U) << event.at("remarks");
    EXPECT_TRUE(event.at("remarks").front().get<std::string>().starts_with(why)) << event.at("remarks");
  }
}

TEST(EstimatesOfClasses, a_collinear_input_is_named_once) {
  const Command command;
  std::string table = "x,twice,y\n";
  for (int i = 0; i < 60; ++i)
    table +=
        std::to_string(i) + "," + std::to_string(2 * i) + "," + std::string(1, "abc"[(i * 7 + i / 20) % 3]) + "\n";
  command.folder.write("twice.csv", table);
  const Json event = done(command, {"train", "twice.csv", "--target", "y", "--optimizer", "newton"});
  EXPECT_EQ(event.at("estimates").at("collinear"), Json::array({"twice"}));
  for (const auto& [of_class, found] : tables_of(event)) EXPECT_EQ(found.size(), 2U) << of_class;
}

TEST(EstimatesOfClasses, no_errors_are_told_of_as_many_parameters_as_rows) {
  const Command command;
  command.folder.write("few.csv", "u,v,x,z,y\n1,2,0,3,a\n2,1,1,9,b\n4,7,8,1,c\n5,5,2,6,a\n7,1,3,2,b\n");
  const Outcome outcome =
      command({"train", "few.csv", "--target", "y", "--optimizer", "least-squares", "--loss", "squared_error",
               "--output-activation", "identity", "--test", "0", "--validation", "0", "--report", "none"});
  ASSERT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("as many parameters as rows, or more: no errors can be told"), std::string::npos);
  EXPECT_EQ(outcome.output.find("std. error"), std::string::npos);
  EXPECT_EQ(outcome.output.find("nan"), std::string::npos);
}

// The species by two measurements, which do not tell all of them apart, behind one hidden neuron.
std::vector<std::string> species_by_a_neuron(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"train",   "complete.csv", "--target",    "species",
                                     "--layer", "dense 1 tanh", "--optimizer", "levenberg-marquardt"};
  for (const char* each : {"island", "sex", "year", "bill_depth_mm", "bill_length_mm"})
    arguments.insert(arguments.end(), {"--ignore", each});
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

std::string names_of(const Json& estimates) {
  std::string names;
  for (const Json& each : estimates.at("parameters")) names += each.at("name").get<std::string>() + " ";
  return names;
}

TEST(EstimatesOfClasses, behind_hidden_layers_the_last_one_is_told_against_the_first_class) {
  const Command command;
  write_complete(command);
  const Json estimates = done(command, species_by_a_neuron({})).at("estimates");
  EXPECT_EQ(estimates.at("reference"), "Adelie");
  EXPECT_EQ(estimates.at("degrees_of_freedom"), 333 * 2 - 7);
  EXPECT_EQ(names_of(estimates), "0.W[1,1] 0.W[2,1] 0.b[1] 1.W[1,2] 1.W[1,3] 1.b[2] 1.b[3] ");
  EXPECT_NE(command({"inspect", "complete.safetensors"})
                .output.find("W and b of the last layer are those of a class less those of Adelie"),
            std::string::npos);
}

TEST(EstimatesOfClasses, behind_hidden_layers_squares_are_told_of_every_output) {
  const Command command;
  write_complete(command);
  const Json estimates =
      done(command, species_by_a_neuron({"--loss", "squared_error", "--output-activation", "identity"}))
          .at("estimates");
  EXPECT_FALSE(estimates.contains("reference"));
  EXPECT_EQ(estimates.at("degrees_of_freedom"), 333 - 9 / 3);
  EXPECT_EQ(names_of(estimates), "0.W[1,1] 0.W[2,1] 0.b[1] 1.W[1,1] 1.W[1,2] 1.W[1,3] 1.b[1] 1.b[2] 1.b[3] ");
  EXPECT_EQ(estimates.at("fits").size(), 3U);
  EXPECT_EQ(estimates.at("fits").at(2).at("class"), "Gentoo");
}

// The classes exclude one another, and hidden units are common to all of them.
TEST(EstimatesOfClasses, behind_hidden_layers_there_are_none_of_a_sigmoid_for_each_class) {
  const Command command;
  write_complete(command);
  const Json event = done(command, species_by_a_neuron({"--output-activation", "sigmoid"}));
  EXPECT_FALSE(event.contains("estimates"));
  EXPECT_NE(event.at("remarks").dump().find("a sigmoid for each class is no likelihood of all of them"),
            std::string::npos);
}

}  // namespace
}  // namespace neurone
