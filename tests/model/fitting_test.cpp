// The way from rows to networks, one after the other.
#include "neurone/model/fitting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "neurone/file/model_file.h"
#include "tests/model/parabola.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

TEST(Fitting, one_network_keeps_a_tenth_of_the_rows_for_validation) {
  const Fitting<float> fitting = fitting_of(1);
  EXPECT_FALSE(fitting.in_folds());
  EXPECT_EQ(fitting.train_rows(), 270U);
  EXPECT_EQ(fitting.validation_rows(), 30U);
  EXPECT_EQ(fitting.test_rows(), 100U);
}

TEST(Fitting, every_member_starts_at_the_share_of_the_classes) {
  Plan plan = small_plan(1);
  plan.best = true;
  plan.epochs = 1;
  plan.learning_rate = 0;
  Fitting<float> fitting({.train = parabola(300, true), .validation = {}, .test = {}}, plan);
  fitting.run();
  const Model model = fitting.result().model;
  const Network<float>& network = std::get<Networks<float>>(model.networks).front();
  const ConstMatrixView<float> b = network.parameter(std::to_string(network.size() - 1) + ".b");
  ASSERT_EQ(b.rows(), 32U);
  EXPECT_NE(b(0, 0), 0.0F);
  for (std::size_t m = 1; m < b.rows(); ++m) EXPECT_EQ(b(m, 0), b(0, 0));
}

