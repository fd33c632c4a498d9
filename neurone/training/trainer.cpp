#include "neurone/training/trainer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "neurone/core/denormals.h"
#include "neurone/core/finite.h"

namespace neurone {
namespace {

// Each row `times` times, one behind the other.
template <class T> void repeat_rows(ConstMatrixView<T> rows, std::size_t times, MatrixView<T> repeated) {
  for (std::size_t i = 0; i < repeated.rows(); ++i) std::ranges::copy(rows[i / times], repeated[i].begin());
}

template <class T> Targets<T> rows_of(const Dataset<T>& data, std::size_t first, std::size_t count) {
  const std::span<const T> weights(data.weights);
  return {.values = data.targets.view().rows(first, count),
          .weights = weights.empty() ? weights : weights.subspan(first, count)};
}

}  // namespace

void check_loss_fits(const Loss& loss, const Activation& output) {
  const std::span<const std::string_view> links = loss.links();
  if (links.empty() || std::ranges::find(links, output.name()) != links.end()) return;
  std::string expected;
  for (const std::string_view link : links) expected += (expected.empty() ? "" : " or ") + std::string(link);
  throw UsageError("loss " + std::string(loss.name()) + " needs the output activation " + expected + ", found " +
                   std::string(output.name()));
}

template <class T>
Trainer<T>::Trainer(Network<T>& network, const Loss& loss, const Metric& metric, const TrainingOptions& options,
                    const Dataset<T>& train, const Dataset<T>& validation)
    : network_(network),
      loss_(loss),
      metric_(metric),
      options_(options),
      train_(train),
      validation_(validation),
      base_rate_(options.learning_rate.value_or(optimizers::default_learning_rate(options.optimizer))),
      gradient_of_(loss.takes_logits() ? GradientOf::logits : GradientOf::outputs),
      team_(std::make_unique<Team>(std::max<std::size_t>(options.threads, 1))),
      workspace_(network, std::min(options.batch, train.rows()), WorkspaceFor::training, team_.get(),
                 options.products),
      order_(train.rows()),
      X_(workspace_.capacity(), train.X.columns()),
      targets_(workspace_.capacity() * network.members(), train.targets.columns()),
      weights_(train.weights.empty() ? 0 : workspace_.capacity() * network.members()) {
  assert(train.rows() > 0 && train.X.columns() == network.inputs());
  if (options.batch == 0) throw UsageError("batch must be at least 1");
  if (!(options.label_smoothing >= 0 && options.label_smoothing < 1))
    throw UsageError("label_smoothing must be at least 0 and below 1");
  if (!std::isfinite(base_rate_) || base_rate_ < 0) throw UsageError("learning_rate must be 0 or above");
  check_choice(loss.formula);
  check_choice(options.optimizer);
  options.schedule.check();
  if (options.stopping) check_choice(*options.stopping);
  if (options.stopping && loss.may_be_negative())
    throw UsageError("stopping by " + std::string(choice_name(*options.stopping)) +
                     " takes the ratio of losses, and " + std::string(loss.name()) +
                     " may be negative: use patience");
  if (loss.outputs_per_target() * train.targets.columns() != network.outputs()) {
    throw UsageError("the network has " + std::to_string(network.outputs()) + " outputs, expected " +
                     std::to_string(loss.outputs_per_target() * train.targets.columns()) + " for loss " +
                     std::string(loss.name()));
  }
  check_loss_fits(loss, network.layer(network.size() - 1).activation());
  if (options.label_smoothing > 0) smoothed_ = targets_;
  if (const auto rule = optimizers::as<update_rules::Any>(options.optimizer)) {
    optimizer_ = std::make_unique<Optimizer<T>>(
        typename Optimizer<T>::Options{
            .rule = *rule, .regularisation = options.regularisation, .clipping = options.clipping},
        network.parameter_blocks(), network.parameters().size());
    return;
  }
  if (const auto solver = optimizers::as<solvers::Any>(options.optimizer)) {
    check_solver_fits<T>(*solver, network, loss, options.regularisation);
    solver_ = make_solver(*solver);
  }
  objective_ = std::make_unique<NetworkObjective<T>>(
      network,
      typename NetworkObjective<T>::Problem{.loss = loss_,
                                            .data = train,
                                            .regularisation = options.regularisation,
                                            .label_smoothing = options.label_smoothing},
      team_.get());
  theta_.assign(network.parameters().begin(), network.parameters().end());
}

template <class T> bool Trainer<T>::finished() const {
  if (state_.epoch >= options_.epochs || state_.converged != 0) return true;
  if (options_.patience > 0 && state_.epoch - state_.better_epoch >= options_.patience) return true;
  return options_.stopping && stopping::is_met(*options_.stopping, state_.history);
}

// By the figure that epochs are compared by.
template <class T> bool Trainer<T>::better(const Score& a, const Score& b) const {
  return options_.best_by == BestBy::loss ? a.loss < b.loss : metric_.better(a.metric, b.metric);
}

template <class T> EpochReport Trainer<T>::run_epoch(const Observer& observer) {
  const DenormalsAreZero fast;
  EpochReport report{.epoch = state_.epoch + 1};
  if (solver_)
    run_iteration(observer, report);
  else
    run_batches(observer, report);
  if (validation_.rows() > 0) {
    report.validation = validate();
    if (!std::isfinite(report.validation->loss))
      diverged("at the end of epoch " + std::to_string(report.epoch) + ": the validation loss is " +
               setting_text(report.validation->loss));
  } else if (!solver_) {
    check_last_step();
  }
  // a weight may be infinite without the loss being so: behind tanh, for one
  for (const std::span<const T> values :
       {std::span<const T>(network_.parameters()), std::span<const T>(network_.statistics())})
    if (const std::string found = not_finite_text(values); !found.empty())
      diverged("at the end of epoch " + std::to_string(report.epoch) + ": a weight is " +
               found.substr(0, found.find(' ')));

  // without validation data the last epoch is the best; of equally good ones the latest, its rate being the lowest
  const Score now = report.validation.value_or(report.train);
  const bool is_better = state_.best_epoch == 0 || !report.validation || better(now, state_.best);
  report.best = is_better || !better(state_.best, now);
  ++state_.epoch;
  if (is_better) state_.better_epoch = state_.epoch;
  if (report.best) {
    state_.best_epoch = state_.epoch;
    state_.best = now;
    state_.best_parameters.assign(network_.parameters().begin(), network_.parameters().end());
    state_.best_statistics.assign(network_.statistics().begin(), network_.statistics().end());
  }
  options_.schedule.observe(now.loss, state_.plateau);
  state_.history.push_back(report);
  return report;
}

// An epoch of an update rule.
template <class T> void Trainer<T>::run_batches(const Observer& observer, EpochReport& report) {
  shuffle(options_.seed, static_cast<std::uint32_t>(state_.epoch), order_);
  const std::size_t batch = workspace_.capacity(), steps = (train_.rows() + batch - 1) / batch;
  Tally tally(metric_);
  for (std::size_t s = 0; s < steps; ++s) {
    const double time = static_cast<double>(state_.epoch) + static_cast<double>(s) / static_cast<double>(steps);
    report.learning_rate =
        base_rate_ * options_.schedule.factor(time, static_cast<double>(options_.epochs), state_.plateau);
    const double loss = step(s * batch, std::min(batch, train_.rows() - s * batch), report.learning_rate, tally);
    if (!std::isfinite(loss)) {
      diverged("in epoch " + std::to_string(report.epoch) + ", batch " + std::to_string(s + 1) + " of " +
               std::to_string(steps) + ": the loss is " + setting_text(loss));
    }
    observer.step(s + 1, steps);
  }
  report.train = {.loss = tally.loss(), .metric = tally.metric()};
}

// One of a solver.
template <class T> void Trainer<T>::run_iteration(const Observer& observer, EpochReport& report) {
  const Iteration iteration = solver_->iterate(*objective_, theta_);
  if (!std::isfinite(iteration.value))
    diverged("in iteration " + std::to_string(report.epoch) + ": the loss is " + setting_text(iteration.value));
  if (!iteration.remark.empty()) state_.remark = iteration.remark;
  state_.converged = iteration.converged ? 1 : 0;
  std::ranges::transform(theta_, network_.parameters().begin(), [](double each) { return static_cast<T>(each); });
  report.train = score(network_, loss_, metric_, train_, workspace_);
  if (!std::isfinite(report.train.loss))  // where the iteration led, which it need not have looked at itself
    diverged("at the end of iteration " + std::to_string(report.epoch) + ": the loss is " +
             setting_text(report.train.loss));
  observer.step(1, 1);
}

// The last step has moved the parameters, and no loss has seen them yet: the batch just used will do.
template <class T> void Trainer<T>::check_last_step() {
  const std::size_t batch = workspace_.capacity();
  const ConstMatrixView<T> A =
      network_.forward({}, X_.view().rows(0, train_.rows() - (train_.rows() - 1) / batch * batch), workspace_);
  if (!std::ranges::all_of(A.elements(), [](T a) { return std::isfinite(a); }))
    diverged("at the end of epoch " + std::to_string(state_.epoch + 1) + ": an output is not finite");
}

template <class T> void Trainer<T>::fit(const Observer& observer) {
  bool go_on = true;
  while (go_on && !finished()) go_on = observer.epoch(run_epoch(observer));
  keep_best();
}

template <class T> void Trainer<T>::keep_best() {
  if (state_.best_epoch == 0) return;
  std::ranges::copy(state_.best_parameters, network_.parameters().begin());
  std::ranges::copy(state_.best_statistics, network_.statistics().begin());
}

template <class T> const TrainerState<T>& Trainer<T>::state() {
  state_.parameters.assign(network_.parameters().begin(), network_.parameters().end());
  state_.statistics.assign(network_.statistics().begin(), network_.statistics().end());
  if (optimizer_) {
    state_.steps = optimizer_->steps();
    state_.running.assign(optimizer_->running().begin(), optimizer_->running().end());
  } else {
    const std::vector<double> memory = solver_->memory();
    state_.solver.assign(theta_.begin(), theta_.end());
    state_.solver.insert(state_.solver.end(), memory.begin(), memory.end());
  }
  return state_;
}

template <class T> void Trainer<T>::restore(TrainerState<T> state) {
  assert(state.parameters.size() == network_.parameters().size());
  assert(state.statistics.size() == network_.statistics().size());
  state_ = std::move(state);
  std::ranges::copy(state_.parameters, network_.parameters().begin());
  std::ranges::copy(state_.statistics, network_.statistics().begin());
  if (optimizer_) {
    optimizer_->restore(state_.steps, state_.running);
    return;
  }
  const std::span<const double> kept(state_.solver);
  if (kept.size() < theta_.size()) throw Error("the solver's parameters are not as many as the network's");
  std::ranges::copy(kept.first(theta_.size()), theta_.begin());
  solver_->restore(kept.subspan(theta_.size()), theta_.size());
}

// Copies the rows that stand at first … first + count − 1 of the epoch's order into the batch, the targets for each
// member of the network, and has those of the next batch asked for while this one is computed.
template <class T> void Trainer<T>::gather(std::size_t first, std::size_t count) {
  const std::size_t members = network_.members();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = order_[first + i];
    train_.X.unpack(row, X_[i]);
    for (std::size_t m = i * members; m < (i + 1) * members; ++m) {
      std::ranges::copy(train_.targets[row], targets_[m].begin());
      if (!train_.weights.empty()) weights_[m] = train_.weights[row];
    }
  }
  const std::size_t next = first + count, coming = std::min(count, order_.size() - next);
  const Matrix<T>& packed = train_.X.packed();
  workspace_.workbench().look_ahead().rows(packed.data(), packed.columns() * sizeof(T),
                                           std::span<const std::uint32_t>(order_).subspan(next, coming));
}

