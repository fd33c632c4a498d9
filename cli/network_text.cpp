// What train and inspect both say about a network and its columns, for people and as JSON.
#include "cli/network_text.h"

#include <fmt/core.h>

namespace neurone::cli {
namespace {

// "dense 128 relu", "dropout 0.2", "batch_norm": the settings that people look for.
std::string short_text(const LayerSpec& layer) {
  std::string text(choice_name(layer));
  if (const auto* dense = std::get_if<layers::Dense>(&layer))
    text += fmt::format(" {} {}{}", dense->units, dense->activation, dense->bias ? "" : " without bias");
  else if (const auto* dropout = std::get_if<layers::Dropout>(&layer))
    text += " " + setting_text(dropout->rate);
  else if (const auto* batch = std::get_if<layers::BatchNorm>(&layer); batch && batch->activation != "identity")
    text += " " + batch->activation;
  else if (const auto* row = std::get_if<layers::LayerNorm>(&layer); row && row->activation != "identity")
    text += " " + row->activation;
  return text;
}

}  // namespace

template <class T> std::vector<LayerLine> layer_lines(const Network<T>& network) {
  std::vector<LayerLine> lines;
  for (std::size_t l = 0; l < network.size(); ++l) {
    const Layer<T>& layer = network.layer(l);
    LayerLine line{.text = short_text(network.spec().layers[l]),
                   .inputs = layer.inputs(),
                   .outputs = layer.outputs(),
                   .shapes = ""};
    for (const ParameterBlock& block : layer.parameters()) {
      line.parameters += block.size();
      line.shapes += fmt::format(
          "{}{} {}", line.shapes.empty() ? "" : ", ", block.name,
          block.rows == 1 ? fmt::format("{}", block.columns) : fmt::format("{} × {}", block.rows, block.columns));
    }
    lines.push_back(line);
  }
  return lines;
}

template <class T> nlohmann::ordered_json layers_json(const Network<T>& network) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  const std::vector<LayerLine> lines = layer_lines(network);
  for (std::size_t l = 0; l < network.size(); ++l) {
    const LayerSpec& spec = network.spec().layers[l];
    nlohmann::ordered_json object{{"layer", choice_name(spec)}};
    std::visit(
        [&](const auto& each) {
          visit_settings(each, [&](std::string_view key, const auto& value) { object[std::string(key)] = value; });
        },
        spec);
    object["inputs"] = lines[l].inputs;
    object["outputs"] = lines[l].outputs;
    object["parameters"] = lines[l].parameters;
    all.push_back(std::move(object));
  }
  return all;
}

nlohmann::ordered_json columns_json(const Preparation& preparation) {
  if (const auto* images = std::get_if<ImagePreparation>(&preparation))
    return {{"height", images->height}, {"width", images->width_in_pixels}};
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Column& column : std::get<TablePreparation>(preparation).columns)
    all.push_back({{"name", column_name(column)}, {"kind", column_kind(column)}});
  return all;
}

#define NEURONE_INSTANTIATE(T)                                       \
  template std::vector<LayerLine> layer_lines<T>(const Network<T>&); \
  template nlohmann::ordered_json layers_json<T>(const Network<T>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone::cli
