// Where there is no finite number to predict, none is given: the row and what overflowed are named.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "neurone/model/model.h"
#include "neurone/model/proof.h"
#include "neurone/model/trace.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

const std::string not_finite = "the prediction is not a finite number: ";

// e^x in float, which ends at 88.7.
Model exponential() {
  return model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "exp", {1, 0});
}
Model with_deviation() {
  return model_of_x<float>(NumberTarget{.name = "y"}, {losses::GaussianNegativeLogLikelihood{}}, "identity",
                           {0, 1, 0, 0});
}

std::string problem_of(const Model& model, const std::vector<std::string>& x) {
  return message_of<OverflowError>([&] { predict(model, table_x(x)); });
}

TEST(Overflow, of_a_prediction_names_the_row) {
  const std::string what = not_finite + "prediction is infinite, because numbers of the network overflow a float";
  EXPECT_EQ(problem_of(exponential(), {"1", "2", "89"}), "new.csv:3: " + what);
  const std::vector<std::string> many(20'000, "1");  // in blocks
  std::vector<std::string> one_large = many;
  one_large[18'000] = "89";
  EXPECT_EQ(problem_of(exponential(), one_large), "new.csv:18001: " + what);
  EXPECT_EQ(predict(exponential(), table_x(many)).values.rows(), 20'000U);
}

TEST(Overflow, of_a_deviation_is_one) {
  EXPECT_EQ(predict(with_deviation(), table_x({"1000"})).values(0, 1), std::exp(500.0));
  EXPECT_EQ(problem_of(with_deviation(), {"1500"}),
            "new.csv:1: " + not_finite + "deviation is infinite, because numbers of the network overflow a float");
}

TEST(Overflow, of_logits_is_one) {
  const ClassTarget two{.name = "y", .classes = {"no", "yes"}};
  const Model model = model_of_x<float>(two, {losses::BinaryCrossEntropy{}}, "sigmoid", {1e38, 0});
  EXPECT_EQ(predict(model, table_x({"3"})).values(0, 1), 1);
  EXPECT_EQ(
      problem_of(model, {"4"}),
      "new.csv:1: " + not_finite + "probability_no is no number, because numbers of the network overflow a float");
}

TEST(Overflow, is_told_by_the_explanation_of_the_row) {
  EXPECT_TRUE(message_of<OverflowError>([] {
                trace_row(exponential(), table_x({"1", "89"}), {.row = 1});
              }).starts_with("new.csv:2: " + not_finite));
}

TEST(Overflow, of_an_evaluation_is_that_of_the_row_or_of_the_figure) {
  EXPECT_TRUE(message_of<OverflowError>([] {
                evaluate(exponential(), table_xy({{"1", "2"}, {"89", "2"}}));
              }).starts_with("new.csv:2: " + not_finite));
  EXPECT_EQ(
      message_of<OverflowError>([] {
        evaluate(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 0}),
                 table_xy({{"1", "2"}, {"1e200", "3"}}));
      }),
      "new.csv: the figure rmse is not a finite number: the errors of the predictions are too large for its sums");
}

TEST(Overflow, does_not_come_out_of_intervals) {
  constexpr double most = std::numeric_limits<double>::max();
  EXPECT_EQ(interval_of(std::vector<double>{1e308, 1e308}, 1.5), (Interval{1e308 - 1.5e308, most}));
  EXPECT_EQ(interval_of(std::vector<double>{1e308, 1e308}, 1e9), (Interval{-most, most}));
}

TEST(Overflow, leaves_its_rows_out_of_the_proof) {
  const Proof proof = prove(exponential(), table_x({"1", "89", "2"}), false);
  EXPECT_EQ(rows(proof.rows), 2U);
  EXPECT_EQ(std::get<Table>(proof.rows).cell(1, 0), "2");
  EXPECT_EQ(proof.values(1, 0), static_cast<double>(std::exp(2.0F)));
  EXPECT_EQ(message_of<OverflowError>([] { prove(exponential(), table_x({"100", "89"}), false); }),
            "what is predicted of 2 rows of proof is not a finite number");
}

TEST(Overflow, is_not_made_by_a_range_that_holds_the_prediction) {
  Model model = exponential();
  std::get<NumberTarget>(model.target).highest = 100;
  EXPECT_EQ(predict(model, table_x({"89"})).values(0, 0), 100);
}

}  // namespace
}  // namespace neurone
