#include "server/oip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/model/prediction_text.h"
#include "server/cells.h"
#include "server/images_json.h"
#include "server/json_scanner.h"
#include "server/tensor.h"

namespace neurone::server {
namespace {

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

struct Wish {
  std::string name;
  std::optional<bool> binary;  // not said: as the request has it for all
};

// What a request says, read where it stands.
class InferenceReader {
 public:
  InferenceReader(const ServedModel& model, const Request& request, Allowance& allowance)
      : model_(model),
        images_(std::get_if<ImagePreparation>(&model.model().preparation)),
        bytes_(bytes_behind(request)),
        json_(request.body.substr(0, request.body.size() - bytes_.size())),
        allowance_(allowance),
        tensors_(images_ != nullptr ? 1 : model.columns().size()),
        outputs_(outputs_of(model.model())) {
    allowance_.bytes(2 * request.body.size());
  }

  void read() {
    if (json_.next() != '{') throw no_inputs();
    bool has_inputs = false;
    json_.object({{"id", [&] { id = text_or_nothing(json_); }},
                  {"parameters", [&] { binary_ = flag_in_parameters("binary_data_output"); }},
                  {"inputs",
                   [&] {
                     has_inputs = true;
                     read_inputs();
                   }},
                  {"outputs", [&] { read_outputs(); }}});
    json_.end();
    if (!has_inputs) throw no_inputs();
    if (!bytes_.empty()) throw Refusal(400, fmt::format("{} bytes behind the last tensor", bytes_.size()));
    source = images_ != nullptr ? Source(images()) : Source(table());
  }

  /// Which outputs, and whether as bytes: those asked for, or all.
  std::vector<Wish> wishes() const {
    std::vector<Wish> all;
    if (wishes_) {
      all = *wishes_;
    } else {
      for (const Output& each : outputs_) all.push_back({each.name, {}});
    }
    for (Wish& each : all) each.binary = each.binary.value_or(binary_.value_or(false));
    return all;
  }

  std::optional<std::string> id{};
  Source source = Table();

 private:
  static Refusal no_inputs() { return {400, "expected an object with a list of inputs"}; }

  // What stands behind the JSON.
  static std::string_view bytes_behind(const Request& request) {
    if (!request.json_size) return {};
    std::size_t size = 0;
    const std::string_view digits = *request.json_size;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (error != std::errc() || end != digits.data() + digits.size() || size > request.body.size())
      throw Refusal(400, fmt::format("Inference-Header-Content-Length: expected the size of the JSON in a body of {} "
                                     "bytes, found '{}'",
                                     request.body.size(), digits));
    return request.body.substr(size);
  }

  template <class Element> void list(const Element& element) {
    json_.take('[');
    if (json_.take(']')) return;
    do element();
    while (json_.take(','));
    json_.expect(']', "a comma or ]");
  }

  std::optional<bool> flag_in_parameters(std::string_view name) {
    std::optional<bool> flag;
    if (json_.next() == '{')
      json_.object({{name, [&] { flag = flag_or_nothing(json_); }}});
    else
      json_.skip();
    return flag;
  }

  void read_inputs() {
    if (json_.next() != '[') throw no_inputs();
    list([this] {
      std::size_t place = 0;
      Tensor tensor = read_tensor(json_, bytes_, [&](const Tensor& head) { place = check(head); });
      tensors_[place] = std::move(tensor);
    });
  }

  // The place of a tensor among those that the model takes.
  std::size_t check(const Tensor& tensor) {
    const std::optional<std::size_t> place = images_ == nullptr           ? model_.find(tensor.name)
                                             : tensor.name == images_name ? std::optional<std::size_t>(0)
                                                                          : std::nullopt;
    if (!place && images_ != nullptr) throw Refusal(400, "expected one input, 'images'");
    if (!place) throw Refusal(400, unknown_name("input", tensor.name, model_.columns()).what());
    if (tensors_[*place]) throw Refusal(400, fmt::format("input '{}' stands twice", tensor.name));
    if (images_ != nullptr)
      check_image_shape(tensor);
    else
      check_column_shape(tensor);
    allowance_.rows(tensor.shape.front());
    return *place;
  }