template <class T> double Trainer<T>::step(std::size_t first, std::size_t count, double rate, Tally& tally) {
  gather(first, count);
  const ConstMatrixView<T> X = X_.view().rows(0, count);
  const std::size_t rows = count * network_.members();
  const std::span<const T> weights = std::span<const T>(weights_).first(train_.weights.empty() ? 0 : rows);
  const Targets<T> targets{.values = targets_.view().rows(0, rows), .weights = weights};
  Targets<T> aims = targets;
  if (!smoothed_.empty()) {
    std::ranges::copy(targets.values.elements(), smoothed_.elements().begin());
    smooth_labels<T>(options_.label_smoothing, smoothed_.view().rows(0, rows));
    aims.values = smoothed_.view().rows(0, rows);
  }

  const Pass pass{.training = true,
                  .seed = options_.seed,
                  .epoch = static_cast<std::uint32_t>(state_.epoch),
                  .rows = std::span<const std::uint32_t>(order_).subspan(first, count)};
  const ConstMatrixView<T> A = network_.forward(pass, X, workspace_);
  const ConstMatrixView<T> Y = loss_.takes_logits() ? workspace_.Z(network_.size() - 1) : A;
  const double loss = loss_.operator()<T>(Y, aims, workspace_.output_gradient());
  if (!std::isfinite(loss)) return loss;
  tally.add(A, targets, loss);
  network_.backward(pass, X, gradient_of_, workspace_);
  network_.update_statistics(workspace_);
  optimizer_->step(rate, network_.parameters(), workspace_.gradient(), team_.get());
  return loss;
}

