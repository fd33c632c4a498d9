#include "neurone/onnx/import_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "neurone/data/class_order.h"

namespace neurone::onnx {
namespace {

// Two sigmoids of z and −z are the softmax of z/2 and −z/2.
void join_two_sigmoids(Stage& last) {
  auto* const dense = std::get_if<DenseStage>(&last.layer);
  if (dense == nullptr || dense->W.columns() != 2 || last.activation != "sigmoid") return;
  for (std::size_t i = 0; i < dense->W.rows(); ++i)
    if (dense->W(i, 0) != -dense->W(i, 1)) return;
  if (dense->b[0] != -dense->b[1]) return;
  absorb({.factor = {0.5, 0.5}, .shift = {0, 0}}, last);
  last.activation = "softmax";
}

bool is_softmax(const Stage& last) {
  return last.activation == "softmax" || last.activation == "log_softmax";
}

Task task_of_outputs(const ReadOutputs& outputs, const ImportOptions& options, const Stage& last) {
  const std::size_t count = last.outputs();
  const bool are_classes = !outputs.labels.empty() || is_softmax(last) || outputs.kind != OutputKind::same;
  if (are_classes && options.task == Task::regression)
    throw UsageError("the outputs are classes, --task says regression");
  if (options.task) return *options.task;
  if (!outputs.labels.empty() && !last.is_activated && outputs.kind == OutputKind::same)
    throw UsageError(
        "the file gives labels and scores of classes, no probabilities: --task classification says that a softmax "
        "(of "
        "one score a sigmoid) makes probabilities of the scores");
  if (are_classes || !options.classes.empty()) return Task::classification;
  if (count == 1) return last.activation == "sigmoid" ? Task::classification : Task::regression;
  throw UsageError(
      fmt::format("there are {} outputs, and a target is one number or classes: --task classification says "
                  "that they are classes, from before the softmax",
                  count));
}

Loss loss_of(const Stage& last) {
  if (last.activation == "exp") return {losses::Poisson{}};
  if (is_softmax(last)) return {losses::CategoricalCrossEntropy{}};
  if (last.activation == "sigmoid") return {losses::BinaryCrossEntropy{}};
  return {losses::SquaredError{}};
}

// The name of the target: that of the output if not said.
std::string name_of(const Graph& graph, const ReadOutputs& outputs, const ImportOptions& options) {
  if (!options.target.empty()) return options.target;
  return graph.outputs[outputs.label_output ? *outputs.label_output : outputs.value_output.value_or(0)];
}

TakenTarget take_number(const std::string& name, const ReadOutputs& outputs, Chain& chain) {
  Stage& last = chain.stages.back();
  if (last.outputs() != 1)
    throw UsageError(fmt::format("there are {} outputs, and a target is one number", last.outputs()));
  NumberTarget target{.name = name, .lowest = chain.lowest, .highest = chain.highest};
  if (!last.is_activated) {
    absorb({.factor = {outputs.factor}, .shift = {outputs.shift}}, last);
  } else if (outputs.factor > 0) {
    target.deviation = outputs.factor;
    target.mean = outputs.shift;
  } else {
    throw Error(fmt::format("the output is {:g} times the activation, expected a factor above 0", outputs.factor));
  }
  return {.target = target, .loss = loss_of(last)};
}

TakenTarget take_classes(const std::string& name, const ReadOutputs& outputs, const ImportOptions& options,
                         Chain& chain) {
  Stage& last = chain.stages.back();
  const std::size_t count = std::max<std::size_t>(last.outputs(), 2);
  if (outputs.factor != 1 || outputs.shift != 0)
    throw Error("the output is a factor and a shift of what the last layer says, expected it as it is");
  if (std::isfinite(chain.lowest)) throw Error("the output is kept between two numbers, expected it as it is");
  if (!last.is_activated) {
    last.activation = last.outputs() == 1 ? "sigmoid" : "softmax";
    last.is_activated = true;
  }
  std::vector<std::string> labels = options.classes.empty() ? outputs.labels : options.classes;
  if (labels.empty())
    for (std::size_t k = 0; k < count; ++k) labels.push_back(std::to_string(k));
  if (labels.size() != count) throw UsageError(fmt::format("{} names for {} classes", labels.size(), count));
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return class_order(labels[a], labels[b]); });
  ClassTarget target{.name = name, .classes = {}, .one_hot = last.outputs() == 2};
  for (const std::size_t k : order) target.classes.push_back(labels[k]);
  if (const auto twice = std::ranges::adjacent_find(target.classes); twice != target.classes.end())
    throw UsageError(fmt::format("two classes are called '{}'", *twice));
  if (last.outputs() > 1)
    reorder_outputs(order, chain);
  else if (order.front() == 1)
    absorb({.factor = {-1}, .shift = {0}}, last);  // σ(−z) = 1 − σ(z)
  return {.target = target, .loss = loss_of(last), .order = order};
}

}  // namespace

TakenTarget take_target(const Graph& graph, const ReadOutputs& outputs, const ImportOptions& options, Chain& chain) {
  Stage& last = chain.stages.back();
  join_two_sigmoids(last);
  const std::string name = name_of(graph, outputs, options);
  if (task_of_outputs(outputs, options, last) == Task::regression) {
    if (!options.classes.empty()) throw UsageError("--classes names classes, but the output is a number");
    return take_number(name, outputs, chain);
  }
  return take_classes(name, outputs, options, chain);
}

}  // namespace neurone::onnx