TEST(Fitting, says_how_much_memory_it_needs) {
  const auto with = [](std::size_t rows, std::size_t networks, std::size_t units) {
    Plan plan = small_plan(networks);
    plan.hidden = {units};
    return Fitting<float>({.train = parabola(rows, false), .validation = {}, .test = {}}, plan).memory().total();
  };
  const double few = with(300, 1, 8), many = with(30'300, 1, 8);
  // a row: its cells, about 18 letters, line and number; x, 16 bins and y as float
  EXPECT_NEAR((many - few) / 30'000, 2 * 8 + 18 + 8 + 4 + 18 * 4, 25);
  // 500 units more: six times their weights, 17 inputs and an output each, in training and kept
  const double wide = with(300, 1, 508);
  EXPECT_NEAR(wide - few, 500 * (6.0 * 2 * (17 + 2) + 3 * 2 * 32) * 4, 2e5);
  EXPECT_GT(with(300, 5, 508), wide + 4 * 6 * 500 * 19 * 4);
  EXPECT_GT(with(30'300, 5, 8), many + 30'000 * 18 * 4);  // in folds, those of a network are picked out
}

TEST(Fitting, several_networks_validate_each_on_another_tenth_of_the_rows) {
  Fitting<float> fitting = fitting_of(3);
  EXPECT_TRUE(fitting.in_folds());
  EXPECT_EQ(fitting.train_rows(), 270U);
  EXPECT_EQ(fitting.validation_rows(), 30U);
  EXPECT_TRUE(fitting.run());
  const Model model = fitting.result().model;
  EXPECT_EQ(model.size(), 3U);
  EXPECT_EQ(model.calibration.errors.size(), 90U);  // three parts of ten were held out
  EXPECT_EQ(model.record.best_epochs.size(), 3U);
  const auto& networks = std::get<Networks<float>>(model.networks);
  EXPECT_FALSE(std::ranges::equal(networks[0].parameters(), networks[1].parameters()));
}

TEST(Fitting, each_network_validates_on_the_share_that_is_wanted_however_many_there_are) {
  EXPECT_EQ(fitting_of(20).validation_rows(), 30U);
  for (const auto& [share, expected] : {std::pair(0.5, 150U), {0.25, 75U}, {0.3, 90U}, {0.9, 270U}}) {
    Plan plan = small_plan(4);
    plan.validation = share;
    const Fitting<float> fitting({.train = parabola(300, false), .validation = {}, .test = {}}, plan);
    EXPECT_EQ(fitting.validation_rows(), expected) << share;
    EXPECT_EQ(fitting.train_rows(), 300 - expected) << share;
  }
}

TEST(Turns, give_each_network_folds_of_its_own_as_long_as_there_are_enough) {
  const Turns tenths(4, 0.1, 300);
  EXPECT_EQ(tenths.folds, 10U);
  for (std::size_t network = 0; network < 4; ++network)
    for (std::size_t fold = 0; fold < 10; ++fold) EXPECT_EQ(tenths.validates(network, fold), fold == network);
  const Turns halves(4, 0.5, 300);
  for (std::size_t network = 0; network < 4; ++network) {
    std::size_t held_out = 0;
    for (std::size_t fold = 0; fold < halves.folds; ++fold) held_out += halves.validates(network, fold) ? 1U : 0U;
    EXPECT_EQ(2 * held_out, halves.folds);
    EXPECT_TRUE(halves.validates(network, network));
  }
}

TEST(Fitting, own_validation_rows_serve_every_network) {
  Fitting<float> fitting({.train = parabola(100, false), .validation = parabola(40, false, 3), .test = {}},
                         small_plan(2));
  EXPECT_FALSE(fitting.in_folds());
  EXPECT_EQ(fitting.train_rows(), 100U);
  EXPECT_EQ(fitting.validation_rows(), 40U);
  EXPECT_TRUE(fitting.run());
  const TrainedModel made = fitting.result();
  EXPECT_EQ(made.model.size(), 2U);
  EXPECT_EQ(made.model.calibration.errors.size(), 40U);
  EXPECT_FALSE(made.test);
  EXPECT_TRUE(made.model.record.test.empty());
  EXPECT_FALSE(made.model.record.comparison);
}

TEST(Fitting, networks_on_the_same_rows_start_apart_and_the_first_is_the_one_that_would_be_alone) {
  const auto networks_of = [](std::size_t count) {
    Fitting<float> fitting({.train = parabola(100, false), .validation = parabola(40, false, 3), .test = {}},
                           small_plan(count));
    fitting.run();
    return std::get<Networks<float>>(fitting.result().model.networks);
  };
  const Networks<float> two = networks_of(2), one = networks_of(1);
  EXPECT_FALSE(std::ranges::equal(two[0].parameters(), two[1].parameters()));
  EXPECT_TRUE(std::ranges::equal(two[0].parameters(), one[0].parameters()));
}

TEST(Fitting, training_starts_at_the_share_of_the_classes_and_at_the_mean_of_counts) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 400; ++i)
    rows.push_back({std::to_string(i % 7), i % 10 == 0 ? "rare" : "common", std::to_string(40 + i % 21)});
  const Table table({"x", "class", "count"}, rows);
  const auto first_loss = [&](Plan plan) {
    plan.columns.ignore = {plan.target == "class" ? "count" : "class"};
    plan.epochs = 1;  // at the rate of 0 with which the schedule begins
    plan.batch = 400;
    double loss = 0;
    Fitting<double> fitting({.train = table, .validation = {}, .test = {}}, plan);
    fitting.run({.epoch = [&](std::size_t, const EpochReport& report) {
      loss = report.train.loss;
      return true;
    }});
    return loss;
  };
  Plan plan = small_plan(1);
  plan.target = "class";
  plan.label_smoothing = 0;
  EXPECT_NEAR(first_loss(plan), -0.1 * std::log(0.1) - 0.9 * std::log(0.9), 1e-3);
  plan.balanced = true;
  EXPECT_NEAR(first_loss(plan), std::log(2), 1e-3);
  plan = small_plan(1);
  plan.target = "count";
  plan.loss = "poisson";
  EXPECT_NEAR(first_loss(plan), 50 - 50 * std::log(50), 0.5);
}

TEST(Fitting, stopped_in_its_first_network_it_gives_that_one) {
  Fitting<float> fitting = fitting_of(3);
  EXPECT_FALSE(fitting.run({.epoch = [](std::size_t, const EpochReport& report) { return report.epoch < 5; }}));
  EXPECT_EQ(fitting.epochs_done(), 5U);
  const Model model = fitting.result().model;
  EXPECT_EQ(model.size(), 1U);
  EXPECT_EQ(model.record.epochs, 5U);
}

TEST(Fitting, stopped_in_a_later_network_it_gives_those_that_are_ready) {
  Fitting<float> fitting = fitting_of(3);
  EXPECT_FALSE(fitting.run(
      {.epoch = [](std::size_t network, const EpochReport& report) { return network < 2 || report.epoch < 5; }}));
  EXPECT_EQ(fitting.epochs_done(), 85U);
  const Model model = fitting.result().model;
  EXPECT_EQ(model.size(), 2U);
  EXPECT_EQ(model.calibration.errors.size(), 60U);
}

TEST(Fitting, goes_on_from_any_epoch_bit_for_bit) {
  Fitting<double> whole = fitting_of<double>(2, true);
  EXPECT_TRUE(whole.run());
  const std::string expected = format_model(whole.result().model);
  for (const std::size_t stop : {3U, 40U, 41U, 57U, 80U}) {
    Fitting<double> first = fitting_of<double>(2, true), second = fitting_of<double>(2, true);
    std::size_t done = 0;
    first.run({.epoch = [&](std::size_t, const EpochReport&) { return ++done < stop; }});
    EXPECT_EQ(first.fingerprint(), second.fingerprint());
    second.restore(first.states());
    EXPECT_EQ(second.epochs_done(), stop);
    EXPECT_TRUE(second.run());
    EXPECT_TRUE(format_model(second.result().model) == expected) << stop;
  }
}

TEST(Fitting, states_of_another_run_are_refused) {
  Fitting<float> two = fitting_of(2), one = fitting_of(1);
  two.run();
  EXPECT_EQ(message_of<Error>([&] { one.restore(two.states()); }), "the checkpoint holds more networks than the run");
  Plan plan = small_plan(1);
  plan.hidden = {9};
  Fitting<float> wider({.train = parabola(300, false), .validation = {}, .test = {}}, plan);
  wider.run();
  Fitting<float> another = fitting_of(1);
  EXPECT_EQ(message_of<Error>([&] { another.restore(wider.states()); }),
            "the checkpoint does not belong to this network");
}

TEST(Fitting, the_fingerprint_is_that_of_data_and_settings) {
  const std::string print = fitting_of(2).fingerprint();
  EXPECT_EQ(fitting_of(2).fingerprint(), print);
  EXPECT_NE(fitting_of(3).fingerprint(), print);
  EXPECT_NE(fitting_of(2, true).fingerprint(), print);
  EXPECT_NE(fitting_of(2, false, 99).fingerprint(), print);
  Plan plan = small_plan(2);
  plan.regularisation.l2 = 1e-3;
  const Fitting<float> other({.train = parabola(300, false), .validation = {}, .test = parabola(100, false, 2)},
                             plan);
  EXPECT_NE(other.fingerprint(), print);
}

// A table of the parabola with a column of weights, all of them this one but the last.
Table weighed(const std::string& last) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 40; ++i)
    rows.push_back({std::to_string(i), std::to_string(i * i % 17 + 0.5), i == 39 ? last : "1"});
  return Table({"x", "y", "w"}, rows);
}

