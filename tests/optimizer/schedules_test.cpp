#include "neurone/optimizer/schedules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/message_of.h"

namespace neurone {
namespace {

double factor(const Schedule& schedule, double epoch, double epochs = 10) {
  return schedule.factor(epoch, epochs, {});
}

// --- shapes at their corners ---------------------------------------------------------------------------------------

TEST(Schedules, start_where_they_say_and_stay_between_zero_and_one) {
  for_each_alternative<schedules::Any>([](auto shape) {
    SCOPED_TRACE(shape.name);
    double start = 1;
    if (shape.name == schedules::OneCycle::name) start = 1.0 / 25;
    if (shape.name == schedules::CosineLog::name) start = 0;
    EXPECT_EQ(factor({.shape = shape}, 0), start);
    for (double epoch = 0; epoch <= 12; epoch += 0.125) {
      EXPECT_GE(factor({.shape = shape}, epoch), 0) << epoch;
      EXPECT_LE(factor({.shape = shape}, epoch), 1) << epoch;
    }
  });
}

TEST(Schedules, cosine_log_goes_up_and_down_in_cycles_that_double) {
  const Schedule schedule{.shape = schedules::CosineLog{.cycles = 4}};
  for (const double end : {1.0, 3.0, 7.0, 15.0}) EXPECT_NEAR(factor(schedule, end, 15), 0, 1e-12) << end;
  for (int cycle = 0; cycle < 4; ++cycle)
    EXPECT_NEAR(factor(schedule, std::exp2(cycle + 0.5) - 1, 15), 1, 1e-12) << cycle;  // half way in the logarithm
  EXPECT_NEAR(factor(schedule, 20, 15), 0, 1e-12);
}

TEST(Schedules, a_constant_is_one) {
  for (const double epoch : {0.0, 5.5, 10.0, 11.0}) EXPECT_EQ(factor({.shape = schedules::Constant{}}, epoch), 1);
}

TEST(Schedules, steps_fall_at_the_end_of_their_epochs) {
  const Schedule schedule{.shape = schedules::Step{.every = 3, .by = 0.25}};
  EXPECT_EQ(factor(schedule, 2.999), 1);
  EXPECT_EQ(factor(schedule, 3), 0.25);
  EXPECT_EQ(factor(schedule, 5.999), 0.25);
  EXPECT_EQ(factor(schedule, 6), 0.0625);
}

TEST(Schedules, an_exponential_falls_between_epochs_too) {
  const Schedule schedule{.shape = schedules::Exponential{.by = 0.25}};
  EXPECT_DOUBLE_EQ(factor(schedule, 0.5), 0.5);
  EXPECT_DOUBLE_EQ(factor(schedule, 1), 0.25);
  EXPECT_DOUBLE_EQ(factor(schedule, 2), 0.0625);
}

TEST(Schedules, polynomials_and_cosines_reach_their_last_value_and_stay) {
  for (const schedules::Any& shape : {schedules::Any(schedules::Polynomial{.power = 2, .last = 0.25}),
                                      schedules::Any(schedules::Cosine{.last = 0.25})}) {
    for (const double epoch : {10.0, 10.5, 100.0}) EXPECT_DOUBLE_EQ(factor({.shape = shape}, epoch), 0.25);
  }
  EXPECT_DOUBLE_EQ(factor({.shape = schedules::Polynomial{.power = 2, .last = 0.25}}, 5), 0.25 + 0.75 * 0.25);
  EXPECT_DOUBLE_EQ(factor({.shape = schedules::Cosine{.last = 0.25}}, 5), 0.625);
  EXPECT_NEAR(factor({.shape = schedules::Cosine{}}, 10), 0, 1e-16);
}

TEST(Schedules, cosine_restarts_begin_from_the_top_after_each_stretch) {
  const Schedule schedule{.shape = schedules::CosineRestarts{.first = 2, .times = 3, .last = 0.5}};
  EXPECT_EQ(factor(schedule, 0), 1);
  for (const double top : {2.0, 8.0, 26.0}) {  // after stretches of 2, 6 and 18 epochs
    EXPECT_NEAR(factor(schedule, top - 1e-6), 0.5, 1e-9) << top;
    EXPECT_EQ(factor(schedule, top), 1) << top;
  }
  EXPECT_DOUBLE_EQ(factor(schedule, 1), 0.75);
  EXPECT_DOUBLE_EQ(factor(schedule, 5), 0.75);
  EXPECT_DOUBLE_EQ(factor(schedule, 17), 0.75);
}

TEST(Schedules, cosine_restarts_of_equal_length_begin_anew_as_often_as_there_is_room) {
  const Schedule schedule{.shape = schedules::CosineRestarts{.first = 2, .times = 1, .last = 0.5}};
  for (const double top : {0.0, 2.0, 4.0, 1e9}) {
    EXPECT_EQ(factor(schedule, top), 1) << top;
    EXPECT_DOUBLE_EQ(factor(schedule, top + 1), 0.75) << top;
  }
  const Schedule shortest{.shape = schedules::CosineRestarts{.first = 0.001, .times = 1}};
  const double found = factor(shortest, 1e15);  // by subtraction it would take for ever
  EXPECT_TRUE(found >= 0 && found <= 1) << found;
}

TEST(Schedules, one_cycle_rises_to_one_and_falls_below_where_it_began) {
  const Schedule schedule{.shape = schedules::OneCycle{.warm = 0.25, .start = 10, .end = 100}};
  EXPECT_DOUBLE_EQ(factor(schedule, 0), 0.1);
  EXPECT_DOUBLE_EQ(factor(schedule, 1.25), 0.55);
  EXPECT_DOUBLE_EQ(factor(schedule, 2.5), 1);
  EXPECT_NEAR(factor(schedule, 2.5 - 1e-9), 1, 1e-12);
  EXPECT_DOUBLE_EQ(factor(schedule, 6.25), 0.5 * (1 + 0.001));
  EXPECT_DOUBLE_EQ(factor(schedule, 10), 0.001);
  EXPECT_DOUBLE_EQ(factor(schedule, 11), 0.001);
}

// --- warm-up -------------------------------------------------------------------------------------------------------

TEST(WarmUp, rises_in_a_straight_line_from_zero) {
  const Schedule schedule{.shape = schedules::Cosine{}, .warmup = 4};
  EXPECT_EQ(factor(schedule, 0), 0);
  EXPECT_EQ(factor(schedule, 1), 0.25);
  EXPECT_EQ(factor(schedule, 3), 0.75);
  EXPECT_EQ(factor(schedule, 4), 1);
}

TEST(WarmUp, leaves_the_rest_of_the_run_to_the_schedule) {
  for_each_alternative<schedules::Any>([](auto shape) {
    SCOPED_TRACE(shape.name);
    for (const double epoch : {0.0, 0.5, 2.0, 6.0, 7.0})
      EXPECT_EQ(factor({.shape = shape, .warmup = 4}, 4 + epoch, 10), factor({.shape = shape}, epoch, 6)) << epoch;
  });
}

TEST(WarmUp, may_last_as_long_as_the_run) {
  for_each_alternative<schedules::Any>([](auto shape) {
    SCOPED_TRACE(shape.name);
    for (const double epochs : {3.0, 4.0})
      for (const double epoch : {0.0, 3.5, 4.0, 5.0}) {
        const double found = factor({.shape = shape, .warmup = 4}, epoch, epochs);
        EXPECT_TRUE(found >= 0 && found <= 1) << found;
      }
  });
}

// --- plateau -------------------------------------------------------------------------------------------------------

PlateauState after(const schedules::ReduceOnPlateau& shape, const std::vector<double>& losses) {
  PlateauState state;
  for (const double loss : losses) Schedule{.shape = shape}.observe(loss, state);
  return state;
}

TEST(Plateau, lowers_the_rate_when_patience_is_over) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 2, .threshold = 0, .last = 0};
  EXPECT_EQ(after(shape, {1, 1, 1}).factor, 1);
  EXPECT_EQ(after(shape, {1, 1, 1}).epochs_since, 2U);
  EXPECT_EQ(after(shape, {1, 1, 1, 1}).factor, 0.5);
  EXPECT_EQ(after(shape, {1, 1, 1, 1}).epochs_since, 0U);
  EXPECT_EQ(after(shape, {1, 1, 1, 1, 1, 1}).factor, 0.5);
  EXPECT_EQ(after(shape, {1, 1, 1, 1, 1, 1, 1}).factor, 0.25);
}

