#include "cli/network_text.h"

#include "neurone/network/layer_lines.h"

namespace neurone::cli {
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

template nlohmann::ordered_json layers_json<float>(const Network<float>&);
template nlohmann::ordered_json layers_json<double>(const Network<double>&);

}  // namespace neurone::cli
