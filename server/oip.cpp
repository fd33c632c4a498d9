#include "server/oip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/model/prediction_text.h"
#include "server/cells.h"
#include "server/tensor.h"

namespace neurone::server {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::string_view images_name = "images", flags_name = "flags";

// A tensor that a model gives: FP64, or BYTES where it holds labels.
struct Output {
  std::string name;
  std::size_t columns;  // 0: one element a row, without a dimension of its own
  bool texts = false;
};

std::vector<Output> outputs_of(const Model& model) {
  std::vector<Output> outputs;
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    outputs = {{"prediction", 0, true},
               {gives_probabilities(model) ? "probabilities" : "scores", classes->classes.size()}};
  else
    for (const std::string& name : value_names(model)) outputs.push_back({name, 0});
  if (std::holds_alternative<TablePreparation>(model.preparation))
    outputs.push_back({std::string(flags_name), 0, true});
  return outputs;
}

std::string_view column_datatype(const Column& column) {
  return std::holds_alternative<NumericColumn>(column) ? "FP64" : "BYTES";
}

// --- what is asked ---------------------------------------------------------------------------------------------

// The JSON in front and the bytes behind it.
std::pair<Json, std::string_view> cut(const Request& request) {
  std::string_view text = request.body, bytes;
  if (request.json_size) {
    std::size_t size = 0;
    const std::string_view digits = *request.json_size;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (error != std::errc() || end != digits.data() + digits.size() || size > text.size())
      throw Refusal(400, fmt::format("Inference-Header-Content-Length: expected the size of the JSON in a body of {} "
                                     "bytes, found '{}'",
                                     text.size(), digits));
    bytes = text.substr(size);
    text = text.substr(0, size);
  }
  Json object = parse_json(text);
  if (!object.is_object() || !object.contains("inputs") || !object["inputs"].is_array())
    throw Refusal(400, "expected an object with a list of inputs");
  return {std::move(object), bytes};
}

std::vector<Tensor> tensors_of(const Json& object, std::string_view bytes) {
  std::vector<Tensor> tensors;
  for (const Json& input : object["inputs"]) {
    tensors.push_back(tensor_of(input, bytes));
    const auto same = std::ranges::find(tensors, tensors.back().name, &Tensor::name);
    if (same != tensors.end() - 1) throw Refusal(400, fmt::format("input '{}' stands twice", same->name));
  }
  if (!bytes.empty()) throw Refusal(400, fmt::format("{} bytes behind the last tensor", bytes.size()));
  return tensors;
}

Images images_in(const ImagePreparation& preparation, std::vector<Tensor>& tensors) {
  if (tensors.size() != 1 || tensors.front().name != images_name) throw Refusal(400, "expected one input, 'images'");
  const Tensor& tensor = tensors.front();
  const std::size_t height = preparation.height, width = preparation.width_in_pixels;
  const std::vector<std::size_t>& shape = tensor.shape;
  const bool fits = (shape.size() == 3 && shape[1] == height && shape[2] == width) ||
                    (shape.size() == 2 && shape[1] == height * width);
  if (!fits) throw Refusal(400, fmt::format("input 'images': expected the shape [rows, {}, {}]", height, width));
  const auto* numbers = std::get_if<std::vector<double>>(&tensor.elements);
  Images images{.height = height, .width = width, .pixels = {}, .labels = {}, .source = std::string(images_name)};
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const double value = numbers == nullptr ? -1 : (*numbers)[i];
    if (!(value >= 0 && value <= 255) || value != static_cast<std::uint8_t>(value))
      throw Refusal(400, fmt::format("input 'images': element {}: expected a whole number from 0 to 255", i));
    images.pixels.push_back(static_cast<std::uint8_t>(value));
  }
  return images;
}

std::size_t rows_of(const Tensor& tensor) {
  if (tensor.shape.empty() || tensor.shape.size() > 2 || (tensor.shape.size() == 2 && tensor.shape[1] != 1))
    throw Refusal(400, fmt::format("input '{}': expected the shape [rows] or [rows, 1]", tensor.name));
  return tensor.shape.front();
}

