#include "neurone/network/layer_lines.h"

#include <fmt/format.h>

namespace neurone {
namespace {

// "dense 128 relu", "dropout 0.2", "batch_norm": the settings that people look for.
std::string short_text(const LayerSpec& layer) {
  std::string text(choice_name(layer));
  if (const auto* dense = std::get_if<layers::Dense>(&layer))
    text += fmt::format(" {} {}{}", dense->units, dense->activation, dense->bias ? "" : " without bias");
  else if (const auto* heads = std::get_if<layers::Heads>(&layer))
    text += fmt::format(" {} {}", heads->units, heads->activation);
  else if (const auto* members = std::get_if<layers::Members>(&layer))
    text += fmt::format(" {}", members->count);
  else if (const auto* embedding = std::get_if<layers::Embedding>(&layer))
    text += fmt::format(" {}", embedding->dimension);
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
    const LayerSpec& spec = network.spec().layers[l];
    LayerLine line{.text = short_text(spec),
                   .activation = has_neurons(spec) ? std::string(layer.activation().name()) : "",
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

template std::vector<LayerLine> layer_lines<float>(const Network<float>&);
template std::vector<LayerLine> layer_lines<double>(const Network<double>&);

}  // namespace neurone
