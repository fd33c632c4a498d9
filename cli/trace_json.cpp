// Matrices are arrays of rows; a float is written as the double that equals it.
#include "cli/trace_json.h"
#include "neurone/model/prediction_text.h"

#include <nlohmann/json.hpp>

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

Json rows_json(const Matrix<double>& M) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < M.rows(); ++i) rows.push_back(M[i]);
  return rows;
}

Json matrices_json(const std::vector<TracedMatrix>& matrices, bool gradients) {
  Json object = Json::object();
  for (const TracedMatrix& each : matrices) object[each.name] = rows_json(gradients ? each.gradient : each.values);
  return object;
}

Json layer_json(const TracedLayer& layer, bool backward) {
  Json object{{"layer", layer.text}, {"activation", layer.activation.name()}, {"formula", formula_of(layer.spec)}};
  object["parameters"] = matrices_json(layer.parameters, false);
  if (!layer.statistics.empty()) object["statistics"] = matrices_json(layer.statistics, false);
  object["Z"] = rows_json(layer.Z);
  object["A"] = rows_json(layer.A);
  if (!backward) return object;
  if (!layer.dA.empty()) object["dA"] = rows_json(layer.dA);
  object["dZ"] = rows_json(layer.dZ);
  object["gradient"] = matrices_json(layer.parameters, true);
  return object;
}

// What stood in the columns of the model; of an image its pixels.
Json cells_json(const Preparation& preparation, const Source& source) {
  if (const auto* images = std::get_if<Images>(&source)) return images->pixels;
  const auto& row = std::get<Table>(source);
  Json::object_t cells;  // names differ: no look at those before
  for (const Column& column : std::get<TablePreparation>(preparation).columns)
    cells.push_back({column_name(column), row.cell(0, row.column(column_name(column)))});
  return cells;
}

Json place_json(const Trace& trace, const Place& at) {
  return {{"layer", at.depth},
          {"member", at.row + 1},
          {"unit", at.unit + 1},
          {"name", unit_name(trace, at.depth, at.unit)}};
}

Json origin_json(const Trace& trace, const WeightedSum& sum) {
  Json object{{"terms", Json::array()}};
  for (const Term& term : sum.terms)
    object["terms"].push_back({{"from", place_json(trace, term.from)},
                               {"value", term.value},
                               {"weight", term.weight},
                               {"product", term.product()}});
  if (sum.bias) object["bias"] = *sum.bias;
  return object;
}
Json origin_json(const Trace& trace, const Normalisation& of) {
  return {{"from", place_json(trace, of.from)}, {"x", of.x},       {"mean", of.mean},
          {"deviation", of.deviation},          {"gain", of.gain}, {"shift", of.shift}};
}
Json origin_json(const Trace& trace, const NormalisationGradient& of) {
  return {{"from", place_json(trace, of.from)},
          {"dZ", of.dZ},
          {"gain", of.gain},
          {"mean", of.mean},
          {"z", of.z},
          {"along", of.along},
          {"deviation", of.deviation}};
}
Json origin_json(const Trace& trace, const Origin& origin) {
  Json object = std::visit([&](const auto& each) { return origin_json(trace, each); }, origin);
  object["in_double"] = value_of(origin);
  return object;
}

}  // namespace

Json trace_json(const Traced& traced) {
  const Trace& trace = traced.trace;
  Json object{{"data", traced.data_name}, {"row", trace.row + 1}};
  if (const auto* table = std::get_if<Table>(&trace.source)) object["line"] = table->line(0);
  object["model"] = traced.model_name;
  object["network"] = trace.network + 1;
  object["networks"] = trace.networks;
  object["members"] = trace.members();
  object["precision"] = trace.in_float ? "float" : "double";
  object["cells"] = cells_json(traced.model.preparation, trace.source);
  object["inputs"] = trace.input_names;
  object["x"] = trace.x[0];
  for (const TracedLayer& layer : trace.layers) object["layers"].push_back(layer_json(layer, trace.backward()));
  object["output_names"] = trace.output_names;
  object["outputs"] = trace.outputs[0];
  object["value_names"] = value_names(traced.model);
  object["values"] = trace.values[0];
  object["temperature"] = traced.model.calibration.temperature;
  object["of_networks"] = rows_json(trace.of_networks);
  object["predict"] = Json::parse(json_lines(traced.model, trace.predictions));
  if (!trace.backward()) return object;
  object["truth"] = trace.truth;
  object["targets"] = trace.targets[0];
  object["loss_name"] = traced.model.loss.text();
  object["loss"] = trace.loss;
  object["dx"] = trace.dx[0];
  return object;
}

Json neuron_json(const Trace& trace, const Place& at) {
  const TracedLayer& layer = trace.layers[at.depth - 1];
  Json object = place_json(trace, at);
  object["Z"] = layer.Z(at.row, at.unit);
  object["A"] = layer.A(at.row, at.unit);
  object["Z_from"] = origin_json(trace, origin_of_z(trace, at));
  if (!trace.backward()) return object;
  if (!layer.dA.empty()) object["dA"] = layer.dA(at.row, at.unit);
  object["dZ"] = layer.dZ(at.row, at.unit);
  if (at.depth < trace.depth()) object["dA_from"] = origin_json(trace, origin_of_gradient(trace, at));
  return object;
}

}  // namespace neurone::cli
