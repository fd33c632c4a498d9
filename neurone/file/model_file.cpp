// Each part of a model has its pair of functions, to JSON and back; what is read is checked before it is used.
#include "neurone/file/model_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"
#include "neurone/training/trainer.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* model_format = "neurone model";
constexpr const char* format_version = "1";

template <class T> constexpr const char* precision_name = sizeof(T) == sizeof(float) ? "float" : "double";

// --- writing ------------------------------------------------------------------------------------------------------

Json to_json(const NumericColumn& column) {
  return {
      {"name", column.name},     {"kind", column.kind}, {"median", column.median},          {"center", column.center},
      {"spread", column.spread}, {"clip", column.clip}, {"indicator", column.has_indicator}};
}

Json to_json(const CategoryColumn& column) {
  return {{"name", column.name}, {"kind", column.kind}, {"values", column.values}};
}

Json to_json(const TablePreparation& preparation) {
  Json columns = Json::array();
  for (const Column& column : preparation.columns)
    columns.push_back(std::visit([](const auto& each) { return to_json(each); }, column));
  return {{"kind", "table"}, {"columns", std::move(columns)}};
}

Json to_json(const ImagePreparation& images) {
  return {{"kind", "images"},
          {"height", images.height},
          {"width", images.width_in_pixels},
          {"mean", images.mean},
          {"deviation", images.deviation}};
}

Json to_json(const ClassTarget& target) {
  return {{"kind", "classes"}, {"name", target.name}, {"classes", target.classes}, {"one_hot", target.one_hot}};
}

Json to_json(const NumberTarget& target) {
  return {{"kind", "number"}, {"name", target.name}, {"mean", target.mean}, {"deviation", target.deviation}};
}

Json to_json(const Figures& figures) {
  Json object = Json::object();
  for (const auto& [name, value, interval] : figures)
    object[name] = interval ? Json::array({value, interval->low, interval->high}) : Json(value);
  return object;
}

Json to_json(const TrainingRecord& record) {
  return {
      {"rows", {{"train", record.train_rows}, {"validation", record.validation_rows}, {"test", record.test_rows}}},
      {"epochs", record.epochs},
      {"best_epoch", record.best_epoch},
      {"settings", record.settings},
      {"validation", to_json(record.validation)},
      {"test", to_json(record.test)}};
}

template <class T>
void add_tensors(const std::vector<ParameterBlock>& blocks, std::span<const T> values, Tensors& tensors) {
  for (const ParameterBlock& block : blocks) {
    const std::vector<std::size_t> shape =
        block.rows == 1 ? std::vector{block.columns} : std::vector{block.rows, block.columns};
    tensors[block.name] = tensor_of<T>(shape, values.subspan(block.offset, block.size()));
  }
}

template <class T> std::string format_with(const Model& model, const Network<T>& network) {
  Json layers = Json::array();
  for (const LayerSpec& layer : network.spec().layers) layers.push_back(choice_text(layer));
  const Json description{{"input", std::visit([](const auto& each) { return to_json(each); }, model.preparation)},
                         {"target", std::visit([](const auto& each) { return to_json(each); }, model.target)},
                         {"loss", model.loss.text()},
                         {"precision", precision_name<T>},
                         {"layers", std::move(layers)},
                         {"training", to_json(model.record)}};
  Tensors tensors;
  add_tensors<T>(network.parameter_blocks(), network.parameters(), tensors);
  add_tensors<T>(network.statistic_blocks(), network.statistics(), tensors);
  return format_safetensors(
      tensors, {{"format", model_format}, {"format_version", format_version}, {"model", description.dump()}});
}

// --- reading: everything is checked before it is believed ----------------------------------------------------------

double finite(const Json& object, const char* key) {
  const double value = object.at(key).get<double>();
  if (!std::isfinite(value)) throw Error(std::string(key) + " is not finite");
  return value;
}

double above_zero(const Json& object, const char* key) {
  const double value = finite(object, key);
  if (!(value > 0)) throw Error(std::string(key) + " is not above 0");
  return value;
}

std::size_t count_of(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_number_unsigned()) throw Error(std::string(key) + " is not a whole number");
  return value.get<std::size_t>();
}

