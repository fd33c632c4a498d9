// neurone predict MODEL DATA: a prediction for each row, as CSV or JSON Lines.
#include <fmt/core.h>
#include <fmt/format.h>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/machine.h"
#include "cli/source.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/data/cells.h"
#include "neurone/file/model_file.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

struct PredictOptions {
  std::string model, data, output;
  std::optional<double> interval;
  bool json = false;
  Machine machine;
};

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos && cell == std::string(trim(cell))) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

// The names of the columns of Predictions::values.
std::vector<std::string> value_names(const Model& model) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  if (classes == nullptr)
    return model.loss.outputs_per_target() == 2 ? std::vector<std::string>{"prediction", "deviation"}
                                                : std::vector<std::string>{"prediction"};
  const std::string what = gives_probabilities(model) ? "probability_" : "score_";
  std::vector<std::string> names;
  for (const std::string& each : classes->classes) names.push_back(what + each);
  return names;
}

// The classes of a set, as one cell.
std::string set_text(const std::vector<std::string>& classes, const std::vector<std::uint32_t>& set) {
  std::string text;
  for (const std::uint32_t each : set) text += (text.empty() ? "" : "|") + classes[each];
  return text;
}

// `bound` is that of intervals or sets, where they are asked for.
std::string as_csv(const Model& model, const Predictions& predictions, std::optional<double> bound) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const bool in_float = classes != nullptr && is_float(model);
  std::string text;
  if (classes != nullptr) text = "prediction,";
  const std::vector<std::string> names = value_names(model);
  for (std::size_t j = 0; j < names.size(); ++j) text += (j == 0 ? "" : ",") + quoted(names[j]);
  if (bound) text += classes != nullptr ? ",set" : ",low,high";
  text += '\n';
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    if (classes != nullptr) text += quoted(classes->classes[predictions.classes[i]]) + ',';
    for (std::size_t j = 0; j < names.size(); ++j) {
      const double value = predictions.values(i, j);
      text += (j == 0 ? "" : ",") + (in_float ? number_text(static_cast<float>(value)) : number_text(value));
    }
    if (bound && classes != nullptr)
      text += ',' + quoted(set_text(classes->classes, set_of(predictions.values[i], *bound)));
    if (bound && classes == nullptr) {
      const auto [low, high] = interval_of(predictions.values[i], *bound);
      text += ',' + number_text(low) + ',' + number_text(high);
    }
    text += '\n';
  }
  return text;
}

std::string as_json_lines(const Model& model, const Predictions& predictions, std::optional<double> bound) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    Json row;
    if (classes != nullptr) {
      row["prediction"] = classes->classes[predictions.classes[i]];
      Json& values = row[gives_probabilities(model) ? "probabilities" : "scores"];
      for (std::size_t j = 0; j < classes->classes.size(); ++j)
        values[classes->classes[j]] = predictions.values(i, j);
      if (bound) {
        row["set"] = Json::array();
        for (const std::uint32_t each : set_of(predictions.values[i], *bound))
          row["set"].push_back(classes->classes[each]);
      }
    } else {
      const std::vector<std::string> names = value_names(model);
      for (std::size_t j = 0; j < names.size(); ++j) row[names[j]] = predictions.values(i, j);
      if (bound) {
        const auto [low, high] = interval_of(predictions.values[i], *bound);
        row["low"] = low;
        row["high"] = high;
      }
    }
    text += row.dump() + '\n';
  }
  return text;
}

int run_predict(const PredictOptions& options) {
  const Model model = load_model(options.model);
  std::optional<double> bound;
  if (options.interval) bound = error_bound(model, *options.interval);
  const Source source = read_source(model, options.data);
  report_unused_columns(model, source);
  const Predictions predictions = predict(model, source, threads_of(options.machine));
  report(predictions.surprises);
  const std::string text =
      options.json ? as_json_lines(model, predictions, bound) : as_csv(model, predictions, bound);
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
