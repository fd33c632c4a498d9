// Operators of one tensor, element by element: y = f(x).
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// In the arithmetic of the type: that of float16 and bfloat16 is float's, rounded at the end.
template <class Function> void map_reals(Call& call, const Function& function) {
  const Tensor& X = call.input(0);
  call.spend(X.shape);
  Reals Y = X.reals();
  if (X.type == Type::float64)
    for (double& each : Y) each = function(each);
  else
    for (double& each : Y) each = function(static_cast<float>(each));
  call.give(real_tensor(X.type, X.shape, std::move(Y)));
}

// Of a function that whole numbers have as well.
template <class Real, class Whole> void map_numbers(Call& call, const Real& real, const Whole& whole) {
  const Tensor& X = call.input(0);
  if (!std::holds_alternative<Wholes>(X.elements)) return map_reals(call, real);
  call.spend(X.shape);
  Wholes Y = X.wholes();
  for (std::int64_t& each : Y) each = whole(each);
  call.give(whole_tensor(X.type, X.shape, std::move(Y)));
}

template <class Test> void test_reals(Call& call, const Test& test) {
  const Tensor& X = call.input(0);
  Wholes Y(call.spend(X.shape));
  std::ranges::transform(X.reals(), Y.begin(), [&](double x) { return test(x) ? 1 : 0; });
  call.give(whole_tensor(Type::boolean, X.shape, std::move(Y)));
}

template <auto function> void apply(Call& call) {
  map_reals(call, function);
}

// In float as runtimes have it, who add ½ at the end: a p near 0 has no more places than ½ has.
float sigmoid_of(float x) {
  return 0.5F + 0.5F * std::tanh(0.5F * x);
}
double sigmoid_of(double x) {
  return 1 / (1 + std::exp(-x));
}
constexpr auto softplus_of = []<class T>(T x) { return std::max(x, T(0)) + std::log1p(std::exp(-std::abs(x))); };
constexpr auto softsign_of = []<class T>(T x) { return x / (1 + std::abs(x)); };
constexpr auto mish_of = []<class T>(T x) { return x * std::tanh(softplus_of(x)); };
constexpr auto hard_swish_of = []<class T>(T x) { return x * std::clamp(x / 6 + T(0.5), T(0), T(1)); };
constexpr auto sign_of = []<class T>(T x) {
  return std::isnan(x) ? x : static_cast<T>(0 < x) - static_cast<T>(x < 0);
};
constexpr auto reciprocal_of = []<class T>(T x) { return 1 / x; };
constexpr auto exp_of = []<class T>(T x) { return std::exp(x); };
constexpr auto log_of = []<class T>(T x) { return std::log(x); };
constexpr auto tanh_of = []<class T>(T x) { return std::tanh(x); };
constexpr auto sin_of = []<class T>(T x) { return std::sin(x); };
constexpr auto cos_of = []<class T>(T x) { return std::cos(x); };
constexpr auto sqrt_of = []<class T>(T x) { return std::sqrt(x); };
constexpr auto erf_of = []<class T>(T x) { return std::erf(x); };
constexpr auto floor_of = []<class T>(T x) { return std::floor(x); };
constexpr auto ceil_of = []<class T>(T x) { return std::ceil(x); };
constexpr auto round_of = []<class T>(T x) { return std::nearbyint(x); };
constexpr auto logistic_of = [](auto x) { return sigmoid_of(x); };

// 0 − x in the bits of an unsigned number, which has no overflow
std::int64_t negated(std::int64_t x) {
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(x));
}

