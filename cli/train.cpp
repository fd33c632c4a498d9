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
#include "cli/messages.h"
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

// A table without the rows that have no target.
Source read_part(const std::string& path, const TableFormat& format, const Plan& plan, std::size_t& without_target) {
  std::size_t left_out = 0;
  Table table = with_target(read_table(path, format, sought_by(plan)), plan.target, left_out);
  without_target += left_out;
  return table;
}

// The same of a file of its own for testing or validating, which is of no use without rows.
Source read_held_out(const std::string& path, const TableFormat& format, const Plan& plan,
                     std::size_t& without_target) {
  Source source = read_part(path, format, plan, without_target);
  if (rows(source) == 0) throw Error(path, "no row has a value in target column '" + plan.target + "'");
  return source;
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
    const Table table = read_csv(options.data, options.format);
    std::string names;
    for (const std::string& name : table.names()) names += (names.empty() ? "" : ", ") + name;
    throw UsageError(options.data + ": which column is to be predicted? --target one of: " + names);
  }
  Sources sources;
  auto& [train, validation, test] = sources.parts;
  const Table all = read_table(options.data, options.format, sought_by(plan));
  check_columns(all, plan);
  train = with_target(all, plan.target, sources.without_target);
  check_size(options.data, train);
  plan = with_task(std::move(plan), train);
  const Part test_of = part_of("--test", options.test.empty() ? "0.2" : options.test);
  const Part validation_of = part_of("--validation", options.validation);
  check_pieces(train, plan, {.validation = validation_of.fraction > 0, .test = test_of.fraction > 0});
  sources.test_has_a_file = !test_of.file.empty();
  if (sources.test_has_a_file)
    test = read_held_out(test_of.file, options.format, plan, sources.without_target);
  else
    hold_out_test(test_of.fraction, plan, sources.parts);
  if (!validation_of.file.empty())
    validation = read_held_out(validation_of.file, options.format, plan, sources.without_target);
  return sources;
}

Sources read_image_sources(const TrainOptions& options, const Plan& plan) {
  if (!options.task.empty() || !options.category.empty() || !options.numeric.empty() || !options.ignore.empty() ||
      plan.columns.scaling || plan.bins || options.format != TableFormat{} || plan.best || plan.weight ||
      plan.group || plan.time)
    throw UsageError(
        "--task, --category, --numeric, --ignore, --scaling, --bins, --best, --weight, --group, --time and how a "
        "table "
        "is written are for tables, and this is an IDX folder");
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

void check_writable(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  const fs::path tested = fs::exists(path, error) ? fs::path(path) : folder;
  if (fs::is_directory(path, error)) throw Error(path, "cannot be written: it is a folder");
  if (access(tested.c_str(), W_OK) != 0) throw Error(path, std::string("cannot be written: ") + std::strerror(errno));
}

// Where the model and its page go. Before the work, not after it: can they be written, and is none of them read?
Written outputs_of(const Run& run) {
  const TrainOptions& options = run.options;
  const std::string model = options.output.empty() ? default_output(options.data) : options.output;
  Files files = run.files;
  if (options.output.empty()) files.written.push_back({.option = "--output", .path = model});
  check_overwriting(files);  // a page that is there already may be a table
  const Written written{.model = model, .page = page_path(options, model)};
  if (options.report.empty() && !written.page.empty())
    files.written.push_back({.option = "--report", .path = written.page});
  check_overwriting(files);
  for (const std::string& each : {written.model, written.page, options.checkpoint}) {
    if (each.empty()) continue;
    check_writable(each);
    remove_leftovers(each);
  }
  return written;
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

template <class T> int train(const Run& run, const Plan& plan, const Sources& sources, const Written& written) {
  const TrainOptions& options = run.options;
  Fitting<T> fitting(sources.parts, plan, states_of<T>(run));
  for (const std::string& notice : fitting.preparations().notices) say(notice);
  if (sources.without_target > 0) say(fmt::format("{} rows without a target are left out", sources.without_target));
  const bool checkpoints = !options.checkpoint.empty();
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
  for (const std::string& remark : made.remarks) say(remark);
  if (made.test && sources.test_has_a_file) report(made.model, made.test->surprises);
  save_model(made.model, written.model);
  if (!written.page.empty()) write_file(written.page, page_of(run, sources, made, written.model));
  print_done({.made = made,
              .networks = fitting.networks(),
              .restarts = plan.restarts > 1,
              .written = written,
              .seconds = progress.seconds(),
              .was_interrupted = !finished},
             options.json);
  return finished ? 0 : exit_interrupted;
}

// The words behind "train" that make the run what it is, in a form that reads as the same.
std::vector<std::string> arguments_of(const Verb& verb) {
  std::vector<std::string> arguments, behind;
  for (const CLI::Option* option : verb.get_options({})) {
    const std::string name = option->get_name();
    if (about_machine(name)) continue;
    for (const std::string& value : option->results()) {
      if (option->get_positional() && value.starts_with('-') && value != "-") {
        behind = {"--", value};
      } else if (option->get_positional()) {
        arguments.push_back(value);
      } else if (is_flag(*option)) {
        arguments.push_back(name);
      } else if (value.empty() || value.starts_with("--")) {
        arguments.push_back(name + "=" + value);
      } else {
        arguments.insert(arguments.end(), {name, value});
      }
    }
  }
  arguments.insert(arguments.end(), behind.begin(), behind.end());
  return arguments;
}

int run_train(const Verb& verb, const TrainOptions& options) {
  const Run run = options.resume.empty() ? Run{.options = options,
                                               .arguments = arguments_of(verb),
                                               .files = verb.files(),
                                               .checkpoint = std::nullopt}
                                         : resumed(verb, options);
  if (run.options.data.empty()) throw UsageError("DATA is missing: a CSV file, - or a folder of IDX files");
  Plan plan = plan_of(run.options);
  const Written written = outputs_of(run);
  const bool images = is_folder(run.options.data);
  const Sources sources = images ? read_image_sources(run.options, plan) : read_table_sources(run.options, plan);
  check_same_rows(run, sources.parts, in_double(run.options, plan));
  return in_double(run.options, plan) ? train<double>(run, plan, sources, written)
                                      : train<float>(run, plan, sources, written);
}

}  // namespace

VerbPointer train_verb(const std::string& word) {
  const auto options = std::make_shared<TrainOptions>();
  auto verb = std::make_unique<Verb>(word, "Train a network on a table or on images and write it to a file");
  add_train_options(*verb, *options);
  verb->action = [read = verb.get(), options] { return run_train(*read, *options); };
  return verb;
}

}  // namespace neurone::cli