std::vector<std::string> texts_of(const Json& object, const char* key) {
  return object.at(key).get<std::vector<std::string>>();
}

Column read_column(const Json& object) {
  const auto name = object.at("name").get<std::string>();
  const auto kind = object.at("kind").get<std::string>();
  if (kind == NumericColumn::kind) {
    return NumericColumn{.name = name,
                         .median = finite(object, "median"),
                         .center = finite(object, "center"),
                         .spread = above_zero(object, "spread"),
                         .clip = object.at("clip") == 0 ? 0 : above_zero(object, "clip"),
                         .has_indicator = object.at("indicator").get<bool>()};
  }
  if (kind != CategoryColumn::kind) throw Error("column '" + name + "' is of unknown kind '" + kind + "'");
  CategoryColumn column{.name = name, .values = texts_of(object, "values")};
  if (std::ranges::adjacent_find(column.values, std::ranges::greater_equal{}) != column.values.end())
    throw Error("column '" + name + "': values are not sorted");  // lookup needs them in order, each once
  return column;
}

Preparation read_preparation(const Json& input) {
  const auto kind = input.at("kind").get<std::string>();
  if (kind == "table") {
    TablePreparation preparation;
    for (const Json& column : input.at("columns")) preparation.columns.push_back(read_column(column));
    return preparation;
  }
  if (kind != "images") throw Error("unknown kind of input '" + kind + "'");
  const ImagePreparation images{.height = count_of(input, "height"),
                                .width_in_pixels = count_of(input, "width"),
                                .mean = finite(input, "mean"),
                                .deviation = above_zero(input, "deviation")};
  constexpr std::size_t most = 1U << 16;
  if (images.height > most || images.width_in_pixels > most) throw Error("images are too large");
  return images;
}

Target read_target(const Json& object) {
  const auto name = object.at("name").get<std::string>();
  const auto kind = object.at("kind").get<std::string>();
  if (kind == "number")
    return NumberTarget{.name = name, .mean = finite(object, "mean"), .deviation = above_zero(object, "deviation")};
  if (kind != "classes") throw Error("unknown kind of target '" + kind + "'");
  ClassTarget target{
      .name = name, .classes = texts_of(object, "classes"), .one_hot = object.at("one_hot").get<bool>()};
  if (target.classes.size() < 2) throw Error("target: fewer than two classes");
  for (const std::string& each : target.classes)  // lookup needs them in order, each once
    if (target.find(each) != static_cast<std::uint32_t>(&each - target.classes.data()))
      throw Error("target: classes are not sorted");
  return target;
}

double read_number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

// "accuracy": 0.98 or "accuracy": [0.98, 0.96, 0.99]
Figures read_figures(const Json& object) {
  Figures figures;
  for (const auto& [name, value] : object.items()) {
    Figure figure{.name = name};
    figure.value = read_number(value.is_array() ? value.at(0) : value);
    if (value.is_array()) figure.interval = {read_number(value.at(1)), read_number(value.at(2))};
    figures.push_back(std::move(figure));
  }
  return figures;
}

TrainingRecord read_record(const Json& object) {
  const Json& rows = object.at("rows");
  return {.train_rows = count_of(rows, "train"),
          .validation_rows = count_of(rows, "validation"),
          .test_rows = count_of(rows, "test"),
          .epochs = count_of(object, "epochs"),
          .best_epoch = count_of(object, "best_epoch"),
          .settings = object.at("settings").get<std::map<std::string, std::string>>(),
          .validation = read_figures(object.at("validation")),
          .test = read_figures(object.at("test"))};
}

// The specification, once it is certain that the file holds as many values as the layers claim to have: nothing large
// is allocated for a claim.
NetworkSpec read_network(const Json& layers, std::size_t inputs, std::span<const Activation> own,
                         const Safetensors& file) {
  if (inputs == 0) throw Error("there are no inputs");
  std::size_t left = 0;  // values that belong to no layer yet
  for (const auto& [name, tensor] : file.tensors()) left += tensor.bytes.size() / size_of(tensor.type);
  const auto take = [&](const std::vector<ParameterBlock>& blocks) {
    for (const ParameterBlock& block : blocks) {
      if (block.columns > left / block.rows) throw Error("layers have more parameters than the file");
      left -= block.size();
    }
  };
  NetworkSpec spec{.inputs = inputs, .layers = {}, .own_activations = {own.begin(), own.end()}};
  std::size_t width = inputs;
  for (const Json& text : layers) {
    spec.layers.push_back(parse_choice<LayerSpec>("layer", text.get<std::string>()));
    const auto layer = make_layer<float>(spec.layers.back(), width, 0, own);  // knows its shapes, has no values
    take(layer->parameters());
    take(layer->statistics());
    width = layer->outputs();
  }
  return spec;
}

