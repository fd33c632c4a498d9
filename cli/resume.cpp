#include "cli/resume.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "cli/machine.h"
#include "neurone/core/fingerprint.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

// {"rows": 275, "columns": {"name": "fingerprint of its cells", …}}; of images their pixels and labels
Json facts_of(const Source& source, const std::vector<std::string>& ignored) {
  Json columns = Json::object();
  if (const auto* table = std::get_if<Table>(&source)) {
    for (std::size_t column = 0; column < table->columns(); ++column) {
      if (std::ranges::find(ignored, table->names()[column]) != ignored.end()) continue;
      Fingerprint print;
      for (std::size_t row = 0; row < table->rows(); ++row) print.add(table->cell(row, column));
      columns[table->names()[column]] = print.text();
    }
  } else {
    const auto& images = std::get<Images>(source);
    Fingerprint pixels, labels;
    pixels.add(std::span<const std::uint8_t>(images.pixels));
    labels.add(std::span<const std::uint8_t>(images.labels));
    columns[fmt::format("pixels of {} × {}", images.height, images.width)] = pixels.text();
    columns["labels"] = labels.text();
  }
  return {{"rows", rows(source)}, {"columns", std::move(columns)}};
}

struct NamedPart {
  const char* purpose;
  const Source& source;
};
std::array<NamedPart, 3> named(const Parts& parts) {
  return {{{"to learn from", parts.train}, {"to validate on", parts.validation}, {"to test on", parts.test}}};
}

// Of the file that is now read in place of the first run's.
void check_same(const Run& run, const NamedPart& part, const Json& before) {
  const std::string& checkpoint = run.options.resume;
  const auto* table = std::get_if<Table>(&part.source);
  const std::string& file = table != nullptr ? table->source() : run.options.data;
  const Json now = facts_of(part.source, run.options.ignore);
  if (!before.is_object() || !before.contains("rows") || !before.contains("columns") ||
      !before["columns"].is_object())
    throw Error(checkpoint, "the checkpoint does not say which rows the run began with");
  const Json &columns = now["columns"], &columns_before = before["columns"];
  for (const auto& [name, print] : columns_before.items())
    if (!columns.contains(name))
      throw Error(file, fmt::format("column '{}' is missing, with which the run in {} began", name, checkpoint));
  for (const auto& [name, print] : columns.items())
    if (!columns_before.contains(name))
      throw Error(file, fmt::format("column '{}' was not there when the run in {} began", name, checkpoint));
  if (now["rows"] != before["rows"])
    throw Error(file, fmt::format("{} rows {}, but the run in {} began with {}", now["rows"].dump(), part.purpose,
                                  checkpoint, before["rows"].dump()));
  for (const auto& [name, print] : columns.items())
    if (columns_before[name] != print)
      throw Error(file, fmt::format("column '{}' of the rows {} holds other values than when the run in {} began",
                                    name, part.purpose, checkpoint));
}

bool is_inside_working_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::canonical(fs::current_path(error), error);
  if (error) return false;
  const fs::path whole = fs::weakly_canonical(folder / path, error);
  if (error) return false;
  return std::ranges::mismatch(folder, whole).in1 == folder.end();
}

void check_where_written(const TrainOptions& now, const TrainOptions& options) {
  for (const auto& [option, said, path] : {std::tuple("--output", &now.output, &options.output),
                                           {"--report", &now.report, &options.report},
                                           {"--checkpoint", &now.checkpoint, &options.checkpoint}})
    if (said->empty() && !path->empty() && !is_inside_working_folder(*path))
      throw UsageError(now.resume, fmt::format("the run writes to {}, which is outside of the working folder: repeat "
                                               "{} {} if it may",
                                               *path, option, *path));
}

}  // namespace

Run resumed(const Verb& verb, const TrainOptions& now) {
  for (const CLI::Option* option : verb.get_options({})) {
    const std::string name = option->get_name();
    const bool about_files = name == "--resume" || name == "--output" || name == "--report" ||
                             name == "--checkpoint" || name == "--json" || name == "--quiet" || name == "DATA" ||
                             about_machine(name);
    if (option->count() > 0 && !about_files)
      throw UsageError(name + " cannot be given with --resume: the run goes on with the options it began with");
  }
  Run run{.options = {}, .arguments = {}, .files = {}, .checkpoint = load_checkpoint(now.resume)};
  const auto note = run.checkpoint->notes.find("arguments");
  const Json arguments = note == run.checkpoint->notes.end() ? Json() : Json::parse(note->second, nullptr, false);
  if (!arguments.is_array() || !std::ranges::all_of(arguments, [](const Json& each) { return each.is_string(); }))
    throw Error(now.resume, "the checkpoint does not say how the run began");
  run.arguments = arguments.get<std::vector<std::string>>();
  Verb first("train", "");
  add_train_options(first, run.options);
  try {
    if (!first.read(run.arguments)) throw UsageError("--help runs nothing");
  } catch (const UsageError& error) {
    throw Error(now.resume, std::string("its options cannot be: ") + error.what());
  }
  check_where_written(now, run.options);
  if (!now.data.empty()) run.options.data = now.data;
  if (!now.output.empty()) run.options.output = now.output;
  if (!now.report.empty()) run.options.report = now.report;
  if (!now.checkpoint.empty()) run.options.checkpoint = now.checkpoint;
  run.options.resume = now.resume;
  run.options.json = now.json;
  run.options.machine = now.machine;
  run.options.quiet = now.quiet;
  run.files = first.files();
  return run;
}

std::map<std::string, std::string> notes_of(const Run& run, const Parts& parts, const std::string& fingerprint) {
  Json rows = Json::array();
  for (const NamedPart& part : named(parts)) rows.push_back(facts_of(part.source, run.options.ignore));
  return {{"arguments", Json(run.arguments).dump()},
          {"rows", rows.dump(-1, ' ', false, Json::error_handler_t::replace)},
          {"data", fingerprint}};
}

void check_same_rows(const Run& run, const Parts& parts, bool in_double) {
  if (!run.checkpoint) return;
  if (in_double != std::holds_alternative<TrainerStates<double>>(run.checkpoint->states))
    throw Error(run.options.resume, fmt::format("its numbers are {}, but its options are of a run in {}",
                                                in_double ? "float" : "double", in_double ? "double" : "float"));
  const auto note = run.checkpoint->notes.find("rows");
  const Json before = note == run.checkpoint->notes.end() ? Json() : Json::parse(note->second, nullptr, false);
  const auto now = named(parts);
  if (!before.is_array() || before.size() != now.size())
    throw Error(run.options.resume, "the checkpoint does not say which rows the run began with");
  for (std::size_t k = 0; k < now.size(); ++k) check_same(run, now[k], before[k]);
}

template <class T> void resume(const Run& run, const std::string& fingerprint, Fitting<T>& fitting) {
  if (!run.checkpoint) return;
  const auto* states = states_of<T>(run);
  const auto note = run.checkpoint->notes.find("data");
  if (states == nullptr || note == run.checkpoint->notes.end())
    throw Error(run.options.resume, "the checkpoint does not belong to this network");
  if (note->second != fingerprint)
    throw Error(run.options.data, "not the data and settings that the run in " + run.options.resume + " began with");
  try {
    fitting.restore(*states);
  } catch (const Error& error) {
    throw Error(run.options.resume, error.what());
  }
}

template void resume(const Run&, const std::string&, Fitting<float>&);
template void resume(const Run&, const std::string&, Fitting<double>&);

}  // namespace neurone::cli
