// One operator a step; and one operator for a whole activation where ONNX has it.
#include "neurone/export/onnx_formula.h"

#include <algorithm>
#include <array>
#include <map>

#include "neurone/activation/activations.h"

namespace neurone {
namespace {

// Of the operations that are one operator.
constexpr std::array<std::pair<Operation, const char*>, 18> operators{{{Operation::add, "Add"},
                                                                       {Operation::subtract, "Sub"},
                                                                       {Operation::multiply, "Mul"},
                                                                       {Operation::divide, "Div"},
                                                                       {Operation::negate, "Neg"},
                                                                       {Operation::exp, "Exp"},
                                                                       {Operation::log, "Log"},
                                                                       {Operation::tanh, "Tanh"},
                                                                       {Operation::sin, "Sin"},
                                                                       {Operation::cos, "Cos"},
                                                                       {Operation::sqrt, "Sqrt"},
                                                                       {Operation::floor, "Floor"},
                                                                       {Operation::maximum, "Max"},
                                                                       {Operation::minimum, "Min"},
                                                                       {Operation::magnitude, "Abs"},
                                                                       {Operation::less, "Less"},
                                                                       {Operation::both, "And"},
                                                                       {Operation::select, "Where"}}};

// Writes each step of a formula once.
class OnnxSteps {
 public:
  OnnxSteps(OnnxType type, const std::string& variable, OnnxGraph& graph)
      : type_(type), variable_(variable), graph_(graph) {}

  std::string add(const std::shared_ptr<const Step>& step) {
    if (step->operation == Operation::variable) return variable_;
    if (step->operation == Operation::number) return graph_.number(type_, step->number);
    const auto [at, is_new] = written_.try_emplace(step.get());
    if (!is_new) return at->second;
    std::vector<std::string> operands;
    for (const auto& each : step->operands) operands.push_back(add(each));
    return written_[step.get()] = add(step->operation, operands);
  }

 private:
  std::string add(Operation operation, const std::vector<std::string>& operands) {
    const auto node = [&](const char* name, const std::vector<std::string>& inputs) {
      return graph_.add({name, inputs});
    };
    // near 0 exact to the last bit of 1 + a, not of the result: there is no other way
    if (operation == Operation::log1p) return node("Log", {node("Add", {operands[0], graph_.number(type_, 1)})});
    if (operation == Operation::expm1) return node("Sub", {node("Exp", operands), graph_.number(type_, 1)});
    if (operation == Operation::erf) return in_float("Erf", operands[0]);
    const auto* const found = std::ranges::find(operators, operation, &std::pair<Operation, const char*>::first);
    return node(found->second, operands);
  }

  // An operator that runtimes have in float alone.
  std::string in_float(const char* name, const std::string& operand) {
    if (type_ == OnnxType::float32) return graph_.add({name, {operand}});
    const auto cast = [&](const std::string& tensor, OnnxType type) {
      return graph_.add({"Cast", {tensor}, {{"to", static_cast<std::int64_t>(type)}}});
    };
    return cast(graph_.add({name, {cast(operand, OnnxType::float32)}}), type_);
  }

  OnnxType type_;
  const std::string& variable_;
  OnnxGraph& graph_;
  std::map<const Step*, std::string> written_;
};

// Activations that are one operator. Runtimes have those of float for certain.
struct OneOperator {
  std::string_view activation;
  const char* operation;
  std::vector<std::pair<std::string, OnnxAttribute>> attributes{};
};

std::vector<OneOperator> one_operator_activations() {
  using namespace activations;
  return {
      {ReLU::name, "Relu"},
      {Sigmoid::name, "Sigmoid"},
      {Tanh::name, "Tanh"},
      {ELU::name, "Elu"},
      {CELU::name, "Celu", {{"alpha", static_cast<float>(CELU::alpha)}}},
      {SELU::name, "Selu", {{"alpha", static_cast<float>(SELU::alpha)}, {"gamma", static_cast<float>(SELU::lambda)}}},
      {LeakyReLU::name, "LeakyRelu", {{"alpha", 0.01F}}},
      {Softplus::name, "Softplus"},
      {Softsign::name, "Softsign"},
      {HardSigmoid::name, "HardSigmoid", {{"alpha", 1.0F / 6}, {"beta", 0.5F}}},
      {HardSiLU::name, "HardSwish"}};
}

}  // namespace

std::string add_formula(const Formula& formula, OnnxType type, const std::string& variable, OnnxGraph& graph) {
  return OnnxSteps(type, variable, graph).add(formula.step());
}

std::string add_activation(std::string_view activation, OnnxType type, const std::string& Z, OnnxGraph& graph) {
  if (activation == activations::Identity::name) return Z;
  const std::optional<Formula> formula = formula_of_activation(activation);
  if (!formula)
    return graph.add(
        {activation == activations::Softmax::name ? "Softmax" : "LogSoftmax", {Z}, {{"axis", std::int64_t{-1}}}});
  if (type == OnnxType::float32)
    for (const auto& [name, operation, attributes] : one_operator_activations())
      if (name == activation) return graph.add({operation, {Z}, attributes});
  return add_formula(*formula, type, Z, graph);
}

}  // namespace neurone
