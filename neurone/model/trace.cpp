// The row is selected, prepared and sent through as prediction does it; on the way back each layer is asked on its
// own, so that dL/dA is seen before it becomes dL/dZ.
#include "neurone/model/trace.h"

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

#include "neurone/core/denormals.h"
#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/input_names.h"
#include "neurone/network/layer_lines.h"

namespace neurone {
namespace {

template <class T> Matrix<double> widened(ConstMatrixView<T> narrow) {
  Matrix<double> doubles(narrow.rows(), narrow.columns());
  std::ranges::copy(narrow.elements(), doubles.elements().begin());
  return doubles;
}

// A layer's matrices, which lie one behind the other in `elements`.
template <class T>
std::vector<TracedMatrix> matrices_of(const std::vector<ParameterBlock>& blocks, std::span<const T> elements) {
  std::vector<TracedMatrix> matrices;
  for (const ParameterBlock& block : blocks) {
    const ConstMatrixView<T> view(elements.data(), block.rows, block.columns);
    matrices.push_back({.name = block.name, .values = widened(view)});
    elements = elements.subspan(block.size());
  }
  return matrices;
}

Source row_of(const Source& source, std::size_t row) {
  const std::size_t count = rows(source);
  const auto* table = std::get_if<Table>(&source);
  if (row >= count) {
    const std::string& name = table != nullptr ? table->source() : std::get<Images>(source).source;
    throw UsageError(name + ": row " + std::to_string(row + 1) + " is not there: expected one of its " +
                     std::to_string(count) + (table != nullptr ? " rows" : " images") + ", counted from 1");
  }
  const std::vector<std::uint32_t> chosen{static_cast<std::uint32_t>(row)};
  if (table != nullptr) return table->select(chosen);
  return select(std::get<Images>(source), chosen);
}

std::vector<std::string> names_of_outputs(const Model& model) {
  if (const auto* classes = std::get_if<ClassTarget>(&model.target)) {
    if (model.outputs() == 1) return {classes->classes[1]};
    return classes->classes;
  }
  const std::string& name = target_name(model.target);
  if (model.outputs() == 1) return {name};
  return {name, "log variance of " + name};
}

// The row's target: as text, and as the loss sees it, 1 × targets.
template <class T> std::pair<std::string, Matrix<T>> target_of(const Model& model, const Source& row) {
  Matrix<T> targets(1, target_columns(model.target));
  if (const auto* classes = std::get_if<ClassTarget>(&model.target)) {
    const std::vector<std::uint32_t> numbers = true_classes(row, *classes);
    encode_classes<T>(numbers, *classes, targets);
    return {classes->classes[numbers.front()], std::move(targets)};
  }
  const auto* table = std::get_if<Table>(&row);
  if (table == nullptr) throw Error(std::get<Images>(row).source, "images, expected a table with the target");
  const auto& number = std::get<NumberTarget>(model.target);
  encode_numbers<T>(target_values(*table, number), number, targets);
  return {std::string(trim(table->cell(0, table->column(number.name)))), std::move(targets)};
}

// x through all layers; the workspace remembers what the way back needs.
template <class T>
void go_forward(const Network<T>& network, ConstMatrixView<T> x, Workspace<T>& workspace, Trace& trace) {
  const DenormalsAreZero as_in_prediction;
  const std::vector<LayerLine> lines = layer_lines(network);
  network.forward({}, x, workspace);
  for (std::size_t l = 0; l < network.size(); ++l) {
    const Layer<T>& layer = network.layer(l);
    trace.layers.push_back({.spec = network.spec().layers[l],
                            .text = lines[l].text,
                            .activation = layer.activation(),
                            .parameters = matrices_of<T>(layer.parameters(), network.parameters(l)),
                            .statistics = matrices_of<T>(layer.statistics(), network.statistics(l)),
                            .Z = widened<T>(workspace.Z(l)),
                            .A = widened<T>(workspace.A(l))});
  }
  Matrix<T> outputs(1, network.outputs());
  mean_of_members<T>(workspace.A(network.size() - 1), network.members(), outputs);
  trace.outputs = widened<T>(outputs);
}

// dL/dA of layer l to dL/dZ, both in the workspace and the trace.
template <class T>
void pass_slope(const Network<T>& network, std::size_t l, ConstMatrixView<T> dA, Workspace<T>& workspace,
                Trace& trace) {
  const Activation& activation = network.layer(l).activation();
  trace.layers[l].dA = widened(dA);
  if (activation.is_identity())
    std::ranges::copy(dA.elements(), workspace.dZ(l).elements().begin());
  else
    activation.backward(workspace.Z(l), workspace.A(l), dA, workspace.dZ(l));
  trace.layers[l].dZ = widened<T>(workspace.dZ(l));
}

// The loss of the row and its gradient with respect to the last layer's Z.
template <class T>
void start_back(const Network<T>& network, const Loss& loss, ConstMatrixView<T> targets, Workspace<T>& workspace,
                Trace& trace) {
  const std::size_t last = network.size() - 1;
  Matrix<T> of_members(network.members(), targets.columns());
  for (std::size_t m = 0; m < of_members.rows(); ++m) std::ranges::copy(targets[0], of_members[m].begin());
  const ConstMatrixView<T> Y = loss.takes_logits() ? workspace.Z(last) : workspace.A(last);
  Matrix<T> dY(Y.rows(), Y.columns());
  trace.loss = loss.operator()<T>(Y, {.values = of_members}, dY);
  if (!loss.takes_logits() || network.layer(last).activation().is_identity()) {
    pass_slope<T>(network, last, dY, workspace, trace);
  } else {
    std::ranges::copy(dY.elements(), workspace.dZ(last).elements().begin());
    trace.layers[last].dZ = widened<T>(dY);
  }
}

template <class T>
void go_back(const Network<T>& network, ConstMatrixView<T> x, Workspace<T>& workspace, Trace& trace) {
  for (std::size_t l = network.size(); l-- > 0;) {
    const Layer<T>& layer = network.layer(l);
    const Pass pass{.copies = l == 0 ? 1 : network.copies(l - 1)};
    const ConstMatrixView<T> X = l == 0 ? x : workspace.A(l - 1);
    Vector<T> gradient(network.parameters(l).size());
    Matrix<T> dX(X.rows(), X.columns());
    layer.backward({.pass = pass,
                    .parameters = network.parameters(l),
                    .X = X,
                    .dZ = workspace.dZ(l),
                    .scratch = workspace.scratch(l),
                    .gradient = gradient,
                    .dX = dX,
                    .workbench = &workspace.workbench()});
    std::vector<TracedMatrix> gradients = matrices_of<T>(layer.parameters(), gradient);
    for (std::size_t p = 0; p < gradients.size(); ++p)
      trace.layers[l].parameters[p].gradient = std::move(gradients[p].values);
    if (l == 0)
      trace.dx = widened<T>(dX);
    else
      pass_slope<T>(network, l - 1, dX, workspace, trace);
  }
}

// What every network says, calibrated, one row each.
template <class T> Matrix<double> values_of_networks(const Model& model, ConstMatrixView<T> x) {
  Matrix<double> all;
  const auto& networks = std::get<Networks<T>>(model.networks);
  for (std::size_t k = 0; k < networks.size(); ++k) {
    const Matrix<double> values = values_of<T>(model, networks[k], x, 1);
    if (k == 0) all = Matrix<double>(networks.size(), values.columns());
    std::ranges::copy(values[0], all[k].begin());
  }
  return all;
}

template <class T> void trace_through(const Model& model, const Network<T>& network, bool backward, Trace& trace) {
  Matrix<T> x(1, model.inputs());
  encode<T>(model.preparation, trace.source, x);
  Matrix<T> targets;
  if (backward) std::tie(trace.truth, targets) = target_of<T>(model, trace.source);
  Workspace<T> workspace(network, 1, WorkspaceFor::training);
  trace.in_float = std::is_same_v<T, float>;
  trace.x = widened<T>(x);
  go_forward<T>(network, x, workspace, trace);
  trace.values =
      values_of(model.target, model.loss, output_activation(network), readings_of<T>(model.target, network, x, 1));
  trace.of_networks = values_of_networks<T>(model, x);
  if (!backward) return;
  const DenormalsAreZero as_in_training;
  trace.targets = widened<T>(targets);
  start_back<T>(network, model.loss, targets, workspace, trace);
  go_back<T>(network, x, workspace, trace);
}

}  // namespace

const Matrix<double>& TracedLayer::matrix(std::string_view name) const {
  for (const auto* const kind : {&parameters, &statistics})
    for (const TracedMatrix& each : *kind)
      if (each.name == name) return each.values;
  throw Error(text, "no matrix " + std::string(name));
}

Trace trace_row(const Model& model, const Source& source, const TraceOptions& options) {
  if (options.network >= model.size())
    throw UsageError("network " + std::to_string(options.network + 1) +
                     " is not there: expected one of the model's " + std::to_string(model.size()) +
                     ", counted from 1");
  Trace trace{.row = options.row,
              .network = options.network,
              .networks = model.size(),
              .input_names = std::visit([](const auto& each) { return input_names(each); }, model.preparation),
              .output_names = names_of_outputs(model),
              .source = row_of(source, options.row)};
  std::visit([&](const auto& networks) { trace_through(model, networks[options.network], options.backward, trace); },
             model.networks);
  trace.predictions = predict(model, trace.source);
  return trace;
}

std::string unit_name(const Trace& trace, std::size_t depth, std::size_t unit) {
  if (depth == trace.depth()) return trace.output_names[unit];
  if (depth == 0) return trace.input_names[unit];
  const LayerSpec& spec = trace.layers[depth - 1].spec;
  if (has_neurons(spec)) return "unit " + std::to_string(unit + 1);
  const auto* embedding = std::get_if<layers::Embedding>(&spec);
  if (embedding == nullptr) return unit_name(trace, depth - 1, unit);
  const std::vector<EmbeddingPart> parts = embedding_parts(*embedding, trace.A(depth - 1).columns());
  const EmbeddingPart& part = part_of_output(parts, unit);
  if (!part.is_block) return unit_name(trace, depth - 1, part.x + unit - part.z);
  const std::string first = unit_name(trace, depth - 1, part.x);  // "city = Bern"
  return first.substr(0, first.find(" = ")) + ", embedding " + std::to_string(unit - part.z + 1);
}

}  // namespace neurone