template <class T>
void read_tensors(const Safetensors& file, const std::vector<ParameterBlock>& blocks, std::span<T> values) {
  for (const ParameterBlock& block : blocks) {
    const std::vector<std::size_t> shape =
        block.rows == 1 ? std::vector{block.columns} : std::vector{block.rows, block.columns};
    if (file.tensor(block.name).shape != shape) throw Error("tensor '" + block.name + "' has another shape");
    std::ranges::copy(tensor_values<T>(file, block.name), values.begin() + static_cast<std::ptrdiff_t>(block.offset));
  }
}

template <class T> Network<T> read_parameters(NetworkSpec spec, const Safetensors& file) {
  Network<T> network(std::move(spec));
  if (network.parameter_blocks().size() + network.statistic_blocks().size() != file.tensors().size())
    throw Error("there are tensors that belong to no layer");
  read_tensors<T>(file, network.parameter_blocks(), network.parameters());
  read_tensors<T>(file, network.statistic_blocks(), network.statistics());
  return network;
}

Model read_model(const Safetensors& file, std::span<const Activation> own) {
  const Json description = Json::parse(file.metadata().at("model"));
  const Preparation preparation = read_preparation(description.at("input"));
  const std::size_t inputs = std::visit([](const auto& each) { return each.width(); }, preparation);
  NetworkSpec spec = read_network(description.at("layers"), inputs, own, file);
  const auto precision = description.at("precision").get<std::string>();
  if (precision != precision_name<float> && precision != precision_name<double>)
    throw Error("unknown precision '" + precision + "'");

  Model model{.preparation = preparation,
              .target = read_target(description.at("target")),
              .loss = Loss::parse(description.at("loss").get<std::string>()),
              .network = precision == precision_name<float>
                             ? decltype(Model::network)(read_parameters<float>(std::move(spec), file))
                             : decltype(Model::network)(read_parameters<double>(std::move(spec), file)),
              .record = read_record(description.at("training"))};
  check_task_fits(task_of(model.target), model.loss, output_activation(model));
  check_loss_fits(model.loss, output_activation(model));
  if (model.outputs() != target_columns(model.target) * model.loss.outputs_per_target())
    throw Error("the network's outputs do not fit the target");
  return model;
}

}  // namespace

std::string format_model(const Model& model) {
  return std::visit([&](const auto& network) { return format_with(model, network); }, model.network);
}

void save_model(const Model& model, const std::string& path) {
  write_file(path, format_model(model));
}

Model parse_model(std::string bytes, const std::string& source, std::span<const Activation> own) {
  const Safetensors file = parse_safetensors(std::move(bytes), source);
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end() || format->second != model_format)
    throw Error(source, "a safetensors file, but not a model of neurone");
  const auto version = file.metadata().find("format_version");
  if (version == file.metadata().end() || version->second != format_version) {
    throw Error(source, "model format version " +
                            (version == file.metadata().end() ? "missing" : "'" + version->second + "'") +
                            ", expected '" + format_version + "': written by a newer neurone?");
  }
  try {
    return read_model(file, own);
  } catch (const nlohmann::json::exception& error) {
    throw Error(source, std::string("the model's description is damaged: ") + error.what());
  } catch (const std::out_of_range&) {
    throw Error(source, "the model's description is missing");
  } catch (const Error& error) {
    const std::string what = error.what(), named = source + ": ";  // errors about tensors name the source already
    throw Error(source, "damaged model: " + (what.starts_with(named) ? what.substr(named.size()) : what));
  }
}

Model load_model(const std::string& path, std::span<const Activation> own) {
  return parse_model(read_file(path), path, own);
}

}  // namespace neurone
