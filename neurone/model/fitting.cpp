// Networks one after the other, each with its rows. What can be said about the model they make is in
// fitting_result.cpp.
#include "neurone/model/fitting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/core/fingerprint.h"
#include "neurone/model/proof.h"
#include "neurone/model/splits.h"

namespace neurone {
namespace {

// Names that tell the splits of one seed apart; the command's test split is 1.
enum SplitPart : std::uint32_t { validation_part = 2, fold_part = 3 };

constexpr const char* another_network = "the checkpoint does not belong to this network";

// Two networks of one model share nothing; the first is the one that would be alone.
std::uint64_t seed_of(std::uint64_t seed, std::size_t network) {
  return seed ^ network * 0x9E3779B97F4A7C15;
}

}  // namespace

Turns::Turns(std::size_t networks, double share, std::size_t most) {
  const double parts = std::round(1 / share);
  const bool one_is_enough = std::abs(share * parts - 1) < 1e-9 && parts >= static_cast<double>(networks);
  constexpr std::size_t fine = 20;
  folds = std::min(one_is_enough ? static_cast<std::size_t>(parts) : std::max(networks, fine), most);
  const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(folds)));
  held_out = std::clamp<std::size_t>(wanted, 1, folds - 1);
}

template <class T>
typename Fitting<T>::Decided Fitting<T>::decide(const Parts& parts, const Plan& plan,
                                                const std::vector<TrainerState<T>>* from) {
  Decided decided{.networks = networks_for(plan, parts.train),
                  .train = parts.train,
                  .validation = parts.validation,
                  .turns = {},
                  .fold_of_row = {},
                  .ready = {},
                  .need = {}};
  if (rows(parts.validation) == 0 && plan.validation > 0) {
    check_pieces(parts.train, plan, {.validation = true});
    if (decided.networks > 1 && !plan.time && plan.restarts == 1) {
      decided.turns = Turns(decided.networks, plan.validation, pieces_of(parts.train, plan));
      decided.fold_of_row = folds_of(parts.train, decided.turns.folds, plan, fold_part);
    } else {
      SourceSplit split = hold_out(parts.train, plan.validation, plan, validation_part);
      decided.train = std::move(split.kept);
      decided.validation = std::move(split.held_out);
    }
  }
  decided.ready = prepare(decided.train, plan);
  if (from != nullptr && from->front().parameters.size() != Network<T>::size_of(decided.ready.network).parameters)
    throw Error(another_network);
  decided.need = memory_need<T>(decided.ready, {.source_bytes = bytes(parts.train) + bytes(parts.validation),
                                                .learnt_rows = rows(decided.train) + rows(decided.validation),
                                                .test_rows = rows(parts.test),
                                                .networks = decided.networks,
                                                .in_folds = !decided.fold_of_row.empty()});
  if (plan.most_memory) check_memory(name_of(parts.train), decided.need, *plan.most_memory);
  return decided;
}

template <class T>
Fitting<T>::Fitting(Source test, Plan plan_with_task, Decided decided)
    : plan_(std::move(plan_with_task)),
      need_(decided.need),
      test_(std::move(test)),
      networks_(decided.networks),
      turns_(decided.turns),
      fold_of_row_(std::move(decided.fold_of_row)),
      ready_(std::move(decided.ready)),
      proof_rows_(plan_.keep_rows ? hard_rows(ready_.preparation, decided.train)
                                  : synthetic_rows(ready_.preparation)),
      train_(encode_dataset<T>(ready_, decided.train)),
      validation_(encode_dataset<T>(ready_, decided.validation)),
      network_(ready_.network) {
  network_.initialise(ready_.training.seed);
  start_as_said(network_);  // throws for what cannot be: before the work
  if (const auto solver = optimizers::as<solvers::Any>(ready_.training.optimizer))
    check_solver_fits<T>(*solver, network_, ready_.loss, ready_.training.regularisation);
  encode_dataset<T>(ready_, test_, RowsFor::testing);  // the same for rows that cannot be used
  if (const auto* table = std::get_if<Table>(&decided.train)) associations_ = associations(ready_, *table, train_);
  for (std::string& warning : warnings_of(associations_)) ready_.notices.push_back(std::move(warning));
}

template <class T> std::size_t Fitting<T>::train_rows() const {
  return train_.rows() - (in_folds() ? validation_rows() : 0);
}
template <class T> std::size_t Fitting<T>::validation_rows() const {
  return in_folds() ? split_of(0).held_out.size() : validation_.rows();
}

template <class T> Split Fitting<T>::split_of(std::size_t network) const {
  Split split;
  for (std::uint32_t row = 0; row < fold_of_row_.size(); ++row)
    (turns_.validates(network, fold_of_row_[row]) ? split.held_out : split.kept).push_back(row);
  return split;
}

template <class T> std::size_t Fitting<T>::epochs_done() const {
  return trained_.size() * ready_.training.epochs + (began() ? trainer_->epoch() : 0);
}

