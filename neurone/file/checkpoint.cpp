// The state of a trainer as tensors and metadata, and back.
#include "neurone/file/checkpoint.h"

#include <array>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"

namespace neurone {
namespace {

constexpr const char* checkpoint_format = "neurone checkpoint 1";
constexpr const char* note_prefix = "note:";  // in front of the caller's notes, apart from our own metadata

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
  visit("plateau_epochs", state.plateau.epochs_since);
}
template <class State, class Visit>
void visit_numbers(State& state, Visit visit) {  // as a tensor: NaN and infinity survive, every bit is kept
  visit(state.best.loss);
  visit(state.best.metric);
  visit(state.plateau.lowest_loss);
  visit(state.plateau.factor);
}

template <class T> TrainerState<T> read_state(const Safetensors& file) {
  TrainerState<T> state;
  visit_vectors(state, [&](const char* name, Vector<T>& values) { values = tensor_values<T>(file, name); });
  visit_counts(state, [&](const char* name, std::size_t& count) {
    const auto found = file.metadata().find(name);
    if (found == file.metadata().end()) throw Error(file.source(), std::string(name) + " is missing");
    try {
      read_setting(name, found->second, count);
    } catch (const UsageError& error) {  // nobody's wish here, but damage
      throw Error(file.source(), error.what());
    }
  });
  constexpr std::size_t most_steps = 1'000'000'000'000;
  if (state.steps > most_steps) throw Error(file.source(), "more steps than anybody can have made");
  const Vector<double> numbers = tensor_values<double>(file, "numbers");
  std::size_t next = 0;
  visit_numbers(state, [&](double& number) {
    if (next == numbers.size()) throw Error(file.source(), "tensor 'numbers' is too short");
    number = numbers[next++];
  });
  if (state.best_epoch > state.epoch || state.better_epoch > state.epoch)
    throw Error(file.source(), "the best epoch lies behind the last one");
  if (state.best_epoch > 0 && (state.best_parameters.size() != state.parameters.size() ||
                               state.best_statistics.size() != state.statistics.size()))
    throw Error(file.source(), "the best parameters are of another size than the last ones");
  return state;
}

}  // namespace

template <class T>
std::string format_checkpoint(const TrainerState<T>& state, const std::map<std::string, std::string>& notes) {
  Tensors tensors;
  visit_vectors(state, [&](const char* name, const Vector<T>& values) {
    tensors[name] = tensor_of<T>({values.size()}, std::span<const T>(values));
  });
  std::vector<double> numbers;
  visit_numbers(state, [&](double number) { numbers.push_back(number); });
  tensors["numbers"] = tensor_of<double>({numbers.size()}, std::span<const double>(numbers));
  Metadata metadata{{"format", checkpoint_format}};
  visit_counts(state, [&](const char* name, std::size_t count) { metadata[name] = std::to_string(count); });
  for (const auto& [name, text] : notes) metadata[note_prefix + name] = text;
  return format_safetensors(tensors, metadata);
}

Checkpoint parse_checkpoint(std::string bytes, const std::string& source) {
  const Safetensors file = parse_safetensors(std::move(bytes), source);
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end() || format->second != checkpoint_format)
    throw Error(file.source(), "a safetensors file, but not a checkpoint of this version of neurone");
  Checkpoint checkpoint;
  if (file.tensor("parameters").type == TensorType::F32)
    checkpoint.state = read_state<float>(file);
  else
    checkpoint.state = read_state<double>(file);
  for (const auto& [name, text] : file.metadata())
    if (name.starts_with(note_prefix)) checkpoint.notes[name.substr(std::string_view(note_prefix).size())] = text;
  return checkpoint;
}

template <class T>
void save_checkpoint(const std::string& path, const TrainerState<T>& state,
                     const std::map<std::string, std::string>& notes) {
  write_file(path, format_checkpoint(state, notes));
}

Checkpoint load_checkpoint(const std::string& path) {
  return parse_checkpoint(read_file(path), path);
}

#define NEURONE_INSTANTIATE(T)                                                                                  \
  template std::string format_checkpoint<T>(const TrainerState<T>&, const std::map<std::string, std::string>&); \
  template void save_checkpoint<T>(const std::string&, const TrainerState<T>&,                                  \
                                   const std::map<std::string, std::string>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
