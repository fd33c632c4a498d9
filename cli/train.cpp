// neurone train DATA: from a table or a folder of images to a model file.
#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/figures.h"
#include "cli/interrupt.h"
#include "cli/network_text.h"
#include "cli/progress.h"
#include "cli/source.h"
#include "cli/train_options.h"
#include "cli/verbs.h"
#include "neurone/data/cells.h"
#include "neurone/data/csv.h"
#include "neurone/data/idx.h"
#include "neurone/file/checkpoint.h"
#include "neurone/file/model_file.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

// A name that tells two splits with one seed apart.
enum SplitPart : std::uint32_t { test_part = 1, validation_part = 2 };

struct Sources {
  Source train, validation, test;
  std::size_t without_target = 0;
};

// --- the rows ------------------------------------------------------------------------------------------------------

std::string default_output(const std::string& data) {
  if (data == "-") return "model.safetensors";
  std::filesystem::path path = std::filesystem::path(data).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  path = path.filename();
  if (path.extension() == ".gz") path.replace_extension();
  return path.replace_extension(".safetensors").string();
}

// A table without the rows that have no target; a folder's training or test images.
Source read_part(const std::string& path, const std::string& target, std::size_t& without_target) {
  std::size_t left_out = 0;
  Table table = with_target(read_csv(path), target, left_out);
  without_target += left_out;
  return table;
}

void check_size(const std::string& data, const Source& source) {
  constexpr std::size_t least = 5;
  if (rows(source) < least)
    throw Error(data, fmt::format("{} row{} with a target, expected at least {} to train and test on", rows(source),
                                  rows(source) == 1 ? "" : "s", least));
}

Sources read_table_sources(const TrainOptions& options, Plan& plan) {
  if (options.target.empty()) {
    const Table table = read_csv(options.data);
    std::string names;
    for (const std::string& name : table.names()) names += (names.empty() ? "" : ", ") + name;
    throw UsageError(options.data + ": which column is to be predicted? --target one of: " + names);
  }
  Sources sources;
  sources.train = read_part(options.data, plan.target, sources.without_target);
  check_size(options.data, sources.train);
  plan = with_task(std::move(plan), sources.train);
  const Part test = part_of("--test", options.test.empty() ? "0.2" : options.test);
  const Part validation = part_of("--validation", options.validation);
  if (!test.file.empty()) {
    sources.test = read_part(test.file, plan.target, sources.without_target);
  } else if (test.fraction > 0) {
    auto [kept, held_out] = hold_out(sources.train, test.fraction, plan, test_part);
    sources.train = std::move(kept);
    sources.test = std::move(held_out);
  }
  if (!validation.file.empty()) {
    sources.validation = read_part(validation.file, plan.target, sources.without_target);
  } else if (validation.fraction > 0) {
    auto [kept, held_out] = hold_out(sources.train, validation.fraction, plan, validation_part);
    sources.train = std::move(kept);
    sources.validation = std::move(held_out);
  }
  return sources;
}

Sources read_image_sources(const TrainOptions& options, const Plan& plan) {
  if (!options.task.empty() || !options.category.empty() || !options.ignore.empty() ||
      plan.columns.scaling != Scaling::standard)
    throw UsageError("--task, --category, --ignore and --scaling are for tables, and this is an IDX folder");
  if (!options.target.empty()) throw UsageError("--target is for tables: the labels of an IDX folder are its target");
  ImageFolder folder = read_idx_folder(options.data);
  Sources sources;
  sources.train = std::move(folder.train);
  sources.test = std::move(folder.test);
  if (!options.test.empty()) {
    const Part test = part_of("--test", options.test);
    if (!test.file.empty())
      throw UsageError("--test: the test set of an IDX folder is its t10k files; a fraction or 0 is possible");
    sources.test = Images{};
    if (test.fraction > 0) {
      auto [kept, held_out] = hold_out(sources.train, test.fraction, plan, test_part);
      sources.train = std::move(kept);
      sources.test = std::move(held_out);
    }
  }
  const Part validation = part_of("--validation", options.validation);
  if (!validation.file.empty()) throw UsageError("--validation: expected a fraction for an IDX folder");
  if (validation.fraction > 0) {
    auto [kept, held_out] = hold_out(sources.train, validation.fraction, plan, validation_part);
    sources.train = std::move(kept);
    sources.validation = std::move(held_out);
  }
  return sources;
}

