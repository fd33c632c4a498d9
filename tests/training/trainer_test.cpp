// The training loop: what it converges to, which epoch it keeps, when it stops.
// Leaves going on after an interruption to resume_test.cpp, recorded losses to golden_curve_test.cpp.
#include "neurone/training/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "tests/support/message_of.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

const Loss squared_error{losses::SquaredError{}};
const Loss binary_cross_entropy{losses::BinaryCrossEntropy{}};
const Dataset<double> no_rows{.X = Matrix<double>(0, 1), .targets = Matrix<double>(0, 1), .weights = {}};

// --- what is learnt ------------------------------------------------------------------------------------------------

// x̄ = 1.5, t̄ = 2.75, Σ(x − x̄)(t − t̄) = 5.5, Σ(x − x̄)² = 5: slope 1.1, intercept 2.75 − 1.1 · 1.5 = 1.1
TEST(Trainer, a_line_becomes_the_least_squares_solution) {
  const Dataset<double> data = points<double>({0, 1, 2, 3}, {1, 3, 2, 5});
  Network<double> network(line());
  Trainer<double>(network, squared_error, rmse_metric, descent(0.1, 1000), data, no_rows).fit();
  EXPECT_NEAR(network.parameters()[0], 1.1, 1e-12);
  EXPECT_NEAR(network.parameters()[1], 1.1, 1e-12);
}

TEST(Trainer, a_weight_of_two_is_the_row_twice) {
  const Dataset<double> weighted = points<double>({0, 1, 2, 3}, {1, 3, 2, 5}, {1, 2, 1, 2});
  const Dataset<double> repeated = points<double>({0, 1, 1, 2, 3, 3}, {1, 3, 3, 2, 5, 5});
  Network<double> one(line()), other(line());
  Trainer<double> with_weights(one, squared_error, rmse_metric, descent(0.05, 20), weighted, no_rows);
  Trainer<double> with_rows(other, squared_error, rmse_metric, descent(0.05, 20), repeated, no_rows);
  for (int epoch = 0; epoch < 20; ++epoch) {
    const EpochReport a = with_weights.run_epoch(), b = with_rows.run_epoch();
    EXPECT_NEAR(a.train.loss, b.train.loss, 1e-12);
    EXPECT_NEAR(a.train.metric, b.train.metric, 1e-12);
  }
  EXPECT_NEAR(one.parameters()[0], other.parameters()[0], 1e-12);
  EXPECT_NEAR(one.parameters()[1], other.parameters()[1], 1e-12);
}

// The probability that has the lowest loss for a target of 1 − ε/2 is 1 − ε/2.
TEST(Trainer, smoothed_labels_keep_probabilities_away_from_one) {
  TrainingOptions options = descent(2, 500);
  options.label_smoothing = 0.1;
  const Dataset<double> data = points<double>({1, 1}, {1, 1});
  Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  Trainer<double> trainer(network, binary_cross_entropy, accuracy_metric, options, data, data);
  trainer.fit();
  const double z = network.parameters()[0] + network.parameters()[1];
  EXPECT_NEAR(1 / (1 + std::exp(-z)), 0.95, 1e-9);
  EXPECT_EQ(trainer.state().best.metric, 1);                      // counted with the labels as they are
  EXPECT_NEAR(trainer.state().best.loss, -std::log(0.95), 1e-9);  // and so is the validation loss
}

template <class T> std::vector<double> losses_of_parabola(std::uint64_t seed, std::size_t epochs) {
  const Dataset<T> data = parabola<T>(60, 1), validation = parabola<T>(20, 2);
  Network<T> network(classifier_with_all_layers());
  network.initialise(seed);
  Trainer<T> trainer(network, binary_cross_entropy, accuracy_metric, {.epochs = epochs, .batch = 16, .seed = seed},
                     data, validation);
  std::vector<double> losses;
  trainer.fit({.epoch = [&](const EpochReport& report) {
    losses.push_back(report.train.loss);
    losses.push_back(report.validation->loss);
    return true;
  }});
  return losses;
}

