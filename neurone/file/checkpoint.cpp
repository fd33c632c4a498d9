// The state of a trainer as tensors and metadata, and back.
#include "neurone/file/checkpoint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"

namespace neurone {
namespace {

constexpr const char* checkpoint_format = "neurone checkpoint 4";
constexpr const char* note_prefix = "note:";  // in front of the caller's notes, apart from our own metadata

// In front of what belongs to one network's state.
std::string place_of(std::size_t network, const char* name) {
  return std::to_string(network) + "/" + name;
}

// The state as named parts, the same list for writing and reading.
template <class State, class Visit> void visit_vectors(State& state, Visit visit) {
  visit("parameters", state.parameters);
  visit("statistics", state.statistics);
  visit("best_parameters", state.best_parameters);
  visit("best_statistics", state.best_statistics);
  visit("running", state.running);
}
template <class State, class Visit> void visit_counts(State& state, Visit visit) {
  visit("epoch", state.epoch);
  visit("best_epoch", state.best_epoch);
  visit("better_epoch", state.better_epoch);
  visit("steps", state.steps);
  visit("converged", state.converged);
  visit("plateau_epochs", state.plateau.epochs_since);
}
template <class State, class Visit>
void visit_numbers(State& state, Visit visit) {  // as a tensor: NaN and infinity survive, every bit is kept
  visit(state.best.loss);
  visit(state.best.metric);
  visit(state.plateau.lowest_loss);
  visit(state.plateau.factor);
}

// An epoch of the history as a row of numbers; NaN where there was no validation.
constexpr std::size_t history_columns = 6;

Matrix<double> history_numbers(const std::vector<EpochReport>& history) {
  Matrix<double> numbers(history.size(), history_columns);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& [epoch, train, validation, rate, best] = history[i];
    const Score held_out = validation.value_or(Score{});
    const std::array row{train.loss, train.metric, held_out.loss, held_out.metric, rate, best ? 1.0 : 0.0};
    std::ranges::copy(row, numbers[i].begin());
  }
  return numbers;
}

std::vector<EpochReport> history_of(std::span<const double> numbers) {
  std::vector<EpochReport> history(numbers.size() / history_columns);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const std::span<const double> row = numbers.subspan(i * history_columns, history_columns);
    history[i] = {
        .epoch = i + 1, .train = {.loss = row[0], .metric = row[1]}, .learning_rate = row[4], .best = row[5] != 0};
    if (!std::isnan(row[2])) history[i].validation = {.loss = row[2], .metric = row[3]};
  }
  return history;
}

std::size_t read_count(const Safetensors& file, const std::string& name) {
  const auto found = file.metadata().find(name);
  if (found == file.metadata().end()) throw Error(file.source(), name + " is missing");
  std::size_t count = 0;
  try {
    read_setting(name, found->second, count);
  } catch (const UsageError& error) {  // nobody's wish here, but damage
    throw Error(file.source(), error.what());
  }
  return count;
}

template <class T> TrainerState<T> read_state(const Safetensors& file, std::size_t k) {
  TrainerState<T> state;
  visit_vectors(state,
                [&](const char* name, Vector<T>& values) { values = tensor_values<T>(file, place_of(k, name)); });
  visit_counts(state, [&](const char* name, std::size_t& count) { count = read_count(file, place_of(k, name)); });
  if (const auto remark = file.metadata().find(place_of(k, "remark")); remark != file.metadata().end())
    state.remark = remark->second;
  state.solver = tensor_values<double>(file, place_of(k, "solver"));
  constexpr std::size_t most_steps = 1'000'000'000'000;
  if (state.steps > most_steps) throw Error(file.source(), "more steps than anybody can have made");
  const Vector<double> numbers = tensor_values<double>(file, place_of(k, "numbers"));
  std::size_t next = 0;
  visit_numbers(state, [&](double& number) {
    if (next == numbers.size()) throw Error(file.source(), "tensor 'numbers' is too short");
    number = numbers[next++];
  });
  const Vector<double> history = tensor_values<double>(file, place_of(k, "history"));
  if (history.size() % history_columns != 0 || history.size() / history_columns != state.epoch)
    throw Error(file.source(), "the history is not of as many epochs as the run");
  state.history = history_of(history);
  if (state.best_epoch > state.epoch || state.better_epoch > state.epoch)
    throw Error(file.source(), "the best epoch lies behind the last one");
  if (state.best_epoch > 0 && (state.best_parameters.size() != state.parameters.size() ||
                               state.best_statistics.size() != state.statistics.size()))
    throw Error(file.source(), "the best parameters are of another size than the last ones");
  // without an epoch that went well it is a start that led nowhere, of several
  if (state.best_epoch > 0)
    for (const char* name : {"parameters", "statistics", "best_parameters", "best_statistics"})
      finite_tensor_values<T>(file, place_of(k, name));
  return state;
}

