// The model that trained networks make, and what can be said about it: the best of several starts, calibration, what
// the parameters are worth, figures on the test rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "neurone/math/quantile.h"
#include "neurone/model/comparison.h"
#include "neurone/model/estimation.h"
#include "neurone/model/fitting.h"
#include "neurone/model/proof.h"
#include "neurone/model/rivals.h"

namespace neurone {
namespace {

std::size_t total_rows(const std::vector<Matrix<double>>& all) {
  std::size_t rows = 0;
  for (const Matrix<double>& each : all) rows += each.rows();
  return rows;
}

}  // namespace

// Of networks that differ in where they began, the one with the lowest loss on the validation rows, or on the
// training rows where there are none. A run that diverged at once has none.
template <class T> void Fitting<T>::keep_best_restart() {
  std::vector<double> losses;
  for (const TrainerState<T>& state : states_)
    losses.push_back(std::isfinite(state.best.loss) ? state.best.loss : std::numeric_limits<double>::infinity());
  const auto best = static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin());
  if (!std::isfinite(losses[best])) throw Error("no starting point has led anywhere");
  if (losses.size() == 1) return;
  trained_ = {std::move(trained_[best])};
  states_ = {std::move(states_[best])};
  std::vector<double> sorted = losses;
  const std::size_t lost = std::erase_if(sorted, [](double loss) { return !std::isfinite(loss); });
  std::ranges::sort(sorted);
  remarks_.push_back(
      fmt::format("of {} starting points number {} is kept: loss {:.6g}; median {:.6g}, highest {:.6g}{}",
                  losses.size(), best + 1, losses[best], quantile(sorted, 0.5), sorted.back(),
                  lost == 0 ? "" : fmt::format("; {} led nowhere", lost)));
}

// What the parameters of a solver's network are worth, or why nobody can tell, unless the solver has said so.
template <class T> void Fitting<T>::add_estimates(TrainedModel& made) const {
  if (!has_solver(plan_) || trained_.size() != 1 || in_folds()) return;
  const TrainerState<T>& state = states_.front();
  Estimation estimation;
  if (state.converged == 0)
    estimation.why_none = "the run has ended before the minimum";
  else if (state.best_epoch != state.epoch)
    estimation.why_none = "the epoch that was kept is not the last, at the minimum";
  else
    estimation = estimates_of<T>(trained_.front(), ready_, train_);
  if (!estimation.why_none.empty() && state.remark.empty())
    made.remarks.push_back("no errors of the parameters are told: " + estimation.why_none);
  made.model.record.estimates = std::move(estimation.estimates);
}

// The rows that validated a network.
template <class T> const Dataset<T>& Fitting<T>::validation_of(std::size_t network, Dataset<T>& selected) const {
  if (!in_folds()) return validation_;
  selected = select<T>(train_, split_of(network).held_out);
  return selected;
}

// How far the values of rows are from their targets, as Calibration::errors has it.
template <class T>
std::vector<double> Fitting<T>::errors_of(const Matrix<double>& values, const Matrix<T>& targets) const {
  std::vector<double> errors(values.rows());
  if (task_of(ready_.target) == Task::classification) {
    const std::vector<std::uint32_t> truth = decode_classes<T>(targets);
    for (std::size_t i = 0; i < errors.size(); ++i) errors[i] = 1 - values(i, truth[i]);
    return errors;
  }
  const auto& number = std::get<NumberTarget>(ready_.target);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double truth = number.mean + number.deviation * static_cast<double>(targets(i, 0));
    const double error = std::abs(truth - std::clamp(values(i, 0), number.lowest, number.highest));
    errors[i] = values.columns() == 2 ? error / values(i, 1) : error;
  }
  return errors;
}

