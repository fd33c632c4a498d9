// The constants as the tensors of a model file, which is then read like any other.
#include "neurone/onnx/own_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "neurone/export/onnx.h"
#include "neurone/export/onnx_proof.h"
#include "neurone/file/model_description.h"
#include "neurone/file/model_file.h"
#include "neurone/file/safetensors.h"
#include "neurone/onnx/agreement.h"

namespace neurone::onnx {
namespace {

constexpr const char* description_key = "neurone.model";

// "0/2.W": of network 0, layer 2.
struct ParameterName {
  std::string in_model_file;
  std::size_t layer;
  std::string block;
};

// Nothing for a constant that is no parameter. "2.W_" is "2.W" where a column is called that.
std::optional<ParameterName> parameter_name(std::string_view name) {
  name = name.substr(0, name.find_last_not_of('_') + 1);
  const std::string in_model_file(name);
  name.remove_prefix(name.find('/') == std::string_view::npos ? 0 : name.find('/') + 1);
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits == 0 || digits > 6 || digits + 1 >= name.size() || name[digits] != '.') return {};
  return ParameterName{.in_model_file = in_model_file,
                       .layer = std::stoul(std::string(name.substr(0, digits))),
                       .block = std::string(name.substr(digits + 1))};
}

// Elements of a constant with the shape that they have in a model file, where one row is a vector, and the weights of
// heads stand in rows for each output: the export turned them.
template <class T> struct Parameter {
  std::vector<std::size_t> shape;
  std::vector<T> elements;
};

template <class T> Parameter<T> parameter_of(const Tensor& constant, bool is_turned) {
  std::vector<std::size_t> shape(constant.shape.begin(), constant.shape.end());
  const Reals& found = constant.reals();
  Parameter<T> parameter;
  if (is_turned && shape.size() >= 2) {
    const std::size_t outputs = shape.back(), inputs = shape[shape.size() - 2],
                      members = shape.size() == 3 ? shape.front() : 1;
    for (std::size_t m = 0; m < members; ++m)
      for (std::size_t c = 0; c < outputs; ++c)
        for (std::size_t j = 0; j < inputs; ++j)
          parameter.elements.push_back(static_cast<T>(found[(m * inputs + j) * outputs + c]));
    shape = {members * outputs, inputs};
  } else {
    for (const double each : found) parameter.elements.push_back(static_cast<T>(each));
    if (shape.size() == 3 && shape[1] == 1) shape.erase(shape.begin() + 1);  // members × 1 × outputs
  }
  if (shape.size() == 2 && shape.front() == 1) shape.erase(shape.begin());
  parameter.shape = std::move(shape);
  return parameter;
}

template <class T> std::string model_file_of(const Graph& graph, const std::vector<std::string>& layers) {
  std::map<std::string, Parameter<T>> parameters;
  for (const auto& [name, constant] : graph.constants) {
    const std::optional<ParameterName> parsed = parameter_name(name);
    if (!parsed) continue;
    if (parsed->layer >= layers.size()) throw Error(fmt::format("constant '{}' is of no layer", name));
    const auto spec = parse_choice<LayerSpec>("layer", layers[parsed->layer]);
    const bool is_turned = std::holds_alternative<layers::Heads>(spec) && parsed->block == "W";
    parameters.emplace(parsed->in_model_file, parameter_of<T>(constant, is_turned));
  }
  neurone::Tensors tensors;
  for (const auto& [name, parameter] : parameters)
    tensors[name] = neurone::tensor_of<T>(parameter.shape, std::span<const T>(parameter.elements));
  return format_model(tensors, graph.metadata.find(description_key)->second);
}

// Which inputs the graph has. What numbers go in as does not matter: made-up rows are of numbers that a float holds.
OnnxOptions options_of(const Graph& graph, const Model& model) {
  const auto* table = std::get_if<TablePreparation>(&model.preparation);
  if (table == nullptr) return {};
  const auto is_port_of = [&](const Column& column) {
    return std::ranges::find(graph.inputs, column_name(column), &Port::name) != graph.inputs.end();
  };
  const bool has_all =
      graph.inputs.size() == table->columns.size() && std::ranges::all_of(table->columns, is_port_of);
  return {.inputs = has_all ? OnnxOptions::Inputs::columns : OnnxOptions::Inputs::matrix};
}

}  // namespace

bool is_own_export(const Graph& graph) {
  return graph.metadata.contains(description_key);
}

Imported import_own_export(Graph graph) {
  const ModelDescription description = parse_model_description(graph.metadata.find(description_key)->second);
  Model model =
      parse_model(description.precision == precision_name<float> ? model_file_of<float>(graph, description.layers)
                                                                 : model_file_of<double>(graph, description.layers),
                  "the model inside");
  model.record.settings["imported"] = graph.producer;
  model.proof = prove(model, synthetic_rows(model.preparation), true);
  graph.metadata["neurone.proof"] = onnx_proof(model, options_of(graph, model));
  const Agreement agreed = agreement_of(graph).value_or(Agreement{.largest = HUGE_VAL});
  constexpr double limit = 1e-4;  // of sums in another order, far outside of training
  if (agreed.other_labels > 0 || !(agreed.largest <= limit))
    throw Error(fmt::format("its graph says something else than its parameters: {} other labels, by {:g}",
                            agreed.other_labels, agreed.largest));
  return {.model = std::move(model), .agreement = agreed};
}

}  // namespace neurone::onnx
