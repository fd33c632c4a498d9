// A formula of the sheet taken down instead of computed: `activations::Mish::value(Formula::variable())` is the graph
// of its operations. So an activation is written once, and exporters read it from there; in which words they write it
// down is left to them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace neurone {

enum class Operation {
  variable,
  number,
  add,
  subtract,
  multiply,
  divide,
  negate,
  exp,
  log,
  log1p,
  expm1,
  tanh,
  erf,
  sin,
  cos,
  sqrt,
  floor,
  maximum,
  minimum,
  magnitude,
  less,
  both,
  select
};

/// A step of a formula. Steps are shared: what the formula names once is computed once.
struct Step {
  Operation operation;
  double number = 0;  ///< of Operation::number
  std::vector<std::shared_ptr<const Step>> operands{};
};

/// The yes or no of a comparison.
class Condition {
 public:
  explicit Condition(std::shared_ptr<const Step> step) : step_(std::move(step)) {}
  const std::shared_ptr<const Step>& step() const { return step_; }

  friend Condition operator&&(const Condition& a, const Condition& b) {
    return Condition(std::make_shared<const Step>(Step{Operation::both, 0, {a.step_, b.step_}}));
  }

 private:
  std::shared_ptr<const Step> step_;
};

/// A number as the formulas see one: math/numbers.h says what they may do with it.
class Formula {
 public:
  explicit Formula(double number) : step_(std::make_shared<const Step>(Step{Operation::number, number})) {}
  /// What the formula is of: z, or days.
  static Formula variable() { return Formula(std::make_shared<const Step>(Step{Operation::variable})); }
  const std::shared_ptr<const Step>& step() const { return step_; }

  friend Formula operator+(const Formula& a, const Formula& b) { return of(Operation::add, a, b); }
  friend Formula operator-(const Formula& a, const Formula& b) { return of(Operation::subtract, a, b); }
  friend Formula operator*(const Formula& a, const Formula& b) { return of(Operation::multiply, a, b); }
  friend Formula operator/(const Formula& a, const Formula& b) { return of(Operation::divide, a, b); }
  friend Formula operator-(const Formula& a) { return of(Operation::negate, a); }

  friend Formula exp(const Formula& a) { return of(Operation::exp, a); }
  friend Formula log(const Formula& a) { return of(Operation::log, a); }
  friend Formula log1p(const Formula& a) { return of(Operation::log1p, a); }
  friend Formula expm1(const Formula& a) { return of(Operation::expm1, a); }
  friend Formula tanh(const Formula& a) { return of(Operation::tanh, a); }
  friend Formula erf(const Formula& a) { return of(Operation::erf, a); }
  friend Formula sin(const Formula& a) { return of(Operation::sin, a); }
  friend Formula cos(const Formula& a) { return of(Operation::cos, a); }
  friend Formula sqrt(const Formula& a) { return of(Operation::sqrt, a); }
  friend Formula floor(const Formula& a) { return of(Operation::floor, a); }
  friend Formula maximum(const Formula& a, const Formula& b) { return of(Operation::maximum, a, b); }
  friend Formula minimum(const Formula& a, const Formula& b) { return of(Operation::minimum, a, b); }
  friend Formula magnitude(const Formula& a) { return of(Operation::magnitude, a); }
  friend Condition less(const Formula& a, const Formula& b) { return Condition(of(Operation::less, a, b).step_); }
  friend Formula select(const Condition& condition, const Formula& a, const Formula& b) {
    return Formula(std::make_shared<const Step>(Step{Operation::select, 0, {condition.step(), a.step_, b.step_}}));
  }

 private:
  explicit Formula(std::shared_ptr<const Step> step) : step_(std::move(step)) {}
  template <class... Operands> static Formula of(Operation operation, const Operands&... operands) {
    return Formula(std::make_shared<const Step>(Step{operation, 0, {operands.step_...}}));
  }

  std::shared_ptr<const Step> step_;
};

/// σ(z) of that name in the sheet. Nothing for an activation of whole rows (softmax). Throws UsageError for a name
/// that is not in the sheet: somebody's own activation, which no exporter can know.
std::optional<Formula> formula_of_activation(std::string_view name);

}  // namespace neurone
