// What is said about a model that has been trained, and which one is kept of several starts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "neurone/file/model_file.h"
#include "neurone/model/fitting.h"
#include "tests/model/parabola.h"

namespace neurone {
namespace {

constexpr double some = 0.1;  // of the learning rate: some starts diverge

double of(const Figures& figures, const std::string& name) {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  return found == figures.end() ? std::nan("") : found->value;
}

TEST(FittingResult, without_validation_rows_nothing_is_calibrated) {
  Plan plan = small_plan(2);
  plan.validation = 0;
  Fitting<float> fitting({.train = parabola(100, true), .validation = {}, .test = {}}, plan);
  EXPECT_EQ(fitting.train_rows(), 100U);
  EXPECT_EQ(fitting.validation_rows(), 0U);
  EXPECT_TRUE(fitting.run());
  const Model model = fitting.result().model;
  EXPECT_EQ(model.size(), 2U);
  EXPECT_EQ(model.calibration.temperature, 1);
  EXPECT_TRUE(model.calibration.errors.empty());
  EXPECT_TRUE(model.record.validation.empty());
}

TEST(FittingResult, says_what_the_hidden_layers_bring) {
  for (const bool classes : {false, true}) {
    Fitting<float> fitting = fitting_of(2, classes, 400);
    EXPECT_TRUE(fitting.run());
    const TrainedModel made = fitting.result();
    ASSERT_TRUE(made.model.record.comparison);
    const Comparison& comparison = *made.model.record.comparison;
    const double network = of(made.test->figures, comparison.figure);
    ASSERT_TRUE(comparison.gain_interval);
    EXPECT_GT(comparison.gain_interval->low, 0);
    EXPECT_NEAR(comparison.gain, classes ? network - comparison.linear : comparison.linear - network, 1e-12);
    if (classes) {
      EXPECT_EQ(comparison.figure, "accuracy");
      EXPECT_GT(network, 0.9);
      EXPECT_NEAR(comparison.linear, 0.65, 0.15);  // from the half of a constant to the three quarters of one border
      EXPECT_NEAR(comparison.constant, 0.5, 0.1);
    } else {
      EXPECT_EQ(comparison.figure, "rmse");
      EXPECT_LT(network, 0.3);
      EXPECT_NEAR(comparison.linear, 1.2, 0.15);  // the deviation of x² for x uniform on ±2 is 1.19
      EXPECT_NEAR(comparison.constant, 1.2, 0.15);
    }
  }
}

TEST(FittingResult, the_line_beside_the_network_is_least_squares) {
  std::vector<std::vector<std::string>> rows;
  Random random = numbers_of_test(4);
  for (int i = 0; i < 400; ++i) {
    const double a = random.normal(), b = random.normal();
    rows.push_back({std::to_string(a), std::to_string(b), std::to_string(3 * a - 2 * b + 1 + 0.5 * random.normal())});
  }
  const Table table({"a", "b", "y"}, rows);
  Plan plan = small_plan(1);
  plan.columns.scaling = Scaling::standard;
  plan.epochs = 5;
  Fitting<float> fitting({.train = table, .validation = {}, .test = table}, plan);
  fitting.run();
  EXPECT_NEAR(fitting.result().model.record.comparison->linear, 0.5, 0.04);  // the noise
}

TEST(FittingResult, a_linear_model_is_compared_with_nothing) {
  Plan plan = small_plan(1);
  plan.hidden = std::vector<std::size_t>{};
  Fitting<float> fitting({.train = parabola(100, false), .validation = {}, .test = parabola(50, false)}, plan);
  EXPECT_TRUE(fitting.run());
  EXPECT_FALSE(fitting.result().model.record.comparison);
}

TEST(FittingResult, intervals_hold_what_they_promise) {
  const Plan plan = small_plan(4);
  Fitting<float> numbers({.train = parabola(2000, false), .validation = {}, .test = parabola(1000, false, 2)}, plan);
  Fitting<float> classes({.train = parabola(2000, true), .validation = {}, .test = parabola(1000, true, 2)}, plan);
  numbers.run();
  classes.run();
  EXPECT_NEAR(of(numbers.result().test->figures, "coverage_90"), 0.9, 0.04);
  const Figures figures = classes.result().test->figures;
  EXPECT_GE(of(figures, "coverage_90"), 0.88);
  EXPECT_LT(of(figures, "set_size_90"), 1.2);
}

// What the calibration of a model has to hold when these rows, and no others, validated all of its networks.
std::vector<double> errors_on(const Model& model, const Table& rows) {
  const Predictions made = predict(model, rows);
  const std::vector<double> truth = target_values(rows, std::get<NumberTarget>(model.target));
  std::vector<double> errors;
  for (std::size_t i = 0; i < truth.size(); ++i)
    errors.push_back(std::abs(made.values(i, 0) - truth[i]) / (made.values.columns() == 2 ? made.values(i, 1) : 1));
  std::ranges::sort(errors);
  return errors;
}

TEST(FittingResult,
     errors_on_own_validation_rows_are_those_of_the_average_in_predicted_deviations_where_there_are_any) {
  const Table validation = parabola(40, false, 3);
  for (const std::string loss : {"squared_error", "gaussian_nll"}) {
    Plan plan = small_plan(2);
    plan.loss = loss;
    Fitting<double> fitting({.train = parabola(100, false), .validation = validation, .test = {}}, plan);
    fitting.run();
    const Model model = fitting.result().model;
    const std::vector<double> expected = errors_on(model, validation);
    ASSERT_EQ(model.calibration.errors.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(model.calibration.errors[i], expected[i], 1e-9 * (1 + expected[i])) << loss << " " << i;
  }
}

TEST(FittingResult, errors_are_those_of_each_network_on_the_rows_that_it_has_not_learnt) {
  const Table rows = parabola(100, false);
  Plan plan = small_plan(3);
  plan.validation = 0.25;
  Fitting<double> fitting({.train = rows, .validation = {}, .test = {}}, plan);
  fitting.run();
  const Model model = fitting.result().model;
  const std::vector<double> truth = target_values(rows, std::get<NumberTarget>(model.target));
  std::vector<double> expected;
  for (std::size_t k = 0; k < 3; ++k) {
    Model alone = model;
    alone.networks = Networks<double>{std::get<Networks<double>>(model.networks)[k]};
    const Predictions made = predict(alone, rows);
    const Split split = fitting.split_of(k);
    EXPECT_EQ(split.held_out.size(), 25U);
    EXPECT_EQ(split.kept.size(), 75U);
    for (const std::uint32_t row : split.held_out) expected.push_back(std::abs(made.values(row, 0) - truth[row]));
  }
  std::ranges::sort(expected);
  ASSERT_EQ(model.calibration.errors.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(model.calibration.errors[i], expected[i], 1e-12) << i;
}

// Steps so long that squares run away from some starting points and not from others.
Plan plan_of_wild_starts(double learning_rate) {
  Plan plan = small_plan(1);
  plan.raw = true;
  plan.activation = "square";
  plan.optimizer = update_rules::SGD{};
  plan.schedule = schedules::Constant{};
  plan.learning_rate = learning_rate;
  plan.batch = 6;
  plan.restarts = 6;
  return plan;
}

Fitting<float> wild_fitting(double learning_rate) {
  return Fitting<float>({.train = parabola(60, false), .validation = {}, .test = {}},
                        plan_of_wild_starts(learning_rate));
}

std::size_t starts_that_diverged(std::span<const TrainerState<float>> states) {
  return static_cast<std::size_t>(
      std::ranges::count_if(states, [](const TrainerState<float>& each) { return !std::isfinite(each.best.loss); }));
}

TEST(Restarts, one_that_diverges_is_counted_and_another_one_kept) {
  Fitting<float> fitting = wild_fitting(some);
  EXPECT_TRUE(fitting.run());
  const std::vector<TrainerState<float>> states = fitting.states();
  const std::size_t lost = starts_that_diverged(states);
  ASSERT_GT(lost, 0U);
  ASSERT_LT(lost, 5U);
  const TrainedModel made = fitting.result();
  EXPECT_EQ(made.model.size(), 1U);
  ASSERT_EQ(made.remarks.size(), 1U);
  EXPECT_TRUE(made.remarks.front().ends_with("; " + std::to_string(lost) + " led nowhere")) << made.remarks.front();
  EXPECT_EQ(made.remarks.front().find("inf"), std::string::npos) << made.remarks.front();
  EXPECT_EQ(made.remarks.front().find("nan"), std::string::npos) << made.remarks.front();
  const auto best = std::ranges::min_element(states, {}, [](const auto& each) {
    return std::isfinite(each.best.loss) ? each.best.loss : std::numeric_limits<double>::infinity();
  });
  EXPECT_TRUE(
      std::ranges::equal(std::get<Networks<float>>(made.model.networks).front().parameters(), best->best_parameters));
}

TEST(Restarts, go_on_behind_one_that_diverged_bit_for_bit) {
  Fitting<float> whole = wild_fitting(some);
  EXPECT_TRUE(whole.run());
  const std::vector<TrainerState<float>> states = whole.states();
  const auto lost = std::ranges::find_if(states, [](const auto& each) { return !std::isfinite(each.best.loss); });
  const auto behind = static_cast<std::size_t>(lost - states.begin()) + 2;  // counted from 1
  ASSERT_LE(behind, states.size());
  const std::string expected = format_model(whole.result().model);
  Fitting<float> first = wild_fitting(some), second = wild_fitting(some);
  EXPECT_FALSE(first.run({.epoch = [&](std::size_t network, const EpochReport&) { return network < behind; }}));
  second.restore(first.states());
  EXPECT_TRUE(second.run());
  EXPECT_TRUE(format_model(second.result().model) == expected);
}

TEST(Restarts, of_which_all_diverge_are_an_error) {
  Fitting<float> fitting = wild_fitting(1e6);
  EXPECT_THROW(fitting.run(), DivergenceError);
}

}  // namespace
}  // namespace neurone