  void check_image_shape(const Tensor& tensor) const {
    const std::size_t height = images_->height, width = images_->width_in_pixels;
    const std::vector<std::size_t>& shape = tensor.shape;
    const bool fits = (shape.size() == 3 && shape[1] == height && shape[2] == width) ||
                      (shape.size() == 2 && shape[1] == height * width);
    if (!fits) throw Refusal(400, fmt::format("input 'images': expected the shape [rows, {}, {}]", height, width));
  }

  void check_column_shape(const Tensor& tensor) {
    if (tensor.shape.empty() || tensor.shape.size() > 2 || (tensor.shape.size() == 2 && tensor.shape[1] != 1))
      throw Refusal(400, fmt::format("input '{}': expected the shape [rows] or [rows, 1]", tensor.name));
    if (first_.empty()) {
      first_ = tensor.name;
      rows_ = tensor.shape.front();
    }
    if (tensor.shape.front() != rows_)
      throw Refusal(400, fmt::format("input '{}': {} rows, expected {} as '{}' has", tensor.name,
                                     tensor.shape.front(), rows_, first_));
  }

  Images images() const {
    if (!tensors_.front()) throw Refusal(400, "expected one input, 'images'");
    const Tensor& tensor = *tensors_.front();
    Images images{.height = images_->height,
                  .width = images_->width_in_pixels,
                  .pixels = {},
                  .labels = {},
                  .source = std::string(images_name)};
    const std::size_t size = size_of(tensor);
    images.pixels.reserve(size);
    const auto* numbers = std::get_if<std::vector<double>>(&tensor.elements);
    for (std::size_t i = 0; i < size; ++i) {
      std::optional<std::uint8_t> pixel;
      if (numbers == nullptr)
        pixel = pixel_of(std::get<Texts>(tensor.elements)[i]);
      else if (const double value = (*numbers)[i]; value >= 0 && value <= 255 && value == std::trunc(value))
        pixel = static_cast<std::uint8_t>(value);
      if (!pixel)
        throw Refusal(400, fmt::format("input 'images': element {}: expected a whole number from 0 to 255", i));
      images.pixels.push_back(*pixel);
    }
    return images;
  }

  Table table() const {
    for (std::size_t k = 0; k < tensors_.size(); ++k)
      if (!tensors_[k]) throw Refusal(400, fmt::format("input '{}' is missing", model_.columns()[k]));
    Table::Content content{.source = "inputs",
                           .names = model_.column_names(),
                           .text = {},
                           .cells = {},
                           .lines = {},
                           .reading = {.format = model_.table()->format}};
    content.cells.reserve(rows_ * tensors_.size());
    content.lines.reserve(rows_);
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t k = 0; k < tensors_.size(); ++k) {
        const std::size_t begin = content.text.size();
        append_cell(content.text, *tensors_[k], model_.table()->columns[k], i);
        content.cells.emplace_back(begin, content.text.size() - begin);
      }
      content.lines.push_back(i + 1);
    }
    return Table(std::move(content));
  }

  static void append_cell(std::string& text, const Tensor& tensor, const Column& column, std::size_t i) {
    const auto* numbers = std::get_if<std::vector<double>>(&tensor.elements);
    const std::string_view element = numbers == nullptr ? std::get<Texts>(tensor.elements)[i] : "";
    if (tensor.datatype->name == "BOOL" && (numbers != nullptr || !element.empty()))
      text += truth_cell(column, numbers != nullptr ? (*numbers)[i] == 1 : is_one(element));
    else if (numbers != nullptr)
      text += cell_of(column, (*numbers)[i]);
    else if (tensor.datatype->name == "BYTES" || element.empty() || reads_digits(column))
      text += element;
    else
      text += cell_of(column, element);
  }

  // 1, 1.0
  static bool is_one(std::string_view digits) { return pixel_of(digits) == 1; }