TEST(Trainer, the_same_seed_gives_the_same_bits_and_another_seed_others) {
  EXPECT_EQ(losses_of_parabola<float>(7, 5), losses_of_parabola<float>(7, 5));
  EXPECT_NE(losses_of_parabola<float>(7, 5), losses_of_parabola<float>(8, 5));
}

TEST(Trainer, float_and_double_agree_to_the_precision_of_float) {
  const std::vector<double> in_float = losses_of_parabola<float>(7, 5), in_double = losses_of_parabola<double>(7, 5);
  for (std::size_t i = 0; i < in_float.size(); ++i) EXPECT_NEAR(in_float[i], in_double[i], 2e-5) << i;
}

TEST(Trainer, the_last_batch_is_the_rest) {
  const Dataset<double> data = points<double>({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5});
  Network<double> network(line_through_origin());
  TrainingOptions options = descent(0, 1);
  options.batch = 2;
  std::vector<std::pair<std::size_t, std::size_t>> steps;
  Trainer<double> trainer(network, squared_error, rmse_metric, options, data, no_rows);
  const EpochReport report =
      trainer.run_epoch({.step = [&](std::size_t step, std::size_t of) { steps.emplace_back(step, of); }});
  EXPECT_EQ(steps, (std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 3}, {3, 3}}));
  EXPECT_NEAR(report.train.metric, std::sqrt(55.0 / 5), 1e-12);  // w = 0: the error is the target
  EXPECT_NEAR(report.train.loss,
              squared_error.operator()<double>(Matrix<double>(5, 1), {.values = data.targets}, Matrix<double>(5, 1)),
              1e-12);
}

// --- which epoch is kept -------------------------------------------------------------------------------------------

// With x = t = 1 and loss ½(w − 1)² a step of rate 0.1 gives w = 1 − 0.9^k after k epochs. Validation wants ½, which
// lies between 0.469 of epoch 6 and 0.522 of epoch 7.
struct PassingBy {
  Dataset<double> train = points<double>({1}, {1}), validation = points<double>({1}, {0.5});
  Network<double> network{line_through_origin()};
  Trainer<double> trainer;
  explicit PassingBy(std::size_t patience, std::size_t epochs = 30)
      : trainer(network, squared_error, rmse_metric, options(patience, epochs), train, validation) {}
  static TrainingOptions options(std::size_t patience, std::size_t epochs) {
    TrainingOptions options = descent(0.1 / squared_error_slope(), epochs);
    options.patience = patience;
    return options;
  }
  // dL/dy at y − t = 1
  static double squared_error_slope() { return losses::SquaredError{}.slope(1.0, 0.0); }
};

