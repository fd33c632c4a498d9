// A run that is interrupted goes on bit for bit as if it had not been.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "neurone/training/trainer.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

class Resuming : public testing::TestWithParam<std::string> {};

// A network with batch normalisation and dropout, a schedule with a memory, regularisation, in batches.
template <class T> struct Run {
  Dataset<T> train = parabola<T>(40, 1), validation = parabola<T>(20, 2);
  Network<T> network{classifier_with_all_layers()};
  Trainer<T> trainer;

  explicit Run(const std::string& rule)
      : trainer(network, Loss{losses::BinaryCrossEntropy{}}, accuracy_metric,
                {.epochs = 12,
                 .batch = 16,
                 .optimizer = parse_choice<optimizers::Any>("optimizer", rule),
                 .schedule = {.shape = schedules::ReduceOnPlateau{.by = 0.7, .patience = 1, .threshold = 0.1},
                              .warmup = 2},
                 .regularisation = {.l2 = 1e-3, .weight_decay = 1e-2},
                 .clipping = {.norm = 1},
                 .label_smoothing = 0.1,
                 .seed = 5},
                train, validation) {}
};

template <class T> void expect_the_same(const TrainerState<T>& a, const TrainerState<T>& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.best_epoch, b.best_epoch);
  EXPECT_EQ(a.better_epoch, b.better_epoch);
  EXPECT_EQ(a.best.loss, b.best.loss);
  EXPECT_EQ(a.best.metric, b.best.metric);
  EXPECT_EQ(a.plateau.lowest_loss, b.plateau.lowest_loss);
  EXPECT_EQ(a.plateau.epochs_since, b.plateau.epochs_since);
  EXPECT_EQ(a.plateau.factor, b.plateau.factor);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.statistics, b.statistics);
  EXPECT_EQ(a.best_parameters, b.best_parameters);
  EXPECT_EQ(a.best_statistics, b.best_statistics);
  EXPECT_EQ(a.running, b.running);
}

template <class T> void interrupted_and_not(const std::string& rule) {
  Run<T> whole(rule), first(rule), second(rule);
  whole.network.initialise(5);
  first.network.initialise(5);
  second.network.initialise(6);  // what stands in the network that goes on is of no account
  for (int epoch = 0; epoch < 5; ++epoch) {
    whole.trainer.run_epoch();
    first.trainer.run_epoch();
  }
  second.trainer.restore(first.trainer.state());
  expect_the_same(second.trainer.state(), whole.trainer.state());
  while (!whole.trainer.finished()) {
    const EpochReport a = whole.trainer.run_epoch(), b = second.trainer.run_epoch();
    EXPECT_EQ(a.epoch, b.epoch);
    EXPECT_EQ(a.learning_rate, b.learning_rate);
    EXPECT_EQ(a.train.loss, b.train.loss);
    EXPECT_EQ(a.validation->loss, b.validation->loss);
    EXPECT_EQ(a.best, b.best);
  }
  EXPECT_TRUE(second.trainer.finished());
  expect_the_same(second.trainer.state(), whole.trainer.state());
  // a test of a schedule that never acts, or of epochs that are all alike, would show nothing
  EXPECT_LT(whole.trainer.state().plateau.factor, 1);
}

TEST_P(Resuming, goes_on_bit_for_bit_in_float) {
  interrupted_and_not<float>(GetParam());
}
TEST_P(Resuming, goes_on_bit_for_bit_in_double) {
  interrupted_and_not<double>(GetParam());
}

// Those that look at all rows, in double: a network with a hidden layer, or a single one.
TEST(Resuming, goes_on_bit_for_bit_with_every_solver) {
  for (const std::string& method : choice_names<solvers::Any>()) {
    const bool linear = method == "least-squares" || method == "newton";
    const bool numbers = method == "least-squares";
    const Loss loss = Loss::parse(numbers ? "squared_error" : "binary_cross_entropy");
    const Dataset<double> train = parabola<double>(40, 1), validation = parabola<double>(20, 2);
    const layers::Dense output{.units = 1, .activation = numbers ? "identity" : "sigmoid"};
    const NetworkSpec spec{
        .inputs = 2,
        .layers = linear ? std::vector<LayerSpec>{output}
                         : std::vector<LayerSpec>{layers::Dense{.units = 4, .activation = "tanh"}, output}};
    const TrainingOptions options{.epochs = 12, .optimizer = parse_choice<optimizers::Any>("optimizer", method)};
    Network<double> whole(spec), first(spec), second(spec);
    whole.initialise(5);
    first.initialise(5);
    second.initialise(6);
    Trainer<double> through(whole, loss, accuracy_metric, options, train, validation);
    Trainer<double> before(first, loss, accuracy_metric, options, train, validation);
    Trainer<double> after(second, loss, accuracy_metric, options, train, validation);
    const int epochs = numbers ? 1 : 3;
    for (int epoch = 0; epoch < epochs; ++epoch) before.run_epoch();
    after.restore(before.state());
    through.fit();
    after.fit();
    expect_the_same(through.state(), after.state());
    EXPECT_EQ(through.state().solver, after.state().solver) << method;
    EXPECT_EQ(through.state().converged, after.state().converged) << method;
  }
}

INSTANTIATE_TEST_SUITE_P(every_update_rule, Resuming, testing::ValuesIn(choice_names<update_rules::Any>()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace neurone