template <class T> Score Trainer<T>::validate() {
  return score(network_, loss_, metric_, validation_, workspace_);
}

template <class T> void Trainer<T>::diverged(const std::string& where) {
  keep_best();
  if (solver_)
    throw DivergenceError("training diverged " + where + ". Try other starting values or another activation");
  throw DivergenceError("training diverged " + where + ". Try a smaller learning rate (now " +
                        setting_text(base_rate_) + "), clipping the gradient's norm to 1, or another activation");
}

template <class T>
Score score(const Network<T>& network, const Loss& loss, const Metric& metric, const Dataset<T>& data,
            Workspace<T>& workspace) {
  const DenormalsAreZero fast;
  const Pass pass;
  Tally tally(metric);
  // of several members the loss is the mean of theirs, the metric that of their mean
  const std::size_t members = network.members(), rows = members == 1 ? 0 : workspace.capacity();
  Matrix<T> of_members(rows * members, data.targets.columns()), mean(rows, network.outputs());
  Vector<T> weights(data.weights.empty() ? 0 : rows * members);
  Matrix<T> room;
  for (std::size_t first = 0; first < data.rows(); first += workspace.capacity()) {
    const std::size_t count = std::min(workspace.capacity(), data.rows() - first);
    const ConstMatrixView<T> A = network.forward(pass, data.X.rows(first, count, room), workspace);
    const ConstMatrixView<T> Y = loss.takes_logits() ? workspace.Z(network.size() - 1) : A;
    const Targets<T> targets = rows_of(data, first, count);
    if (members == 1) {
      tally.add(A, targets, loss.operator()<T>(Y, targets, workspace.output_gradient()));
      continue;
    }
    repeat_rows(targets.values, members, of_members.view().rows(0, count * members));
    for (std::size_t i = 0; i < targets.weights.size() * members; ++i) weights[i] = targets.weights[i / members];
    mean_of_members(A, members, mean.view().rows(0, count));
    const std::span<const T> weights_here = std::span<const T>(weights).first(targets.weights.size() * members);
    tally.add<T>(
        mean.view().rows(0, count), targets,
        loss.operator()<T>(Y, {.values = of_members.view().rows(0, count * members), .weights = weights_here},
                           workspace.output_gradient()));
  }
  return {.loss = tally.loss(), .metric = tally.metric()};
}

#define NEURONE_INSTANTIATE(T) \
  template class Trainer<T>;   \
  template Score score<T>(const Network<T>&, const Loss&, const Metric&, const Dataset<T>&, Workspace<T>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