Table table_of(const ServedModel& model, const std::vector<Tensor>& tensors) {
  for (const Tensor& tensor : tensors)
    if (!model.find(tensor.name)) throw Refusal(400, unknown_name("input", tensor.name, model.columns()).what());
  std::vector<const Tensor*> of_column;
  for (const std::string& name : model.columns()) {
    const auto found = std::ranges::find(tensors, name, &Tensor::name);
    if (found == tensors.end()) throw Refusal(400, fmt::format("input '{}' is missing", name));
    if (rows_of(*found) != rows_of(tensors.front()))
      throw Refusal(400, fmt::format("input '{}': {} rows, expected {} as '{}' has", name, rows_of(*found),
                                     rows_of(tensors.front()), tensors.front().name));
    of_column.push_back(&*found);
  }
  Table::Content content{.source = "inputs",
                         .names = model.column_names(),
                         .text = {},
                         .cells = {},
                         .lines = {},
                         .reading = {.format = model.table()->format}};
  const std::size_t rows = tensors.empty() ? 0 : rows_of(tensors.front());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < of_column.size(); ++k) {
      const auto* texts = std::get_if<std::vector<std::string>>(&of_column[k]->elements);
      const std::string cell = texts != nullptr ? (*texts)[i]
                                                : cell_of(model.table()->columns[k],
                                                          std::get<std::vector<double>>(of_column[k]->elements)[i]);
      if (cell.size() > Cell::longest)
        throw Refusal(400, fmt::format("input '{}': a text of {} bytes", of_column[k]->name, cell.size()));
      content.cells.emplace_back(content.text.size(), cell.size());
      content.text += cell;
    }
    content.lines.push_back(i + 1);
  }
  return Table(std::move(content));
}

// --- what is answered ------------------------------------------------------------------------------------------

struct Wish {
  std::string name;
  bool binary;
};

bool flag(const Json& object, const char* name, bool otherwise) {
  const auto parameters = object.find("parameters");
  if (parameters == object.end() || !parameters->is_object()) return otherwise;
  const auto found = parameters->find(name);
  return found != parameters->end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

// Which outputs, and whether as bytes: those asked for, or all.
std::vector<Wish> wishes_of(const Json& object, const std::vector<Output>& outputs) {
  const bool binary = flag(object, "binary_data_output", false);
  std::vector<Wish> wishes;
  std::vector<std::string> names;
  for (const Output& each : outputs) names.push_back(each.name);
  if (!object.contains("outputs")) {
    for (const std::string& name : names) wishes.push_back({name, binary});
    return wishes;
  }
  if (!object["outputs"].is_array()) throw Refusal(400, "outputs: expected a list");
  for (const Json& each : object["outputs"]) {
    if (!each.is_object() || !each.contains("name") || !each["name"].is_string())
      throw Refusal(400, "outputs: expected objects with a name");
    const std::string name = each["name"];
    if (std::ranges::find(names, name) == names.end()) throw Refusal(400, unknown_name("output", name, names).what());
    if (std::ranges::find(wishes, name, &Wish::name) != wishes.end())
      throw Refusal(400, fmt::format("output '{}' stands twice", name));
    wishes.push_back({name, flag(each, "binary_data", binary)});
  }
  return wishes;
}

std::vector<double> elements_of(const std::vector<Output>& outputs, const Output& output,
                                const Predictions& predictions) {
  if (output.columns > 0) {
    const auto elements = predictions.values.elements();
    return {elements.begin(), elements.end()};
  }
  const std::size_t column = &output == &outputs.front() ? 0 : 1;  // a number, then its deviation
  std::vector<double> values;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) values.push_back(predictions.values(i, column));
  return values;
}

