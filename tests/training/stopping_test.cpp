// The stopping criteria on histories made by hand, and a trainer that obeys them.
#include "neurone/training/stopping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "neurone/training/trainer.h"
#include "tests/support/message_of.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

using stopping::GeneralisationLoss;
using stopping::ProgressQuotient;
using stopping::SuccessiveIncreases;

using History = std::vector<EpochReport>;

// Epochs with these validation losses; the training losses fall by half, so that the progress is high.
History history_of(const std::vector<double>& validation) {
  History history;
  for (const double loss : validation) {
    const auto epoch = static_cast<double>(history.size());
    history.push_back(
        {.epoch = history.size() + 1, .train = {.loss = std::exp2(-epoch)}, .validation = Score{.loss = loss}});
  }
  return history;
}

// The losses at the ends of strips of two epochs; those within are far lower, and are not looked at.
History at_ends(const std::vector<double>& losses) {
  std::vector<double> all;
  for (const double loss : losses) all.insert(all.end(), {0.1, loss});
  return history_of(all);
}

History with_training(const std::vector<double>& losses) {
  History history = history_of(std::vector<double>(losses.size(), 1.0));
  for (std::size_t i = 0; i < losses.size(); ++i) history[i].train.loss = losses[i];
  return history;
}

// The first epoch that is the last one; 0: none is.
std::size_t end_of(const stopping::Any& criterion, const History& history) {
  for (std::size_t t = 1; t <= history.size(); ++t)
    if (stopping::is_met(criterion, std::span<const EpochReport>(history).first(t))) return t;
  return 0;
}

// --- the figures ---------------------------------------------------------------------------------------------------

TEST(Stopping, the_generalisation_loss_is_in_percent_above_the_lowest_at_the_end_of_a_strip) {
  EXPECT_DOUBLE_EQ(stopping::generalisation_loss(at_ends({4, 5}), 2), 25);
  EXPECT_DOUBLE_EQ(stopping::generalisation_loss(at_ends({4, 3}), 2), 0);
  EXPECT_DOUBLE_EQ(stopping::generalisation_loss(at_ends({4, 3, 6}), 2), 100);
}

TEST(Stopping, training_progress_is_the_mean_above_the_lowest_of_the_last_strip_in_thousandths) {
  // mean of 3, 2, 4 is 3, lowest 2
  EXPECT_DOUBLE_EQ(stopping::training_progress(with_training({100, 3, 2, 4}), 3), 500);
  EXPECT_EQ(stopping::training_progress(with_training({100, 2, 2, 2}), 3), 0);
}

// --- the criteria --------------------------------------------------------------------------------------------------

TEST(Stopping, generalisation_loss_ends_a_run_at_the_end_of_the_first_strip_that_is_too_high) {
  const History history = at_ends({4, 4.1, 4.3, 4.1, 4.3});  // 0, 2.5 and 7.5 %
  EXPECT_EQ(end_of(GeneralisationLoss{.most = 2, .strip = 2}, history), 4U);
  EXPECT_EQ(end_of(GeneralisationLoss{.most = 7, .strip = 2}, history), 6U);
  EXPECT_EQ(end_of(GeneralisationLoss{.most = 8, .strip = 2}, history), 0U);
}

TEST(Stopping, a_generalisation_loss_just_as_high_as_allowed_does_not_end_a_run) {
  EXPECT_EQ(end_of(GeneralisationLoss{.most = 25, .strip = 2}, at_ends({4, 5})), 0U);
  EXPECT_EQ(end_of(GeneralisationLoss{.most = 24.9, .strip = 2}, at_ends({4, 5})), 4U);
}

TEST(Stopping, the_progress_quotient_forgives_a_loss_while_training_is_fast) {
  History history = history_of({4, 4, 5, 5});  // 25 % at the last strip
  history[2].train.loss = 3;
  history[3].train.loss = 2;  // P = 1000 (2.5 / 2 − 1) = 250
  EXPECT_EQ(end_of(ProgressQuotient{.most = 0.09, .strip = 2}, history), 4U);
  EXPECT_EQ(end_of(ProgressQuotient{.most = 0.11, .strip = 2}, history), 0U);
}

