// What is done when nothing is said: the network, its first weights, and how it is trained.
// What the user said is in plan.h, which lays it over these.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "neurone/data/column_fitting.h"
#include "neurone/data/target.h"
#include "neurone/layer/layers.h"
#include "neurone/optimizer/schedules.h"
#include "neurone/training/optimizers.h"

namespace neurone {

struct Recipe {
  std::vector<std::size_t> hidden;       ///< units of the hidden layers
  layers::Dense hidden_layer{};          ///< what these are like, but for the units
  layers::Dense output_layer{};          ///< what the last one is like, but for units and activation
  std::optional<layers::Scale> scale{};  ///< in front of the network
  /// The most columns that a category has for itself: one of more values is embedded, in front of the scale. Nothing:
  /// none is.
  std::optional<std::size_t> most_one_hot{};
  std::size_t members = 1;  ///< networks in one, with a members and a heads layer (layer/members.h)
  Scaling scaling = Scaling::standard;
  std::size_t bins = 0;                  ///< of the piecewise-linear encoding of numbers
  std::size_t most_binned = 32;          ///< columns of numbers; where there are more none is cut into bins
  double dropout = 0;                    ///< behind every hidden layer
  std::optional<double> weight_decay{};  ///< instead of the optimizer's
  optimizers::Any optimizer;
  schedules::Any schedule = schedules::Cosine{};
  std::size_t epochs = 0, batch = 0;
  std::size_t networks = 1;  ///< whose predictions are averaged
};

/// A table of fewer rows is small.
inline constexpr std::size_t small_table = 2000;

/// For tables: the recipe RealMLP, which was chosen by its mean error over many tables and is tuned to none
/// (Holzmüller, Grinsztajn and Steinwart 2024, "Better by default", table A.2): its simple form with the dropout and
/// the weight decay of the full one, and with the piecewise-linear encoding of numbers instead of the full one's
/// periodic one. Bins and four networks below 100,000 rows, each with fewer epochs; embeddings unless the table is
/// small. `rows` to train on.
Recipe recipe_for_tables(Task task, std::size_t rows);

/// The same with 32 members in each of two networks (one from 100,000 rows on): slower, mostly more accurate.
Recipe best_recipe_for_tables(Task task, std::size_t rows);

/// For images, and for networks whose layers or optimizer the user chooses: nothing that goes with a certain rule.
Recipe plain_recipe(std::size_t rows);

/// For a solver, which wants few parameters and no kinks; none but the outputs' for those that are for a single
/// layer.
Recipe recipe_for_solver(const solvers::Any& solver);

}  // namespace neurone
