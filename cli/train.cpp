// neurone train DATA: from a table or a folder of images to a model file.
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/resume.h"
#include "cli/source.h"
#include "cli/train_messages.h"
#include "cli/train_options.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/core/temporary_file.h"
#include "neurone/data/cells.h"
#include "neurone/data/csv.h"
#include "neurone/data/idx.h"
#include "neurone/file/checkpoint.h"
#include "neurone/file/model_file.h"
#include "neurone/model/fitting.h"
#include "neurone/model/rivals.h"
#include "neurone/model/splits.h"
#include "neurone/report/page.h"

namespace neurone::cli {
namespace {

constexpr std::uint32_t test_part = 1;  // tells this split apart from those of a fitting, which has others

struct Sources {
  Parts parts;
  std::size_t without_target = 0;
  bool test_has_a_file = false;  // of its own
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

// Empty where no page is wanted. Beside a model that is no file (/dev/null) there is none, and what somebody else
// wrote is not replaced unless it was named.
std::string page_path(const TrainOptions& options, const std::string& model) {
  if (options.report == "none") return "";
  if (!options.report.empty()) return options.report;
  std::error_code error;
  if (std::filesystem::exists(model, error) && !std::filesystem::is_regular_file(model, error)) return "";
  const std::string page = std::filesystem::path(model).replace_extension(".html").string();
  if (std::filesystem::exists(page, error) && !read_file(page).starts_with(report::beginning))
    throw UsageError(page + ": is there already, and is no page of neurone: name another with --report, or none");
  return page;
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

// A fraction of the training rows becomes the test rows.
void hold_out_test(double fraction, const Plan& plan, Parts& parts) {
  if (fraction == 0) return;
  auto [kept, held_out] = hold_out(parts.train, fraction, plan, test_part);
  parts.train = std::move(kept);
  parts.test = std::move(held_out);
}

Sources read_table_sources(const TrainOptions& options, Plan& plan) {
  if (options.target.empty()) {
    const Table table = read_csv(options.data);
    std::string names;
    for (const std::string& name : table.names()) names += (names.empty() ? "" : ", ") + name;
    throw UsageError(options.data + ": which column is to be predicted? --target one of: " + names);
  }
  Sources sources;
  auto& [train, validation, test] = sources.parts;
  train = read_part(options.data, plan.target, sources.without_target);
  check_size(options.data, train);
  plan = with_task(std::move(plan), train);
  const Part test_of = part_of("--test", options.test.empty() ? "0.2" : options.test);
  sources.test_has_a_file = !test_of.file.empty();
  if (sources.test_has_a_file)
    test = read_part(test_of.file, plan.target, sources.without_target);
  else
    hold_out_test(test_of.fraction, plan, sources.parts);
  const Part validation_of = part_of("--validation", options.validation);
  if (!validation_of.file.empty()) validation = read_part(validation_of.file, plan.target, sources.without_target);
  return sources;
}

Sources read_image_sources(const TrainOptions& options, const Plan& plan) {
  if (!options.task.empty() || !options.category.empty() || !options.numeric.empty() || !options.ignore.empty() ||
      plan.columns.scaling || plan.bins || plan.best || plan.weight || plan.group || plan.time)
    throw UsageError(
        "--task, --category, --numeric, --ignore, --scaling, --bins, --best, --weight, --group and --time are for "
        "tables, "
        "and "
        "this is an IDX folder");
  if (!options.target.empty()) throw UsageError("--target is for tables: the labels of an IDX folder are its target");
  if (!part_of("--validation", options.validation).file.empty())
    throw UsageError("--validation: expected a fraction for an IDX folder");
  ImageFolder folder = read_idx_folder(options.data);
  Sources sources{.parts = {.train = std::move(folder.train), .validation = {}, .test = std::move(folder.test)}};
  if (!options.test.empty()) {
    const Part test = part_of("--test", options.test);
    if (!test.file.empty())
      throw UsageError("--test: the test set of an IDX folder is its t10k files; a fraction or 0 is possible");
    sources.parts.test = Images{};
    hold_out_test(test.fraction, plan, sources.parts);
  }
  return sources;
}

// --- the run -------------------------------------------------------------------------------------------------------

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

// No two of the files to write may be one.
void check_different(const Written& written, const std::string& checkpoint) {
  std::vector<std::filesystem::path> seen;
  for (const std::string& path : {written.model, written.page, checkpoint}) {
    if (path.empty()) continue;
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    if (std::ranges::find(seen, canonical) != seen.end())
      throw UsageError(path + ": is to be written twice: --output, --report and --checkpoint are different files");
    seen.push_back(canonical);
  }
}

std::string page_of(const Run& run, const Sources& sources, const TrainedModel& made, const std::string& model) {
  const auto name_of = [](const std::string& path) { return std::filesystem::path(path).filename().string(); };
  report::Subject subject{.made = made,
                          .known = sources.parts.train,
                          .test = sources.parts.test,
                          .data = run.options.data == "-" ? "standard input" : name_of(run.options.data),
                          .model = name_of(model),
                          .command = {"neurone", "train"},
                          .version = NEURONE_VERSION,
                          .threads = threads_of(run.options.machine)};
  subject.command.insert(subject.command.end(), run.arguments.begin(), run.arguments.end());
  return report::page(subject);
}

template <class T> int train(const Run& run, const Plan& plan, const Sources& sources) {
  const TrainOptions& options = run.options;
  Fitting<T> fitting(sources.parts, plan, states_of<T>(run));
  for (const std::string& notice : fitting.preparations().notices) fmt::print(stderr, "{}\n", notice);
  if (sources.without_target > 0)
    fmt::print(stderr, "{} rows without a target are left out\n", sources.without_target);
  // before the work, not after it: a model that cannot be written
  const std::string path = options.output.empty() ? default_output(options.data) : options.output;
  const Written written{.model = path, .page = page_path(options, path)};
  const bool checkpoints = !options.checkpoint.empty();
  for (const std::string& each : {written.model, written.page, options.checkpoint})
    if (!each.empty()) check_output(each, options);
  check_different(written, options.checkpoint);
  for (const std::string& each : {written.model, written.page, options.checkpoint})
    if (!each.empty()) remove_leftovers(each);

  const std::string mark = checkpoints || run.checkpoint ? fitting.fingerprint() : "";
  resume(run, mark, fitting);
  print_start(fitting, sources.without_target, options.json);
  if (options.certify) print_certificate(fitting.certify(), options.json);

  Progress progress(progress_form(options.quiet, options.json), fitting.metric(), fitting.networks(),
                    fitting.preparations().training.epochs, fitting.epochs_done());
  if (!std::ranges::all_of(run.arguments, [](const std::string& each) { return is_utf8(each); }) && checkpoints)
    throw UsageError("--checkpoint keeps the command line, which has to be UTF-8");
  const auto notes = checkpoints ? notes_of(run, sources.parts, mark) : std::map<std::string, std::string>{};
  watch_for_interrupts();
  const bool finished =
      fitting.run({.epoch =
                       [&](std::size_t network, const EpochReport& report) {
                         progress.epoch(network, report);
                         if (checkpoints) save_checkpoint<T>(options.checkpoint, fitting.states(), notes);
                         return !interrupted();
                       },
                   .step = [&](std::size_t step, std::size_t steps) { progress.step(step, steps); }});
  progress.finish();

  TrainedModel made = fitting.result();
  if (finished)
    made = best_of_rivals<T>(std::move(made), sources.parts, plan,
                             {.epoch = [](std::size_t, const EpochReport&) { return !interrupted(); }});
  for (const std::string& remark : made.remarks) fmt::print(stderr, "{}\n", remark);
  if (made.test && sources.test_has_a_file) report(made.model, made.test->surprises);
  save_model(made.model, path);
  if (!written.page.empty()) write_file(written.page, page_of(run, sources, made, path));
  print_done({.made = made,
              .networks = fitting.networks(),
              .restarts = plan.restarts > 1,
              .written = written,
              .seconds = progress.seconds(),
              .was_interrupted = !finished},
             options.json);
  return finished ? 0 : exit_interrupted;
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
  plan.threads = threads_of(run.options.machine);
  const bool images = is_folder(run.options.data);
  const Sources sources = images ? read_image_sources(run.options, plan) : read_table_sources(run.options, plan);
  check_same_rows(run, sources.parts, in_double(run.options, plan));
  return in_double(run.options, plan) ? train<double>(run, plan, sources) : train<float>(run, plan, sources);
}

}  // namespace

Action add_train(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* verb = app.add_subcommand("train", "Train a network on a table or on images and write it to a file");
  add_train_options(*verb, *options);
  return [verb, options] { return run_train(*verb, *options); };
}

}  // namespace neurone::cli
