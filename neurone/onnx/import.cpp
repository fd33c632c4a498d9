// The steps of an import, one behind the other; the last compares what came out with what the graph says.
#include "neurone/onnx/import.h"
#include "neurone/onnx/own_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "neurone/data/cells.h"
#include "neurone/onnx/chain_reader.h"
#include "neurone/onnx/import_columns.h"
#include "neurone/onnx/import_trial.h"
#include "neurone/onnx/prepared_graph.h"

namespace neurone::onnx {
namespace {

LayerSpec spec_of(const Stage& stage) {
  if (const auto* dense = std::get_if<DenseStage>(&stage.layer))
    return layers::Dense{.units = stage.outputs(), .activation = stage.activation, .bias = dense->has_bias};
  if (const auto* batch = std::get_if<BatchNormStage>(&stage.layer))
    return layers::BatchNorm{.activation = stage.activation, .momentum = batch->momentum, .epsilon = batch->epsilon};
  return layers::LayerNorm{.activation = stage.activation, .epsilon = std::get<LayerNormStage>(stage.layer).epsilon};
}

template <class T> void fill(std::span<const double> values, std::span<T> parameters) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    parameters[k] = static_cast<T>(values[k]);
    if (!std::isfinite(parameters[k])) throw Error("its weights are not all finite numbers");
  }
}

template <class T> Network<T> network_of(const Chain& chain) {
  NetworkSpec spec{.inputs = chain.features.size(), .layers = {}};
  for (const Stage& stage : chain.stages) spec.layers.push_back(spec_of(stage));
  Network<T> network(spec);
  for (std::size_t l = 0; l < chain.stages.size(); ++l) {
    const auto parameter = [&](const char* block) { return network.parameter(std::to_string(l) + block).elements(); };
    const auto statistic = [&](const char* block) {
      const std::string name = std::to_string(l) + block;
      const auto& blocks = network.statistic_blocks();
      const auto found = std::ranges::find(blocks, name, &ParameterBlock::name);
      return network.statistics().subspan(found->offset, found->size());
    };
    if (const auto* dense = std::get_if<DenseStage>(&chain.stages[l].layer)) {
      fill<T>(dense->W.elements(), parameter(".W"));
      if (dense->has_bias) fill<T>(dense->b, parameter(".b"));
    } else if (const auto* batch = std::get_if<BatchNormStage>(&chain.stages[l].layer)) {
      fill<T>(batch->gain, parameter(".gain"));
      fill<T>(batch->shift, parameter(".shift"));
      fill<T>(batch->mean, statistic(".mean"));
      fill<T>(batch->variance, statistic(".variance"));
    } else {
      const auto& row = std::get<LayerNormStage>(chain.stages[l].layer);
      fill<T>(row.gain, parameter(".gain"));
      fill<T>(row.shift, parameter(".shift"));
    }
  }
  return network;
}

void check_texts(const Model& model) {
  std::vector<std::string> texts{target_name(model.target)};
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    texts.insert(texts.end(), classes->classes.begin(), classes->classes.end());
  for (const Column& column : std::get<TablePreparation>(model.preparation).columns) {
    texts.push_back(column_name(column));
    if (const auto* category = std::get_if<CategoryColumn>(&column))
      texts.insert(texts.end(), category->values.begin(), category->values.end());
  }
  for (const std::string& text : texts)
    if (!is_utf8(text)) throw Error("a name of a column or class is not UTF-8");
}

// What the model does that the file does not.
std::vector<std::string> remarks_on(const Understood& understood, const Model& model) {
  std::vector<std::string> remarks;
  if (understood.adds_activation)
    remarks.push_back(fmt::format("the file gives scores: the probabilities are the model's, by a {} of them",
                                  output_activation(model).name()));
  for (const InputColumn& column : understood.columns) {
    if (column.type == Type::boolean)
      remarks.push_back(fmt::format("column {}: a boolean, which tables have to have as 0 or 1", column.name));
    if (column.refuses_others)
      remarks.push_back(
          fmt::format("column {}: the file computes nothing of other categories than its {}, the model "
                      "takes them for none of these",
                      column.name, column.categories.size()));
  }
  return remarks;
}

// Who wrote the file, in letters that every terminal shows.
std::string producer_text(const std::string& producer) {
  std::string text = producer.substr(0, 80);
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.empty() ? "unknown" : text;
}

}  // namespace

Imported import_onnx(Graph graph, const ImportOptions& options) {
  if (is_own_export(graph)) {
    if (options.says_anything())
      throw UsageError("neurone exported this file, which says itself what its columns, target and classes are");
    return import_own_export(std::move(graph));
  }
  const std::string producer = producer_text(graph.producer);
  graph = prepare_graph(std::move(graph), options.outputs);
  constexpr std::uint64_t turns = 16;  // what each weight takes part in: a product, its folding, the trial
  Budget budget = budget_for(graph, 4 * rows_of_proof, turns);
  ReadChain read = read_chain(graph, budget);
  const ReadOutputs outputs = read_outputs(graph, read, budget);
  const bool had_activation = read.chain.stages.back().is_activated;
  const TakenTarget taken = take_target(graph, outputs, options, read.chain);
  const std::vector<std::string> names = column_names(graph, options.columns);
  const Understood understood{
      .graph = graph,
      .columns = input_columns(graph, names, read.chain),
      .outputs = outputs,
      .taken = taken,
      .adds_activation = !taken.order.empty() && !had_activation && outputs.kind == OutputKind::same};
  Model model{.preparation = take_columns(names, read.chain),
              .target = taken.target,
              .loss = taken.loss,
              .networks = read.type == Type::float64
                              ? decltype(Model::networks)(Networks<double>{network_of<double>(read.chain)})
                              : decltype(Model::networks)(Networks<float>{network_of<float>(read.chain)}),
              .record = {}};
  model.record.settings["imported"] = producer;
  check_texts(model);
  const Agreement agreed = agreement_with_graph(understood, model, budget);
  if (agreed.other_labels > 0 || !(agreed.largest <= trial_limit))
    throw Error(
        fmt::format("the model would say something else than the graph: of {} made-up rows {} other labels, "
                    "and values by {:.3g}",
                    agreed.rows, agreed.other_labels, agreed.largest));
  model.proof = prove(model, synthetic_rows(model.preparation), true);
  std::vector<std::string> remarks = remarks_on(understood, model);
  return {.model = std::move(model), .agreement = agreed, .remarks = std::move(remarks)};
}

}  // namespace neurone::onnx
