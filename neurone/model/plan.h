// How a model is to be made: what the user said, the rest decided from the data, and the data made ready.
// Reading files is left to data/, the loop to training/.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "neurone/data/dataset.h"
#include "neurone/model/model.h"
#include "neurone/training/trainer.h"

namespace neurone {

/// What is not said is decided: from the target's kind, the number of rows, and the activation.
struct Plan {
  std::string target{};  ///< column; not used for images
  std::optional<Task> task{};
  ColumnChoices columns{};
  /// What a sample of a class counts, by the class's name; others count 1. On top of it, `balanced` gives every class
  /// the same sum of weights.
  std::map<std::string, double> class_weights{};
  bool balanced = false;

  std::optional<std::vector<std::size_t>> hidden{};  ///< units of the hidden layers; unset: 128, 64
  std::string activation = "relu";                   ///< of the hidden layers
  std::string initialiser = "auto";
  double dropout = 0;               ///< behind every hidden layer
  std::vector<LayerSpec> layers{};  ///< the hidden layers one by one, instead of the four above
  std::optional<std::string> output_activation{};
  std::optional<std::string> loss{};  ///< as text; "cross_entropy" and "focal" are those of the task
  std::vector<Activation> own_activations{};

  std::optional<std::size_t> epochs{}, batch{};  ///< instead of those in `training`
  TrainingOptions training{};
};

/// Everything a trainer needs, and a model after it.
template <class T> struct Preparations {
  Preparation preparation;
  std::vector<std::string> notices;  ///< for the user: what was left out
  Target target;
  Loss loss;
  NetworkSpec network;
  TrainingOptions training;  ///< with all that was open decided
  Dataset<T> train, validation;
};

/// Fits preparation and target to the training rows and encodes both parts. `validation` may have no rows.
/// Throws UsageError for a plan that cannot be, Error for data that cannot be used.
template <class T> Preparations<T> prepare(const Source& train, const Source& validation, const Plan& plan);

/// The rows of a source in two: `fraction` of them held out, each class with its share when the task is
/// classification. `part` tells several splits with one seed apart.
struct SourceSplit {
  Source kept, held_out;
};
SourceSplit hold_out(const Source& source, double fraction, const Plan& plan, std::uint32_t part);

/// The plan with its task decided by all the rows, so that parts of them are not looked at one by one.
Plan with_task(Plan plan, const Source& source);

/// The rows of a table that have a target, and how many have none.
Table with_target(const Table& table, const std::string& target, std::size_t& left_out);

/// Puts a trained network into a model.
template <class T>
Model make_model(const Preparations<T>& preparations, Network<T> network, const TrainerState<T>& state,
                 const Plan& plan);

struct TrainedModel {
  Model model;
  std::vector<std::string> notices;
};

/// The whole way in one call, in float: a tenth of the rows held out for validation, the best epoch kept.
/// Throws UsageError, Error, DivergenceError.
TrainedModel train_model(const Source& source, const Plan& plan, const Observer& observer = {});

}  // namespace neurone