TEST(Fitting, the_fingerprint_is_that_of_weights_and_of_who_validates_as_well) {
  const auto print_of = [](const std::string& last_weight, double validation) {
    Plan plan = small_plan(2);
    plan.weight = "w";
    plan.validation = validation;
    return Fitting<float>({.train = weighed(last_weight), .validation = {}, .test = {}}, plan).fingerprint();
  };
  EXPECT_EQ(print_of("1", 0.1), print_of("1", 0.1));
  EXPECT_NE(print_of("2", 0.1), print_of("1", 0.1));
  EXPECT_NE(print_of("1", 0.2), print_of("1", 0.1));
}

TEST(Fitting, test_rows_that_cannot_be_used_are_told_before_the_work) {
  const Table strange({"x", "y"}, {{"word", "1"}}, "strange.csv");
  EXPECT_EQ(message_of<Error>([&] {
              Fitting<float>({.train = parabola(100, false), .validation = {}, .test = strange}, small_plan(1));
            }),
            "strange.csv:1: numeric column 'x': expected a number, found 'word'");
}

TEST(Fitting, knows_the_range_of_the_training_rows) {
  Fitting<float> fitting(
      {.train = Table({"x", "y"}, {{"1", "3"}, {"2", "-1"}, {"3", "7"}, {"4", "5"}}), .validation = {}, .test = {}},
      [] {
        Plan plan = small_plan(1);
        plan.task = Task::regression;
        plan.validation = 0;
        return plan;
      }());
  const auto& target = std::get<NumberTarget>(fitting.preparations().target);
  EXPECT_EQ(target.lowest, -1);
  EXPECT_EQ(target.highest, 7);
}

}  // namespace
}  // namespace neurone
