// What the validation rows say about how sure predictions may be.
#include "neurone/model/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "neurone/model/model.h"
#include "tests/model/models.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// Rows of three classes with random logits, and classes drawn with the probabilities of these logits.
struct Drawn {
  Matrix<double> logits;
  std::vector<std::uint32_t> truth;
};
Drawn drawn_from_logits(std::size_t rows) {
  Random random = numbers_of_test(7);
  Drawn drawn{.logits = Matrix<double>(rows, 3), .truth = {}};
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (double& z : drawn.logits[i]) sum += std::exp(z = 2 * random.normal());
    double left = random.uniform() * sum;
    std::uint32_t c = 0;
    while (c < 2 && (left -= std::exp(drawn.logits(i, c))) > 0) ++c;
    drawn.truth.push_back(c);
  }
  return drawn;
}
Matrix<double> multiplied(Matrix<double> logits, double factor) {
  for (double& each : logits.elements()) each *= factor;
  return logits;
}

TEST(Temperature, undoes_the_factor_that_made_a_network_too_sure) {
  const Drawn drawn = drawn_from_logits(20'000);
  for (const double factor : {0.5, 1.0, 3.0})
    EXPECT_NEAR(fit_temperature(multiplied(drawn.logits, factor), drawn.truth), factor, 0.05 * factor);
}

TEST(Temperature, divides_logits) {
  const Drawn drawn = drawn_from_logits(50);
  Matrix<double> probabilities = drawn.logits;
  to_probabilities(2.5, probabilities);
  for (std::size_t i = 0; i < 50; ++i) {
    double sum = 0;
    for (const double z : drawn.logits.view()[i]) sum += std::exp(z / 2.5);
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(probabilities(i, c), std::exp(drawn.logits(i, c) / 2.5) / sum, 1e-15);
  }
}

TEST(Temperature, of_rows_that_are_all_right_does_not_make_certain) {
  for (const std::size_t rows : {10U, 100U}) {
    Matrix<double> logits(rows, 3);
    const std::vector<std::uint32_t> truth(rows, 1);
    for (std::size_t i = 0; i < rows; ++i) logits(i, 1) = 3;
    to_probabilities(fit_temperature(logits, truth), logits);
    const double n = static_cast<double>(rows);
    EXPECT_NEAR(logits(0, 1), (n + 1) / (n + 3), 1e-4) << rows;
  }
}

// Rounded to float, all of them are 1 and 0, and nothing is left to be fitted.
TEST(Temperature, is_fitted_to_logits_whose_probabilities_are_certain_in_float) {
  Matrix<double> logits(1000, 2);
  std::vector<std::uint32_t> truth(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    logits(i, i % 2) = 30;
    truth[i] = static_cast<std::uint32_t>(i % 20 < 2 ? 1 - i % 2 : i % 2);  // a tenth is wrong
  }
  const double temperature = fit_temperature(logits, truth);
  EXPECT_NEAR(temperature, 30 / std::log(901.0 / 101), 0.01);
  to_probabilities(temperature, logits);
  EXPECT_NEAR(logits(0, 0), 901.0 / 1002, 1e-4);
  EXPECT_EQ(logits(0, 0), logits(1, 1));
}

TEST(Temperature, is_one_without_rows) {
  EXPECT_EQ(fit_temperature(Matrix<double>(0, 2), {}), 1);
}

TEST(Temperature, of_logits_that_overflowed_leaves_no_number) {
  Matrix<double> logits(2, 2);
  logits(0, 1) = std::numeric_limits<double>::infinity();
  logits(1, 0) = std::nan("");
  to_probabilities(3, logits);
  for (const double each : logits.elements()) EXPECT_TRUE(std::isnan(each));
}

TEST(Errors, bound_a_new_row_with_the_probability_that_is_asked_for) {
  const std::vector<double> nine{1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(error_bound(nine, 0.9), 9);  // the ⌈10 · 0.9⌉-th
  EXPECT_EQ(error_bound(nine, 0.5), 5);
  EXPECT_EQ(error_bound(nine, 0.51), 6);
  EXPECT_EQ(error_bound(nine, 0.01), 1);
  EXPECT_EQ(error_bound(nine, 0.91), std::numeric_limits<double>::infinity());
  EXPECT_EQ(error_bound(std::vector<double>{}, 0.5), std::numeric_limits<double>::infinity());
}

TEST(Errors, are_sorted_and_thinned_out_towards_the_larger_ones) {
  EXPECT_EQ(calibration_errors({3, 1, 2}), (std::vector<double>{1, 2, 3}));
  std::vector<double> many;
  for (std::size_t i = 5000; i > 0; --i) many.push_back(static_cast<double>(i));
  const std::vector<double> kept = calibration_errors(many);
  ASSERT_EQ(kept.size(), most_calibration_errors);
  EXPECT_EQ(kept.front(), 5);
  EXPECT_EQ(kept.back(), 5000);
  for (const double level : {0.5, 0.9, 0.95}) {
    std::vector<double> sorted(many.rbegin(), many.rend());
    EXPECT_NEAR(error_bound(kept, level), error_bound(sorted, level), 10) << level;
    EXPECT_GE(error_bound(kept, level), error_bound(sorted, level)) << level;
  }
}

// --- in a model ----------------------------------------------------------------------------------------------------

Model with_errors(Model model, std::vector<double> errors) {
  model.calibration.errors = std::move(errors);
  return model;
}
Model line_with_errors(std::vector<double> errors) {
  return with_errors(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 0}),
                     std::move(errors));
}
Model softmax_with_errors(std::vector<double> errors) {
  return with_errors(model_of_x(ClassTarget{.name = "y", .classes = {"a", "b", "c"}},
                                {losses::CategoricalCrossEntropy{}}, "softmax", {1, -1, 0, 0, 0, 0}),
                     std::move(errors));
}