std::vector<std::string> texts_in(const Output& output, const Model& model, const Predictions& predictions) {
  std::vector<std::string> labels;
  if (output.name == flags_name) {
    for (std::size_t i = 0; i < predictions.values.rows(); ++i) labels.push_back(flags_text(model, predictions, i));
    return labels;
  }
  for (const std::uint32_t each : predictions.classes)
    labels.push_back(std::get<ClassTarget>(model.target).classes[each]);
  return labels;
}

Response answer_of(const ServedModel& served, const Ordered& id, const std::vector<Wish>& wishes,
                   const Predictions& predictions) {
  const std::vector<Output> outputs = outputs_of(served.model());
  Ordered object{{"model_name", served.name()}, {"model_version", model_version}};
  if (!id.is_null()) object["id"] = id;
  object["outputs"] = Ordered::array();
  std::string bytes;
  for (const Wish& wish : wishes) {
    const Output& output = *std::ranges::find(outputs, wish.name, &Output::name);
    Ordered shape = Ordered::array({predictions.values.rows()});
    if (output.columns > 0) shape.push_back(output.columns);
    Ordered tensor{{"name", output.name}, {"datatype", output.texts ? "BYTES" : "FP64"}, {"shape", shape}};
    const auto put = [&](const auto& elements) {
      if (!wish.binary) {
        tensor["data"] = elements;
        return;
      }
      const std::string own = bytes_of(elements);
      tensor["parameters"] = {{"binary_data_size", own.size()}};
      bytes += own;
    };
    if (output.texts)
      put(texts_in(output, served.model(), predictions));
    else
      put(elements_of(outputs, output, predictions));
    object["outputs"].push_back(std::move(tensor));
  }
  Response response{.body = object.dump(-1, ' ', false, Ordered::error_handler_t::replace)};
  if (std::ranges::any_of(wishes, &Wish::binary)) {
    response.content_type = content::bytes;
    response.headers.emplace_back("Inference-Header-Content-Length", std::to_string(response.body.size()));
    response.body += bytes;
  }
  return response;
}

}  // namespace

Ordered server_metadata() {
  return {{"name", "neurone"}, {"version", NEURONE_VERSION}, {"extensions", Ordered::array({"binary_tensor_data"})}};
}

Ordered metadata_of(const ServedModel& served) {
  constexpr int any = -1;  // how many rows
  Ordered object{{"name", served.name()}, {"versions", Ordered::array({model_version})}, {"platform", "neurone"}};
  object["inputs"] = Ordered::array();
  if (const auto* images = std::get_if<ImagePreparation>(&served.model().preparation)) {
    object["inputs"].push_back(
        {{"name", images_name}, {"datatype", "UINT8"}, {"shape", {any, images->height, images->width_in_pixels}}});
  } else {
    for (const Column& each : served.table()->columns)
      object["inputs"].push_back(
          {{"name", column_name(each)}, {"datatype", column_datatype(each)}, {"shape", Ordered::array({any})}});
  }
  for (const Output& each : outputs_of(served.model())) {
    Ordered shape = Ordered::array({any});
    if (each.columns > 0) shape.push_back(each.columns);
    object["outputs"].push_back({{"name", each.name}, {"datatype", each.texts ? "BYTES" : "FP64"}, {"shape", shape}});
  }
  return object;
}

Inference inference_of(const ModelPointer& model, const Request& request) {
  const auto [object, bytes] = cut(request);
  std::vector<Tensor> tensors = tensors_of(object, bytes);
  std::vector<Wish> wishes = wishes_of(object, outputs_of(model->model()));
  Ordered id;
  if (const auto found = object.find("id"); found != object.end() && found->is_string())
    id = found->get<std::string>();
  Inference inference{.rows = Table(), .answer = {}};
  if (const auto* images = std::get_if<ImagePreparation>(&model->model().preparation))
    inference.rows = images_in(*images, tensors);
  else
    inference.rows = table_of(*model, tensors);
  inference.answer = [model, id = std::move(id), wishes = std::move(wishes)](const Predictions& predictions) {
    return answer_of(*model, id, wishes, predictions);
  };
  return inference;
}

}  // namespace neurone::server
