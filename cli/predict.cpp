// neurone predict MODEL DATA: a prediction for each row, as CSV or JSON Lines.
#include <cstdio>
#include <memory>
#include <optional>

#include "cli/machine.h"
#include "cli/predictions.h"
#include "cli/source.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/file/model_file.h"

namespace neurone::cli {
namespace {

struct PredictOptions {
  std::string model, data, output;
  std::optional<double> interval;
  bool json = false;
  Machine machine;
};

int run_predict(const PredictOptions& options) {
  const Model model = load_model(options.model);
  std::optional<double> bound;
  if (options.interval) bound = error_bound(model, *options.interval);
  const Source source = read_source(model, options.data);
  report_unused_columns(model, source);
  const Predictions predictions = predict(model, source, threads_of(options.machine));
  report(predictions.surprises);
  const std::string text =
      options.json ? json_lines_of(model, predictions, bound) : csv_of(model, predictions, bound);
  if (options.output.empty() || options.output == "-")
    std::fwrite(text.data(), 1, text.size(), stdout);  // main sees whether all of it arrived
  else
    write_file(options.output, text);
  return 0;
}

}  // namespace

Action add_predict(CLI::App& app) {
  const auto options = std::make_shared<PredictOptions>();
  CLI::App* verb = app.add_subcommand("predict", "Predict the rows of a table or the images of an IDX file");
  verb->allow_extras();
  verb->add_option("MODEL", options->model, "Model file written by neurone train")->required();
  verb->add_option("DATA", options->data, "CSV file (.gz too), - for standard input; IDX file or folder for images")
      ->required();
  verb->add_option("--output", options->output, "Where to write; standard output if not given");
  verb->add_option("--interval", options->interval,
                   "With this probability, as in 0.9, the interval (of a class the set) holds the truth");
  verb->add_flag("--json", options->json, "JSON Lines instead of CSV");
  add_machine_options(*verb, options->machine);
  return [options] { return run_predict(*options); };
}

}  // namespace neurone::cli