// --- the run -------------------------------------------------------------------------------------------------------

// A run's line in the checkpoint: what it was started with and which numbers it saw.
struct Run {
  TrainOptions options;
  std::vector<std::string> arguments;    // as the first command line gave them
  std::optional<Checkpoint> checkpoint;  // where to go on
};

void print_event(const Json& event) {  // a path may be no UTF-8
  fmt::print("{}\n", event.dump(-1, ' ', false, Json::error_handler_t::replace));
}

template <class T>
void print_start(const Preparations<T>& ready, const Network<T>& network, const Sources& sources, bool json) {
  const auto* classes = std::get_if<ClassTarget>(&ready.target);
  if (json) {
    Json event{{"event", "start"},
               {"columns", columns_json(ready.preparation)},
               {"task", task_name(task_of(ready.target))},
               {"target", target_name(ready.target)}};
    if (classes != nullptr) event["classes"] = classes->classes;
    event["rows"] = {{"train", ready.train.rows()},
                     {"validation", ready.validation.rows()},
                     {"test", rows(sources.test)},
                     {"without_target", sources.without_target}};
    event["layers"] = layers_json(network);
    event["parameters"] = network.parameters().size();
    event["loss"] = ready.loss.text();
    event["epochs"] = ready.training.epochs;
    event["batch"] = ready.training.batch;
    print_event(event);
    std::fflush(stdout);
    return;
  }
  fmt::print("{} rows to train, {} to validate, {} to test\n", ready.train.rows(), ready.validation.rows(),
             rows(sources.test));
  fmt::print("target {}: {}\n", target_name(ready.target),
             classes == nullptr ? "a number" : fmt::format("{} classes", classes->classes.size()));
  std::string text = std::to_string(network.inputs());
  for (const LayerLine& line : layer_lines(network)) text += " → " + line.text;
  fmt::print("network {}: {} parameters\n", text, network.parameters().size());
  std::fflush(stdout);
}

void print_done(const Model& model, const std::string& path, double seconds, bool json, bool was_interrupted) {
  const TrainingRecord& record = model.record;
  if (json) {
    Json event{{"event", "done"}, {"best_epoch", record.best_epoch}, {"epochs", record.epochs}};
    if (!record.validation.empty()) event["validation"] = values_json(record.validation);
    if (!record.test.empty()) {
      event["test"] = values_json(record.test);
      event["test_intervals"] = intervals_json(record.test);
    }
    event["interrupted"] = was_interrupted;
    event["model"] = path;
    event["seconds"] = seconds;
    print_event(event);
    return;
  }
  if (was_interrupted) fmt::print("interrupted after epoch {}: the best so far is kept\n", record.epochs);
  fmt::print("best epoch {} of {}", record.best_epoch, record.epochs);
  for (const Figure& each : record.validation)
    if (each.name != "loss") fmt::print(", validation {} {:.4g}", each.name, each.value);
  fmt::print(", {:.1f} s\n", seconds);
  if (!record.test.empty()) print_figures(record.test, "test rows", record.test_rows);
  fmt::print("model {}\n", path);
}

