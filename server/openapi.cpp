#include "server/openapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "neurone/core/choice.h"
#include "server/oip.h"
#include "server/tensor.h"

namespace neurone::server {
namespace {

using Ordered = nlohmann::ordered_json;

// A name in a path, where what RFC 3986 does not leave as it is becomes %XX; in the key of a schema it becomes .XX.
std::string encoded(const std::string& name, char mark) {
  constexpr std::string_view digits = "0123456789ABCDEF", plain = "-_";
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || plain.find(c) != std::string_view::npos)
      text += c;
    else
      text += {mark, digits[byte >> 4U], digits[byte & 0xFU]};
  }
  return text;
}

std::string row_key(const ServedModel& model) {
  return "Row." + encoded(model.name(), '.');
}
std::string inference_key(const ServedModel& model) {
  return "Inference." + encoded(model.name(), '.');
}

Ordered reference(const std::string& schema) {
  return {{"$ref", "#/components/schemas/" + schema}};
}

Ordered content_of(std::string_view type, Ordered schema) {
  return {{std::string(type), {{"schema", std::move(schema)}}}};
}

Ordered reply(std::string_view description, std::string_view type, Ordered schema) {
  return {{"description", description}, {"content", content_of(type, std::move(schema))}};
}

Ordered refusals(std::initializer_list<std::pair<const char*, const char*>> statuses, bool wants_token) {
  Ordered object = Ordered::object();
  for (const auto& [status, description] : statuses)
    object[status] = reply(description, "application/json", reference("Error"));
  if (wants_token) object["401"] = reply("No token, or another", "application/json", reference("Error"));
  return object;
}

// A question without a body.
Ordered asked(std::string_view summary, std::string_view type, Ordered schema, bool wants_token) {
  Ordered responses{{"200", reply("The answer", type, std::move(schema))}};
  responses.update(refusals({}, wants_token));
  return {{"get", {{"summary", summary}, {"responses", std::move(responses)}}}};
}

// A number may also come as the text that the table wrote.
Ordered schema_of(const NumericColumn& column) {
  Ordered schema{{"type", {"number", "string", "null"}}};
  if (std::isfinite(column.scale.lowest))
    schema["description"] = "a number, in training from " + setting_text(column.scale.lowest) + " to " +
                            setting_text(column.scale.highest) + ", null where missing";
  return schema;
}

Ordered schema_of(const DateColumn& column) {
  return {{"type", {"string", "null"}},
          {"description", "a date, " + std::string(date_order_name(column.order)) + ", null where missing"}};
}

Ordered schema_of(const CategoryColumn& column) {
  Ordered examples = Ordered::array();
  constexpr std::size_t most = 20;
  for (std::size_t k = 0; k < std::min(most, column.values.size()); ++k) examples.push_back(column.values[k]);
  return {{"type", {"string", "number", "boolean", "null"}}, {"examples", std::move(examples)}};
}

Ordered row_schema(const ServedModel& model) {
  if (model.table() == nullptr)
    return {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}, {"maximum", 255}}}};
  Ordered schema{{"type", "object"}, {"properties", Ordered::object()}, {"required", model.columns()}};
  for (const Column& column : model.table()->columns)
    schema["properties"][column_name(column)] = std::visit([](const auto& each) { return schema_of(each); }, column);
  return schema;
}

Ordered answer_schema() {
  return {{"type", "object"},
          {"required", {"model", "predictions", "ignored"}},
          {"properties",
           {{"model", {{"type", "string"}}},
            {"predictions",
             {{"type", "array"}, {"items", {{"type", "object"}, {"required", Ordered::array({"prediction"})}}}}},
            {"ignored", {{"type", "array"}, {"items", {{"type", "string"}}}}}}}};
}

Ordered tensor_schema(bool answered) {
  Ordered schema{{"type", "object"},
                 {"required", {"name", "datatype", "shape"}},
                 {"properties",
                  {{"name", {{"type", "string"}}},
                   {"datatype", {{"type", "string"}}},
                   {"shape", {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}}}}},
                   {"data", {{"type", "array"}}}}}};
  if (!answered) schema["required"].push_back("data");
  return schema;
}

// As the protocol has it, with the columns of the model as its inputs.
Ordered inference_schema(const ServedModel& model) {
  Ordered names = Ordered::array();
  const Ordered metadata = metadata_of(model);
  for (const Ordered& each : metadata["inputs"]) names.push_back(each["name"]);
  Ordered tensor = tensor_schema(false);
  tensor["properties"]["name"]["enum"] = std::move(names);
  for (const Datatype& each : all_datatypes()) tensor["properties"]["datatype"]["enum"].push_back(each.name);
  return {{"type", "object"},
          {"required", Ordered::array({"inputs"})},
          {"properties",
           {{"id", {{"type", "string"}}},
            {"inputs", {{"type", "array"}, {"minItems", 1}, {"items", std::move(tensor)}}}}}};
}

// The level, in hundredths, up to which the model has intervals or sets; 0 where it has none.
double highest_level(const Model& model) {
  constexpr int hundred = 100;
  for (int percent = hundred - 1; percent > 0; --percent) {
    try {
      error_bound(model, static_cast<double>(percent) / hundred);
      return static_cast<double>(percent) / hundred;
    } catch (const UsageError&) {
      continue;
    }
  }
  return 0;
}

