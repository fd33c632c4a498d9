// The options of neurone train: as they stand on the command line, and as a plan.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/machine.h"
#include "cli/verb.h"
#include "neurone/model/plan.h"

namespace neurone::cli {

struct TrainOptions {
  std::string data, target, task, test, validation = "0.1", output, precision;
  std::vector<std::string> category, numeric, ignore, class_weight;
  TableFormat format;
  std::string scaling, weight, group, time;
  std::string hidden, activation, output_activation, loss, initialiser, network_file, start;
  std::vector<std::string> layers;
  std::string optimizer, schedule, best_by = "metric", stop;
  std::optional<double> learning_rate, weight_decay, label_smoothing, dropout;
  std::optional<std::size_t> epochs, batch, ensemble, bins;
  std::size_t restarts = 1;
  double warmup = 0, l1 = 0, l2 = 0, clip_norm = 0, clip_value = 0;
  std::size_t patience = 0;
  std::uint64_t seed = 1;
  std::string report, checkpoint, resume;
  bool raw = false, no_output_bias = false, certify = false, no_rows = false;
  bool best = false, json = false, quiet = false;
  Machine machine;
};

/// Adds the options about what is learnt from which columns, by which network and how.
void add_learning_options(Verb& verb, TrainOptions& options);

/// Adds all options to the verb: besides those above the parts of the data, files and messages.
void add_train_options(Verb& verb, TrainOptions& options);

/// What the model is to be, with what the machine has for it. Reads the file of --network. Throws UsageError for
/// settings that cannot be.
Plan plan_of(const TrainOptions& options);

/// Throws UsageError for a column that the plan names and the table has not; the suggestion is one without a use yet.
void check_columns(const Table& table, const Plan& plan);

/// A part of the data that is a FILE or a FRACTION of the rows.
struct Part {
  std::string file;     ///< empty: a fraction
  double fraction = 0;  ///< 0: none
};
Part part_of(const std::string& option, const std::string& text);

/// The hidden layers in a TOML file: an array of tables [[layer]], each with a type and its settings.
/// Throws UsageError that names the line.
std::vector<LayerSpec> read_network_file(const std::string& path);

/// The starting values of --start: a TOML file with a matrix for each name, "0.W" = [[1, 2], [3, 4]], rows in
/// brackets, or one row for a vector. Throws UsageError that names the line.
std::map<std::string, Matrix<double>> read_start_file(const std::string& path);

/// Is the model to be in double? Solvers are, unless something else is said.
bool in_double(const TrainOptions& options, const Plan& plan);

}  // namespace neurone::cli
