// neurone export MODEL OUT: a model for other programs, with the preparation of its columns inside.
#include <fmt/format.h>
#include <filesystem>
#include <memory>

#include "cli/verbs.h"
#include "neurone/core/suggestion.h"
#include "neurone/export/c.h"
#include "neurone/export/onnx.h"
#include "neurone/file/model_file.h"

namespace neurone::cli {
namespace {

struct ExportOptions {
  std::string model, output, input, numbers;
  bool no_rows = false, int8 = false;
};

OnnxOptions onnx_options(const ExportOptions& options) {
  OnnxOptions onnx{.version = NEURONE_VERSION};
  if (options.input == "matrix")
    onnx.inputs = OnnxOptions::Inputs::matrix;
  else if (!options.input.empty() && options.input != "columns")
    throw unknown_name("--input", options.input, {"columns", "matrix"});
  if (options.numbers == "float")
    onnx.numbers = OnnxOptions::Numbers::float32;
  else if (options.numbers == "double")
    onnx.numbers = OnnxOptions::Numbers::float64;
  else if (!options.numbers.empty())
    throw unknown_name("--numbers", options.numbers, {"float", "double"});
  return onnx;
}

int run_export(const ExportOptions& options) {
  const std::string ending = std::filesystem::path(options.output).extension().string();
  if (ending != ".onnx" && ending != ".c")
    throw UsageError(options.output + ": expected a name that ends in .onnx or .c");
  Model model = load_model(options.model);
  if (options.no_rows && model.proof && !model.proof->made_up) model.proof.reset();
  if (ending == ".c") {
    if (!options.input.empty() || !options.numbers.empty())
      throw UsageError("--input and --numbers are for ONNX: C takes a struct of the columns");
    const CSource written = save_c(model, options.output, {.version = NEURONE_VERSION, .int8 = options.int8});
    if (options.int8) fmt::print("int8: {}\n", written.int8);
  } else {
    if (options.int8) throw UsageError("--int8 is for C source");
    save_onnx(model, options.output, onnx_options(options));
  }
  return 0;
}

}  // namespace

VerbPointer export_verb(const std::string& word) {
  const auto options = std::make_shared<ExportOptions>();
  auto verb = std::make_unique<Verb>(word, "Write a model for other programs: as ONNX or as C source");
  verb->add_input("MODEL", options->model, "Model file written by neurone train", Content::model)->required();
  verb->add_output("OUT", options->output, "What to write: OUT.onnx, or OUT.c with OUT.h")->required();
  verb->derive = [options](Files& files) {
    const std::filesystem::path path(options->output);
    if (path.extension() == ".c")
      files.written.push_back(
          {.option = "the .h of OUT", .path = std::filesystem::path(path).replace_extension(".h")});
  };
  verb->add_option(
      "--input", options->input,
      "columns: an input for each by its name (default); matrix: one for all, which have to be numbers; of images "
      "rows × height × width, or with matrix rows × pixels");
  verb->add_option(
      "--numbers", options->numbers,
      "float (default) or double: what numbers go in and come out as; pixels go in as uint8 if not said");
  verb->add_flag(
      "--int8", options->int8,
      "C with weights of one byte, a quarter of the memory; how far its predictions are from the model's on "
      "the rows it proves itself by is printed");
  verb->add_flag(
      "--no-rows", options->no_rows,
      "Put no rows of the training table into the file: it proves itself by made-up ones (neurone verify)");
  verb->offer("--input", {"columns", "matrix"});
  verb->offer("--numbers", {"float", "double"});
  verb->action = [options] { return run_export(*options); };
  return verb;
}

}  // namespace neurone::cli
