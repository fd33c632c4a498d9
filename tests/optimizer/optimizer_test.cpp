#include "neurone/optimizer/optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// θ of two weights and a bias.
const std::vector<ParameterBlock> blocks{{.name = "W", .columns = 2, .decays = true}, {.name = "b", .offset = 2}};

using Three = Vector<double>;

Three after_one_step(const Optimizer<double>::Options& options, double learning_rate, Three theta, Three gradient) {
  Optimizer<double> optimizer(options, blocks, theta.size());
  optimizer.step(learning_rate, theta, gradient);
  return theta;
}

// Calls visit(rule) for every update rule, with its defaults.
void for_each_rule(const auto& visit) {
  for_each_alternative<update_rules::Any>([&](auto rule) {
    SCOPED_TRACE(rule.name);
    visit(rule);
  });
}

// The gradient that moves θ, after clipping and with the penalties': what gradient descent at rate 1 takes off.
template <class T = double>
Vector<T> gradient_used(const Regularisation& regularisation, const Clipping& clipping, const Vector<T>& theta,
                        const Vector<T>& gradient) {
  Optimizer<T> optimizer({.rule = update_rules::SGD{}, .regularisation = regularisation, .clipping = clipping},
                         blocks, theta.size());
  Vector<T> moved = theta;
  optimizer.step(1, moved, gradient);
  for (std::size_t i = 0; i < theta.size(); ++i) moved[i] = theta[i] - moved[i];
  return moved;
}

// --- penalties and decay -------------------------------------------------------------------------------------------

TEST(Penalty, counts_weights_and_leaves_biases_out) {
  const Three theta{3, -4, 100};
  EXPECT_EQ(penalty<double>({.l1 = 0.5}, theta, blocks), 0.5 * (3 + 4));
  EXPECT_EQ(penalty<double>({.l2 = 0.5}, theta, blocks), 0.25 * (9 + 16));
  EXPECT_EQ(penalty<double>({.l1 = 2, .l2 = 1}, theta, blocks), 14 + 12.5);
  EXPECT_EQ(penalty<double>({.weight_decay = 0.5}, theta, blocks), 0);
}

TEST(Penalty, gradient_is_the_difference_of_the_penalty) {
  const double h = 0x1p-10;  // of a quadratic the central difference is exact
  for (const Regularisation& regularisation :
       {Regularisation{.l1 = 0.3}, Regularisation{.l2 = 0.7}, Regularisation{.l1 = 0.3, .l2 = 0.7}}) {
    for (const Three& theta : {Three{1.5, -0.25, 2}, Three{0, 3, -1}}) {
      const Three gradient = gradient_used(regularisation, {}, theta, {0, 0, 0});
      for (std::size_t i = 0; i < theta.size(); ++i) {
        Three above = theta, below = theta;
        above[i] += h;
        below[i] -= h;
        const double difference =
            penalty<double>(regularisation, above, blocks) - penalty<double>(regularisation, below, blocks);
        EXPECT_NEAR(gradient[i], difference / (2 * h), 1e-12) << i;
      }
    }
  }
}

TEST(Penalty, gradient_is_added_to_that_of_the_loss) {
  const Three theta{2, -3, 7};
  EXPECT_EQ(gradient_used({.l1 = 0.5, .l2 = 0.25}, {}, theta, {10, 20, 30}),
            (Three{10 + 0.5 + 0.5, 20 - 0.5 - 0.75, 30}));
}

TEST(WeightDecay, shrinks_weights_by_the_learning_rate_and_leaves_biases) {
  const Three theta{8, -4, 16};
  EXPECT_EQ(
      after_one_step({.rule = update_rules::SGD{}, .regularisation = {.weight_decay = 0.5}}, 0.25, theta, {0, 0, 0}),
      (Three{7, -3.5, 16}));
}

TEST(WeightDecay, takes_no_account_of_the_rate_of_a_block) {
  std::vector<ParameterBlock> fast = blocks;
  fast[0].rate = 4;
  Optimizer<double> optimizer({.rule = update_rules::SGD{}, .regularisation = {.weight_decay = 0.5}}, fast, 3);
  Three theta{8, -4, 16};
  optimizer.step(0.25, theta, Three{0, 0, 0});
  EXPECT_EQ(theta, (Three{7, -3.5, 16}));
}

TEST(WeightDecay, comes_before_the_step_and_not_through_the_gradient) {
  const Three decayed = after_one_step({.rule = update_rules::Adam{}, .regularisation = {.weight_decay = 0.5}}, 0.25,
                                       {8, -4, 16}, {1, 2, 3});
  EXPECT_EQ(decayed, after_one_step({.rule = update_rules::Adam{}}, 0.25, {7, -3.5, 16}, {1, 2, 3}));
}