TEST(Stopping, successive_increases_have_to_be_in_a_row) {
  const History history = at_ends({4, 5, 4, 5, 6, 7});
  EXPECT_EQ(end_of(SuccessiveIncreases{.times = 1, .strip = 2}, history), 4U);
  EXPECT_EQ(end_of(SuccessiveIncreases{.times = 2, .strip = 2}, history), 10U);
  EXPECT_EQ(end_of(SuccessiveIncreases{.times = 3, .strip = 2}, history), 12U);
  EXPECT_EQ(end_of(SuccessiveIncreases{.times = 4, .strip = 2}, history), 0U);
  EXPECT_EQ(end_of(SuccessiveIncreases{.times = 1, .strip = 2}, at_ends({4, 4, 4})), 0U);
}

TEST(Stopping, too_little_progress_ends_a_run_by_each_criterion) {
  const History history = with_training({8, 4, 2, 2, 2, 2});
  EXPECT_EQ(end_of(GeneralisationLoss{.strip = 2}, history), 4U);
  EXPECT_EQ(end_of(ProgressQuotient{.strip = 2}, history), 4U);
  EXPECT_EQ(end_of(SuccessiveIncreases{.strip = 2}, history), 4U);
  EXPECT_EQ(end_of(GeneralisationLoss{.strip = 2, .least_progress = 0}, history), 0U);
}

TEST(Stopping, without_validation_nothing_ends_a_run) {
  History history = with_training({2, 2});
  for (EpochReport& each : history) each.validation.reset();
  EXPECT_EQ(end_of(GeneralisationLoss{.strip = 2}, history), 0U);
}

TEST(Stopping, settings_out_of_range_are_refused) {
  const auto refusal = [](const char* text) {
    return message_of<UsageError>([&] { parse_choice<stopping::Any>("stopping criterion", text); });
  };
  EXPECT_EQ(refusal("generalisation-loss:0"), "generalisation-loss: most must be above 0");
  EXPECT_EQ(refusal("progress-quotient:strip=1"),
            "progress-quotient: strip must be at least 2, to show any progress");
  EXPECT_EQ(refusal("successive-increases:0"), "successive-increases: times must be at least 1");
  EXPECT_EQ(refusal("successive-increases:least_progress=-1"),
            "successive-increases: least_progress must be 0 or above");
  EXPECT_EQ(refusal("generalization-loss:5"),
            "unknown stopping criterion 'generalization-loss': did you mean 'generalisation-loss'?");
}

// --- a trainer that obeys ------------------------------------------------------------------------------------------

// With x = t = 1, loss (w − 1)² and a step of 0.1 in w − 1, w = 1 − 0.9^k after k epochs. Validation wants ½: its
// loss (½ − 0.9^k)² is lowest after epoch 7 and (100 (E / E_opt − 1) = 5) soon above that.
TEST(Stopping, a_trainer_ends_with_the_criterion_and_keeps_the_best_epoch) {
  const Dataset<double> train = points<double>({1}, {1}), validation = points<double>({1}, {0.5});
  TrainingOptions options = descent(0.05, 100);
  options.stopping = GeneralisationLoss{.most = 5, .strip = 5};
  Network<double> network(line_through_origin());
  Trainer<double> trainer(network, Loss{losses::SquaredError{}}, rmse_metric, options, train, validation);
  trainer.fit();
  // at the ends of strips: |½ − 0.9⁵| = 0.090, |½ − 0.9¹⁰| = 0.151
  EXPECT_EQ(trainer.epoch(), 10U);
  EXPECT_TRUE(trainer.finished());
  EXPECT_NEAR(network.parameters()[0], 1 - std::pow(0.9, 7), 1e-12);
}

TEST(Stopping, losses_that_have_no_ratio_are_refused) {
  const Dataset<double> data = points<double>({1}, {1});
  TrainingOptions options = descent(0.1, 1);
  options.stopping = GeneralisationLoss{};
  Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "exp"}}});
  EXPECT_EQ(message_of<UsageError>(
                [&] { Trainer<double>(network, Loss{losses::Poisson{}}, rmse_metric, options, data, data); }),
            "stopping by generalisation-loss takes the ratio of losses, and poisson may be negative: use patience");
}

}  // namespace
}  // namespace neurone