Ordered predict_operation(const ServedModel& model, bool wants_token) {
  const Ordered row = reference(row_key(model));
  Ordered rows{{"type", "array"}, {"items", row}};
  Ordered body = content_of("application/json", {{"oneOf", Ordered::array({row, rows})}});
  if (model.table() != nullptr) body.update(content_of("text/csv", {{"type", "string"}}));
  Ordered answers = content_of("application/json", reference("Answer"));
  answers.update(content_of("text/csv", {{"type", "string"}}));
  Ordered responses{{"200", {{"description", "A prediction for each row"}, {"content", std::move(answers)}}}};
  responses.update(refusals({{"400", "No JSON, or a parameter that cannot be granted"},
                             {"413", "Too large"},
                             {"415", "Neither JSON nor CSV"},
                             {"422", "No rows of the model"},
                             {"429", "Too many requests wait: try again after Retry-After seconds"}},
                            wants_token));
  Ordered operation{{"summary", "Predict rows with the model " + model.name()},
                    {"parameters", Ordered::array()},
                    {"requestBody", {{"required", true}, {"content", std::move(body)}}},
                    {"responses", std::move(responses)}};
  if (const double most = highest_level(model.model()); most > 0)
    operation["parameters"].push_back(
        {{"name", "interval"},
         {"in", "query"},
         {"description",
          fmt::format("The probability with which an interval, of a class a set, is to hold the truth; the "
                      "model has rows enough for {} and a little more",
                      most)},
         {"schema", {{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 1}}}});
  return {{"post", std::move(operation)}};
}

Ordered infer_operation(const ServedModel& model, bool wants_token) {
  Ordered body = content_of("application/json", reference(inference_key(model)));
  Ordered responses{{"200", reply("Tensors", "application/json", reference("Tensors"))}};
  responses.update(refusals({{"400", "Not as the protocol or the model has it"},
                             {"413", "Too large"},
                             {"422", "No rows of the model"},
                             {"429", "Too many requests wait: try again after Retry-After seconds"}},
                            wants_token));
  return {{"post",
           {{"summary", "Predict tensors with the model " + model.name() + ": Open Inference Protocol, version 2"},
            {"requestBody", {{"required", true}, {"content", std::move(body)}}},
            {"responses", std::move(responses)}}}};
}

}  // namespace

Ordered openapi_of(const Models::Catalogue& models, bool wants_token) {
  const Ordered any_object{{"type", "object"}};
  Ordered paths, schemas;
  schemas["Error"] = {
      {"type", "object"}, {"required", Ordered::array({"error"})}, {"properties", {{"error", {{"type", "string"}}}}}};
  schemas["Answer"] = answer_schema();
  schemas["Tensors"] = {
      {"type", "object"},
      {"required", {"model_name", "outputs"}},
      {"properties",
       {{"model_name", {{"type", "string"}}}, {"outputs", {{"type", "array"}, {"items", tensor_schema(true)}}}}}};
  for (const auto& [name, model] : models) {
    schemas[row_key(*model)] = row_schema(*model);
    schemas[inference_key(*model)] = inference_schema(*model);
    const std::string place = encoded(name, '%');
    if (models.size() == 1) paths["/predict"] = predict_operation(*model, wants_token);
    paths["/models/" + place] = asked("The columns of " + name, "application/json", any_object, wants_token);
    paths["/models/" + place + "/predict"] = predict_operation(*model, wants_token);
    paths["/v2/models/" + place] = asked("The tensors of " + name, "application/json", any_object, wants_token);
    paths["/v2/models/" + place + "/ready"] = asked("Is it ready?", "application/json", any_object, wants_token);
    paths["/v2/models/" + place + "/infer"] = infer_operation(*model, wants_token);
  }
  paths["/models"] = asked("All models with their columns", "application/json", any_object, wants_token);
  paths["/v2"] = asked("The server", "application/json", any_object, wants_token);
  paths["/v2/health/live"] = asked("Is the server alive?", "application/json", any_object, false);
  paths["/v2/health/ready"] = asked("Does it take requests?", "application/json", any_object, false);
  paths["/v2/health/ready"]["get"]["responses"]["503"] =
      reply("Not any more: it is about to stop", "application/json", any_object);
  paths["/metrics"] = asked("Counters for Prometheus", "text/plain", {{"type", "string"}}, wants_token);
  paths["/openapi.json"] = asked("This", "application/json", any_object, wants_token);
  paths["/"] = asked("A form for trying the models", "text/html", {{"type", "string"}}, false);

  Ordered document{{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "neurone serve"},
                     {"version", NEURONE_VERSION},
                     {"description", "Predictions of neural networks for rows of tables, and for images."}}},
                   {"paths", std::move(paths)},
                   {"components", {{"schemas", std::move(schemas)}}}};
  if (wants_token) {
    document["components"]["securitySchemes"] = {{"token", {{"type", "http"}, {"scheme", "bearer"}}}};
    document["security"] = Ordered::array({{{"token", Ordered::array()}}});
  }
  return document;
}

}  // namespace neurone::server
