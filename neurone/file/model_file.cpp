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
constexpr const char* errors_name = "calibration.errors";
constexpr const char* proof_values_name = "proof.values";
constexpr const char* proof_pixels_name = "proof.pixels";

template <class T> constexpr const char* precision_name = sizeof(T) == sizeof(float) ? "float" : "double";

// --- writing ------------------------------------------------------------------------------------------------------

void add_scale(const Scale& scale, Json& object) {
  object["median"] = scale.median;
  object["center"] = scale.center;
  object["spread"] = scale.spread;
  object["clip"] = scale.clip;
  if (std::isfinite(scale.lowest) && std::isfinite(scale.highest)) object["range"] = {scale.lowest, scale.highest};
}

Json to_json(const NumericColumn& column) {
  Json object{{"name", column.name}, {"kind", column.kind}, {"notation", notation_name(column.notation)}};
  add_scale(column.scale, object);
  object["indicator"] = column.has_indicator;
  if (!column.knots.empty()) object["knots"] = column.knots;
  return object;
}

Json to_json(const DateColumn& column) {
  Json object{{"name", column.name}, {"kind", column.kind}, {"order", date_order_name(column.order)}};
  add_scale(column.scale, object);
  object["time"] = column.has_time;
  object["indicator"] = column.has_indicator;
  return object;
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
  Json object{{"kind", "number"}, {"name", target.name}, {"mean", target.mean}, {"deviation", target.deviation}};
  if (std::isfinite(target.lowest) && std::isfinite(target.highest))
    object["range"] = {target.lowest, target.highest};
  return object;
}

Json to_json(const Figures& figures) {
  Json object = Json::object();
  for (const auto& [name, value, interval] : figures)
    object[name] = interval ? Json::array({value, interval->low, interval->high}) : Json(value);
  return object;
}

Json to_json(const Comparison& comparison) {
  Json object{{"figure", comparison.figure},
              {"constant", comparison.constant},
              {"linear", comparison.linear},
              {"gain", comparison.gain}};
  if (comparison.gain_interval)
    object["gain_interval"] = {comparison.gain_interval->low, comparison.gain_interval->high};
  return object;
}

Json to_json(const TrainingRecord& record) {
  Json object{
      {"rows", {{"train", record.train_rows}, {"validation", record.validation_rows}, {"test", record.test_rows}}},
      {"epochs", record.epochs},
      {"best_epochs", record.best_epochs},
      {"settings", record.settings},
      {"validation", to_json(record.validation)},
      {"test", to_json(record.test)}};
  if (record.comparison) object["comparison"] = to_json(*record.comparison);
  return object;
}

// In front of the tensors of one of several networks: "3/".
std::string prefix_of(std::size_t network, std::size_t networks) {
  return networks == 1 ? std::string{} : std::to_string(network) + "/";
}

template <class T>
void add_tensors(const std::string& prefix, const std::vector<ParameterBlock>& blocks, std::span<const T> values,
                 Tensors& tensors) {
  for (const ParameterBlock& block : blocks) {
    const std::vector<std::size_t> shape =
        block.rows == 1 ? std::vector{block.columns} : std::vector{block.rows, block.columns};
    tensors[prefix + block.name] = tensor_of<T>(shape, values.subspan(block.offset, block.size()));
  }
}

template <class T> Json description_of(const Model& model, const Networks<T>& networks) {
  Json layers = Json::array();
  for (const LayerSpec& layer : networks.front().spec().layers) layers.push_back(choice_text(layer));
  return {{"input", std::visit([](const auto& each) { return to_json(each); }, model.preparation)},
          {"target", std::visit([](const auto& each) { return to_json(each); }, model.target)},
          {"loss", model.loss.text()},
          {"precision", precision_name<T>},
          {"layers", std::move(layers)},
          {"networks", networks.size()},
          {"temperature", model.calibration.temperature},
          {"training", to_json(model.record)}};
}

