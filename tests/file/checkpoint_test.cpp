// A training run on disk: every bit of its state is read again, and a file that is none is refused.
#include "neurone/file/checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Every other epoch without validation.
std::vector<EpochReport> odd_history(std::size_t epochs) {
  std::vector<EpochReport> history;
  for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
    history.push_back(
        {.epoch = epoch, .train = {.loss = 1.0 / 3, .metric = 0.1}, .learning_rate = 0.7, .best = true});
    if (epoch % 2 == 0) history.back().validation = {.loss = 0.3, .metric = 1.0 / 7};
  }
  return history;
}

template <class T> TrainerState<T> odd_state() {
  return {.epoch = 9,
          .best_epoch = 7,
          .better_epoch = 4,
          .best = {.loss = 0.1, .metric = 1.0 / 3},
          .plateau = {.lowest_loss = std::nextafter(1.0, 2.0), .epochs_since = 3, .factor = 0.7 * 0.7},
          .steps = 123,
          .history = odd_history(9),
          .parameters = {T(0.1), T(-0.0), std::numeric_limits<T>::denorm_min()},
          .statistics = {T(1) / T(3)},
          .best_parameters = {T(1), T(2), std::numeric_limits<T>::max()},
          .best_statistics = {T(4)},
          .running = {T(5), T(6), T(7), T(8), T(9), std::numeric_limits<T>::infinity()}};  // of a gradient's square
}

using Notes = std::map<std::string, std::string>;

// Writes the state to a file and reads it.
template <class T> Checkpoint written_and_read(const TrainerStates<T>& states, const Notes& notes = {}) {
  const TemporaryFolder folder;
  save_checkpoint(folder.path("run"), states, notes);
  return load_checkpoint(folder.path("run"));
}

template <class T> TrainerState<T> only(const Checkpoint& checkpoint) {
  const auto& states = std::get<TrainerStates<T>>(checkpoint.states);
  EXPECT_EQ(states.size(), 1U);
  return states.front();
}

template <class T> class CheckpointFile : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(CheckpointFile, Precisions);

TYPED_TEST(CheckpointFile, keeps_every_bit_of_the_state) {
  using T = TypeParam;
  const TrainerState<T> before = odd_state<T>();
  const TrainerState<T> after = only<T>(written_and_read<T>({before}));
  EXPECT_EQ(after.epoch, 9U);
  EXPECT_EQ(after.best_epoch, 7U);
  EXPECT_EQ(after.better_epoch, 4U);
  EXPECT_EQ(after.best.loss, 0.1);
  EXPECT_EQ(after.best.metric, 1.0 / 3);
  EXPECT_EQ(after.plateau.lowest_loss, std::nextafter(1.0, 2.0));
  EXPECT_EQ(after.plateau.epochs_since, 3U);
  EXPECT_EQ(after.plateau.factor, 0.7 * 0.7);
  EXPECT_EQ(after.steps, 123U);
  ASSERT_EQ(after.history.size(), 9U);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(after.history[i].epoch, i + 1);
    EXPECT_EQ(after.history[i].train.loss, 1.0 / 3);
    EXPECT_EQ(after.history[i].train.metric, 0.1);
    EXPECT_EQ(after.history[i].learning_rate, 0.7);
    EXPECT_TRUE(after.history[i].best);
    ASSERT_EQ(after.history[i].validation.has_value(), i % 2 == 1);
    if (i % 2 == 1) {
      EXPECT_EQ(after.history[i].validation->loss, 0.3);
      EXPECT_EQ(after.history[i].validation->metric, 1.0 / 7);
    }
  }
  EXPECT_EQ(after.parameters, before.parameters);
  EXPECT_TRUE(std::signbit(after.parameters[1]));
  EXPECT_EQ(after.statistics, before.statistics);
  EXPECT_EQ(after.best_parameters, before.best_parameters);
  EXPECT_EQ(after.best_statistics, before.best_statistics);
  EXPECT_EQ(after.running, before.running);
}