TEST(WeightDecay, is_the_rules_own_where_unset) {
  const Three theta{8, -4, 16}, still{0, 0, 0};
  const update_rules::AdamW rule{.weight_decay = 0.25};
  EXPECT_EQ(after_one_step({.rule = rule}, 0.5, theta, still), (Three{7, -3.5, 16}));
  EXPECT_EQ(after_one_step({.rule = rule, .regularisation = {.weight_decay = 0}}, 0.5, theta, still), theta);
  EXPECT_EQ(after_one_step({.rule = rule, .regularisation = {.weight_decay = 1}}, 0.5, theta, still),
            (Three{4, -2, 16}));
  EXPECT_EQ(after_one_step({.rule = update_rules::Adam{}}, 0.5, theta, still), theta);
  EXPECT_EQ(update_rules::AdamW{}.weight_decay, 0.01);
}

// --- clipping ------------------------------------------------------------------------------------------------------

const Three origin{0, 0, 0};

TEST(Clipping, scales_a_long_gradient_to_the_norm_and_keeps_its_direction) {
  const Three gradient = gradient_used({}, {.norm = 1}, origin, {3, 0, -4});
  EXPECT_DOUBLE_EQ(gradient[0], 0.6);
  EXPECT_EQ(gradient[1], 0);
  EXPECT_DOUBLE_EQ(gradient[2], -0.8);
}

TEST(Clipping, leaves_what_is_short_enough) {
  for (const Clipping& clipping : {Clipping{}, Clipping{.norm = 5}, Clipping{.value = 4}})
    EXPECT_EQ(gradient_used({}, clipping, origin, {3, 0, -4}), (Three{3, 0, -4}));
  EXPECT_EQ(gradient_used({}, {.norm = 1, .value = 1}, origin, origin), origin);
}

TEST(Clipping, cuts_elements_after_the_norm) {
  EXPECT_EQ(gradient_used({}, {.value = 2}, origin, {3, 0.25, -4}), (Three{2, 0.25, -2}));
  EXPECT_EQ(gradient_used({}, {.norm = 5, .value = 3.5}, origin, {6, 0, -8}), (Three{3, 0, -3.5}));
}

TEST(Clipping, measures_a_float_gradient_whose_squares_overflow) {
  const Vector<float> gradient = gradient_used<float>({}, {.norm = 5}, {0, 0, 0}, {3e30F, -4e30F, 0});
  EXPECT_FLOAT_EQ(gradient[0], 3);
  EXPECT_FLOAT_EQ(gradient[1], -4);
}

TEST(Clipping, measures_a_gradient_of_any_length) {
  for (const std::size_t n : {1UL, 2UL, 15UL, 16UL, 17UL, 31UL, 33UL, 100UL}) {
    Optimizer<double> optimizer({.rule = update_rules::SGD{}, .clipping = {.norm = 1}}, {{.name = "b", .columns = n}},
                                n);
    Vector<double> theta(n);
    optimizer.step(1, theta, Vector<double>(n, 2.0));
    for (const double w : theta) EXPECT_NEAR(w, -1 / std::sqrt(static_cast<double>(n)), 1e-15) << n;
  }
}

TEST(Clipping, comes_before_the_penalty) {
  const Optimizer<double>::Options options{
      .rule = update_rules::SGD{}, .regularisation = {.l2 = 1}, .clipping = {.norm = 5, .value = 3.5}};
  EXPECT_EQ(after_one_step(options, 1, {16, 0, 0}, {6, 0, -8}), (Three{16 - 3 - 16, 0, 3.5}));
}

// --- every rule ----------------------------------------------------------------------------------------------------

TEST(Optimizer, starts_with_running_values_of_zero_and_counts_its_steps) {
  for_each_rule([](auto rule) {
    Optimizer<double> optimizer({.rule = rule}, blocks, 3);
    EXPECT_EQ(optimizer.steps(), 0U);
    EXPECT_EQ(optimizer.running().size(), 3 * rule.running);
    EXPECT_TRUE(std::ranges::all_of(optimizer.running(), [](double value) { return value == 0; }));
    Three theta{1, 2, 3}, gradient{1, -1, 2};
    for (std::size_t step = 1; step <= 3; ++step) {
      optimizer.step(0.1, theta, gradient);
      EXPECT_EQ(optimizer.steps(), step);
    }
  });
}