// The cells of a table stand in the metadata, pixels are a tensor, as the values are. Returns the text for the
// metadata.
std::string add_proof(const Proof& proof, Tensors& tensors) {
  Json object{{"made_up", proof.made_up}};
  if (const auto* table = std::get_if<Table>(&proof.rows)) {
    object["columns"] = table->names();
    object["rows"] = Json::array();
    for (std::size_t row = 0; row < table->rows(); ++row) {
      Json cells = Json::array();
      for (std::size_t column = 0; column < table->columns(); ++column) cells.push_back(table->cell(row, column));
      object["rows"].push_back(std::move(cells));
    }
  } else {
    const auto& images = std::get<Images>(proof.rows);
    tensors[proof_pixels_name] = {.type = TensorType::U8,
                                  .shape = {images.count(), images.height, images.width},
                                  .bytes = std::as_bytes(std::span(images.pixels))};
  }
  tensors[proof_values_name] =
      tensor_of<double>({proof.values.rows(), proof.values.columns()}, proof.values.elements());
  return object.dump();
}

template <class T> std::string format_with(const Model& model, const Networks<T>& networks) {
  Tensors tensors;
  for (std::size_t k = 0; k < networks.size(); ++k) {
    const std::string prefix = prefix_of(k, networks.size());
    add_tensors<T>(prefix, networks[k].parameter_blocks(), networks[k].parameters(), tensors);
    add_tensors<T>(prefix, networks[k].statistic_blocks(), networks[k].statistics(), tensors);
  }
  const std::vector<double>& errors = model.calibration.errors;
  if (!errors.empty()) tensors[errors_name] = tensor_of<double>({errors.size()}, std::span<const double>(errors));
  Metadata metadata{{"format", model_format}, {"format_version", format_version}, {"model", describe_model(model)}};
  if (model.proof) metadata["proof"] = add_proof(*model.proof, tensors);
  return format_safetensors(tensors, metadata);
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

// "range": [lowest, highest], what training has seen, where it is known.
void read_range(const Json& object, double& lowest, double& highest) {
  if (!object.contains("range")) return;
  lowest = object["range"].at(0).get<double>();
  highest = object["range"].at(1).get<double>();
  if (!(lowest <= highest)) throw Error("the range is empty");
}

Scale read_scale(const Json& object) {
  Scale scale{.median = finite(object, "median"),
              .center = finite(object, "center"),
              .spread = above_zero(object, "spread"),
              .clip = object.at("clip") == 0 ? 0 : above_zero(object, "clip")};
  read_range(object, scale.lowest, scale.highest);
  return scale;
}

std::vector<double> read_knots(const Json& object) {
  if (!object.contains("knots")) return {};
  const auto knots = object["knots"].get<std::vector<double>>();
  if (knots.size() < 2 || std::ranges::adjacent_find(knots, std::ranges::greater_equal()) != knots.end())
    throw Error("knots do not rise");
  return knots;
}

Column read_column(const Json& object) {
  const auto name = object.at("name").get<std::string>();
  const auto kind = object.at("kind").get<std::string>();
  if (kind == NumericColumn::kind)
    return NumericColumn{.name = name,
                         .scale = read_scale(object),
                         .notation = parse_notation(object.at("notation").get<std::string>()),
                         .has_indicator = object.at("indicator").get<bool>(),
                         .knots = read_knots(object)};
  if (kind == DateColumn::kind)
    return DateColumn{.name = name,
                      .scale = read_scale(object),
                      .order = parse_date_order(object.at("order").get<std::string>()),
                      .has_time = object.at("time").get<bool>(),
                      .has_indicator = object.at("indicator").get<bool>()};
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
  if (kind == "number") {
    NumberTarget target{.name = name, .mean = finite(object, "mean"), .deviation = above_zero(object, "deviation")};
    read_range(object, target.lowest, target.highest);
    return target;
  }
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

std::optional<Interval> read_interval(const Json& object, const char* key) {
  if (!object.contains(key)) return {};
  return Interval{.low = read_number(object[key].at(0)), .high = read_number(object[key].at(1))};
}

std::optional<Comparison> read_comparison(const Json& object) {
  if (!object.contains("comparison")) return {};
  const Json& comparison = object["comparison"];
  return Comparison{.figure = comparison.at("figure").get<std::string>(),
                    .constant = read_number(comparison.at("constant")),
                    .linear = read_number(comparison.at("linear")),
                    .gain = read_number(comparison.at("gain")),
                    .gain_interval = read_interval(comparison, "gain_interval")};
}

TrainingRecord read_record(const Json& object) {
  const Json& rows = object.at("rows");
  return {.train_rows = count_of(rows, "train"),
          .validation_rows = count_of(rows, "validation"),
          .test_rows = count_of(rows, "test"),
          .epochs = count_of(object, "epochs"),
          .best_epochs = object.at("best_epochs").get<std::vector<std::size_t>>(),
          .settings = object.at("settings").get<std::map<std::string, std::string>>(),
          .validation = read_figures(object.at("validation")),
          .test = read_figures(object.at("test")),
          .comparison = read_comparison(object)};
}

// The specification, once it is certain that the file holds as many values as the layers claim to have: nothing large
// is allocated for a claim.
NetworkSpec read_network(const Json& layers, std::size_t networks, std::size_t inputs,
                         std::span<const Activation> own, const Safetensors& file) {
  if (networks == 0 || networks > file.tensors().size()) throw Error("no such number of networks");
  if (inputs == 0) throw Error("there are no inputs");
  std::size_t left = 0;  // values that belong to no layer yet
  for (const auto& [name, tensor] : file.tensors()) left += tensor.bytes.size() / size_of(tensor.type);
  left /= networks;
  const auto take = [&](const std::vector<ParameterBlock>& blocks) {
    for (const ParameterBlock& block : blocks) {
      if (block.columns > left / block.rows) throw Error("layers have more parameters than the file");
      left -= block.size();
    }
  };
  NetworkSpec spec{.inputs = inputs, .layers = {}, .own_activations = {own.begin(), own.end()}};
  std::size_t width = inputs, members = 1;
  for (const Json& text : layers) {
    spec.layers.push_back(parse_choice<LayerSpec>("layer", text.get<std::string>()));
    const auto layer =
        make_layer<float>(spec.layers.back(), width, 0, own, members);  // knows its shapes, has no values
    if (members > 1 && layer->copies() > 1) throw Error("there are two layers of members");
    members *= layer->copies();
    take(layer->parameters());
    take(layer->statistics());
    width = layer->outputs();
  }
  return spec;
}

template <class T>
void read_tensors(const Safetensors& file, const std::string& prefix, const std::vector<ParameterBlock>& blocks,
                  std::span<T> values) {
  for (const ParameterBlock& block : blocks) {
    const std::vector<std::size_t> shape =
        block.rows == 1 ? std::vector{block.columns} : std::vector{block.rows, block.columns};
    const std::string name = prefix + block.name;
    if (file.tensor(name).shape != shape) throw Error("tensor '" + name + "' has another shape");
    std::ranges::copy(tensor_values<T>(file, name), values.begin() + static_cast<std::ptrdiff_t>(block.offset));
  }
}

template <class T> Networks<T> read_parameters(const NetworkSpec& spec, std::size_t count, const Safetensors& file) {
  Networks<T> networks(count, Network<T>(spec));
  const std::size_t blocks = networks.front().parameter_blocks().size() + networks.front().statistic_blocks().size();
  std::size_t others = 0;
  for (const char* name : {errors_name, proof_values_name, proof_pixels_name}) others += file.tensors().count(name);
  if (blocks * count + others != file.tensors().size()) throw Error("there are tensors that belong to no layer");
  for (std::size_t k = 0; k < count; ++k) {
    read_tensors<T>(file, prefix_of(k, count), networks[k].parameter_blocks(), networks[k].parameters());
    read_tensors<T>(file, prefix_of(k, count), networks[k].statistic_blocks(), networks[k].statistics());
  }
  return networks;
}

Calibration read_calibration(const Json& description, const Safetensors& file) {
  Calibration calibration{.temperature = above_zero(description, "temperature")};
  if (!file.tensors().contains(errors_name)) return calibration;
  const Vector<double> errors = tensor_values<double>(file, errors_name);
  calibration.errors.assign(errors.begin(), errors.end());
  const auto is_finite = [](double error) { return std::isfinite(error); };
  if (!std::ranges::all_of(errors, is_finite) || !std::ranges::is_sorted(errors))
    throw Error("the errors of the calibration are not sorted numbers");
  return calibration;
}

Source read_proof_rows(const Json& object, const Preparation& preparation, const Safetensors& file) {
  if (const auto* prepared = std::get_if<TablePreparation>(&preparation)) {
    const std::vector<std::string> names = texts_of(object, "columns");
    if (!std::ranges::equal(names, prepared->columns, {}, {}, column_name))
      throw Error("the rows of proof have other columns");
    return Table(names, object.at("rows").get<std::vector<std::vector<std::string>>>(), "rows of proof");
  }
  const auto& images = std::get<ImagePreparation>(preparation);
  const Tensor& pixels = file.tensor(proof_pixels_name);
  if (pixels.type != TensorType::U8 || pixels.shape.size() != 3 || pixels.shape[1] != images.height ||
      pixels.shape[2] != images.width_in_pixels)
    throw Error("the images of proof are of another size");
  Images read{.height = images.height,
              .width = images.width_in_pixels,
              .pixels = {},
              .labels = {},
              .source = "rows of proof"};
  for (const std::byte pixel : pixels.bytes) read.pixels.push_back(std::to_integer<std::uint8_t>(pixel));
  return read;
}

std::optional<Proof> read_proof(const Model& model, const Safetensors& file) {
  const auto text = file.metadata().find("proof");
  if (text == file.metadata().end()) {
    if (file.tensors().count(proof_values_name) + file.tensors().count(proof_pixels_name) > 0)
      throw Error("there are values of a proof, but no rows");
    return {};
  }
  const Json object = Json::parse(text->second);
  Proof proof{.rows = read_proof_rows(object, model.preparation, file),
              .values = {},
              .made_up = object.at("made_up").get<bool>()};
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const std::size_t columns = classes != nullptr ? classes->classes.size() : model.loss.outputs_per_target();
  const Vector<double> values = tensor_values<double>(file, proof_values_name);
  if (file.tensor(proof_values_name).shape != std::vector{rows(proof.rows), columns})
    throw Error("the values of the proof have another shape");
  proof.values = Matrix<double>(rows(proof.rows), columns);
  std::ranges::copy(values, proof.values.elements().begin());
  return proof;
}

Model read_model(const Safetensors& file, std::span<const Activation> own) {
  const Json description = Json::parse(file.metadata().at("model"));
  const Preparation preparation = read_preparation(description.at("input"));
  const std::size_t inputs = std::visit([](const auto& each) { return each.width(); }, preparation);
  const std::size_t networks = count_of(description, "networks");
  const NetworkSpec spec = read_network(description.at("layers"), networks, inputs, own, file);
  const auto precision = description.at("precision").get<std::string>();
  if (precision != precision_name<float> && precision != precision_name<double>)
    throw Error("unknown precision '" + precision + "'");

  Model model{.preparation = preparation,
              .target = read_target(description.at("target")),
              .loss = Loss::parse(description.at("loss").get<std::string>()),
              .networks = precision == precision_name<float>
                              ? decltype(Model::networks)(read_parameters<float>(spec, networks, file))
                              : decltype(Model::networks)(read_parameters<double>(spec, networks, file)),
              .calibration = read_calibration(description, file),
              .record = read_record(description.at("training"))};
  check_task_fits(task_of(model.target), model.loss, output_activation(model));
  check_loss_fits(model.loss, output_activation(model));
  if (model.outputs() != target_columns(model.target) * model.loss.outputs_per_target())
    throw Error("the network's outputs do not fit the target");
  model.proof = read_proof(model, file);
  return model;
}

}  // namespace

std::string describe_model(const Model& model) {
  return std::visit([&](const auto& networks) { return description_of(model, networks).dump(); }, model.networks);
}

std::string format_model(const Model& model) {
  return std::visit([&](const auto& networks) { return format_with(model, networks); }, model.networks);
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
