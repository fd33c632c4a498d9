#include "neurone/onnx/chain_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "neurone/activation/activation.h"

namespace neurone::onnx {
namespace {

// How many rows a graph has that takes any number: one that no shape has by chance.
constexpr std::int64_t rows_of_any = 1009;

void add_constant(const Tensor& tensor, std::set<double>& constants) {
  if (tensor.size() > 0 && is_real(tensor.type)) constants.insert(std::abs(tensor.reals().front()));
}

// The sizes of single numbers in a graph, which are where an activation may break off.
std::vector<double> breaks_in(const Graph& graph) {
  std::set<double> constants;
  for (const Node& node : graph.nodes) {
    if (!is_elementwise(node) && !node.is("Constant")) continue;
    for (const auto& [name, value] : node.attributes) {
      if (const auto* number = std::get_if<double>(&value)) constants.insert(std::abs(*number));
      if (const auto* tensor = std::get_if<Tensor>(&value)) add_constant(*tensor, constants);
    }
    for (const std::string& name : node.inputs)
      if (const auto found = graph.constants.find(name); found != graph.constants.end())
        add_constant(found->second, constants);
  }
  std::erase_if(constants, [](double each) { return !std::isfinite(each) || each == 0; });
  return {constants.begin(), constants.end()};
}

}  // namespace

ChainReader::ChainReader(const Graph& graph, Budget& budget)
    : graph_(graph), budget_(budget), constants_(graph, budget), points_(curve_points(breaks_in(graph))) {
  for (const Node& node : graph.nodes)
    for (const std::string& name : node.inputs) ++uses_[name];
  for (const std::string& name : graph.outputs) ++uses_[name];
}

ReadChain read_chain(const Graph& graph, Budget& budget) {
  return ChainReader(graph, budget).read();
}

ReadChain ChainReader::read() {
  for (const Port& port : graph_.inputs)
    if (rows_ == 0 && !port.shape.empty() && port.shape.front() != any_rows) rows_ = port.shape.front();
  if (rows_ == 0) rows_ = rows_of_any;
  for (const Port& port : graph_.inputs) trace_input(port);
  for (const Node& node : graph_.nodes) trace(node);
  if (chain_.stages.empty()) throw Error("there is no layer in it: expected Gemm or MatMul with constant weights");
  const std::string end = last_tensor();
  const Traced& last = traced_.at(end);
  return {.chain = std::move(chain_), .end = end, .end_shape = last.shape, .type = last.type};
}

Error computes_in(Type type) {
  return Error(
      fmt::format("it computes in {}, which keeps three digits: neurone does in float and double", type_name(type)));
}

void ChainReader::trace_input(const Port& port) {
  if (port.type == Type::float16 || port.type == Type::bfloat16)
    throw Error(fmt::format("input '{}'", port.name), computes_in(port.type).what());
  if (port.shape.size() < 2 || std::count(port.shape.begin() + 1, port.shape.end(), any_rows) > 0)
    throw Error(fmt::format(
        "input '{}' is not of rows × a known number of columns, and no constant beside it has one", port.name));
  Traced traced{.shape = {port.shape.begin() + 1, port.shape.end()}, .type = port.type, .made_by = "the inputs"};
  const std::size_t columns = count_of(traced.shape);
  constexpr std::uint64_t of_a_column = 224;  // with its name, its cells and the like, in elements of eight bytes
  budget_.spend_elements(count_of({static_cast<std::int64_t>(columns), of_a_column}));
  traced.affine = Affine::identity(columns);
  for (std::size_t k = 0; k < columns; ++k) traced.features.push_back({.input = columns_++});
  if (!traced_.try_emplace(port.name, std::move(traced)).second)
    throw Error(fmt::format("two inputs are called '{}'", port.name));
}

void ChainReader::trace(const Node& node) {
  if (find_operator(node) == nullptr)
    throw node_error(node, fmt::format("neurone imports dense networks, which have no {}", node.operation));
  if (constants_.can_compute(node)) return constants_.compute(node);
  for (const std::string& name : node.inputs) {
    if (name.empty() || constants_.find(name) != nullptr || traced_.contains(name)) continue;
    const auto since = behind_.find(name);
    if (since == behind_.end())
      throw node_error(node, fmt::format("its input '{}' is known nowhere before it", name));
    if (node.is("Gemm") || node.is("MatMul") || node.is("BatchNormalization") || node.is("LayerNormalization"))
      throw node_error(node, fmt::format("before it, {} is none of neurone's layers and activations", since->second));
    return leave_to_outputs(node);
  }
  try {
    if (!trace_as_layer_or_curve(node)) leave_to_outputs(node);
  } catch (const Error& error) {
    const std::string what = error.what();
    if (what.starts_with("node '")) throw;
    throw node_error(node, what);
  }
}

bool ChainReader::trace_as_layer_or_curve(const Node& node) {
  return trace_product(node) || trace_batch_norm(node) || trace_layer_norm(node) || trace_softmax(node) ||
         trace_scaler(node) || trace_imputer(node) || trace_categories(node) || trace_shape(node) ||
         trace_same_elements(node) || trace_cast(node) || trace_joined_inputs(node) || trace_picked_inputs(node) ||
         trace_affine(node) || trace_curve(node);
}

// What nobody here knows is what makes labels and the like of the outputs, if it comes from the end of the chain.
void ChainReader::leave_to_outputs(const Node& node) {
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    const Traced* const traced = find(node, k);
    if (traced == nullptr) continue;
    if (traced->base == 0)
      throw node_error(node,
                       fmt::format("{} of the inputs is none that neurone imports: expected scaling by columns, "
                                   "categories, Gemm or MatMul",
                                   node.operation));
    expect_end(node, *traced);
  }
  std::string since = node.title();
  for (const std::string& name : node.inputs)
    if (const auto found = behind_.find(name); found != behind_.end()) since = found->second;
  for (const std::string& name : node.outputs) behind_[name] = since;
}