TYPED_TEST(CheckpointFile, keeps_a_run_that_has_not_begun) {
  using T = TypeParam;
  TrainerState<T> before;
  before.parameters = {T(1)};
  const TrainerState<T> after = only<T>(written_and_read<T>({before}));
  EXPECT_EQ(after.epoch, 0U);
  EXPECT_TRUE(std::isnan(after.best.loss));
  EXPECT_TRUE(std::isnan(after.best.metric));
  EXPECT_EQ(after.plateau.lowest_loss, infinity);
  EXPECT_TRUE(after.running.empty());
}

TYPED_TEST(CheckpointFile, lets_a_run_go_on_bit_for_bit) {
  using T = TypeParam;
  const Dataset<T> train = parabola<T>(40, 1), validation = parabola<T>(20, 2);
  const auto trainer_of = [&](Network<T>& network) {
    return Trainer<T>(network, Loss{losses::BinaryCrossEntropy{}}, accuracy_metric,
                      {.epochs = 6, .batch = 16, .optimizer = update_rules::NAdam{}}, train, validation);
  };
  Network<T> whole(classifier_with_all_layers()), resumed(classifier_with_all_layers());
  whole.initialise(1);
  Trainer<T> first = trainer_of(whole), second = trainer_of(resumed);
  for (int epoch = 0; epoch < 3; ++epoch) first.run_epoch();
  second.restore(only<T>(written_and_read<T>({first.state()})));
  first.fit();
  second.fit();
  EXPECT_EQ(parameters_of(whole), parameters_of(resumed));
  EXPECT_EQ(first.state().best.loss, second.state().best.loss);
}

TYPED_TEST(CheckpointFile, keeps_the_states_of_several_networks_in_their_order) {
  using T = TypeParam;
  TrainerState<T> second = odd_state<T>();
  second.epoch = 8;
  second.history.pop_back();
  second.parameters = {T(7), T(8), T(9)};
  const Checkpoint read = written_and_read<T>({odd_state<T>(), second});
  const auto& states = std::get<TrainerStates<T>>(read.states);
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].epoch, 9U);
  EXPECT_EQ(states[1].epoch, 8U);
  EXPECT_EQ(states[0].parameters, odd_state<T>().parameters);
  EXPECT_EQ(states[1].parameters, second.parameters);
}

TEST(Checkpoint, keeps_the_notes_apart_from_its_own) {
  const Notes notes{
      {"epoch", "mine"}, {"format", "mine too"}, {"", "nameless"}, {"arguments", "[\"--seed\", \"π\"]"}};
  const Checkpoint after = written_and_read<float>({odd_state<float>()}, notes);
  EXPECT_EQ(after.notes, notes);
  EXPECT_EQ(only<float>(after).epoch, 9U);
}

// --- what is no checkpoint -----------------------------------------------------------------------------------------

// The file of a state, changed, and what is said of it. `{}` takes a text out of the metadata.
std::string message_with(const Notes& metadata, const Tensors& tensors = {},
                         const std::vector<std::string>& without = {}) {
  const TemporaryFolder folder;
  save_checkpoint<float>(folder.path("run"), {odd_state<float>()}, {});
  const Safetensors file = read_safetensors(folder.path("run"));
  Metadata all = file.metadata();
  Tensors parts = file.tensors();
  for (const auto& [name, text] : metadata) all[name] = text;
  for (const auto& [name, tensor] : tensors) parts[name] = tensor;
  for (const std::string& name : without) {
    all.erase(name);
    parts.erase(name);
  }
  const std::string path = folder.write("run", format_safetensors(parts, all));
  std::string message = message_of<Error>([&] { load_checkpoint(path); });
  if (message.starts_with(path)) message.replace(0, path.size(), "run");
  return message;
}

TEST(Checkpoint, a_file_that_is_none_is_refused) {
  for (const std::string& message : {message_with({{"format", "neurone model"}}), message_with({}, {}, {"format"})})
    EXPECT_EQ(message, "run: a safetensors file, but not a checkpoint of this version of neurone");
}

