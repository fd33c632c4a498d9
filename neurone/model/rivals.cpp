// Each rival goes the whole way from rows to a model, as the network did.
#include "neurone/model/rivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace neurone {
namespace {

// A method whose work grows with the square of the parameters is left out beyond so many: on a small table with
// hundreds of columns it would take longer than the network.
constexpr std::size_t most_squared = 1000;

bool work_grows_with_square(const Plan& plan) {
  if (!plan.optimizer) return false;
  const auto solver = optimizers::as<solvers::Any>(*plan.optimizer);
  return solver && solvers::squares_parameters(*solver);
}

// The model of a rival; nothing where it is too large for its method, leads nowhere, or the observer says stop.
template <class T>
std::optional<TrainedModel> train_rival(const Plan& plan, const Parts& parts, const FittingObserver& observer) {
  Fitting<T> fitting(parts, plan);
  if (work_grows_with_square(plan) && fitting.network().parameters().size() > most_squared) return std::nullopt;
  try {
    if (!fitting.run(observer)) return std::nullopt;
  } catch (const DivergenceError&) {
    return std::nullopt;
  }
  return fitting.result();
}

// Does the plan say nothing about how the model is made? What columns are, what rows count and how they are split is
// another matter.
bool leaves_method_open(const Plan& plan) {
  return !plan.hidden && !plan.activation && !plan.initialiser && !plan.dropout && plan.layers.empty() &&
         !plan.output_activation && !plan.loss && plan.output_bias && !plan.raw && plan.start.empty() &&
         !plan.columns.scaling && !plan.bins && !plan.epochs && !plan.batch && !plan.optimizer &&
         !plan.learning_rate && !plan.schedule && plan.warmup == 0 && !plan.label_smoothing &&
         plan.regularisation.l1 == 0 && plan.regularisation.l2 == 0 && !plan.regularisation.weight_decay &&
         plan.clipping.norm == 0 && plan.clipping.value == 0 && plan.patience == 0 && !plan.stopping &&
         plan.products == Factors::full && !plan.best && !plan.ensemble && plan.restarts == 1;
}

// The mean loss of the networks, each on the rows that validate it, after the one epoch that is best for all of them
// together: chosen by more rows than each network's own, it flatters a method less whose loss jumps about.
double validation_loss(const TrainedModel& made) {
  std::size_t epochs = 0;
  for (const auto& each : made.history) epochs = std::max(epochs, each.size());
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t e = 0; e < epochs; ++e) {
    double sum = 0;
    for (const auto& each : made.history) {
      const std::optional<Score>& validation = each[std::min(e, each.size() - 1)].validation;
      sum += validation ? validation->loss : std::numeric_limits<double>::infinity();
    }
    lowest = std::min(lowest, sum / static_cast<double>(made.history.size()));
  }
  return lowest;
}

}  // namespace

std::vector<Rival> rivals(const Plan& plan, const Parts& parts) {
  const bool validates = rows(parts.validation) > 0 || plan.validation > 0;
  if (!std::holds_alternative<Table>(parts.train) || rows(parts.train) >= small_table || !validates ||
      !leaves_method_open(plan))
    return {};
  Plan base = with_task(plan, parts.train);
  base.ensemble = networks_for(plan, parts.train);
  base.most_memory.reset();  // a rival is smaller than the network, or left out
  const bool is_number = base.task == Task::regression;
  std::vector<Rival> all;
  const auto add = [&](std::string name, const solvers::Any& solver, double l2) -> Plan& {
    all.push_back({.name = std::move(name), .plan = base});
    all.back().plan.optimizer = std::visit([](const auto& each) { return optimizers::Any(each); }, solver);
    all.back().plan.regularisation.l2 = l2;
    return all.back().plan;
  };
  if (is_number)
    add("a linear model", solvers::LeastSquares{}, 0.01);
  else  // Newton's method would take a minute where columns and classes are many
    add("a linear model", solvers::LBFGS{}, 0.01).hidden = std::vector<std::size_t>{};
  add("10 neurons by L-BFGS", solvers::LBFGS{}, 0.02);
  if (is_number) add("10 neurons by Levenberg-Marquardt", solvers::LevenbergMarquardt{}, 0).patience = 50;
  return all;
}

template <class T>
TrainedModel best_of_rivals(TrainedModel made, const Parts& parts, const Plan& plan,
                            const FittingObserver& observer) {
  const std::vector<Rival> all = rivals(plan, parts);
  if (all.empty()) return made;
  std::string kept = "three layers by Adam";
  std::string losses = fmt::format("{} {:.4g}", kept, validation_loss(made));
  for (const Rival& rival : all) {
    std::optional<TrainedModel> other = train_rival<T>(rival.plan, parts, observer);
    if (!other) continue;
    losses += fmt::format(", {} {:.4g}", rival.name, validation_loss(*other));
    if (!(validation_loss(*other) < validation_loss(made))) continue;
    other->notices = std::move(made.notices);  // of the same table
    made = *std::move(other);
    kept = rival.name;
  }
  made.remarks.push_back(fmt::format(
      "the table is small: of several methods {} is kept, by the loss on the validation rows ({})", kept, losses));
  return made;
}

template TrainedModel best_of_rivals<float>(TrainedModel, const Parts&, const Plan&, const FittingObserver&);
template TrainedModel best_of_rivals<double>(TrainedModel, const Parts&, const Plan&, const FittingObserver&);

}  // namespace neurone
