// The losses of ten epochs, recorded: whatever changes the numbers of a training run shows here.
#include <gtest/gtest.h>

#include <array>

#include "neurone/training/trainer.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

struct Losses {
  double train, validation;
};

// Recorded from this test itself, compiled with g++ 12.2 -O1 -ffp-contract=off: the figures that EXPECT_NEAR shows
// when the list is left at zero. That they are right is for tests/parity to say, that they stay the same is for this
// one. A change that is meant to change them (initialisation, shuffling, an update rule) records them anew.
constexpr std::array<Losses, 10> recorded{{{1.187999620, 0.693085891},
                                           {0.689825432, 0.602017515},
                                           {0.449166418, 0.524402145},
                                           {0.390815185, 0.470139123},
                                           {0.416307562, 0.446726171},
                                           {0.355508445, 0.435738426},
                                           {0.357648256, 0.430768377},
                                           {0.416473268, 0.434101594},
                                           {0.378969364, 0.434348288},
                                           {0.424490379, 0.437582942}}};

TEST(GoldenCurve, the_losses_of_ten_epochs_are_the_recorded_ones) {
  const Dataset<double> train = parabola<double>(60, 1), validation = parabola<double>(20, 2);
  Network<double> network(classifier_with_all_layers());
  network.initialise(3);
  Trainer<double> trainer(network, Loss{losses::BinaryCrossEntropy{}}, accuracy_metric,
                          {.epochs = recorded.size(),
                           .batch = 16,
                           .optimizer = update_rules::Adam{},
                           .learning_rate = 0.03,
                           .schedule = {.shape = schedules::Cosine{}, .warmup = 1},
                           .regularisation = {.l2 = 1e-3},
                           .label_smoothing = 0.05,
                           .seed = 3},
                          train, validation);
  for (const Losses& expected : recorded) {
    const EpochReport report = trainer.run_epoch();
    EXPECT_NEAR(report.train.loss, expected.train, 1e-6) << "epoch " << report.epoch;
    EXPECT_NEAR(report.validation->loss, expected.validation, 1e-6) << "epoch " << report.epoch;
  }
}

}  // namespace
}  // namespace neurone
