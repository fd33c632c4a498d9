// How a model is to be made: what the user said, the rest decided from the data, and the data made ready.
// Reading files is left to data/, training to fitting.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "neurone/data/csv.h"
#include "neurone/data/dataset.h"
#include "neurone/model/model.h"
#include "neurone/model/recipe.h"
#include "neurone/training/trainer.h"

namespace neurone {

/// What is not said is decided by a recipe (recipe.h): for tables one of its own, as long as neither layers nor an
/// optimizer are said.
struct Plan {
  std::string target{};  ///< column; not used for images
  std::optional<Task> task{};
  std::optional<NumberForm> target_form{};  ///< of the numbers in the target column; found by itself when not given
  ColumnChoices columns{};
  std::optional<std::size_t> bins{};  ///< of the piecewise-linear encoding of a number (data/bins.h), at most
  /// What a sample of a class counts, by the class's name; others count 1. On top of it, `balanced` gives every class
  /// the same sum of weights.
  std::map<std::string, double> class_weights{};
  bool balanced = false;
  std::optional<std::string> weight{};  ///< column with what each row counts in training and validation; no input
  std::optional<std::string> group{};   ///< column; rows of one value never lie on both sides of a split; no input
  std::optional<std::string> time{};    ///< column of numbers or dates; what is held out is the latest

  std::optional<std::vector<std::size_t>> hidden{};  ///< units of the hidden layers
  std::optional<std::string> activation{};           ///< of the hidden layers
  std::optional<std::string> initialiser{};          ///< of all weights
  std::optional<double> dropout{};                   ///< behind every hidden layer
  std::vector<LayerSpec> layers{};                   ///< the hidden layers one by one, instead of the four above
  std::optional<std::string> output_activation{};
  std::optional<std::string> loss{};  ///< as text; "cross_entropy" and "focal" are those of the task
  std::vector<Activation> own_activations{};
  bool output_bias = true;
  /// Numbers, and a number that is the target, as they are: neither scaled nor centred, and predictions not held in
  /// the range of the training rows.
  bool raw = false;
  /// What parameters are at the start, by the name of their matrix, "0.W"; the others as initialised.
  std::map<std::string, Matrix<double>> start{};

  std::optional<std::size_t> epochs{}, batch{};
  std::optional<optimizers::Any> optimizer{};
  std::optional<double> learning_rate{};  ///< instead of the optimizer's
  std::optional<schedules::Any> schedule{};
  double warmup = 0;  ///< epochs
  std::optional<double> label_smoothing{};
  Regularisation regularisation{};
  Clipping clipping{};
  BestBy best_by = BestBy::metric;  ///< as in TrainingOptions, like the next two
  std::size_t patience = 0;
  std::optional<stopping::Any> stopping{};
  std::uint64_t seed = 1;
  Factors products = Factors::full;
  std::size_t threads = 1;                   ///< at most
  std::optional<std::size_t> most_memory{};  ///< bytes; a run that would take more is refused before it begins
  bool keep_rows = true;  ///< a few training rows in the model, to prove itself by; else made-up ones (proof.h)

  bool best = false;                      ///< of tables: the more accurate recipe, which takes longer
  double validation = 0.1;                ///< share of the training rows to choose the best epoch by; 0: none
  std::optional<std::size_t> ensemble{};  ///< how many networks; each validates on another part of the rows
  /// How many networks are trained from different starting points on the same rows, to keep the one with the lowest
  /// loss; 1: one, and no choice.
  std::size_t restarts = 1;
};

/// The columns that the plan names.
SoughtColumns sought_by(const Plan& plan);

/// How many networks the model is to have, by the plan or by the recipe for these training rows. Throws UsageError
/// for none.
std::size_t networks_for(const Plan& plan, const Source& source);

/// What is decided before training, but for the numbers themselves.
struct Preparations {
  Preparation preparation;
  std::vector<std::string> notices;  ///< for the user: what was left out
  Target target;
  Loss loss;
  NetworkSpec network;
  TrainingOptions training;
  std::optional<std::string> weight;  ///< column
  NumberForm weight_form;             ///< of its numbers
  std::vector<double> class_weights;  ///< what a sample of each class counts; empty: all the same
};

/// Fits preparation and target to these rows, and decides the rest by them.
/// Throws UsageError for a plan that cannot be, Error for data that cannot be used.
Preparations prepare(const Source& source, const Plan& plan);

/// Rows to learn from have weights where the plan has them; rows to be tested on count all the same, and need no
/// column of weights.
enum class RowsFor { learning, testing };

/// The rows as numbers. Throws Error for rows that cannot be prepared.
template <class T>
Dataset<T> encode_dataset(const Preparations& preparations, const Source& source, RowsFor use = RowsFor::learning);

/// What the target of these rows is.
Target fit_source_target(const Source& source, const Plan& plan);

/// The plan with its task, and how the target's numbers are written, decided by all the rows, so that parts of them
/// are not looked at one by one.
Plan with_task(Plan plan, const Source& source);

/// The rows of a table that have a target, and how many have none.
Table with_target(const Table& table, const std::string& target, std::size_t& left_out);
/// The same for a target that is known.
Table with_target(const Table& table, const Target& target, std::size_t& left_out);

/// Does its optimizer look at all rows before it moves θ?
inline bool has_solver(const Plan& plan) {
  return plan.optimizer && optimizers::is_solver(*plan.optimizer);
}

/// What was chosen, by name, for the record of a model.
std::map<std::string, std::string> settings_of(const TrainingOptions& options, const Plan& plan);

}  // namespace neurone
