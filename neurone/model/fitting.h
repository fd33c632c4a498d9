// The whole way from rows to a model: preparation, one network or several, calibration, figures on the test rows.
// What is decided is in plan.h, the loop over batches in training/trainer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "neurone/model/associations.h"
#include "neurone/model/memory_need.h"
#include "neurone/model/model.h"
#include "neurone/model/plan.h"
#include "neurone/solver/gradient_check.h"
#include "neurone/training/trainer.h"

namespace neurone {

/// The rows of a run. Without validation rows the plan's share of the training rows is taken; the test rows are seen
/// by nothing but the last figures.
struct Parts {
  Source train, validation, test;
};

/// How several networks take turns: the rows are cut into folds, and each network validates on some of them,
/// beginning with its own.
struct Turns {
  std::size_t folds = 1, held_out = 1;

  Turns() = default;
  /// Folds of which each is `share` of the rows, where there are enough of them for each network to have its own;
  /// else finer ones, several of which come as near to it as they can. There are `most` folds at most, at least 2:
  /// with fewer folds than networks some networks validate on the same ones.
  Turns(std::size_t networks, double share, std::size_t most);

  bool validates(std::size_t network, std::size_t fold) const {
    return (fold + folds - network % folds) % folds < held_out;
  }
};

/// Called while a model is trained, with the network it is about, from 0.
struct FittingObserver {
  /// After every epoch. Returns whether to go on.
  std::function<bool(std::size_t, const EpochReport&)> epoch = [](std::size_t, const EpochReport&) { return true; };
  /// After every step, with its number in the epoch, from 1, and how many there are.
  std::function<void(std::size_t, std::size_t)> step = [](std::size_t, std::size_t) {};
};

struct TrainedModel {
  Model model;
  std::optional<Evaluation> test;                 ///< where there are test rows
  std::vector<std::vector<EpochReport>> history;  ///< of each network, its epochs
  std::vector<Association> associations{};        ///< of the columns of a table, in the training rows
  std::vector<std::string> notices;               ///< for the user: what was left out
  std::vector<std::string> remarks{};             ///< for the user: what training met
};

template <class T> class Fitting {
 public:
  /// Makes everything ready. Throws UsageError for a plan that cannot be, Error for rows that cannot be used, the
  /// test rows among them, and for a run that needs more memory than the plan allows. Where the states are known from
  /// which it will go on, networks of another size are refused before they are made.
  Fitting(const Parts& parts, const Plan& plan, const std::vector<TrainerState<T>>* from = nullptr)
      : Fitting(parts.test, with_task(plan, parts.train), decide(parts, with_task(plan, parts.train), from)) {}

  const Preparations& preparations() const { return ready_; }
  /// How many networks it trains.
  std::size_t networks() const { return networks_; }
  /// A network as those to be trained, untrained.
  const Network<T>& network() const { return network_; }
  Metric metric() const { return metric_of(ready_.target, ready_.loss); }
  std::size_t train_rows() const;       ///< of the first network
  std::size_t validation_rows() const;  ///< of the first network
  std::size_t test_rows() const { return rows(test_); }
  /// What the run takes at its largest.
  const MemoryNeed& memory() const { return need_; }
  /// Of the networks that are ready all that they could have, of the one in training those that it has behind it.
  std::size_t epochs_done() const;
  /// Do the networks take turns in which rows validate them?
  bool in_folds() const { return !fold_of_row_.empty(); }
  /// In folds: the training rows that a network learns from, and those that validate it.
  Split split_of(std::size_t network) const;

  /// Compares the network's gradient with finite differences on the training rows (solver/gradient_check.h).
  GradientCheck certify() const;

  /// Trains all networks, one after the other, until they are ready or the observer says stop. Returns whether they
  /// are. Throws DivergenceError.
  bool run(const FittingObserver& observer = {});

  /// The model as far as it is: of the networks that are ready, or of the first one as it is.
  TrainedModel result();

  /// All that is needed to go on: a state for each network that has begun.
  std::vector<TrainerState<T>> states();
  /// Goes on from there. Throws Error for states that belong to other networks.
  void restore(std::vector<TrainerState<T>> states);
  /// A number for the data and the settings: two runs with the same one go on alike.
  std::string fingerprint() const;

 private:
  struct Decided {
    std::size_t networks;
    Source train, validation;
    Turns turns;
    std::vector<std::uint32_t> fold_of_row;
    Preparations ready;
    MemoryNeed need;
  };
  static Decided decide(const Parts& parts, const Plan& plan, const std::vector<TrainerState<T>>* from);
  Fitting(Source test, Plan plan_with_task, Decided decided);

  void start_at_constant(Network<T>& network) const;
  void start_as_said(Network<T>& network) const;
  void begin();
  void end();
  void keep_best_restart();
  void add_estimates(TrainedModel& made) const;
  bool began() const { return trainer_ != nullptr; }
  const Dataset<T>& validation_of(std::size_t network, Dataset<T>& selected) const;
  std::vector<double> errors_of(const Matrix<double>& values, const Matrix<T>& targets) const;
  Calibration calibrate() const;
  TrainingRecord record() const;

  Plan plan_;
  MemoryNeed need_;
  Source test_;
  std::size_t networks_;
  Turns turns_;
  std::vector<std::uint32_t> fold_of_row_;  // empty: not in folds
  Preparations ready_;
  Source proof_rows_;
  std::vector<Association> associations_;
  Dataset<T> train_, validation_;  // in folds: all rows, and none
  Network<T> network_;

  Dataset<T> own_train_, own_validation_;  // of the network in training, in folds
  std::unique_ptr<Network<T>> in_training_;
  std::unique_ptr<Trainer<T>> trainer_;
  Networks<T> trained_;
  std::vector<TrainerState<T>> states_;  // of those
  std::vector<std::string> remarks_;
};

/// The whole way in one call, in float. Rows of a table without a target are left out.
/// Throws UsageError, Error, DivergenceError.
TrainedModel train_model(const Source& source, const Plan& plan, const FittingObserver& observer = {});

}  // namespace neurone
