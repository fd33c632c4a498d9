// The steps of an import, one behind the other; the last compares what came out with what the graph says.
#include "neurone/onnx/import.h"
#include "neurone/onnx/own_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include "neurone/data/cells.h"
#include "neurone/onnx/chain_reader.h"
#include "neurone/onnx/import_columns.h"
#include "neurone/onnx/import_target.h"
#include "neurone/onnx/outputs.h"
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

// --- what the graph says of the rows that the model is tried on ----------------------------------------------------

// The cells of a column as the graph takes them: a missing number is what the column takes it for.
Tensor input_of(const Port& port, std::span<const std::string> names, const Model& model, const Table& rows) {
  const auto& columns = std::get<TablePreparation>(model.preparation).columns;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t k = 0; k < columns.size(); ++k) places[column_name(columns[k])] = k;
  const std::size_t count = names.size();
  Texts texts(rows.rows() * count);
  Reals numbers(rows.rows() * count, 0);
  for (std::size_t j = 0; j < count; ++j) {
    const auto place = places.find(names[j]);
    if (place == places.end()) continue;  // the graph takes it and does not use it
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const std::string_view cell = rows.cell(i, place->second);
      const auto* numeric = std::get_if<NumericColumn>(&columns[place->second]);
      texts[i * count + j] = category_of(cell);
      constexpr double no_category = std::numeric_limits<std::int64_t>::min();
      numbers[i * count + j] = parse_number(cell).value_or(numeric != nullptr ? numeric->scale.median : no_category);
    }
  }
  Shape shape = port.shape;
  shape.front() = static_cast<std::int64_t>(rows.rows());
  if (port.type == Type::text) return text_tensor(shape, std::move(texts));
  if (is_real(port.type)) return real_tensor(port.type, shape, std::move(numbers));
  Wholes whole(numbers.size());
  std::ranges::transform(numbers, whole.begin(), truncated);
  return whole_tensor(port.type, shape, std::move(whole));
}

// The outputs of the graph as Predictions::values has them.
Matrix<double> values_in(const Tensor& output, const ReadOutputs& read, const TakenTarget& taken,
                         const Activation& activation) {
  const auto rows = static_cast<std::size_t>(output.shape[0]), columns = static_cast<std::size_t>(output.shape[1]);
  Matrix<double> Y(rows, columns);
  std::ranges::copy(output.reals(), Y.elements().begin());
  if (taken.order.empty()) return Y;
  if (read.kind == OutputKind::same && activation.name() == activations::LogSoftmax::name)
    std::ranges::transform(Y.elements(), Y.elements().begin(), [](double y) { return std::exp(y); });
  Matrix<double> values(rows, taken.order.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < taken.order.size(); ++c)
      values(i, c) = columns > 1 ? Y(i, taken.order[c]) : taken.order[c] == 1 ? Y(i, 0) : 1 - Y(i, 0);
  return values;
}

// What the graph says of many rows has to be as wide as what it said of the few that were tried.
void check_width(const Tensor& output, const TakenTarget& taken) {
  const auto columns = static_cast<std::size_t>(output.shape[1]), classes = taken.order.size();
  if (classes == 0 ? columns != 1 : columns != classes && !(columns == 1 && classes == 2))
    throw Error(fmt::format("an output has {} columns for {} rows", columns, output.shape[0]));
}

// What was found out about the graph.
struct Understood {
  const Graph& graph;
  std::vector<std::string> columns;  // the names of all
  ReadOutputs outputs;
  TakenTarget taken;
  bool adds_activation;  // the model has the softmax or sigmoid that the graph leaves out
};

Agreement compare(const Understood& understood, const Model& model, const Proof& proof, Budget& budget) {
  const auto& [graph, names, read, taken, adds_activation] = understood;
  const auto& rows = std::get<Table>(proof.rows);
  Tensors inputs;
  std::size_t first = 0;
  for (const Port& port : graph.inputs) {
    const std::size_t count = count_of({port.shape.begin() + 1, port.shape.end()});
    inputs[port.name] = input_of(port, std::span(names).subspan(first, count), model, rows);
    first += count;
  }
  std::vector<Tensor> outputs = outputs_of_rows(graph, inputs, rows.rows(), budget);
  Agreement agreed{.rows = rows.rows()};
  if (read.value_output) {
    Tensor& output = outputs[*read.value_output];
    check_width(output, taken);
    if (adds_activation) {
      Matrix<double> Y(static_cast<std::size_t>(output.shape[0]), static_cast<std::size_t>(output.shape[1]));
      std::ranges::copy(output.reals(), Y.elements().begin());
      output_activation(model).forward(Y, Y);
      output = real_tensor(Type::float64, output.shape, {Y.elements().begin(), Y.elements().end()});
    }
    const Matrix<double> values = values_in(output, read, taken, output_activation(model));
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double here = proof.values.elements()[k], there = values.elements()[k];
      if (here == there) continue;
      const double difference = std::abs(here - there) / (1 + std::abs(there));
      agreed.largest = std::isnan(difference) ? difference : std::max(agreed.largest, difference);
    }
  }
  if (!read.label_output) return agreed;
  const Tensor& labels = outputs[*read.label_output];
  if (labels.size() != rows.rows()) throw Error(fmt::format("{} labels for {} rows", labels.size(), rows.rows()));
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::string label = labels.type == Type::text ? labels.texts()[i] : fmt::format("{}", labels.wholes()[i]);
    const auto at = std::ranges::find(read.labels, label) - read.labels.begin();
    if (static_cast<std::size_t>(at) == read.labels.size() ||
        taken.order[likeliest(proof.values[i])] != static_cast<std::size_t>(at))
      ++agreed.other_labels;
  }
  return agreed;
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
  Budget budget = budget_for(graph, 2 * rows_of_proof, turns);
  ReadChain read = read_chain(graph, budget);
  const ReadOutputs outputs = read_outputs(graph, read, budget);
  const bool had_activation = read.chain.stages.back().is_activated;
  const TakenTarget taken = take_target(graph, outputs, options, read.chain);
  const Understood understood{
      .graph = graph,
      .columns = column_names(graph, options.columns),
      .outputs = outputs,
      .taken = taken,
      .adds_activation = !taken.order.empty() && !had_activation && outputs.kind == OutputKind::same};
  Model model{.preparation = take_columns(understood.columns, read.chain),
              .target = taken.target,
              .loss = taken.loss,
              .networks = read.type == Type::float64
                              ? decltype(Model::networks)(Networks<double>{network_of<double>(read.chain)})
                              : decltype(Model::networks)(Networks<float>{network_of<float>(read.chain)}),
              .record = {}};
  model.record.settings["imported"] = producer;
  check_texts(model);
  Proof proof = prove(model, synthetic_rows(model.preparation), true);
  const Agreement agreed = compare(understood, model, proof, budget);
  model.proof = std::move(proof);
  constexpr double limit = 1e-4;  // far outside, sums of floats differ more than where the columns are
  if (!(agreed.largest <= limit))
    throw Error(fmt::format("the model would say something else than the graph, by {:g}", agreed.largest));
  return {.model = std::move(model), .agreement = agreed};
}

}  // namespace neurone::onnx
