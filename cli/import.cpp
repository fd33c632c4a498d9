// neurone import NET.onnx MODEL: a network of another program, or an exported model, as a model of ours.
#include <fmt/format.h>
#include <filesystem>
#include <memory>
#include <sstream>

#include "cli/verbs.h"
#include "neurone/core/temporary_file.h"
#include "neurone/file/model_file.h"
#include "neurone/network/layer_lines.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"

namespace neurone::cli {
namespace {

struct ImportArguments {
  std::string file, model, columns, target, task, classes, outputs;
};

// "a,b,c"
std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

void report_import(const onnx::Imported& imported) {
  const Model& model = imported.model;
  std::string layers;
  std::visit(
      [&](const auto& networks) {
        for (const LayerLine& line : layer_lines(networks.front())) layers += " → " + line.text;
      },
      model.networks);
  fmt::print(stderr, "written by {}\n", model.record.settings.at("imported"));
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    fmt::print(stderr, "target {}: {} classes\n", classes->name, classes->classes.size());
  else
    fmt::print(stderr, "target {}: a number\n", target_name(model.target));
  fmt::print(stderr, "network {}{}\n", model.inputs(), layers);
  fmt::print(stderr, "beside the ONNX file: {} made-up rows, {} other labels, largest difference {:.3g}\n",
             imported.agreement.rows, imported.agreement.other_labels, imported.agreement.largest);
}

int run_import(const ImportArguments& arguments) {
  if (std::filesystem::path(arguments.model).extension() != ".safetensors")
    throw UsageError(arguments.model + ": expected a name that ends in .safetensors");
  onnx::ImportOptions options{.columns = names_in(arguments.columns),
                              .classes = names_in(arguments.classes),
                              .target = arguments.target,
                              .outputs = names_in(arguments.outputs)};
  if (!arguments.task.empty()) options.task = parse_task(arguments.task);
  onnx::Graph graph = onnx::load_onnx(arguments.file);
  try {
    const onnx::Imported imported = onnx::import_onnx(std::move(graph), options);
    remove_leftovers(arguments.model);
    save_model(imported.model, arguments.model);
    report_import(imported);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(arguments.file, error.what());
  }
  fmt::print(stderr, "model {}\n", arguments.model);
  return 0;
}

}  // namespace

Action add_import(CLI::App& app) {
  const auto arguments = std::make_shared<ImportArguments>();
  CLI::App* verb = app.add_subcommand(
      "import", "Make a model of an ONNX file: a dense network from another program, or what export wrote");
  verb->allow_extras();
  verb->add_option("NET", arguments->file, "ONNX file, from PyTorch, Keras or scikit-learn")->required();
  verb->add_option("MODEL", arguments->model, "Model file to write, MODEL.safetensors")->required();
  verb->add_option("--columns", arguments->columns,
                   "Names of the columns, a,b,c (default x1,x2,… of a matrix, else the names of the inputs)");
  verb->add_option("--target", arguments->target, "Name of the target (default that of the output)");
  verb->add_option(
      "--task", arguments->task,
      "classification: outputs from before a softmax or sigmoid are classes; regression: a single output "
      "is a number (default what the outputs show)");
  verb->add_option("--classes", arguments->classes,
                   "Names of the classes in the order of the outputs, a,b,c (default those in the file, else 0,1,…)");
  verb->add_option("--outputs", arguments->outputs, "Outputs of the file that count, a,b (default all)");
  return [arguments] { return run_import(*arguments); };
}

}  // namespace neurone::cli