TEST(Plateau, begins_to_wait_anew_after_every_fall_of_the_loss) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 1, .threshold = 0, .last = 0};
  const PlateauState state = after(shape, {1, 2, 0.5, 0.75, 0.25, 0.5});
  EXPECT_EQ(state.factor, 1);
  EXPECT_EQ(state.lowest_loss, 0.25);
  EXPECT_EQ(state.epochs_since, 1U);
}

TEST(Plateau, counts_only_a_fall_by_the_threshold) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 0, .threshold = 0.25, .last = 0};
  EXPECT_EQ(after(shape, {4, 3.125}).factor, 0.5);
  EXPECT_EQ(after(shape, {4, 3.125}).lowest_loss, 4);
  EXPECT_EQ(after(shape, {4, 2.875}).factor, 1);
  EXPECT_EQ(after(shape, {4, 2.875}).lowest_loss, 2.875);
}

// As Gaussian and Poisson likelihoods are. torch's rule, lowest · (1 − threshold), would take −4 as a fall from −4.
TEST(Plateau, takes_the_threshold_as_a_share_of_the_size_of_a_negative_loss) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 0, .threshold = 0.25, .last = 0};
  EXPECT_EQ(after(shape, {-4, -4}).factor, 0.5);
  EXPECT_EQ(after(shape, {-4, -4.875}).factor, 0.5);
  EXPECT_EQ(after(shape, {-4, -5.125}).factor, 1);
  EXPECT_EQ(after(shape, {-4, -3.5}).lowest_loss, -4);
}