void ChainReader::set(const Node& node, Traced traced, std::size_t output) {
  if (output >= node.outputs.size() || node.outputs[output].empty()) return;
  spend(traced);
  traced.made_by = node.title();
  traced_[node.outputs[output]] = std::move(traced);
  order_.push_back(node.outputs[output]);
}

// What is known of a tensor takes memory, too.
void ChainReader::spend(const Traced& traced) {
  std::uint64_t elements = 2 * traced.columns();
  for (const Feature& each : traced.features)
    elements += (sizeof(Feature) + (each.category ? each.category->size() : 0)) / sizeof(double);
  budget_.spend_elements(elements);
}

Traced* ChainReader::find(const Node& node, std::size_t input) {
  if (input >= node.inputs.size()) return nullptr;
  const auto found = traced_.find(node.inputs[input]);
  return found != traced_.end() ? &found->second : nullptr;
}

const Tensor* ChainReader::constant(const Node& node, std::size_t input) const {
  return input < node.inputs.size() && !node.inputs[input].empty() ? constants_.find(node.inputs[input]) : nullptr;
}

// The only input that comes from the inputs of the graph; none where there are several.
Traced* ChainReader::only_traced(const Node& node) {
  Traced* only = nullptr;
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    Traced* const traced = find(node, k);
    if (traced == nullptr) continue;
    if (only != nullptr) return nullptr;
    only = traced;
  }
  return only;
}

void ChainReader::expect_end(const Node& node, const Traced& traced) const {
  if (traced.base == base_) return;
  throw node_error(node,
                   fmt::format("it goes back behind a layer, to {}: expected one layer after the other, without "
                               "branches",
                               traced.made_by));
}

bool ChainReader::is_used_once(const Traced& traced, const Node& node) const {
  for (const std::string& name : node.inputs)
    if (const auto found = traced_.find(name); found != traced_.end() && &found->second == &traced)
      return uses_.at(name) == 1;
  return false;
}

// The tensor is the end of the chain from here on: what came from the one before is of the past.
void ChainReader::move_on(Traced& traced) {
  ++base_;
  before_curves_.clear();
  traced.base = base_;
  traced.curve.reset();
  traced.affine = Affine::identity(traced.columns());
  traced.features.clear();
}

