#include "neurone/model/recipe.h"

#include <algorithm>

namespace neurone {
namespace {

// So many epochs that about `rows_seen` rows are seen in all, within limits.
std::size_t epochs_for(std::size_t rows_seen, std::size_t rows, std::size_t least, std::size_t most) {
  return std::clamp(rows_seen / std::max<std::size_t>(rows, 1), least, most);
}

}  // namespace

Recipe recipe_for_tables(Task task, std::size_t rows) {
  const bool classes = task == Task::classification, is_large = rows >= 100'000;
  return {.hidden = {256, 256, 256},
          .hidden_layer = {.activation = classes ? "selu" : "mish",
                           .initialiser = "lecun_normal",
                           .bias_initialiser = "lecun_normal",
                           .bias_rate = 0.1,
                           .ntk = true},
          .output_layer = {.initialiser = "zeros", .bias_initialiser = "zeros", .bias_rate = 0.1, .ntk = true},
          .scale = layers::Scale{.rate = 6},
          .most_one_hot = rows < small_table ? std::nullopt : std::optional<std::size_t>(8),
          .scaling = Scaling::robust,
          .bins = is_large ? std::size_t{0} : std::size_t{16},  // seventeen numbers for one
          .dropout = 0.15,
          .weight_decay = 0.02,
          .optimizer = update_rules::Adam{.learning_rate = classes ? 0.04 : 0.07, .beta1 = 0.9, .beta2 = 0.95},
          .schedule = schedules::CosineLog{.cycles = 4},
          .epochs = epochs_for(1'050'000, rows, 16, 256),
          .batch = 256,
          .networks = is_large ? std::size_t{1} : std::size_t{4}};
}

Recipe best_recipe_for_tables(Task task, std::size_t rows) {
  Recipe recipe = recipe_for_tables(task, rows);
  recipe.members = 32;
  recipe.networks = std::min<std::size_t>(recipe.networks, 2);
  return recipe;
}

Recipe plain_recipe(std::size_t rows) {
  return {.hidden = {128, 64},
          .optimizer = update_rules::AdamW{.weight_decay = 0.5},  // measured in docs/decisions/0004
          .epochs = epochs_for(600'000, rows, 20, 200),
          .batch = rows < 10'000 ? std::size_t{32} : std::size_t{128}};
}

Recipe recipe_for_solver(const solvers::Any& solver) {
  const bool linear =
      std::holds_alternative<solvers::LeastSquares>(solver) || std::holds_alternative<solvers::Newton>(solver);
  Recipe recipe{.hidden = {10},
                .hidden_layer = {.activation = "tanh"},
                .optimizer = std::visit([](const auto& each) { return optimizers::Any(each); }, solver),
                .epochs = 1000,
                .batch = 256};
  if (linear) recipe.hidden = {};
  return recipe;
}

}  // namespace neurone