// FNV-1a, 64 bits.
class Fingerprint {
 public:
  template <class T> void add(std::span<const T> values) {
    for (const std::byte b : std::as_bytes(values)) hash_ = (hash_ ^ static_cast<std::uint64_t>(b)) * 0x100000001b3;
  }
  void add(const std::string& text) { add(std::span<const char>(text.data(), text.size() + 1)); }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

// A number for the data, the network and the settings of a run: two runs with the same one go on alike.
template <class T>
std::string fingerprint(const Preparations<T>& ready, const Sources& sources, const TrainingRecord& record) {
  Fingerprint print;
  for (const Dataset<T>* data : {&ready.train, &ready.validation}) {
    print.add(data->X.elements());
    print.add(data->targets.elements());
  }
  Matrix<T> test(rows(sources.test), ready.network.inputs);
  if (!test.empty()) encode<T>(ready.preparation, sources.test, test);
  print.add(std::as_const(test).elements());
  for (const LayerSpec& layer : ready.network.layers) print.add(choice_text(layer));
  print.add(ready.loss.text());
  for (const auto& [name, value] : record.settings) print.add(name + "=" + value);
  return print.text();
}

// Before the work, not after it: can this file be written, and is it none of those that are read?
void check_output(const std::string& path, const TrainOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (const std::string& input : {options.data, options.test, options.validation})
    if (fs::equivalent(path, input, error))
      throw UsageError(path + ": is one of the files to read, and would be overwritten");
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  const fs::path tested = fs::exists(path, error) ? fs::path(path) : folder;
  if (fs::is_directory(path, error)) throw Error(path, "cannot be written: it is a folder");
  if (access(tested.c_str(), W_OK) != 0) throw Error(path, std::string("cannot be written: ") + std::strerror(errno));
}

// Puts the trainer where the checkpoint, if there is one, left it, once it is certain that it belongs to these data.
template <class T>
void resume(const Run& run, const std::string& data_fingerprint, const Network<T>& network, Trainer<T>& trainer) {
  if (!run.checkpoint) return;
  const auto* state = std::get_if<TrainerState<T>>(&run.checkpoint->state);
  const auto note = run.checkpoint->notes.find("data");
  if (state == nullptr || note == run.checkpoint->notes.end() ||
      state->parameters.size() != network.parameters().size() ||
      state->statistics.size() != network.statistics().size() ||
      state->running.size() != trainer.state().running.size())
    throw Error(run.options.resume, "the checkpoint does not belong to this network");
  if (note->second != data_fingerprint)
    throw Error(run.options.data, "not the data and settings that the run in " + run.options.resume + " began with");
  trainer.restore(*state);
}

template <class T> int train(const Run& run, const Plan& plan, const Sources& sources) {
  const TrainOptions& options = run.options;
  const Preparations<T> ready = prepare<T>(sources.train, sources.validation, plan);
  for (const std::string& notice : ready.notices) fmt::print(stderr, "{}\n", notice);
  if (sources.without_target > 0)
    fmt::print(stderr, "{} rows without a target are left out\n", sources.without_target);
  // before the work, not after it: test rows that cannot be used, a model that cannot be written
  Network<T> network(ready.network);
  network.initialise(ready.training.seed);
  const Metric metric = metric_of(ready.target, ready.loss);
  Trainer<T> trainer(network, ready.loss, metric, ready.training, ready.train, ready.validation);
  const Model untrained = make_model<T>(ready, network, trainer.state(), plan);
  if (rows(sources.test) > 0) evaluate(untrained, sources.test, 1, Intervals::none);
  const std::string path = options.output.empty() ? default_output(options.data) : options.output;
  const bool checkpoints = !options.checkpoint.empty();
  check_output(path, options);
  if (checkpoints) check_output(options.checkpoint, options);

  const std::string mark = checkpoints || run.checkpoint ? fingerprint(ready, sources, untrained.record) : "";
  resume(run, mark, network, trainer);
  print_start(ready, network, sources, options.json);

  Progress progress(progress_form(options.quiet, options.json), metric, ready.training.epochs, trainer.state().epoch);
  if (!std::ranges::all_of(run.arguments, [](const std::string& each) { return is_utf8(each); }) && checkpoints)
    throw UsageError("--checkpoint keeps the command line, which has to be UTF-8");
  const std::map<std::string, std::string> notes{{"arguments", checkpoints ? Json(run.arguments).dump() : ""},
                                                 {"data", mark}};
  watch_for_interrupts();
  trainer.fit({.epoch =
                   [&](const EpochReport& report) {
                     progress.epoch(report);
                     if (checkpoints) save_checkpoint<T>(options.checkpoint, trainer.state(), notes);
                     return !interrupted();
                   },
               .step = [&](std::size_t step, std::size_t steps) { progress.step(step, steps); }});
  progress.finish();

  const bool stopped = interrupted() && !trainer.finished();
  Model model = make_model<T>(ready, std::move(network), trainer.state(), plan);
  if (rows(sources.test) > 0) {
    const Evaluation evaluation = evaluate(model, sources.test, ready.training.threads);
    report(evaluation.surprises);
    model.record.test_rows = rows(sources.test);
    model.record.test = evaluation.figures;
  }
  save_model(model, path);
  print_done(model, path, progress.seconds(), options.json, stopped);
  return stopped ? exit_interrupted : 0;
}

// The options of the first run, with where to write from this one. Others cannot be given: the run would be another.
Run resumed(const CLI::App& verb, const TrainOptions& now) {
  for (const CLI::Option* option : verb.get_options({})) {
    const std::string name = option->get_name();
    const bool about_files = name == "--resume" || name == "--output" || name == "--checkpoint" || name == "--json" ||
                             name == "--quiet" || name == "DATA" || about_machine(name);
    if (option->count() > 0 && !about_files)
      throw UsageError(name + " cannot be given with --resume: the run goes on with the options it began with");
  }
  Run run{.options = {}, .arguments = {}, .checkpoint = load_checkpoint(now.resume)};
  const auto note = run.checkpoint->notes.find("arguments");
  const Json arguments = note == run.checkpoint->notes.end() ? Json() : Json::parse(note->second, nullptr, false);
  if (!arguments.is_array() || !std::ranges::all_of(arguments, [](const Json& each) { return each.is_string(); }))
    throw Error(now.resume, "the checkpoint does not say how the run began");
  run.arguments = arguments.get<std::vector<std::string>>();
  run.options = parse_train_options(run.arguments);
  if (!now.data.empty()) run.options.data = now.data;
  if (!now.output.empty()) run.options.output = now.output;
  if (!now.checkpoint.empty()) run.options.checkpoint = now.checkpoint;
  run.options.resume = now.resume;
  run.options.json = now.json;
  run.options.machine = now.machine;
  run.options.quiet = now.quiet;
  return run;
}

// The words behind "train" that make the run what it is, as CLI11 read them.
std::vector<std::string> arguments_of(const CLI::App& verb) {
  std::vector<std::string> arguments;
  for (const CLI::Option* option : verb.get_options({})) {
    const std::string name = option->get_name();
    if (name == "--help" || about_machine(name) || option->count() == 0) continue;
    for (const std::string& value : option->results()) {
      if (name.starts_with("--")) arguments.push_back(name);
      if (option->get_items_expected_max() > 0) arguments.push_back(value);
    }
  }
  return arguments;
}

int run_train(const CLI::App& verb, const TrainOptions& options) {
  const Run run = options.resume.empty()
                      ? Run{.options = options, .arguments = arguments_of(verb), .checkpoint = std::nullopt}
                      : resumed(verb, options);
  if (run.options.data.empty()) throw UsageError("DATA is missing: a CSV file, - or a folder of IDX files");
  Plan plan = plan_of(run.options);
  plan.training.threads = threads_of(run.options.machine);
  const bool images = run.options.data != "-" && std::filesystem::is_directory(run.options.data);
  const Sources sources = images ? read_image_sources(run.options, plan) : read_table_sources(run.options, plan);
  return run.options.precision == "double" ? train<double>(run, plan, sources) : train<float>(run, plan, sources);
}

}  // namespace

Action add_train(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* verb = app.add_subcommand("train", "Train a network on a table or on images and write it to a file");
  add_train_options(*verb, *options);
  return [verb, options] { return run_train(*verb, *options); };
}

}  // namespace neurone::cli