TEST(Plateau, never_falls_below_its_last_value) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 0, .threshold = 0, .last = 0.2};
  EXPECT_EQ(after(shape, {1, 1, 1}).factor, 0.25);
  EXPECT_EQ(after(shape, {1, 1, 1, 1}).factor, 0.2);
  EXPECT_EQ(after(shape, {1, 1, 1, 1, 1}).factor, 0.2);
}

TEST(Plateau, takes_a_loss_that_is_no_number_as_one_that_has_not_fallen) {
  const schedules::ReduceOnPlateau shape{.by = 0.5, .patience = 0, .threshold = 0, .last = 0};
  const PlateauState state = after(shape, {1, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_EQ(state.factor, 0.5);
  EXPECT_EQ(state.lowest_loss, 1);
}

TEST(Plateau, scales_warm_up_as_well) {
  const Schedule schedule{.shape = schedules::ReduceOnPlateau{}, .warmup = 4};
  EXPECT_EQ(schedule.factor(2, 10, {.factor = 0.5}), 0.25);
  EXPECT_EQ(schedule.factor(4, 10, {.factor = 0.5}), 0.5);
}

TEST(Plateau, is_watched_for_by_its_own_schedule_alone) {
  for_each_alternative<schedules::Any>([](auto shape) {
    if (shape.name == schedules::ReduceOnPlateau::name) return;
    SCOPED_TRACE(shape.name);
    PlateauState state;
    for (std::size_t epoch = 0; epoch < 20; ++epoch) Schedule{.shape = shape}.observe(1, state);
    EXPECT_EQ(state.factor, 1);
    EXPECT_EQ(state.epochs_since, 0U);
    EXPECT_TRUE(std::isinf(state.lowest_loss));
  });
}

// --- settings ------------------------------------------------------------------------------------------------------

TEST(Schedules, refuse_settings_out_of_range) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { parse_choice<schedules::Any>("schedule", text); });
  };
  EXPECT_EQ(refusal("step:every=0"), "step: every must be above 0");
  EXPECT_EQ(refusal("step:by=0"), "step: by must be above 0 and at most 1");
  EXPECT_EQ(refusal("exponential:by=1.5"), "exponential: by must be above 0 and at most 1");
  EXPECT_EQ(refusal("plateau:by=-1"), "plateau: by must be above 0 and at most 1");
  for (const char* first : {"0", "1e-20", "0.00099", "-1"})
    EXPECT_EQ(refusal(std::string("cosine_restarts:first=") + first),
              "cosine_restarts: first must be at least 0.001");
  EXPECT_EQ(refusal("cosine_restarts:first=0.001,times=1"), "no error");
  EXPECT_EQ(refusal("cosine_restarts:times=0.5"), "cosine_restarts: times must be at least 1");
  EXPECT_EQ(refusal("one_cycle:warm=0"), "one_cycle: warm must be between 0 and 1");
  EXPECT_EQ(refusal("one_cycle:warm=1"), "one_cycle: warm must be between 0 and 1");
  EXPECT_EQ(refusal("one_cycle:end=0.5"), "one_cycle: start and end must be at least 1");
  EXPECT_EQ(refusal("cosine_log:cycles=0"), "cosine_log: cycles must be at least 1 and at most 30");
  EXPECT_EQ(refusal("cosine_log:cycles=31"), "cosine_log: cycles must be at least 1 and at most 30");
  EXPECT_EQ(refusal("plateau:patience=2.5"),
            "schedule 'plateau', patience: expected a whole number of 0 or above, found '2.5'");
  EXPECT_EQ(refusal("plateau:threshold=1"), "plateau: threshold must be at least 0 and below 1");
  EXPECT_EQ(refusal("plateau:threshold=-0.1"), "plateau: threshold must be at least 0 and below 1");
  for (const std::string shape : {"polynomial", "cosine", "cosine_restarts", "plateau"}) {
    EXPECT_EQ(refusal(shape + ":last=-0.1"), shape + ": last must be at least 0 and at most 1");
    EXPECT_EQ(refusal(shape + ":last=1.1"), shape + ": last must be at least 0 and at most 1");
    EXPECT_EQ(refusal(shape + ":last=0"), "no error");
    EXPECT_EQ(refusal(shape + ":last=1"), "no error");
  }
}

TEST(Schedule, checks_its_warm_up_and_its_shape) {
  const auto refusal = [](const Schedule& schedule) { return message_of([&] { schedule.check(); }); };
  EXPECT_EQ(refusal({}), "no error");
  for (const double warmup :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(refusal({.warmup = warmup}), "schedule: warmup must be 0 or above") << warmup;
  EXPECT_EQ(refusal({.shape = schedules::Step{.every = 0}}), "step: every must be above 0");
  EXPECT_EQ(refusal({.shape = schedules::Cosine{.last = std::numeric_limits<double>::quiet_NaN()}}),
            "cosine: last must be at least 0 and at most 1");
}

}  // namespace
}  // namespace neurone
