// neurone inspect MODEL: what is in a model file.
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/figures.h"
#include "cli/network_text.h"
#include "cli/source.h"
#include "cli/verbs.h"
#include "neurone/file/model_file.h"
#include "neurone/file/record_json.h"
#include "neurone/network/layer_lines.h"

namespace neurone::cli {
namespace {

struct InspectOptions {
  std::string model;
  bool json = false;
};

std::string scale_text(const char* what, const Scale& scale, bool has_indicator) {
  return fmt::format("({} − {:.6g}) / {:.6g}{}; missing: {:.6g}{}", what, scale.center, scale.spread,
                     scale.clip == 0 ? "" : fmt::format(", bent to ±{:.6g}", scale.clip), scale.median,
                     has_indicator ? ", with an indicator" : "");
}

std::string column_text(const NumericColumn& column) {
  std::string text = scale_text("x", column.scale, column.has_indicator);
  if (column.bins() > 0) text += fmt::format(", and {} bins", column.bins());
  return column.notation == Notation::point
             ? text
             : text + (column.notation == Notation::comma ? "; written 1.234,5" : "; written 1,234.5");
}

std::string column_text(const DateColumn& column) {
  return fmt::format("{}; the place in year, week{}; written {}",
                     scale_text("days", column.scale, column.has_indicator), column.has_time ? " and day" : "",
                     date_order_name(column.order));
}

std::string column_text(const CategoryColumn& column) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, column.values.size()); ++i)
    text += (i == 0 ? "" : ", ") + (column.values[i].empty() ? std::string("(missing)") : column.values[i]);
  return text + (column.values.size() > most ? fmt::format(", … ({} in all)", column.values.size()) : "");
}

void print_inputs(const TablePreparation& table) {
  fmt::print("\ncolumns, {} inputs\n", table.width());
  for (const Column& column : table.columns)
    fmt::print("  {:<20} {:<9} {}\n", column_name(column), column_kind(column),
               std::visit([](const auto& each) { return column_text(each); }, column));
}

void print_inputs(const ImagePreparation& images) {
  fmt::print("\nimages of {} × {} pixels, {} inputs: (pixel/255 − {:.6g}) / {:.6g}\n", images.height,
             images.width_in_pixels, images.width(), images.mean, images.deviation);
}

void print_target(const ClassTarget& target) {
  fmt::print("target   {}: {} classes", target.name, target.classes.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(target.classes.size(), 12); ++i)
    fmt::print("{} {}", i == 0 ? ":" : ",", target.classes[i]);
  fmt::print("\n");
}

void print_target(const NumberTarget& target) {
  fmt::print("target   {}: a number, standardised by (t − {:.6g}) / {:.6g}\n", target.name, target.mean,
             target.deviation);
}

void print_validation(const Figures& figures) {
  if (figures.empty()) return;
  fmt::print("  {:<16}", "validation");
  for (const Figure& each : figures) fmt::print(" {} {:.6g}", each.name, each.value);
  fmt::print("\n");
}

void print_calibration(const Calibration& calibration) {
  if (calibration.errors.empty()) return;
  fmt::print("\ncalibrated on the validation rows: ");
  if (calibration.temperature != 1) fmt::print("temperature {:.4g}, ", calibration.temperature);
  fmt::print("errors of {} rows for intervals\n", calibration.errors.size());
}

void print_proof(const Model& model) {
  if (!model.proof) return;
  fmt::print("\n{} {} to prove itself by, in this file and in exported ones (neurone verify)\n",
             rows(model.proof->rows), model.proof->made_up ? "made-up rows" : "rows of the training data");
}

void print_model(const Model& model) {
  std::visit([](const auto& each) { print_target(each); }, model.target);
  fmt::print("loss     {}\n", model.loss.text());
  std::visit(
      [&](const auto& networks) {
        const auto& network = networks.front();
        const std::string several = networks.size() == 1 ? "network" : fmt::format("{} networks", networks.size());
        fmt::print("\n{} in {}, {} parameters{}\n", several, is_float(model) ? "float" : "double",
                   network.parameters().size(), networks.size() == 1 ? "" : " each; predictions are averaged");
        for (const LayerLine& line : layer_lines(network))
          fmt::print("  {:<28} {:>5} → {:<5} {:>9} parameters  {}\n", line.text, line.inputs, line.outputs,
                     line.parameters, line.shapes);
      },
      model.networks);
  print_calibration(model.calibration);
  print_proof(model);
  std::visit([](const auto& each) { print_inputs(each); }, model.preparation);

  const TrainingRecord& record = model.record;
  if (const auto imported = record.settings.find("imported");
      imported != record.settings.end() && record.epochs == 0) {
    fmt::print("\nimported from an ONNX file that {} wrote\n", imported->second);
    return;
  }
  fmt::print("\ntrained on {} rows, validated on {}, tested on {}; best epoch {} of {}\n", record.train_rows,
             record.validation_rows, record.test_rows, fmt::join(record.best_epochs, ", "), record.epochs);
  print_validation(record.validation);
  for (const auto& [name, value] : record.settings) fmt::print("  {:<16} {}\n", name, value);
  if (record.estimates) fmt::print("\n{}", text_of(*record.estimates, target_name(model.target)));
  if (record.test.empty()) return;
  fmt::print("\n");
  print_figures(record.test, "test rows", record.test_rows);
  if (record.comparison) print_comparison(*record.comparison);
}

void print_json(const Model& model) {
  nlohmann::ordered_json object;
  object["task"] = task_name(task_of(model.target));
  object["target"] = target_name(model.target);
  if (const auto* classes = std::get_if<ClassTarget>(&model.target)) object["classes"] = classes->classes;
  object["columns"] = columns_json(model.preparation);
  object["loss"] = model.loss.text();
  object["precision"] = is_float(model) ? "float" : "double";
  std::visit(
      [&](const auto& networks) {
        object["networks"] = networks.size();
        object["layers"] = layers_json(networks.front());
        object["parameters"] = networks.front().parameters().size();
      },
      model.networks);
  object["temperature"] = model.calibration.temperature;
  if (model.proof) object["proof"] = {{"rows", rows(model.proof->rows)}, {"made_up", model.proof->made_up}};
  const TrainingRecord& record = model.record;
  object["training"] = {
      {"rows", {{"train", record.train_rows}, {"validation", record.validation_rows}, {"test", record.test_rows}}},
      {"epochs", record.epochs},
      {"best_epochs", record.best_epochs},
      {"validation", values_json(record.validation)},
      {"test", values_json(record.test)},
      {"test_intervals", intervals_json(record.test)},
      {"settings", record.settings}};
  if (record.estimates)
    object["training"]["estimates"] = nlohmann::ordered_json::parse(estimates_json(*record.estimates).dump());
  if (record.comparison)
    object["training"]["comparison"] = nlohmann::ordered_json::parse(comparison_json(*record.comparison).dump());
  fmt::print("{}\n", object.dump());
}

int run_inspect(const InspectOptions& options) {
  const Model model = load_model(options.model);
  if (options.json)
    print_json(model);
  else
    print_model(model);
  return 0;
}

}  // namespace

Action add_inspect(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App* verb = app.add_subcommand("inspect", "Show the layers, shapes, columns and training of a model");
  verb->allow_extras();
  verb->add_option("MODEL", options->model, "Model file written by neurone train")->required();
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  return [options] { return run_inspect(*options); };
}

}  // namespace neurone::cli