TEST(Trainer, the_best_epoch_is_kept) {
  PassingBy run(0);
  std::vector<std::size_t> best;
  run.trainer.fit({.epoch = [&](const EpochReport& report) {
    if (report.best) best.push_back(report.epoch);
    return true;
  }});
  EXPECT_EQ(run.trainer.state().epoch, 30U);
  EXPECT_EQ(run.trainer.state().best_epoch, 7U);
  EXPECT_EQ(best, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_NEAR(run.network.parameters()[0], 1 - std::pow(0.9, 7), 1e-12);
  EXPECT_NEAR(run.trainer.state().best.metric, 0.5 - std::pow(0.9, 7), 1e-12);
}

TEST(Trainer, patience_ends_the_run_so_many_epochs_after_the_best) {
  PassingBy run(4);
  run.trainer.fit();
  EXPECT_TRUE(run.trainer.finished());
  EXPECT_EQ(run.trainer.state().epoch, 11U);
  EXPECT_EQ(run.trainer.state().best_epoch, 7U);
}

// The prediction is right from the first epoch on: later ones are as good, and none is better.
TEST(Trainer, of_equally_good_epochs_the_latest_is_kept_but_patience_counts_from_the_first) {
  const Dataset<double> data = points<double>({-1, 1}, {0, 1});
  Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  network.parameters()[0] = 1;
  TrainingOptions options = descent(0.1, 100);
  options.patience = 3;
  Trainer<double> trainer(network, binary_cross_entropy, accuracy_metric, options, data, data);
  trainer.fit();
  EXPECT_EQ(trainer.state().epoch, 4U);
  EXPECT_EQ(trainer.state().better_epoch, 1U);
  EXPECT_EQ(trainer.state().best_epoch, 4U);
}

// The accuracy is ⅔ from the first epoch on: of three validation points one has the wrong class. The loss is lowest
// at w = log 2, where log(1 + e^w) of that point rises as fast as twice log(1 + e^−w) falls; epoch 1 is nearest.
TEST(Trainer, the_best_epoch_by_the_loss_is_another_than_by_accuracy) {
  const Dataset<double> train = points<double>({-1, 1}, {0, 1});
  const Dataset<double> validation = points<double>({-1, 1, 1}, {0, 1, 0});
  const auto best_epoch_by = [&](BestBy best_by) {
    Network<double> network({.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
    network.parameters()[0] = 0.1;
    TrainingOptions options = descent(1, 20);
    options.best_by = best_by;
    Trainer<double> trainer(network, binary_cross_entropy, accuracy_metric, options, train, validation);
    trainer.fit();
    double lowest = std::numeric_limits<double>::infinity();
    std::size_t of_lowest = 0;
    for (const EpochReport& each : trainer.history()) {
      EXPECT_EQ(each.validation->metric, 2.0 / 3);
      if (each.validation->loss < lowest) of_lowest = each.epoch;
      lowest = std::min(lowest, each.validation->loss);
    }
    EXPECT_EQ(of_lowest, 1U);
    return trainer.state().best_epoch;
  };
  EXPECT_EQ(best_epoch_by(BestBy::metric), 20U);
  EXPECT_EQ(best_epoch_by(BestBy::loss), 1U);
}

TEST(Trainer, without_validation_data_the_last_epoch_is_the_best) {
  const Dataset<double> data = points<double>({1}, {1});
  Network<double> network(line_through_origin());
  TrainingOptions options = descent(1.5 / PassingBy::squared_error_slope(), 6);  // w − 1 is −1, ½, −¼ …
  options.patience = 1;
  Trainer<double> trainer(network, squared_error, rmse_metric, options, data, no_rows);
  trainer.fit();
  EXPECT_EQ(trainer.state().epoch, 6U);
  EXPECT_EQ(trainer.state().best_epoch, 6U);
  EXPECT_NEAR(network.parameters()[0], 1 - std::pow(-0.5, 6), 1e-12);
}

TEST(Trainer, the_observer_can_stop_the_run_and_the_best_epoch_is_kept) {
  PassingBy run(0);
  run.trainer.fit({.epoch = [](const EpochReport& report) { return report.epoch < 9; }});
  EXPECT_EQ(run.trainer.state().epoch, 9U);
  EXPECT_FALSE(run.trainer.finished());
  EXPECT_NEAR(run.network.parameters()[0], 1 - std::pow(0.9, 7), 1e-12);
}

TEST(Trainer, the_report_names_epoch_and_rate) {
  PassingBy run(0, 2);
  const EpochReport first = run.trainer.run_epoch(), second = run.trainer.run_epoch();
  EXPECT_EQ(first.epoch, 1U);
  EXPECT_EQ(second.epoch, 2U);
  EXPECT_EQ(second.learning_rate, 0.1 / PassingBy::squared_error_slope());
  EXPECT_DOUBLE_EQ(first.validation->metric, 0.4);
  EXPECT_DOUBLE_EQ(second.train.metric, 0.9);
}

// --- divergence ----------------------------------------------------------------------------------------------------

// Every step multiplies the error by about −10⁶⁰: 1, then 10⁶⁰, 10¹²⁰ | 10¹⁸⁰, whose square is more than a double
// holds.
TEST(Trainer, divergence_names_epoch_and_batch_and_leaves_the_best_parameters) {
  const Dataset<double> data = points<double>({1, 1}, {1, 1});
  Network<double> network(line_through_origin());
  TrainingOptions options = descent(1e60, 10);
  options.batch = 1;
  Trainer<double> trainer(network, squared_error, rmse_metric, options, data, no_rows);
  trainer.run_epoch();
  const std::vector<double> best = parameters_of(network);
  EXPECT_EQ(message_of<DivergenceError>([&] { trainer.fit(); }),
            "training diverged in epoch 2, batch 2 of 2: the loss is inf. Try a smaller learning rate (now 1e+60), "
            "clipping the gradient's norm to 1, or another activation");
  EXPECT_EQ(parameters_of(network), best);
}

TEST(Trainer, divergence_of_the_validation_loss_leaves_the_best_parameters) {
  const Dataset<double> data = points<double>({1}, {1});
  Network<double> network(line_through_origin());
  Trainer<double> trainer(network, squared_error, rmse_metric, descent(1e100, 10), data, data);
  trainer.run_epoch();
  const std::vector<double> best = parameters_of(network);
  EXPECT_EQ(message_of<DivergenceError>([&] { trainer.fit(); }),
            "training diverged at the end of epoch 2: the validation loss is inf. Try a smaller learning rate (now "
            "1e+100), clipping the gradient's norm to 1, or another activation");
  EXPECT_EQ(parameters_of(network), best);
}

// tanh of infinity is 1, and the loss knows nothing of it.
TEST(Trainer, an_infinite_weight_is_divergence_although_the_loss_is_finite) {
  const Dataset<double> data = points<double>({1, 2}, {1, 1});
  Network<double> network({.inputs = 1,
                           .layers = {layers::Dense{.units = 1, .activation = "tanh"},
                                      layers::Dense{.units = 1, .activation = "identity"}}});
  network.parameter("0.W")(0, 0) = std::numeric_limits<double>::infinity();
  network.parameter("1.W")(0, 0) = 1;
  Trainer<double> trainer(network, squared_error, rmse_metric, descent(0.1, 3), data, data);
  const std::string message = message_of<DivergenceError>([&] { trainer.run_epoch(); });
  EXPECT_TRUE(message.starts_with("training diverged at the end of epoch 1: a weight is inf. Try ")) << message;
}

// --- what cannot be trained ----------------------------------------------------------------------------------------

TEST(Trainer, what_does_not_fit_together_is_refused) {
  const Dataset<double> data = points<double>({1}, {1});
  Network<double> network(line());
  const auto refused = [&](const Loss& loss, const TrainingOptions& options) {
    return message_of<UsageError>([&] { Trainer<double>(network, loss, rmse_metric, options, data, no_rows); });
  };
  EXPECT_EQ(refused(squared_error, {.batch = 0}), "batch must be at least 1");
  EXPECT_EQ(refused({losses::GaussianNegativeLogLikelihood{}}, {}),
            "the network has 1 outputs, expected 2 for loss gaussian_nll");
  EXPECT_EQ(refused(binary_cross_entropy, {}),
            "loss binary_cross_entropy needs the output activation sigmoid, found identity");
  EXPECT_EQ(refused({losses::CategoricalCrossEntropy{}}, {}),
            "loss categorical_cross_entropy needs the output activation softmax or log_softmax, found identity");
}

// --- scores --------------------------------------------------------------------------------------------------------

TEST(Score, the_loss_and_metric_of_all_rows_do_not_depend_on_the_size_of_batches) {
  const Dataset<double> data = parabola<double>(23, 1);
  Network<double> network(classifier_with_all_layers());
  network.initialise(1);
  Workspace<double> whole(network, 23, WorkspaceFor::training), pieces(network, 5, WorkspaceFor::training);
  const Score one = score(network, binary_cross_entropy, accuracy_metric, data, whole);
  const Score other = score(network, binary_cross_entropy, accuracy_metric, data, pieces);
  EXPECT_NEAR(one.loss, other.loss, 1e-14);
  EXPECT_EQ(one.metric, other.metric);
}

// At this rate a gradient of 2e-310 would move the line to the origin.
TEST(Trainer, takes_denormal_numbers_for_zero) {
  const Dataset<double> train = points<double>({1e-310}, {-1}), none = points<double>({}, {});
  Network<double> network(line_through_origin());
  network.parameters()[0] = 1;
  Trainer<double> trainer(network, {losses::SquaredError{}}, rmse_metric, descent(5e306, 1), train, none);
  trainer.run_epoch();
  EXPECT_EQ(network.parameters()[0], 1);
}

}  // namespace
}  // namespace neurone
