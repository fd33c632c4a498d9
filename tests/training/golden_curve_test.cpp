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
constexpr std::array<Losses, 10> recorded{{{1.260808176, 0.695444249},
                                           {0.683101952, 0.593184273},
                                           {0.471214050, 0.513958088},
                                           {0.405300440, 0.465677992},
                                           {0.403294566, 0.448364507},
                                           {0.360690931, 0.440338469},
                                           {0.336783615, 0.436948365},
                                           {0.452420634, 0.442073112},
                                           {0.365711446, 0.441203820},
                                           {0.438733138, 0.444522952}}};

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