  void read_outputs() {
    if (json_.next() != '[') throw Refusal(400, "outputs: expected a list");
    wishes_.emplace();
    list([this] {
      std::optional<std::string> name;
      std::optional<bool> binary;
      if (json_.next() != '{') throw Refusal(400, "outputs: expected objects with a name");
      json_.object({{"name", [&] { name = text_or_nothing(json_); }},
                    {"parameters", [&] { binary = flag_in_parameters("binary_data"); }}});
      if (!name) throw Refusal(400, "outputs: expected objects with a name");
      if (std::ranges::find(outputs_, *name, &Output::name) == outputs_.end()) {
        std::vector<std::string> names;
        for (const Output& each : outputs_) names.push_back(each.name);
        throw Refusal(400, unknown_name("output", *name, names).what());
      }
      if (std::ranges::find(*wishes_, *name, &Wish::name) != wishes_->end())
        throw Refusal(400, fmt::format("output '{}' stands twice", *name));
      wishes_->push_back({*std::move(name), binary});
    });
  }

  const ServedModel& model_;
  const ImagePreparation* images_;  // null for a table
  std::string_view bytes_;          // behind the JSON, not taken yet
  JsonScanner json_;
  Allowance& allowance_;
  std::vector<std::optional<Tensor>> tensors_;  // of the columns of the model, or the images
  std::string first_;                           // the first tensor that came
  std::size_t rows_ = 0;                        // which all others have to have
  std::vector<Output> outputs_;
  std::optional<std::vector<Wish>> wishes_;
  std::optional<bool> binary_;
};

// --- what is answered ------------------------------------------------------------------------------------------

// [1,2] as JSON, each element by a function.
template <class Append> void append_list(std::string& text, std::size_t size, const Append& append) {
  text += '[';
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) text += ',';
    append(i);
  }
  text += ']';
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

Response answer_of(const ServedModel& served, const std::optional<std::string>& id, const std::vector<Wish>& wishes,
                   const Predictions& predictions) {
  const std::vector<Output> outputs = outputs_of(served.model());
  const std::size_t rows = predictions.values.rows();
  std::string text = "{\"model_name\":", bytes;
  append_json_text(text, served.name());
  text += fmt::format(",\"model_version\":\"{}\"", model_version);
  if (id) append_json_text(text += ",\"id\":", *id);
  text += ",\"outputs\":";
  append_list(text, wishes.size(), [&](std::size_t k) {
    const Output& output = *std::ranges::find(outputs, wishes[k].name, &Output::name);
    append_json_text(text += "{\"name\":", output.name);
    text += fmt::format(",\"datatype\":\"{}\",\"shape\":[{}", output.texts ? "BYTES" : "FP64", rows);
    if (output.columns > 0) text += fmt::format(",{}", output.columns);
    text += ']';
    const auto put = [&](const auto& elements, const auto& append) {
      if (*wishes[k].binary) {
        const std::string own = bytes_of(elements);
        text += fmt::format(",\"parameters\":{{\"binary_data_size\":{}}}", own.size());
        bytes += own;
      } else {
        text += ",\"data\":";
        append_list(text, elements.size(), [&](std::size_t i) { append(text, elements[i]); });
      }
      text += '}';
    };
    if (output.texts)
      put(texts_in(output, served.model(), predictions), append_json_text);
    else
      put(elements_of(outputs, output, predictions), append_json_number);
  });
  text += '}';
  Response response{.body = std::move(text)};
  if (std::ranges::any_of(wishes, [](const Wish& each) { return *each.binary; })) {
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

Inference inference_of(const ModelPointer& model, const Request& request, Allowance& allowance) {
  InferenceReader reader(*model, request, allowance);
  reader.read();
  return {.rows = std::move(reader.source),
          .answer = [model, id = std::move(reader.id), wishes = reader.wishes()](const Predictions& predictions) {
            return answer_of(*model, id, wishes, predictions);
          }};
}

}  // namespace neurone::server
