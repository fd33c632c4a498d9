// neurone inspect MODEL: what is in a model file.
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/estimates_text.h"
#include "cli/figures.h"
#include "cli/network_text.h"
#include "cli/text_table.h"
#include "cli/verbs.h"
#include "neurone/core/shown.h"
#include "neurone/file/format_json.h"
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
  if (column.form.is_plain()) return text;
  const Notation notation = column.form.notation;
  text += notation == Notation::comma    ? "; written 1.234,5"
          : notation == Notation::groups ? "; written 1,234.5"
                                         : "; written 1234.5";
  return column.form.unit.empty() ? text : text + " " + column.form.unit;
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
    text += (i == 0 ? "" : ", ") + (column.values[i].empty() ? std::string("(missing)") : shown(column.values[i]));
  return text + (column.values.size() > most ? fmt::format(", … ({} in all)", column.values.size()) : "");
}

void print_inputs(const TablePreparation& table) {
  std::string said;
  for (const auto& [part, text] : said_parts(table.format)) said += fmt::format(" --{} '{}'", part, text);
  if (!said.empty()) fmt::print("\ntables are read with{}\n", said);
  TextTable lines({{.least = 20, .gap = 2}, {.least = 9}, {.most = 200}});
  for (const Column& column : table.columns)
    lines.add({column_name(column), std::string(column_kind(column)),
               std::visit([](const auto& each) { return column_text(each); }, column)});
  fmt::print("\ncolumns, {} inputs\n{}", table.width(), lines.text());
}

void print_inputs(const ImagePreparation& images) {
  fmt::print("\nimages of {} × {} pixels, {} inputs: (pixel/255 − {:.6g}) / {:.6g}\n", images.height,
             images.width_in_pixels, images.width(), images.mean, images.deviation);
}

void print_target(const ClassTarget& target) {
  fmt::print("target   {}: {} classes", shown(target.name), target.classes.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(target.classes.size(), 12); ++i)
    fmt::print("{} {}", i == 0 ? ":" : ",", shown(target.classes[i]));
  fmt::print("\n");
}

void print_target(const NumberTarget& target) {
  fmt::print("target   {}: a number, standardised by (t − {:.6g}) / {:.6g}\n", shown(target.name), target.mean,
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
        using enum TextColumn::Side;
        TextTable table({{.least = 28, .gap = 2, .most = 120},
                         {.side = right, .least = 5},
                         {.least = 7},
                         {.side = right, .least = 20},
                         {.gap = 2, .most = 120}});
        for (const LayerLine& line : layer_lines(network))
          table.add({line.text, std::to_string(line.inputs), fmt::format("→ {}", line.outputs),
                     fmt::format("{} parameters", line.parameters), line.shapes});
        fmt::print("{}", table.text());
      },
      model.networks);
  print_calibration(model.calibration);
  print_proof(model);
  std::visit([](const auto& each) { print_inputs(each); }, model.preparation);

  const TrainingRecord& record = model.record;
  if (const auto imported = record.settings.find("imported");
      imported != record.settings.end() && record.epochs == 0) {
    fmt::print("\nimported from an ONNX file that {} wrote\n", shown(imported->second));
    return;
  }
  fmt::print("\ntrained on {} rows, validated on {}, tested on {}; best epoch {} of {}\n", record.train_rows,
             record.validation_rows, record.test_rows, fmt::join(record.best_epochs, ", "), record.epochs);
  print_validation(record.validation);
  TextTable settings({{.least = 16, .gap = 2}, {.most = 400}});
  for (const auto& [name, value] : record.settings) settings.add({name, value});
  fmt::print("{}", settings.text());
  if (record.estimates) fmt::print("\n{}", estimates_text(*record.estimates, target_name(model.target)));
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
  if (const auto* table = std::get_if<TablePreparation>(&model.preparation))
    if (const JsonTree format = format_json(table->format); !format.is_null())
      object["format"] = nlohmann::ordered_json::parse(format.dump());
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

VerbPointer inspect_verb(const std::string& word) {
  const auto options = std::make_shared<InspectOptions>();
  auto verb = std::make_unique<Verb>(word, "Show the layers, shapes, columns and training of a model");
  verb->add_input("MODEL", options->model, "Model file written by neurone train", Content::model)->required();
  verb->add_flag("--json", options->json, "One JSON object instead of text");
  verb->action = [options] { return run_inspect(*options); };
  return verb;
}

}  // namespace neurone::cli
