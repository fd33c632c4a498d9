// The numbers of a model as tensors, and back; what is read is checked before it is used. The rest is in
// model_description.h.
#include "neurone/file/model_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/core/finite.h"
#include "neurone/file/json_members.h"
#include "neurone/file/model_description.h"
#include "neurone/file/safetensors.h"
#include "neurone/training/trainer.h"

namespace neurone {
namespace {

constexpr const char* model_format = "neurone model";
constexpr const char* format_version = "1";
constexpr const char* errors_name = "calibration.errors";
constexpr const char* proof_values_name = "proof.values";
constexpr const char* proof_pixels_name = "proof.pixels";

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
    const std::span<const T> of_block = values.subspan(block.offset, block.size());
    if (const std::string found = not_finite_text(of_block); !found.empty())
      throw Error("the model cannot be kept: " + prefix + block.name + " holds a value that is not finite (" + found +
                  ")");
    tensors[prefix + block.name] = tensor_of<T>(shape, of_block);
  }
}

// The cells of a table stand in the metadata, pixels are a tensor, as the values are. Returns the text for the
// metadata.
std::string add_proof(const Proof& proof, Tensors& tensors) {
  JsonTree object;
  object.add("made_up", proof.made_up);
  if (const auto* table = std::get_if<Table>(&proof.rows)) {
    JsonTree rows = JsonTree::List();
    for (std::size_t row = 0; row < table->rows(); ++row) {
      JsonTree cells = JsonTree::List();
      for (std::size_t column = 0; column < table->columns(); ++column) cells.append(table->cell(row, column));
      rows.append(std::move(cells));
    }
    object.add("columns", JsonTree(table->names())).add("rows", std::move(rows));
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

Metadata metadata_of(std::string description) {
  return {{"format", model_format}, {"format_version", format_version}, {"model", std::move(description)}};
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
  Metadata metadata = metadata_of(describe_model(model));
  if (model.proof) metadata["proof"] = add_proof(*model.proof, tensors);
  return format_safetensors(tensors, metadata);
}

// The specification, once it is certain that the file holds as many values as the layers claim to have: nothing large
// is allocated for a claim.
NetworkSpec read_network(std::span<const std::string> layers, std::size_t networks, std::size_t inputs,
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
  for (const std::string& text : layers) {
    spec.layers.push_back(parse_choice<LayerSpec>("layer", text));
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
    const Vector<T> read = finite_tensor_values<T>(file, name);
    if (block.name.ends_with(".variance") && std::ranges::any_of(read, [](T value) { return value < 0; }))
      throw Error("tensor '" + name + "' holds a variance below 0");
    std::ranges::copy(read, values.begin() + static_cast<std::ptrdiff_t>(block.offset));
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

Calibration read_calibration(double temperature, const Safetensors& file) {
  Calibration calibration{.temperature = temperature};
  if (!file.tensors().contains(errors_name)) return calibration;
  const Vector<double> errors = finite_tensor_values<double>(file, errors_name);
  calibration.errors.assign(errors.begin(), errors.end());
  if (!std::ranges::is_sorted(errors) || (!errors.empty() && errors.front() < 0))
    throw Error("the errors of the calibration are not sorted numbers from 0 on");
  return calibration;
}

Source read_proof_rows(const JsonTree& object, const Preparation& preparation, const Safetensors& file) {
  if (const auto* prepared = std::get_if<TablePreparation>(&preparation)) {
    const std::vector<std::string> names = json_texts(object, "columns");
    if (!std::ranges::equal(names, prepared->columns, {}, {}, column_name))
      throw Error("the rows of proof have other columns");
    std::vector<std::vector<std::string>> cells;
    for (const JsonTree& row : json_list(object, "rows")) {
      std::vector<std::string>& of_row = cells.emplace_back();
      if (row.list() == nullptr) refuse_kind("a row of proof", row, "a list");
      for (const JsonTree& cell : *row.list()) {
        if (cell.text() == nullptr) refuse_kind("a cell of proof", cell, "a text");
        of_row.push_back(*cell.text());
      }
    }
    return Table(names, cells, "rows of proof");
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
  const JsonTree object = parse_json_tree(text->second, "the proof");
  Proof proof{.rows = read_proof_rows(object, model.preparation, file),
              .values = {},
              .made_up = json_truth(object, "made_up")};
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
  const auto text = file.metadata().find("model");
  if (text == file.metadata().end()) throw Error("the description is missing");
  ModelDescription description = parse_model_description(text->second);
  const std::size_t inputs = std::visit([](const auto& each) { return each.width(); }, description.preparation);
  const std::size_t networks = description.networks;
  const NetworkSpec spec = read_network(description.layers, networks, inputs, own, file);
  Model model{.preparation = std::move(description.preparation),
              .target = std::move(description.target),
              .loss = description.loss,
              .networks = description.precision == precision_name<float>
                              ? decltype(Model::networks)(read_parameters<float>(spec, networks, file))
                              : decltype(Model::networks)(read_parameters<double>(spec, networks, file)),
              .calibration = read_calibration(description.temperature, file),
              .record = std::move(description.record)};
  check_task_fits(task_of(model.target), model.loss, output_activation(model));
  check_loss_fits(model.loss, output_activation(model));
  if (model.outputs() != target_columns(model.target) * model.loss.outputs_per_target())
    throw Error("the network's outputs do not fit the target");
  if (model.calibration.temperature != 1 && !has_logits(model))
    throw Error("it has a temperature, which divides logits, and no logits");
  model.proof = read_proof(model, file);
  return model;
}

}  // namespace

std::string format_model(const Model& model) {
  return std::visit([&](const auto& networks) { return format_with(model, networks); }, model.networks);
}

std::string format_model(const Tensors& tensors, std::string description) {
  return format_safetensors(tensors, metadata_of(std::move(description)));
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
  } catch (const Error& error) {
    const std::string what = error.what(), named = source + ": ";  // errors about tensors name the source already
    throw Error(source, "damaged model: " + (what.starts_with(named) ? what.substr(named.size()) : what));
  }
}

Model load_model(const std::string& path, std::span<const Activation> own) {
  return parse_model(read_file(path), path, own);
}

}  // namespace neurone