// From the validation rows: in folds each by the network that has not learnt from it, else by all of them.
template <class T> Calibration Fitting<T>::calibrate() const {
  Calibration calibration;
  const Activation& output = output_activation(network_);
  const bool classes = task_of(ready_.target) == Task::classification;
  if (classes && !gives_probabilities(output, network_.outputs())) return calibration;
  std::vector<Matrix<double>> readings;  // of each network, for its validation rows
  std::vector<Matrix<T>> targets;
  for (std::size_t k = 0; k < trained_.size(); ++k) {
    Dataset<T> selected;
    const Dataset<T>& validation = validation_of(k, selected);
    if (validation.rows() == 0) continue;
    readings.push_back(readings_in_blocks<T>(ready_.target, trained_[k], validation.X, ready_.training.threads));
    targets.push_back(validation.targets);
  }
  if (readings.empty()) return calibration;

  if (has_logits(ready_.target, output, network_.outputs())) {
    Matrix<double> all(total_rows(readings), readings.front().columns());
    std::vector<std::uint32_t> truth;
    for (std::size_t p = 0; p < readings.size(); ++p) {
      std::ranges::copy(readings[p].elements(), all.view().rows(truth.size(), readings[p].rows()).elements().begin());
      for (const std::uint32_t each : decode_classes<T>(targets[p])) truth.push_back(each);
    }
    calibration.temperature = fit_temperature(class_logits(all), truth);
  }
  std::vector<Matrix<double>> values;
  for (const Matrix<double>& each : readings)
    values.push_back(values_of(ready_.target, ready_.loss, output, each, calibration.temperature));
  if (!in_folds()) {  // all networks have seen the same rows: what is off is their average
    values = {mean_values(ready_.target, std::move(values))};
    targets.resize(1);
  }
  std::vector<double> errors;
  for (std::size_t p = 0; p < values.size(); ++p) {
    const std::vector<double> found = errors_of(values[p], targets[p]);
    errors.insert(errors.end(), found.begin(), found.end());
  }
  std::erase_if(errors, [](double error) { return !std::isfinite(error); });
  calibration.errors = calibration_errors(std::move(errors));
  return calibration;
}

template <class T> TrainingRecord Fitting<T>::record() const {
  TrainingRecord record{.train_rows = train_rows(),
                        .validation_rows = validation_rows(),
                        .test_rows = test_rows(),
                        .settings = settings_of(ready_.training, plan_),
                        .validation = {},
                        .test = {}};
  double loss = 0, metric = 0;
  const bool squares = task_of(ready_.target) == Task::regression;
  for (const TrainerState<T>& state : states_) {
    record.epochs = std::max(record.epochs, state.epoch);
    record.best_epochs.push_back(state.best_epoch);
    loss += state.best.loss;
    metric += squares ? state.best.metric * state.best.metric : state.best.metric;
  }
  if (record.validation_rows > 0 && !states_.empty()) {
    const auto count = static_cast<double>(states_.size());
    metric = squares ? std::sqrt(metric / count) : metric / count;
    record.validation = {{"loss", loss / count}, {std::string(this->metric().name()), metric}};
  }
  return record;
}

template <class T> TrainedModel Fitting<T>::result() {
  if (trained_.empty() && began()) end();
  if (trained_.empty()) throw Error("no network has been trained");
  if (plan_.restarts > 1) keep_best_restart();
  TrainedModel made{.model = {.preparation = ready_.preparation,
                              .target = ready_.target,
                              .loss = ready_.loss,
                              .networks = trained_,
                              .calibration = calibrate(),
                              .record = record()},
                    .test = std::nullopt,
                    .history = {},
                    .associations = associations_,
                    .notices = ready_.notices,
                    .remarks = remarks_};
  add_estimates(made);
  for (const TrainerState<T>& state : states_) made.history.push_back(state.history);
  made.model.proof = prove(made.model, proof_rows_, !plan_.keep_rows);
  if (test_rows() > 0) {
    try {
      made.test = evaluate(made.model, test_, ready_.training.threads);
    } catch (const OverflowError& error) {  // what was trained is not lost by it
      made.remarks.push_back(std::string("no figures on the test rows are told: ") + error.what());
      return made;
    }
    made.model.record.test = made.test->figures;
    if (std::holds_alternative<Table>(test_) && has_hidden_layers(ready_.network)) {
      Dataset<T> own_train, own_validation;
      if (in_folds()) own_train = select<T>(train_, split_of(0).kept);
      made.model.record.comparison =
          compare<T>(made.model, ready_, in_folds() ? own_train : train_, validation_of(0, own_validation), test_);
    }
  }
  return made;
}

TrainedModel train_model(const Source& source, const Plan& plan, const FittingObserver& observer) {
  Source known = source;
  std::size_t left_out = 0;
  if (const auto* table = std::get_if<Table>(&source)) known = with_target(*table, plan.target, left_out);
  const Parts parts{.train = known, .validation = {}, .test = {}};
  Fitting<float> fitting(parts, plan);
  const bool finished = fitting.run(observer);
  TrainedModel made = fitting.result();
  if (finished) made = best_of_rivals<float>(std::move(made), parts, plan);
  made.notices.insert(made.notices.end(), made.remarks.begin(), made.remarks.end());
  if (left_out > 0) made.notices.push_back(std::to_string(left_out) + " rows without a target are left out");
  return made;
}

template TrainedModel Fitting<float>::result();
template TrainedModel Fitting<double>::result();

}  // namespace neurone