TEST(Intervals, lie_around_the_prediction) {
  const Model model = line_with_errors({1, 2, 3});
  const double bound = error_bound(model, 0.5);
  EXPECT_EQ(bound, 2);
  EXPECT_EQ(interval_of(std::vector<double>{10}, bound), (Interval{8, 12}));
  EXPECT_EQ(interval_of(std::vector<double>{10, 3}, bound), (Interval{4, 16}));  // in predicted deviations
}

TEST(Intervals, of_classes_are_sets_with_the_likeliest_class_in_them) {
  EXPECT_EQ(set_of(std::vector<double>{0.2, 0.7, 0.1}, 0.85), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(set_of(std::vector<double>{0.2, 0.7, 0.1}, 0.2), (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(set_of(std::vector<double>{0.2, 0.7, 0.1}, 0.9), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Intervals, that_cannot_be_are_refused) {
  EXPECT_EQ(message_of<UsageError>([] { error_bound(line_with_errors({}), 0.9); }),
            "the model has no errors of validation rows, which intervals are learnt from: it was trained without "
            "them, or imported");
  EXPECT_EQ(message_of<UsageError>([] { error_bound(line_with_errors({1, 2}), 0.9); }),
            "the model has 2 validation rows, too few for intervals of 0.9");
  for (const double level : {0.0, 1.0, -0.5, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(message_of<UsageError>([&] { error_bound(line_with_errors({1, 2}), level); }),
              "the level of intervals must be between 0 and 1");
  const Model scores = with_errors(
      model_of_x(ClassTarget{.name = "y", .classes = {"a", "b"}}, {losses::Hinge{}}, "identity", {1, 0}), {1});
  EXPECT_EQ(message_of<UsageError>([&] { error_bound(scores, 0.5); }),
            "the model gives scores, no probabilities: there are no sets of a level");
}

TEST(Intervals, are_tried_by_an_evaluation) {
  const std::vector<double> errors(9, 1.5);
  const Evaluation evaluation =
      evaluate(line_with_errors(errors), table_xy({{"1", "2"}, {"1", "2.4"}, {"1", "3"}, {"1", "-0.4"}}));
  const Figures& figures = evaluation.figures;
  ASSERT_GE(figures.size(), 2U);
  EXPECT_EQ(figures[figures.size() - 2], (Figure{"coverage_90", 0.75}));
  EXPECT_EQ(figures.back(), (Figure{"width_90", 3}));

  const Evaluation sets =
      evaluate(softmax_with_errors(std::vector<double>(9, 0.8)), table_xy({{"0", "c"}, {"3", "a"}, {"3", "b"}}));
  EXPECT_EQ(sets.figures[sets.figures.size() - 2], (Figure{"coverage_90", 2.0 / 3}));
  EXPECT_EQ(sets.figures.back(), (Figure{"set_size_90", 5.0 / 3}));  // three at 0, one at 3
}

TEST(Calibration, the_temperature_moves_probabilities_and_no_class) {
  Model model = softmax_with_errors({});
  const Predictions plain = predict(model, table_x({"1", "-3", "0"}));
  model.calibration.temperature = 2;
  const Predictions cooler = predict(model, table_x({"1", "-3", "0"}));
  EXPECT_EQ(cooler.classes, plain.classes);
  const double sum = std::exp(0.5) + std::exp(-0.5) + 1;
  EXPECT_NEAR(cooler.values(0, 0), std::exp(0.5) / sum, 1e-15);
}

}  // namespace
}  // namespace neurone
