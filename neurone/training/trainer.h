// The training loop: epochs of shuffled batches, or iterations over all rows; validation, the best parameters kept,
// early stopping. Where the data comes from is left to data/, who watches to the observer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/dataset.h"
#include "neurone/loss/loss.h"
#include "neurone/network/network.h"
#include "neurone/optimizer/optimizer.h"
#include "neurone/optimizer/schedules.h"
#include "neurone/solver/network_objective.h"
#include "neurone/solver/solver.h"
#include "neurone/training/epoch_report.h"
#include "neurone/training/metrics.h"
#include "neurone/training/optimizers.h"
#include "neurone/training/stopping.h"

namespace neurone {

struct TrainingOptions {
  std::size_t epochs = 100;
  std::size_t batch = 32;
  /// With a solver an epoch is one of its iterations, and batch, learning_rate, schedule and clipping mean nothing.
  optimizers::Any optimizer = update_rules::AdamW{.weight_decay = 0.5};  ///< measured in docs/decisions/0004
  std::optional<double> learning_rate{};                                 ///< unset: the optimizer's own
  Schedule schedule{};
  Regularisation regularisation{};
  Clipping clipping{};
  double label_smoothing = 0;
  BestBy best_by = BestBy::metric;
  std::size_t patience = 0;                 ///< stop after this many epochs without a better validation; 0: never
  std::optional<stopping::Any> stopping{};  ///< and by this criterion
  std::uint64_t seed = 1;
  Factors products =
      Factors::full;        ///< bf16: faster where the processor has it; parameters and updates stay in float
  std::size_t threads = 1;  ///< at most; small work is left to one. The result is the same, bit for bit
};

/// The loss became NaN or infinite. The network holds the best parameters so far.
class DivergenceError : public Error {
 public:
  using Error::Error;
};

/// All that a run needs to go on bit for bit.
template <class T> struct TrainerState {
  std::size_t epoch = 0;         ///< finished epochs
  std::size_t best_epoch = 0;    ///< 0: none yet; of equal ones the latest
  std::size_t better_epoch = 0;  ///< the last one that was better than all before: what patience counts from
  Score best;                    ///< of the validation data; of the training data where there is none
  PlateauState plateau;
  std::size_t steps = 0;
  std::size_t converged = 0;           ///< 1: a solver says that there is nothing left to gain
  std::string remark{};                ///< what a solver noticed, for the user; empty: nothing
  std::vector<EpochReport> history{};  ///< of every finished epoch
  Vector<double> solver{};             ///< θ as the solver has it, then its memory; empty without one
  Vector<T> parameters, statistics, best_parameters, best_statistics, running;
};

/// Called while training.
struct Observer {
  /// After every epoch. Returns whether to go on.
  std::function<bool(const EpochReport&)> epoch = [](const EpochReport&) { return true; };
  /// After every step, with the number of the step in this epoch (from 1) and how many there are.
  std::function<void(std::size_t, std::size_t)> step = [](std::size_t, std::size_t) {};
};

template <class T> class Trainer {
 public:
  /// The network keeps its parameters: initialise it first. `validation` may have no rows: then the last epoch is the
  /// best. All three outlive the trainer.
  Trainer(Network<T>& network, const Loss& loss, const Metric& metric, const TrainingOptions& options,
          const Dataset<T>& train, const Dataset<T>& validation);

  /// What every finished epoch reported.
  const std::vector<EpochReport>& history() const { return state_.history; }
  /// Finished epochs.
  std::size_t epoch() const { return state_.epoch; }
  /// Has the run come to its end, by the number of epochs, by patience, by a criterion, or because a solver has
  /// converged?
  bool finished() const;
  /// What a solver noticed, for the user; empty: nothing.
  const std::string& remark() const { return state_.remark; }

  /// One pass over the training data, or one iteration of a solver, and its validation. Throws DivergenceError.
  EpochReport run_epoch(const Observer& observer = {});

  /// Runs epochs until finished or the observer says stop, then puts the best parameters into the network.
  void fit(const Observer& observer = {});

  /// Puts the best parameters into the network.
  void keep_best();

  const TrainerState<T>& state();
  void restore(TrainerState<T> state);

 private:
  void run_batches(const Observer& observer, EpochReport& report);
  void run_iteration(const Observer& observer, EpochReport& report);
  bool better(const Score& a, const Score& b) const;
  void check_last_step();
  void gather(std::size_t first, std::size_t count);
  double step(std::size_t first, std::size_t count, double rate, Tally& tally);
  Score validate();
  void diverged(const std::string& where);

  Network<T>& network_;
  Loss loss_;
  Metric metric_;
  TrainingOptions options_;
  const Dataset<T>& train_;
  const Dataset<T>& validation_;

  double base_rate_;
  GradientOf gradient_of_;
  std::unique_ptr<Team> team_;
  Workspace<T> workspace_;
  std::unique_ptr<Optimizer<T>> optimizer_;  // this one, or a solver with its objective
  std::unique_ptr<Solver> solver_;
  std::unique_ptr<NetworkObjective<T>> objective_;
  std::vector<double> theta_;         // of the solver
  std::vector<std::uint32_t> order_;  // rows of the training data in this epoch's order
  Matrix<T> X_, targets_, smoothed_;  // the batch, gathered
  Vector<T> weights_;
  TrainerState<T> state_;
};

/// Loss and metric of a dataset under a network as it is, in batches of the workspace's size. The workspace is one
/// for training.
template <class T>
Score score(const Network<T>& network, const Loss& loss, const Metric& metric, const Dataset<T>& data,
            Workspace<T>& workspace);

/// Can this loss train a network with this last activation? Throws UsageError that names the activations it needs.
void check_loss_fits(const Loss& loss, const Activation& output);

}  // namespace neurone