void absolute(Call& call) {
  map_numbers(call, []<class T>(T x) { return std::abs(x); }, [](std::int64_t x) { return x < 0 ? negated(x) : x; });
}
void negate(Call& call) {
  map_numbers(call, []<class T>(T x) { return -x; }, negated);
}
void relu(Call& call) {
  map_numbers(
      call, []<class T>(T x) { return x < 0 ? T(0) : x; },
      [](std::int64_t x) { return std::max<std::int64_t>(x, 0); });
}
void leaky_relu(Call& call) {
  const double alpha = call.node().real("alpha", 0.01);
  map_reals(call, [alpha]<class T>(T x) { return x < 0 ? static_cast<T>(alpha) * x : x; });
}
void thresholded_relu(Call& call) {
  const double alpha = call.node().real("alpha", 1);
  map_reals(call, [alpha]<class T>(T x) { return x > static_cast<T>(alpha) ? x : T(0); });
}
void elu(Call& call) {
  const double alpha = call.node().real("alpha", 1);
  map_reals(call, [alpha]<class T>(T x) { return x < 0 ? static_cast<T>(alpha) * std::expm1(x) : x; });
}
void celu(Call& call) {
  const double alpha = call.node().real("alpha", 1);
  map_reals(call, [alpha]<class T>(T x) {
    const T a = static_cast<T>(alpha);
    return std::max(x, T(0)) + std::min(T(0), a * std::expm1(x / a));
  });
}
void selu(Call& call) {
  const double alpha = call.node().real("alpha", 1.67326319217681884765625);
  const double gamma = call.node().real("gamma", 1.05070102214813232421875);
  map_reals(call, [=]<class T>(T x) {
    return static_cast<T>(gamma) * (x > 0 ? x : static_cast<T>(alpha) * std::expm1(x));
  });
}
void hard_sigmoid(Call& call) {
  const double alpha = call.node().real("alpha", static_cast<double>(0.2F)), beta = call.node().real("beta", 0.5);
  map_reals(call,
            [=]<class T>(T x) { return std::clamp(static_cast<T>(alpha) * x + static_cast<T>(beta), T(0), T(1)); });
}
void gelu(Call& call) {
  if (call.node().text("approximate", "none") == "tanh")
    map_reals(call, []<class T>(T x) {
      const T root = static_cast<T>(std::numbers::sqrt2 * std::numbers::inv_sqrtpi);
      return T(0.5) * x * (1 + std::tanh(root * (x + T(0.044715) * x * x * x)));
    });
  else
    map_reals(call,
              []<class T>(T x) { return T(0.5) * x * (1 + std::erf(x / static_cast<T>(std::numbers::sqrt2))); });
}
void swish(Call& call) {
  const double alpha = call.node().real("alpha", 1);
  map_reals(call, [alpha]<class T>(T x) { return x * sigmoid_of(static_cast<T>(alpha) * x); });
}
void is_nan(Call& call) {
  test_reals(call, [](double x) { return std::isnan(x); });
}
void is_infinite(Call& call) {
  const bool positive = call.node().whole("detect_positive", 1) != 0;
  const bool negative = call.node().whole("detect_negative", 1) != 0;
  test_reals(call, [=](double x) { return std::isinf(x) && (x > 0 ? positive : negative); });
}
void logical_not(Call& call) {
  map_numbers(
      call, []<class T>(T) -> T { throw Error("floats, expected booleans"); },
      [](std::int64_t x) -> std::int64_t { return x == 0 ? 1 : 0; });
}

constexpr std::array<NamedOperator, 31> unary_operators{{{"Abs", absolute},
                                                         {"Ceil", apply<ceil_of>},
                                                         {"Celu", celu},
                                                         {"Cos", apply<cos_of>},
                                                         {"Elu", elu},
                                                         {"Erf", apply<erf_of>},
                                                         {"Exp", apply<exp_of>},
                                                         {"Floor", apply<floor_of>},
                                                         {"Gelu", gelu},
                                                         {"HardSigmoid", hard_sigmoid},
                                                         {"HardSwish", apply<hard_swish_of>},
                                                         {"IsInf", is_infinite},
                                                         {"IsNaN", is_nan},
                                                         {"LeakyRelu", leaky_relu},
                                                         {"Log", apply<log_of>},
                                                         {"Mish", apply<mish_of>},
                                                         {"Neg", negate},
                                                         {"Not", logical_not},
                                                         {"Reciprocal", apply<reciprocal_of>},
                                                         {"Relu", relu},
                                                         {"Round", apply<round_of>},
                                                         {"Selu", selu},
                                                         {"Sigmoid", apply<logistic_of>},
                                                         {"Sign", apply<sign_of>},
                                                         {"Sin", apply<sin_of>},
                                                         {"Softplus", apply<softplus_of>},
                                                         {"Softsign", apply<softsign_of>},
                                                         {"Sqrt", apply<sqrt_of>},
                                                         {"Swish", swish},
                                                         {"Tanh", apply<tanh_of>},
                                                         {"ThresholdedRelu", thresholded_relu}}};

}  // namespace

Operator find_unary_operator(std::string_view name) {
  const auto* const found = std::ranges::find(unary_operators, name, &NamedOperator::name);
  return found != unary_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
