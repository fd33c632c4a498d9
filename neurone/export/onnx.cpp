// Preparation, networks and the meaning of their outputs, one behind the other in one graph.
#include "neurone/export/onnx.h"

#include <fmt/format.h>

#include "neurone/core/file.h"
#include "neurone/export/onnx_layers.h"
#include "neurone/export/onnx_preparation.h"
#include "neurone/export/onnx_proof.h"
#include "neurone/export/onnx_values.h"
#include "neurone/file/model_description.h"

namespace neurone {
namespace {

OnnxType onnx_type_of(OnnxOptions::Numbers numbers) {
  return numbers == OnnxOptions::Numbers::float32 ? OnnxType::float32 : OnnxType::float64;
}

std::string add_prepared(const Model& model, const OnnxOptions& options, OnnxType networks, OnnxGraph& graph) {
  const bool is_matrix = options.inputs == OnnxOptions::Inputs::matrix;
  if (const auto* images = std::get_if<ImagePreparation>(&model.preparation))
    return add_images(*images, options.numbers ? onnx_type_of(*options.numbers) : OnnxType::uint8, networks, graph,
                      is_matrix ? PixelShape::rows : PixelShape::pictures);
  const auto& table = std::get<TablePreparation>(model.preparation);
  const OnnxType numbers = onnx_type_of(options.numbers.value_or(OnnxOptions::Numbers::float32));
  return is_matrix ? add_matrix(table, numbers, networks, graph) : add_columns(table, numbers, networks, graph);
}

std::string description_of_onnx(const Model& model) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const std::string what =
      classes == nullptr ? "a number" : fmt::format("one of {} classes", classes->classes.size());
  return fmt::format("Predicts {}, {}, from columns as they are: the preparation is inside.",
                     target_name(model.target), what);
}

}  // namespace

std::string format_onnx(const Model& model, const OnnxOptions& options) {
  const OnnxType networks =
      std::holds_alternative<Networks<float>>(model.networks) ? OnnxType::float32 : OnnxType::float64;
  OnnxGraph graph;
  const std::string X = add_prepared(model, options, networks, graph);
  std::vector<std::string> outputs;
  std::visit(
      [&](const auto& all) {
        for (std::size_t k = 0; k < all.size(); ++k) {
          const std::string prefix = all.size() == 1 ? "" : fmt::format("{}/", k);
          outputs.push_back(has_logits(model) ? add_network_before_activation(all[k], prefix, X, graph)
                                              : add_network(all[k], prefix, X, graph));
        }
      },
      model.networks);
  const bool is_table = std::holds_alternative<TablePreparation>(model.preparation);
  const OnnxType numbers = options.numbers ? onnx_type_of(*options.numbers) : is_table ? OnnxType::float32 : networks;
  add_values(model, outputs, numbers, graph);
  return graph.format(
      {.name = target_name(model.target),
       .description = description_of_onnx(model),
       .version = options.version,
       .metadata = {{"neurone.model", describe_model(model)}, {"neurone.proof", onnx_proof(model, options)}}});
}

void save_onnx(const Model& model, const std::string& path, const OnnxOptions& options) {
  write_file(path, format_onnx(model, options));
}

}  // namespace neurone