template <class T> void expect_no_denormals(auto rule) {
  constexpr T least = std::numeric_limits<T>::min();
  Optimizer<T> optimizer({.rule = rule, .regularisation = {.weight_decay = 0.5}}, blocks, 3);
  Vector<T> theta{T(1), least, -least};
  const auto ordinary = [](T value) { return value == 0 || std::isnormal(value); };
  for (int step = 0; step < 3000; ++step) {  // after the first step no gradient: all that remembers it shrinks
    optimizer.step(rule.learning_rate, theta, Vector<T>(3, step == 0 ? 4 * least : 0));
    ASSERT_TRUE(std::ranges::all_of(optimizer.running(), ordinary)) << step;
    ASSERT_TRUE(std::ranges::all_of(theta, ordinary)) << step;
  }
}

TEST(Optimizer, leaves_no_denormal_numbers_behind) {
  for_each_rule([](auto rule) {
    expect_no_denormals<float>(rule);
    expect_no_denormals<double>(rule);
  });
}

TEST(Optimizer, a_gradient_that_is_no_number_is_not_taken_for_zero) {
  const Three theta = after_one_step({.rule = update_rules::Adam{}}, 0.1, {1, 1, 1},
                                     {std::numeric_limits<double>::quiet_NaN(), 1, 1});
  EXPECT_TRUE(std::isnan(theta[0]));
}

TEST(Optimizer, a_block_with_a_rate_moves_as_it_would_alone_with_that_learning_rate) {
  for_each_rule([](auto rule) {
    std::vector<ParameterBlock> with_rates = blocks;
    with_rates[0].rate = 4;
    with_rates[1].rate = 0.25;
    const Optimizer<double>::Options options{.rule = rule, .regularisation = {.weight_decay = 0}};
    Optimizer<double> mixed(options, with_rates, 3), fast(options, blocks, 3), slow(options, blocks, 3);
    Three theta{1, -2, 3}, of_fast = theta, of_slow = theta;
    for (int step = 0; step < 3; ++step) {
      const Three gradient{0.5, -1.5, 2};
      mixed.step(0.01, theta, gradient);
      fast.step(0.04, of_fast, gradient);
      slow.step(0.0025, of_slow, gradient);
      EXPECT_EQ(theta, (Three{of_fast[0], of_fast[1], of_slow[2]})) << step;
    }
  });
}

TEST(Optimizer, moves_against_the_gradient) {
  for_each_rule([](auto rule) {
    const Three theta = after_one_step({.rule = rule, .regularisation = {.weight_decay = 0}}, rule.learning_rate,
                                       {1, 1, 1}, {2, -0.5, 0});
    EXPECT_LT(theta[0], 1);
    EXPECT_GT(theta[1], 1);
    EXPECT_EQ(theta[2], 1);
  });
}

TEST(Optimizer, stands_still_at_a_learning_rate_of_zero) {
  for_each_rule([](auto rule) {
    EXPECT_EQ(after_one_step({.rule = rule, .regularisation = {.weight_decay = 0.5}}, 0, {1, 2, 3}, {1, -1, 2}),
              (Three{1, 2, 3}));
  });
}

TEST(Optimizer, brings_its_learning_rate_along) {
  for_each_rule([](auto rule) {
    rule.learning_rate = 0.125;
    EXPECT_EQ(default_learning_rate(rule), 0.125);
  });
}

TEST(Optimizer, takes_first_steps_of_adam_and_its_kin_as_long_as_the_learning_rate) {
  for (const double size : {1e-3, 1.0, 1e6}) {
    for (const update_rules::Any& rule :
         {update_rules::Any(update_rules::Adam{}), update_rules::Any(update_rules::AMSGrad{})}) {
      const Three theta = after_one_step({.rule = rule}, 0.25, {0, 0, 0}, {size, -size, 0});
      EXPECT_NEAR(theta[0], -0.25, 1e-5);  // ε is 1e-8 beside a gradient of 1e-3
      EXPECT_NEAR(theta[1], 0.25, 1e-5);
    }
  }
}

// --- restore -------------------------------------------------------------------------------------------------------

template <class T> class RestoreIn : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(RestoreIn, Precisions);