// The last bias as it would be if the network looked at nothing: training need not find the share of each class, or
// the mean of a count, step by step.
template <class T> void Fitting<T>::start_at_constant(Network<T>& network) const {
  const std::string name = std::to_string(network.size() - 1) + ".b";
  if (std::ranges::find(network.parameter_blocks(), name, &ParameterBlock::name) ==
          network.parameter_blocks().end() ||
      !std::holds_alternative<TablePreparation>(ready_.preparation))
    return;
  const MatrixView<T> bias = network.parameter(name);
  const std::string_view activation = output_activation(network).name();
  const bool cross_entropy = activation == activations::Sigmoid::name || activation == activations::Softmax::name ||
                             activation == activations::LogSoftmax::name;
  if (!cross_entropy && activation != activations::Exp::name) return;
  double weight = 0;
  std::vector<double> mean(train_.targets.columns());
  for (std::size_t i = 0; i < train_.rows(); ++i) {
    const double w = train_.weights.empty() ? 1 : static_cast<double>(train_.weights[i]);
    weight += w;
    for (std::size_t j = 0; j < mean.size(); ++j) mean[j] += w * static_cast<double>(train_.targets(i, j));
  }
  constexpr double least = 1e-6;  // a class of weight 0 has a logarithm, too
  for (std::size_t j = 0; j < mean.size(); ++j) {
    const double m = weight > 0 ? mean[j] / weight : 0.5, p = std::clamp(m, least, 1 - least);
    const double start = activation == activations::Sigmoid::name ? std::log(p / (1 - p))
                         : cross_entropy                          ? std::log(p)
                                                                  : std::log(std::max(m, least));
    for (std::size_t i = 0; i < bias.rows(); ++i) bias(i, j) = static_cast<T>(start);  // of each member
  }
}

// The matrices that the plan gives.
template <class T> void Fitting<T>::start_as_said(Network<T>& network) const {
  for (const auto& [name, values] : plan_.start) {
    const MatrixView<T> parameter = network.parameter(name);
    if (parameter.rows() != values.rows() || parameter.columns() != values.columns())
      throw UsageError(fmt::format("the starting values of {} are {} × {}, expected {} × {}", name, values.rows(),
                                   values.columns(), parameter.rows(), parameter.columns()));
    std::ranges::transform(values.elements(), parameter.elements().begin(),
                           [](double each) { return static_cast<T>(each); });
  }
}

template <class T> GradientCheck Fitting<T>::certify() const {
  return check_gradient(ready_.network, ready_.loss, train_, ready_.training.seed);
}

// The next network, untrained, with its rows.
template <class T> void Fitting<T>::begin() {
  const std::size_t k = trained_.size();
  TrainingOptions options = ready_.training;
  options.seed = seed_of(options.seed, k);
  in_training_ = std::make_unique<Network<T>>(network_);
  in_training_->initialise(options.seed);
  start_at_constant(*in_training_);
  start_as_said(*in_training_);
  if (in_folds()) {
    const Split split = split_of(k);
    own_train_ = select<T>(train_, split.kept);
    own_validation_ = select<T>(train_, split.held_out);
  }
  trainer_ =
      std::make_unique<Trainer<T>>(*in_training_, ready_.loss, metric(), options, in_folds() ? own_train_ : train_,
                                   in_folds() ? own_validation_ : validation_);
}

// Puts the network in training to those that are ready.
template <class T> void Fitting<T>::end() {
  trainer_->keep_best();
  if (!trainer_->remark().empty() && std::ranges::find(remarks_, trainer_->remark()) == remarks_.end())
    remarks_.push_back(trainer_->remark());
  states_.push_back(trainer_->state());
  trainer_.reset();
  trained_.push_back(std::move(*in_training_));
  in_training_.reset();
}

template <class T> bool Fitting<T>::run(const FittingObserver& observer) {
  const Observer steps{.step = observer.step};
  while (trained_.size() < networks_) {
    if (!began()) begin();
    bool go_on = true;
    bool diverged = false;
    try {
      while (go_on && !trainer_->finished()) go_on = observer.epoch(trained_.size(), trainer_->run_epoch(steps));
    } catch (const DivergenceError&) {
      const bool others = trained_.size() + 1 < networks_ ||
                          std::ranges::any_of(states_, [](const auto& each) { return each.best_epoch > 0; });
      if (plan_.restarts == 1 || !others) throw;  // of several starts one may lead nowhere
      diverged = true;
    }
    if (!diverged && !trainer_->finished()) return false;
    end();
    if (!go_on && trained_.size() < networks_) return false;
  }
  return true;
}

template <class T> std::vector<TrainerState<T>> Fitting<T>::states() {
  std::vector<TrainerState<T>> states = states_;
  if (began()) states.push_back(trainer_->state());
  return states;
}

template <class T> void Fitting<T>::restore(std::vector<TrainerState<T>> states) {
  for (TrainerState<T>& state : states) {
    if (began()) end();
    if (trained_.size() == networks_) throw Error("the checkpoint holds more networks than the run");
    begin();
    if (state.parameters.size() != network_.parameters().size() ||
        state.statistics.size() != network_.statistics().size() ||
        state.running.size() != trainer_->state().running.size())
      throw Error(another_network);
    trainer_->restore(std::move(state));
  }
}

template <class T> std::string Fitting<T>::fingerprint() const {
  Fingerprint print;
  for (const Dataset<T>* data : {&train_, &validation_}) {
    print.add(data->X.packed().elements());
    print.add(data->targets.elements());
    print.add(std::span<const T>(data->weights));
  }
  print.add(std::span<const std::uint32_t>(fold_of_row_));
  const Dataset<T> test = encode_dataset<T>(ready_, test_, RowsFor::testing);
  print.add(test.X.packed().elements());
  for (const LayerSpec& layer : ready_.network.layers) print.add(choice_text(layer));
  print.add(ready_.loss.text());
  for (const auto& [name, value] : settings_of(ready_.training, plan_)) print.add(name + "=" + value);
  for (const auto& [name, values] : plan_.start) print.add(values.elements());
  print.add(std::to_string(networks_));
  return print.text();
}

template class Fitting<float>;
template class Fitting<double>;

}  // namespace neurone
