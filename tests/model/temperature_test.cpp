// Probabilities of networks in float under a temperature, to the last digits of a double: both classes alike.
#include <gtest/gtest.h>

#include <cmath>

#include "neurone/model/prediction_text.h"
#include "tests/model/models.h"

namespace neurone {
namespace {

const ClassTarget two{.name = "y", .classes = {"no", "yes"}};
const ClassTarget two_outputs{.name = "y", .classes = {"no", "yes"}, .one_hot = true};
const std::vector<std::string> logits{"0", "0.001", "0.5", "3", "16", "17", "18.7", "25", "40", "80"};

// The logit of "yes" is x.
Model sigmoid_of_x() {
  return model_of_x<float>(two, {losses::BinaryCrossEntropy{}}, "sigmoid", {1, 0});
}
Model softmax_of_x(const std::string& activation) {
  return model_of_x<float>(two_outputs, {losses::CategoricalCrossEntropy{}}, activation, {0, 1, 0, 0});
}

double sigmoid_in_double(double z) {
  return z < 0 ? std::exp(z) / (1 + std::exp(z)) : 1 / (1 + std::exp(-z));
}

class TemperatureOf : public testing::TestWithParam<std::string> {
 protected:
  static Model model() { return GetParam() == "sigmoid" ? sigmoid_of_x() : softmax_of_x(GetParam()); }
};

TEST_P(TemperatureOf, two_classes_is_the_sigmoid_of_the_logit_divided_by_it) {
  Model tried = model();
  for (const double temperature : {0.05, 0.3, 1.0, 2.5, 14.0, 20.0}) {
    tried.calibration.temperature = temperature;
    for (const std::string& z : logits) {
      const Matrix<double> p = predict(tried, table_x({z, "-" + z})).values;
      const double exponent = static_cast<double>(std::stof(z)) / temperature;
      const double high = sigmoid_in_double(exponent), low = sigmoid_in_double(-exponent);
      EXPECT_NEAR(p(0, 1), high, 1e-15 * high) << z << " at " << temperature;
      EXPECT_NEAR(p(0, 0), low, 1e-13 * low) << z << " at " << temperature;
      EXPECT_EQ(p(1, 0), p(0, 1)) << z << " at " << temperature;  // the mirrored row
      EXPECT_EQ(p(1, 1), p(0, 0)) << z << " at " << temperature;
    }
  }
}

TEST_P(TemperatureOf, nothing_is_certain_that_is_not_so_in_double) {
  Model tried = model();
  tried.calibration.temperature = 14;
  const Matrix<double> p = predict(tried, table_x({"18.7", "-18.7"})).values;
  EXPECT_NEAR(p(0, 1), 0.79179, 1e-5);
  EXPECT_NEAR(p(1, 0), 0.79179, 1e-5);
  tried.calibration.temperature = 1;
  const Predictions sure = predict(tried, table_x({"30"}));
  EXPECT_LT(sure.values(0, 1), 1);
  EXPECT_TRUE(csv_lines(tried, sure).starts_with("yes,9.357623e-14,0.99999999999990")) << csv_lines(tried, sure);
}

INSTANTIATE_TEST_SUITE_P(Activations, TemperatureOf, testing::Values("sigmoid", "softmax", "log_softmax"),
                         [](const auto& each) { return each.param; });

TEST(Temperature, of_several_networks_is_taken_before_their_mean) {
  Model model = sigmoid_of_x();
  auto& networks = std::get<Networks<float>>(model.networks);
  networks.push_back(networks.front());
  networks.back().parameters()[0] = -2;
  model.calibration.temperature = 20;
  const Matrix<double> p = predict(model, table_x({"30"})).values;
  EXPECT_NEAR(p(0, 1), (sigmoid_in_double(1.5) + sigmoid_in_double(-3)) / 2, 1e-15);
  EXPECT_NEAR(p(0, 0), (sigmoid_in_double(-1.5) + sigmoid_in_double(3)) / 2, 1e-15);
}

TEST(Temperature, is_none_of_models_without_logits) {
  for (const char* activation : {"hard_sigmoid", "elliot"})
    EXPECT_FALSE(has_logits(model_of_x<float>(two, {losses::SquaredError{}}, activation, {1, 0}))) << activation;
  EXPECT_FALSE(has_logits(model_of_x<float>(two, {losses::Hinge{}}, "identity", {1, 0})));
  const ClassTarget three{.name = "y", .classes = {"a", "b", "c"}};  // one against the rest
  EXPECT_FALSE(has_logits(model_of_x<float>(three, {losses::BinaryCrossEntropy{}}, "sigmoid", {1, 0, 0, 0, 0, 0})));
  EXPECT_FALSE(has_logits(model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "sigmoid", {1, 0})));
  EXPECT_TRUE(has_logits(sigmoid_of_x()));
}

}  // namespace
}  // namespace neurone
