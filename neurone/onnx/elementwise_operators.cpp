// Operators of several tensors, element by element, which are repeated along axes of size 1 until they fit; and
// casts.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

bool is_text(const Tensor& tensor) {
  return tensor.type == Type::text;
}

// Both repeated to one shape, z = f(x, y) for each pair.
template <class Result, class Elements, class Function>
Result pairwise(const Elements& a, const Shape& a_shape, const Elements& b, const Shape& b_shape, const Shape& shape,
                const Function& function) {
  const Elements x = repeated(a, a_shape, shape), y = repeated(b, b_shape, shape);
  Result z(x.size());
  for (std::size_t k = 0; k < z.size(); ++k) z[k] = function(x[k], y[k]);
  return z;
}

void expect_one_type(const Tensor& A, const Tensor& B) {
  if (A.type != B.type)
    throw Error(fmt::format("{} and {}, expected one type", type_name(A.type), type_name(B.type)));
}

template <class Real, class Whole>
Tensor arithmetic(Call& call, const Tensor& A, const Tensor& B, const Real& real, const Whole& whole) {
  expect_one_type(A, B);
  const Shape shape = common_shape(A.shape, B.shape);
  call.spend(shape);
  if (is_whole(A.type))
    return whole_tensor(A.type, shape, pairwise<Wholes>(A.wholes(), A.shape, B.wholes(), B.shape, shape, whole));
  return real_tensor(A.type, shape, pairwise<Reals>(A.reals(), A.shape, B.reals(), B.shape, shape, real));
}