template <class T> TrainerStates<T> read_states(const Safetensors& file) {
  const std::size_t count = read_count(file, "networks");
  if (count == 0 || count > file.tensors().size()) throw Error(file.source(), "no such number of networks");
  TrainerStates<T> states;
  for (std::size_t k = 0; k < count; ++k) states.push_back(read_state<T>(file, k));
  return states;
}

}  // namespace

template <class T>
std::string format_checkpoint(const TrainerStates<T>& states, const std::map<std::string, std::string>& notes) {
  Tensors tensors;
  Metadata metadata{{"format", checkpoint_format}, {"networks", std::to_string(states.size())}};
  std::vector<std::vector<double>> numbers(states.size());  // the tensors look at them
  std::vector<Matrix<double>> histories(states.size());
  for (std::size_t k = 0; k < states.size(); ++k) {
    visit_vectors(states[k], [&](const char* name, const Vector<T>& values) {
      tensors[place_of(k, name)] = tensor_of<T>({values.size()}, std::span<const T>(values));
    });
    visit_numbers(states[k], [&](double number) { numbers[k].push_back(number); });
    tensors[place_of(k, "numbers")] = tensor_of<double>({numbers[k].size()}, std::span<const double>(numbers[k]));
    tensors[place_of(k, "solver")] =
        tensor_of<double>({states[k].solver.size()}, std::span<const double>(states[k].solver));
    histories[k] = history_numbers(states[k].history);
    tensors[place_of(k, "history")] =
        tensor_of<double>({histories[k].rows(), history_columns}, std::span<const double>(histories[k].elements()));
    visit_counts(states[k],
                 [&](const char* name, std::size_t count) { metadata[place_of(k, name)] = std::to_string(count); });
  }
  for (std::size_t k = 0; k < states.size(); ++k)
    if (!states[k].remark.empty()) metadata[place_of(k, "remark")] = states[k].remark;
  for (const auto& [name, text] : notes) metadata[note_prefix + name] = text;
  return format_safetensors(tensors, metadata);
}

Checkpoint parse_checkpoint(std::string bytes, const std::string& source) {
  const Safetensors file = parse_safetensors(std::move(bytes), source);
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end() || format->second != checkpoint_format)
    throw Error(file.source(), "a safetensors file, but not a checkpoint of this version of neurone");
  Checkpoint checkpoint;
  if (file.tensor(place_of(0, "parameters")).type == TensorType::F32)
    checkpoint.states = read_states<float>(file);
  else
    checkpoint.states = read_states<double>(file);
  for (const auto& [name, text] : file.metadata())
    if (name.starts_with(note_prefix)) checkpoint.notes[name.substr(std::string_view(note_prefix).size())] = text;
  return checkpoint;
}

template <class T>
void save_checkpoint(const std::string& path, const TrainerStates<T>& states,
                     const std::map<std::string, std::string>& notes) {
  write_file(path, format_checkpoint(states, notes));
}

Checkpoint load_checkpoint(const std::string& path) {
  return parse_checkpoint(read_file(path), path);
}

#define NEURONE_INSTANTIATE(T)                                                                                   \
  template std::string format_checkpoint<T>(const TrainerStates<T>&, const std::map<std::string, std::string>&); \
  template void save_checkpoint<T>(const std::string&, const TrainerStates<T>&,                                  \
                                   const std::map<std::string, std::string>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
