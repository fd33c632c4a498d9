#include "neurone/onnx/prepared_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// Puts several nodes in the place of one.
class Lowering {
 public:
  Lowering(const Node& node, Graph& graph, std::vector<Node>& nodes) : node_(node), graph_(graph), nodes_(nodes) {}

  // Z = X Wᵀ + b, a row of coefficients for each output
  void lower_regressor() {
    if (node_.text("post_transform", "NONE") != "NONE")
      throw node_error(node_, fmt::format("post_transform {}, expected NONE", node_.text("post_transform", "")));
    add_product(static_cast<std::size_t>(node_.whole("targets", 1)), node_.outputs.at(0));
  }

  // scores σ(X Wᵀ + b), and the label of the largest
  void lower_classifier() {
    const bool has_texts = node_.has("classlabels_strings");
    const Texts texts = node_.texts("classlabels_strings");
    const Wholes numbers = node_.wholes("classlabels_ints");
    const std::size_t classes = has_texts ? texts.size() : numbers.size();
    const std::string transform = node_.text("post_transform", "NONE");
    const std::string scores = node_.outputs.size() > 1 && !node_.outputs[1].empty() ? node_.outputs[1] : new_name();
    if (transform == "NONE") {
      add_product(classes, scores);
    } else {
      const std::string logits = new_name();
      add_product(classes, logits);
      if (transform != "SOFTMAX" && transform != "LOGISTIC")
        throw node_error(node_, fmt::format("post_transform {}, expected NONE, SOFTMAX or LOGISTIC", transform));
      add(transform == "SOFTMAX" ? "Softmax" : "Sigmoid", {logits}, scores);
    }
    if (node_.outputs.empty() || node_.outputs[0].empty()) return;
    const std::string place = new_name();
    add("ArgMax", {scores}, place, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
    Wholes places(classes);
    std::iota(places.begin(), places.end(), 0);
    add("LabelEncoder", {place}, node_.outputs[0],
        {{"keys_int64s", places},
         has_texts ? std::pair<const std::string, Value>{"values_strings", texts}
                   : std::pair<const std::string, Value>{"values_int64s", numbers}});
    nodes_.back().domain = onnx_ml;
  }

 private:
  void add(const char* operation, std::vector<std::string> inputs, const std::string& output,
           std::map<std::string, Value, std::less<>> attributes = {}) {
    nodes_.push_back({.name = node_.name,
                      .operation = operation,
                      .domain = "",
                      .inputs = std::move(inputs),
                      .outputs = {output},
                      .attributes = std::move(attributes)});
  }

  void add_product(std::size_t outputs, const std::string& output) {
    Reals coefficients = node_.reals("coefficients"), intercepts = node_.reals("intercepts");
    if (intercepts.empty()) intercepts.assign(outputs, 0);
    if (outputs == 0 || coefficients.empty() || coefficients.size() % outputs != 0 || intercepts.size() != outputs)
      throw node_error(node_, fmt::format("{} coefficients and {} intercepts for {} outputs", coefficients.size(),
                                          intercepts.size(), outputs));
    const auto rows = static_cast<std::int64_t>(outputs);
    const auto columns = static_cast<std::int64_t>(coefficients.size() / outputs);
    const std::string W = new_name(), b = new_name();
    graph_.constants[W] = real_tensor(Type::float32, {rows, columns}, std::move(coefficients));
    graph_.constants[b] = real_tensor(Type::float32, {rows}, std::move(intercepts));
    add("Gemm", {node_.inputs.at(0), W, b}, output, {{"transB", std::int64_t{1}}});
  }

  // One that no other tensor has: names in a file come from there, and hold no such beginning twice.
  std::string new_name() {
    std::string name = fmt::format("{} {} {}", node_.operation, nodes_.size(), ++made_);
    while (graph_.constants.contains(name)) name += '_';
    return name;
  }

  const Node& node_;
  Graph& graph_;
  std::vector<Node>& nodes_;
  std::size_t made_ = 0;
};

void lower_linear_models(Graph& graph) {
  std::vector<Node> nodes;
  for (Node& node : graph.nodes) {
    const bool is_regressor = node.is("LinearRegressor", onnx_ml),
               is_classifier = node.is("LinearClassifier", onnx_ml);
    if ((is_regressor || is_classifier) && (node.inputs.empty() || node.outputs.empty()))
      throw node_error(node, "it has no inputs or no outputs");
    if (is_regressor)
      Lowering(node, graph, nodes).lower_regressor();
    else if (is_classifier)
      Lowering(node, graph, nodes).lower_classifier();
    else
      nodes.push_back(std::move(node));
  }
  graph.nodes = std::move(nodes);
}

void keep_needed(Graph& graph) {
  std::set<std::string, std::less<>> needed(graph.outputs.begin(), graph.outputs.end());
  std::vector<Node> kept;
  for (std::size_t k = graph.nodes.size(); k-- > 0;) {
    Node& node = graph.nodes[k];
    if (std::ranges::none_of(node.outputs, [&](const std::string& name) { return needed.contains(name); })) continue;
    needed.insert(node.inputs.begin(), node.inputs.end());
    kept.push_back(std::move(node));
  }
  std::ranges::reverse(kept);
  graph.nodes = std::move(kept);
  std::erase_if(graph.inputs, [&](const Port& port) { return !needed.contains(port.name); });
}

// --- columns that the file leaves open -----------------------------------------------------------------------------

const Tensor* constant_of(const Graph& graph, const std::string& name) {
  const auto found = graph.constants.find(name);
  return found != graph.constants.end() ? &found->second : nullptr;
}

// How many columns a node asks of its input, by what stands beside it; 0: any number.
std::int64_t columns_asked(const Graph& graph, const Node& node, const std::string& input) {
  if (node.is("Scaler", onnx_ml))
    return std::ssize(node.reals("offset")) > 1 ? std::ssize(node.reals("offset")) : std::ssize(node.reals("scale"));
  if (node.is("Imputer", onnx_ml)) return std::ssize(node.reals("imputed_value_floats"));
  for (const std::string& name : node.inputs) {
    const Tensor* const beside = constant_of(graph, name);
    if (beside == nullptr || name == input || beside->rank() == 0) continue;
    if (node.is("MatMul") || node.is("Gemm")) {
      const std::size_t axis = node.is("Gemm") && node.whole("transB", 0) != 0 ? 1 : 0;
      return axis < beside->rank() ? beside->shape[axis] : 0;
    }
    if (is_elementwise(node) || node.is("BatchNormalization") || node.is("LayerNormalization"))
      return beside->shape.back();
  }
  return 0;
}

// rows × columns, where the file says no more than that, of the first number of columns that a node behind asks for.
void settle_columns(Graph& graph) {
  for (Port& port : graph.inputs) {
    if (port.shape.empty()) port.shape = {any_rows, any_rows};  // not even the rank is said
    if (port.shape.size() != 2 || port.shape[1] != any_rows) continue;
    std::set<std::string, std::less<>> same_columns{port.name};
    for (const Node& node : graph.nodes) {
      const auto found =
          std::ranges::find_if(node.inputs, [&](const std::string& name) { return same_columns.contains(name); });
      if (found == node.inputs.end()) continue;
      const std::int64_t columns = columns_asked(graph, node, *found);
      if (columns > 1 || (columns == 1 && (node.is("MatMul") || node.is("Gemm")))) {
        port.shape[1] = columns;
        break;
      }
      if (is_elementwise(node) || node.is("Identity") || node.is("Cast") || node.is("Dropout"))
        same_columns.insert(node.outputs.begin(), node.outputs.end());
    }
  }
}

}  // namespace

Graph prepare_graph(Graph graph, const std::vector<std::string>& wanted_outputs) {
  for (const std::string& name : wanted_outputs)
    if (std::ranges::find(graph.outputs, name) == graph.outputs.end())
      throw unknown_name("output", name, graph.outputs);
  if (!wanted_outputs.empty()) graph.outputs = wanted_outputs;
  if (graph.outputs.empty()) throw Error("it has no outputs");
  lower_linear_models(graph);
  keep_needed(graph);
  settle_columns(graph);
  return graph;
}

}  // namespace neurone::onnx