TYPED_TEST(RestoreIn, continues_bit_for_bit) {
  using T = TypeParam;
  for_each_rule([](auto rule) {
    const typename Optimizer<T>::Options options{.rule = rule, .regularisation = {.l1 = 1e-3, .l2 = 1e-2}};
    Random random = numbers_of_test(7);
    const Matrix<T> gradients = random_matrix<T>(20, 3, random);
    const auto steps = [&](Optimizer<T>& optimizer, std::size_t first, std::size_t last, Vector<T>& theta) {
      for (std::size_t s = first; s < last; ++s) {
        Vector<T> gradient(gradients[s].begin(), gradients[s].end());
        optimizer.step(0.1, theta, gradient);
      }
    };

    Optimizer<T> whole(options, blocks, 3), before(options, blocks, 3), behind(options, blocks, 3);
    Vector<T> in_one_go{1, -2, 3}, interrupted = in_one_go;
    steps(whole, 0, 20, in_one_go);
    steps(before, 0, 11, interrupted);
    behind.restore(before.steps(), before.running());
    steps(behind, 11, 20, interrupted);

    EXPECT_EQ(interrupted, in_one_go);
    EXPECT_TRUE(std::ranges::equal(behind.running(), whole.running()));
    EXPECT_EQ(behind.steps(), 20U);
  });
}

TEST(Restore, forgets_what_was_there_before) {
  for_each_rule([](auto rule) {
    Optimizer<double> used({.rule = rule}, blocks, 3), fresh({.rule = rule}, blocks, 3);
    Three theta{1, 2, 3}, gradient{1, -1, 2};
    used.step(0.1, theta, gradient);
    used.restore(0, fresh.running());
    Three from_used{1, 2, 3}, from_fresh{1, 2, 3}, again = gradient;
    used.step(0.1, from_used, gradient);
    fresh.step(0.1, from_fresh, again);
    EXPECT_EQ(from_used, from_fresh);
  });
}

// --- settings ------------------------------------------------------------------------------------------------------

std::string refusal(const std::string& rule) {
  return message_of([&] { parse_choice<update_rules::Any>("optimizer", rule); });
}

TEST(UpdateRules, refuse_shares_of_the_past_outside_zero_to_one) {
  EXPECT_EQ(refusal("momentum:momentum=1"), "momentum: momentum must be at least 0 and below 1");
  EXPECT_EQ(refusal("nesterov:momentum=-0.1"), "nesterov: momentum must be at least 0 and below 1");
  EXPECT_EQ(refusal("rmsprop:rho=1"), "rmsprop: rho must be at least 0 and below 1");
  EXPECT_EQ(refusal("adadelta:rho=2"), "adadelta: rho must be at least 0 and below 1");
  for (const std::string rule : {"adam", "adamw", "amsgrad", "nadam", "lion"}) {
    EXPECT_EQ(refusal(rule + ":beta1=1"), rule + ": beta1 must be at least 0 and below 1");
    EXPECT_EQ(refusal(rule + ":beta2=-1"), rule + ": beta2 must be at least 0 and below 1");
    EXPECT_EQ(refusal(rule + ":beta1=0,beta2=0"), "no error");
  }
}

TEST(UpdateRules, refuse_rates_that_are_negative_or_no_finite_number) {
  for_each_rule([](auto rule) {
    const std::string name(rule.name);
    const auto refused = [&] { return message_of([&] { check_choice(update_rules::Any(rule)); }); };
    EXPECT_EQ(refused(), "no error");
    for (const double bad : {-1e-300, std::numeric_limits<double>::infinity(), std::nan("")}) {
      visit_settings(rule, [&](std::string_view key, auto& value) {
        const auto good = std::exchange(value, bad);
        const bool share = key == "momentum" || key == "rho" || key.starts_with("beta");
        EXPECT_EQ(refused(), name + ": " + std::string(key) +
                                 (share ? " must be at least 0 and below 1" : " must be 0 or above"));
        value = good;
      });
    }
  });
  EXPECT_EQ(refusal("adam:epsilon=-1"), "adam: epsilon must be 0 or above");
  EXPECT_EQ(refusal("sgd:learning_rate=-1"), "sgd: learning_rate must be 0 or above");
  EXPECT_EQ(refusal("adamw:weight_decay=-1"), "adamw: weight_decay must be 0 or above");
  EXPECT_EQ(refusal("nadam:momentum_decay=-1"), "nadam: momentum_decay must be 0 or above");
  EXPECT_EQ(refusal("adagrad:learning_rate=0,epsilon=0"), "no error");
}

TEST(UpdateRules, refuse_settings_that_they_do_not_have) {
  EXPECT_EQ(refusal("sgd:momentum=0.9").substr(0, 17), "optimizer 'sgd': ");
  EXPECT_EQ(refusal("adam:learning_rate=fast"), "optimizer 'adam', learning_rate: expected a number, found 'fast'");
}

}  // namespace
}  // namespace neurone