TEST(Checkpoint, every_part_that_is_missing_is_told) {
  for (const std::string name : {"epoch", "best_epoch", "better_epoch", "steps", "plateau_epochs"})
    EXPECT_EQ(message_with({}, {}, {"0/" + name}), "run: 0/" + name + " is missing");
  for (const std::string name :
       {"parameters", "statistics", "best_parameters", "best_statistics", "running", "numbers"})
    EXPECT_EQ(message_with({}, {}, {"0/" + name}), "run: tensor '0/" + name + "' is missing");
  EXPECT_EQ(message_with({}, {}, {"networks"}), "run: networks is missing");
}

TEST(Checkpoint, a_number_of_networks_that_cannot_be_is_refused) {
  for (const std::string count : {"0", "1000000000000"})
    EXPECT_EQ(message_with({{"networks", count}}), "run: no such number of networks");
  EXPECT_EQ(message_with({{"networks", "2"}}), "run: tensor '1/parameters' is missing");
}

TEST(Checkpoint, a_count_that_is_none_is_told) {
  EXPECT_EQ(message_with({{"0/steps", "-1"}}), "run: 0/steps: expected a whole number of 0 or above, found '-1'");
}

TEST(Checkpoint, epochs_are_in_order) {
  EXPECT_EQ(message_with({{"0/best_epoch", "10"}}), "run: the best epoch lies behind the last one");
  EXPECT_EQ(message_with({{"0/better_epoch", "10"}}), "run: the best epoch lies behind the last one");
  EXPECT_EQ(message_with({{"0/epoch", "12"}}), "run: the history is not of as many epochs as the run");
}

TEST(Checkpoint, parts_fit_each_other) {
  const std::vector<float> four(4);
  const std::vector<double> one(1);
  EXPECT_EQ(message_with({}, {{"0/best_parameters", tensor_of<float>({4}, four)}}),
            "run: the best parameters are of another size than the last ones");
  EXPECT_EQ(message_with({}, {{"0/best_statistics", tensor_of<float>({4}, four)}}),
            "run: the best parameters are of another size than the last ones");
  EXPECT_EQ(message_with({}, {{"0/numbers", tensor_of<double>({1}, one)}}), "run: tensor 'numbers' is too short");
  EXPECT_EQ(message_with({}, {{"0/running", tensor_of<double>({1}, one)}}),
            "run: tensor '0/running' is F64, expected F32");
}

TEST(Checkpoint, a_weight_that_is_not_finite_is_refused_by_name) {
  const std::vector<float> three{1, 2, std::numeric_limits<float>::infinity()}, one{-std::nanf("")};
  for (const std::string name : {"parameters", "best_parameters"})
    EXPECT_EQ(message_with({}, {{"0/" + name, tensor_of<float>({3}, three)}}),
              "run: tensor '0/" + name + "' holds a value that is not finite (inf at place 3)");
  for (const std::string name : {"statistics", "best_statistics"})
    EXPECT_EQ(message_with({}, {{"0/" + name, tensor_of<float>({1}, one)}}),
              "run: tensor '0/" + name + "' holds a value that is not finite (nan at place 1)");
}

// Of several starts one may lead nowhere in its first epoch: the run goes on with the others.
TEST(Checkpoint, a_start_that_led_nowhere_is_kept) {
  TrainerState<float> lost;
  lost.parameters = {std::nanf("")};
  EXPECT_TRUE(std::isnan(only<float>(written_and_read<float>({lost})).parameters.front()));
}

TEST(Checkpoint, a_file_that_is_cut_short_is_refused) {
  const TemporaryFolder folder;
  save_checkpoint<double>(folder.path("run"), {odd_state<double>()}, {});
  const std::string bytes = read_file(folder.path("run"));
  for (std::size_t size = 0; size < bytes.size(); size += 11)
    EXPECT_THROW(load_checkpoint(folder.write("cut", bytes.substr(0, size))), Error) << size;
}

}  // namespace
}  // namespace neurone