// Whole numbers wrap around, as their unsigned bits do.
std::int64_t bits(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::uint64_t unsigned_of(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

Tensor sum_of(Call& call, const Tensor& A, const Tensor& B) {
  return arithmetic(
      call, A, B, [](double x, double y) { return x + y; },
      [](std::int64_t x, std::int64_t y) { return bits(unsigned_of(x) + unsigned_of(y)); });
}
Tensor maximum_of(Call& call, const Tensor& A, const Tensor& B) {
  return arithmetic(
      call, A, B, [](double x, double y) { return std::isnan(x) || x > y ? x : y; },
      [](std::int64_t x, std::int64_t y) { return std::max(x, y); });
}
Tensor minimum_of(Call& call, const Tensor& A, const Tensor& B) {
  return arithmetic(
      call, A, B, [](double x, double y) { return std::isnan(x) || x < y ? x : y; },
      [](std::int64_t x, std::int64_t y) { return std::min(x, y); });
}

template <Tensor (*function)(Call&, const Tensor&, const Tensor&)> void binary(Call& call) {
  call.give(function(call, call.input(0), call.input(1)));
}
// Of any number of tensors, from the first on.
template <Tensor (*function)(Call&, const Tensor&, const Tensor&)> Tensor folded(Call& call) {
  Tensor all = call.input(0);
  call.spend(all.shape);
  for (std::size_t k = 1; k < call.inputs(); ++k) all = function(call, all, call.input(k));
  return all;
}
template <Tensor (*function)(Call&, const Tensor&, const Tensor&)> void variadic(Call& call) {
  call.give(folded<function>(call));
}

void subtract(Call& call) {
  call.give(arithmetic(
      call, call.input(0), call.input(1), [](double x, double y) { return x - y; },
      [](std::int64_t x, std::int64_t y) { return bits(unsigned_of(x) - unsigned_of(y)); }));
}
void multiply(Call& call) {
  call.give(arithmetic(
      call, call.input(0), call.input(1), [](double x, double y) { return x * y; },
      [](std::int64_t x, std::int64_t y) { return bits(unsigned_of(x) * unsigned_of(y)); }));
}
void divide(Call& call) {
  call.give(arithmetic(
      call, call.input(0), call.input(1), [](double x, double y) { return x / y; },
      [](std::int64_t x, std::int64_t y) {
        if (y == 0) throw Error("a whole number is divided by 0");
        return y == -1 ? bits(0 - unsigned_of(x)) : x / y;  // the least number by −1 would overflow
      }));
}

void mean(Call& call) {
  Tensor all = folded<sum_of>(call);
  Reals elements = all.reals();
  for (double& each : elements) each /= static_cast<double>(call.inputs());
  call.give(real_tensor(all.type, all.shape, std::move(elements)));
}

// The exponent may be of another type.
void power(Call& call) {
  const Tensor &A = call.input(0), &B = call.input(1);
  const Shape shape = common_shape(A.shape, B.shape);
  call.spend(shape);
  Reals Z = pairwise<Reals>(A.numbers(), A.shape, B.numbers(), B.shape, shape,
                            [](double x, double y) { return std::pow(x, y); });
  if (is_real(A.type)) return call.give(real_tensor(A.type, shape, std::move(Z)));
  Wholes whole(Z.size());
  std::ranges::transform(Z, whole.begin(), truncated);
  call.give(whole_tensor(A.type, shape, std::move(whole)));
}

// Ones behind the axes of B, so that its first one meets axis `first` of a tensor of that rank.
Tensor placed_at(Tensor B, std::size_t first, std::size_t rank) {
  Shape shape = B.shape;
  while (first + shape.size() < rank) shape.push_back(1);
  return reshaped(std::move(B), std::move(shape));
}

// slope · x below 0. Before opset 7 a slope belonged to a channel, the second axis.
void parametric_relu(Call& call) {
  const bool is_old = call.version() < 7 && call.input(1).rank() == 1;
  const Tensor slopes = is_old ? placed_at(call.input(1), 1, call.input(0).rank()) : call.input(1);
  call.give(arithmetic(
      call, call.input(0), slopes, [](double x, double slope) { return x < 0 ? slope * x : x; },
      [](std::int64_t x, std::int64_t slope) { return x < 0 ? bits(unsigned_of(x) * unsigned_of(slope)) : x; }));
}

template <class Test> void compare(Call& call, const Test& test) {
  const Tensor &A = call.input(0), &B = call.input(1);
  expect_one_type(A, B);
  const Shape shape = common_shape(A.shape, B.shape);
  call.spend(shape);
  const auto compared = [&](const auto& a, const auto& b) {
    return pairwise<Wholes>(a, A.shape, b, B.shape, shape,
                            [&](const auto& x, const auto& y) { return test(x, y) ? 1 : 0; });
  };
  call.give(whole_tensor(Type::boolean, shape,
                         is_text(A)         ? compared(A.texts(), B.texts())
                         : is_whole(A.type) ? compared(A.wholes(), B.wholes())
                                            : compared(A.reals(), B.reals())));
}
void equal(Call& call) {
  compare(call, [](const auto& x, const auto& y) { return x == y; });
}
void less(Call& call) {
  compare(call, [](const auto& x, const auto& y) { return x < y; });
}
void less_or_equal(Call& call) {
  compare(call, [](const auto& x, const auto& y) { return x <= y; });
}
void greater(Call& call) {
  compare(call, [](const auto& x, const auto& y) { return x > y; });
}
void greater_or_equal(Call& call) {
  compare(call, [](const auto& x, const auto& y) { return x >= y; });
}

template <class Function> void logic(Call& call, const Function& function) {
  const Tensor &A = call.input(0), &B = call.input(1);
  const Shape shape = common_shape(A.shape, B.shape);
  call.spend(shape);
  call.give(whole_tensor(Type::boolean, shape,
                         pairwise<Wholes>(A.wholes(), A.shape, B.wholes(), B.shape, shape, function)));
}
void logical_and(Call& call) {
  logic(call, [](std::int64_t x, std::int64_t y) { return x & y; });
}
void logical_or(Call& call) {
  logic(call, [](std::int64_t x, std::int64_t y) { return x | y; });
}
void logical_xor(Call& call) {
  logic(call, [](std::int64_t x, std::int64_t y) { return x ^ y; });
}

void where(Call& call) {
  const Tensor &condition = call.input(0), &A = call.input(1), &B = call.input(2);
  expect_one_type(A, B);
  const Shape shape = common_shape(condition.shape, common_shape(A.shape, B.shape));
  call.spend(shape);
  const Wholes chosen = repeated(condition.wholes(), condition.shape, shape);
  const auto choose = [&](const auto& a, const auto& b) {
    auto x = repeated(a, A.shape, shape);
    const auto y = repeated(b, B.shape, shape);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (chosen[k] == 0) x[k] = y[k];
    return x;
  };
  if (is_text(A)) return call.give(text_tensor(shape, choose(A.texts(), B.texts())));
  if (is_whole(A.type)) return call.give(whole_tensor(A.type, shape, choose(A.wholes(), B.wholes())));
  call.give(real_tensor(A.type, shape, choose(A.reals(), B.reals())));
}

// Between a least and a largest number, each an input since opset 11.
void clip(Call& call) {
  const Tensor& X = call.input(0);
  Tensor Y = X;
  call.spend(X.shape);
  if (call.version() < 11) {
    const double lowest = call.node().real("min", -std::numeric_limits<double>::infinity());
    const double highest = call.node().real("max", std::numeric_limits<double>::infinity());
    Y = maximum_of(call, Y, scalar(X.type, lowest));
    return call.give(minimum_of(call, Y, scalar(X.type, highest)));
  }
  if (call.has(1)) Y = maximum_of(call, Y, call.input(1));
  if (call.has(2)) Y = minimum_of(call, Y, call.input(2));
  call.give(reshaped(std::move(Y), X.shape));
}

std::string text_of(Type type, double value) {
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  if (std::isnan(value)) return "NaN";
  return type == Type::float64 ? fmt::format("{}", value) : fmt::format("{}", static_cast<float>(value));
}

double number_in(const std::string& text) {
  if (text == "INF" || text == "+INF") return std::numeric_limits<double>::infinity();
  if (text == "-INF") return -std::numeric_limits<double>::infinity();
  double value = 0;
  const char *const begin = text.data() + (text.starts_with('+') ? 1 : 0), *const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(begin, end, value);
  if (problem != std::errc() || rest != end) throw Error(fmt::format("'{}' is no number", text));
  return value;
}

Tensor cast_to(Call& call, const Tensor& X, Type to) {
  call.spend(X.shape);
  if (to == X.type) return X;
  if (to == Type::text) {
    Texts texts;
    if (is_whole(X.type))
      for (const std::int64_t each : X.wholes()) texts.push_back(fmt::format("{}", each));
    else
      for (const double each : X.reals()) texts.push_back(text_of(X.type, each));
    return text_tensor(X.shape, std::move(texts));
  }
  if (is_whole(to) && is_whole(X.type)) return whole_tensor(to, X.shape, X.wholes());
  Reals numbers;
  if (is_text(X))
    std::ranges::transform(X.texts(), std::back_inserter(numbers), number_in);
  else
    numbers = X.numbers();
  if (is_real(to)) return real_tensor(to, X.shape, std::move(numbers));
  Wholes whole(numbers.size());
  std::ranges::transform(numbers, whole.begin(), [to](double x) -> std::int64_t {
    return to == Type::boolean ? (x != 0 ? 1 : 0) : truncated(x);
  });
  return whole_tensor(to, X.shape, std::move(whole));
}
void cast(Call& call) {
  call.give(cast_to(call, call.input(0), type_of(call.node().whole("to", 0))));
}
void cast_like(Call& call) {
  call.give(cast_to(call, call.input(0), call.input(1).type));
}

constexpr std::array<NamedOperator, 22> elementwise_operators{{{"Add", binary<sum_of>},
                                                               {"And", logical_and},
                                                               {"Cast", cast},
                                                               {"CastLike", cast_like},
                                                               {"Clip", clip},
                                                               {"Div", divide},
                                                               {"Equal", equal},
                                                               {"Greater", greater},
                                                               {"GreaterOrEqual", greater_or_equal},
                                                               {"Less", less},
                                                               {"LessOrEqual", less_or_equal},
                                                               {"Max", variadic<maximum_of>},
                                                               {"Mean", mean},
                                                               {"Min", variadic<minimum_of>},
                                                               {"Mul", multiply},
                                                               {"Or", logical_or},
                                                               {"PRelu", parametric_relu},
                                                               {"Pow", power},
                                                               {"Sub", subtract},
                                                               {"Sum", variadic<sum_of>},
                                                               {"Where", where},
                                                               {"Xor", logical_xor}}};

}  // namespace

Operator find_elementwise_operator(std::string_view name) {
  const auto* const found = std::ranges::find(elementwise_operators, name, &NamedOperator::name);
  return found != elementwise_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