// Makes the tensor the end of the chain: its curve an activation, its factors and shifts a part of the layer. Only
// factors and shifts behind an activation are left, for the layer that comes next.
void ChainReader::settle(Traced& traced) {
  if (traced.base == 0 || traced.is_plain()) return;
  Stage& stage = chain_.stages.back();
  if (!traced.curve) {
    if (stage.is_activated) return;
    absorb(traced.affine, stage);
    return move_on(traced);
  }
  const std::optional<FoundActivation> found = find_activation(*traced.curve);
  if (!found)
    throw Error(traced.made_by,
                "what it computes is none of neurone's activations" + nearest_activation({points_, *traced.curve}));
  if (stage.is_activated) throw Error(traced.made_by, "an activation behind another, expected a layer between them");
  const auto of_all = [&](std::pair<double, double> one) {
    return Affine{.factor = std::vector<double>(traced.columns(), one.first),
                  .shift = std::vector<double>(traced.columns(), one.second)};
  };
  absorb(of_all(found->before), stage);
  stage.activation = found->name;
  stage.is_activated = true;
  move_on(traced);
  traced.affine = of_all(found->behind);
}

std::optional<FoundActivation> ChainReader::find_activation(const Tensor& curve) {
  constexpr std::uint64_t own_lines = 4;  // that are tried before it besides
  budget_.spend_steps(2 * curve.size() * all_activations().size() * (before_curves_.size() + own_lines));
  return find_activation_of({points_, curve}, before_curves_);
}

void ChainReader::append(const Node& node, const Traced& before, Stage stage, Type type) {
  Traced traced{.shape = {static_cast<std::int64_t>(stage.outputs())}, .type = type};
  traced.affine = Affine::identity(stage.outputs());
  if (before.base == 0) {
    if (before.columns() == 0) throw node_error(node, "it has no columns");
    if (!is_real(before.type))
      throw node_error(node, fmt::format("its inputs are {}, expected float or double", type_name(before.type)));
    chain_.features = before.features;
    chain_.scaling = before.affine;
  }
  chain_.stages.push_back(std::move(stage));
  move_on(traced);
  set(node, std::move(traced));
}

// The last tensor that is an activation of the last layer, exactly; of several that are the same the first.
std::optional<std::string> ChainReader::activated_tensor() {
  std::optional<std::string> last;
  if (chain_.stages.back().is_activated) return last;
  for (const std::string& name : order_) {
    const Traced& traced = traced_.at(name);
    if (traced.base != base_ || !traced.curve) continue;
    const auto found = find_activation(*traced.curve);
    const bool is_new =
        !last || traced_.at(*last).shape.size() > 1 || traced_.at(*last).curve->elements != traced.curve->elements;
    if (is_new && found && found->behind == std::pair<double, double>{1, 0}) last = name;
  }
  return last;
}

// The only output of the graph, where it is a number of the last layer kept between two others. Its factor and shift
// are taken into the layer.
std::optional<std::string> ChainReader::bounded_output() {
  const auto output = traced_.find(graph_.outputs.front());
  if (graph_.outputs.size() != 1 || output == traced_.end()) return {};
  Traced& traced = output->second;
  if (traced.base != base_ || traced.columns() != 1 || !traced.curve) return {};
  const std::optional<Bounded> bounded = find_bounds({points_, *traced.curve});
  if (!bounded) return {};
  if (std::isinf(bounded->lowest) || std::isinf(bounded->highest)) {
    const bool is_above = std::isinf(bounded->highest);
    throw Error(traced.made_by,
                fmt::format("the output is kept {} {:g} alone: neurone keeps a number between two",
                            is_above ? "above" : "below", is_above ? bounded->lowest : bounded->highest));
  }
  absorb({.factor = {bounded->factor}, .shift = {bounded->shift}}, chain_.stages.back());
  chain_.lowest = bounded->lowest;
  chain_.highest = bounded->highest;
  move_on(traced);
  return output->first;
}

// The tensor that the last layer's outputs are: an activation; else the only output, if what it takes from there to
// it can be taken into the layer; else the first that nothing has been done with.
std::string ChainReader::last_tensor() {
  std::optional<std::string> end = activated_tensor();
  const bool is_open = !end && !chain_.stages.back().is_activated;
  if (is_open) end = bounded_output();
  if (is_open && !end && graph_.outputs.size() == 1)
    if (const auto output = traced_.find(graph_.outputs.front());
        output != traced_.end() && output->second.base == base_)
      end = output->first;
  for (const std::string& name : order_)
    if (!end && traced_.at(name).base == base_ && traced_.at(name).is_plain()) end = name;
  if (!end) throw Error("no output comes from the last layer as it is");
  Traced& traced = traced_.at(*end);
  settle(traced);
  if (!traced.is_plain())
    throw Error(traced.made_by, "what it does with the last activation is none of neurone's layers");
  return *end;
}

}  // namespace neurone::onnx
