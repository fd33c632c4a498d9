// neurone import NET.onnx MODEL: a network of another program, or an exported model, as a model of ours.
#include <fmt/format.h>
#include <filesystem>
#include <memory>

#include "cli/messages.h"
#include "cli/verbs.h"
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
std::vector<std::string> names_in(const std::string& option, const std::string& list) {
  std::vector<std::string> names;
  if (list.empty()) return names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (begin == end) throw UsageError(option, "a name is missing beside a comma in '" + list + "'");
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
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
  say(fmt::format("written by {}", model.record.settings.at("imported")));
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    say(fmt::format("target {}: {} classes", classes->name, classes->classes.size()));
  else
    say(fmt::format("target {}: a number", target_name(model.target)));
  say(fmt::format("network {}{}", model.inputs(), layers));
  say(fmt::format("beside the ONNX file: {} made-up rows, {} other labels, largest difference {:.3g}",
                  imported.agreement.rows, imported.agreement.other_labels, imported.agreement.largest));
  for (const std::string& remark : imported.remarks) say(remark);
}

int run_import(const ImportArguments& arguments) {
  if (std::filesystem::path(arguments.model).extension() != ".safetensors")
    throw UsageError(arguments.model + ": expected a name that ends in .safetensors");
  onnx::ImportOptions options{.columns = names_in("--columns", arguments.columns),
                              .classes = names_in("--classes", arguments.classes),
                              .target = arguments.target,
                              .outputs = names_in("--outputs", arguments.outputs)};
  if (!arguments.task.empty()) options.task = parse_task(arguments.task);
  onnx::Graph graph = onnx::load_onnx(arguments.file);
  try {
    const onnx::Imported imported = onnx::import_onnx(std::move(graph), options);
    save_model(imported.model, arguments.model);
    report_import(imported);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(arguments.file, error.what());
  }
  say(fmt::format("model {}", arguments.model));
  return 0;
}

}  // namespace

VerbPointer import_verb(const std::string& word) {
  const auto arguments = std::make_shared<ImportArguments>();
  auto verb = std::make_unique<Verb>(
      word, "Make a model of an ONNX file: a dense network from another program, or what export wrote");
  verb->add_input("NET", arguments->file, "ONNX file, from PyTorch, Keras or scikit-learn", Content::onnx)
      ->required();
  verb->add_output("MODEL", arguments->model, "Model file to write, MODEL.safetensors")->required();
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
  verb->offer("--task", {"classification", "regression"});
  verb->action = [arguments] { return run_import(*arguments); };
  return verb;
}

}  // namespace neurone::cli
