// The kernels alone: products over the shapes of the works, functions and activations over an array, update rules
// over a vector of parameters.
#include <array>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "neurone/activation/activation.h"
#include "neurone/math/function_kernels.h"
#include "neurone/math/products.h"
#include "neurone/optimizer/optimizer.h"

namespace neurone::bench {
namespace {

// batch, d, n
const std::vector<std::vector<std::int64_t>> shapes{{32, 20, 64},    {32, 64, 64},    {200, 54, 100},
                                                    {200, 100, 50},  {64, 784, 128},  {64, 128, 10},
                                                    {256, 784, 512}, {256, 512, 512}, {1024, 1024, 1024}};

void name_shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"batch", "d", "n"})->Unit(benchmark::kMicrosecond);
  for (const auto& shape : shapes) benchmark->Args(shape);
}

struct Layer {
  std::size_t batch, d, n;
  Matrix<float> X, W, Z, dX, dW, b;

  explicit Layer(const benchmark::State& state)
      : batch(static_cast<std::size_t>(state.range(0))),
        d(static_cast<std::size_t>(state.range(1))),
        n(static_cast<std::size_t>(state.range(2))),
        X(random_matrix<float>(batch, d)),
        W(random_matrix<float>(d, n)),
        Z(random_matrix<float>(batch, n)),
        dX(batch, d),
        dW(d, n),
        b(1, n) {}
  double operations() const { return 2.0 * static_cast<double>(batch * d * n); }
};

void affine(benchmark::State& state) {
  Layer layer(state);
  Workbench<float> workbench;
  for (auto _ : state) neurone::affine<float>(layer.X, layer.W, layer.b.elements(), layer.Z, workbench);
  count_operations(state, layer.operations());
}
BENCHMARK(affine)->Apply(name_shapes);

void input_gradient(benchmark::State& state) {
  Layer layer(state);
  Workbench<float> workbench;
  for (auto _ : state) neurone::input_gradient<float>(layer.Z, layer.W, layer.dX, workbench);
  count_operations(state, layer.operations());
}
BENCHMARK(input_gradient)->Apply(name_shapes);

void weight_gradient(benchmark::State& state) {
  Layer layer(state);
  Workbench<float> workbench;
  for (auto _ : state) neurone::weight_gradient<float>(layer.X, layer.Z, layer.dW, layer.b.elements(), workbench);
  count_operations(state, layer.operations());
}
BENCHMARK(weight_gradient)->Apply(name_shapes);

// Elements a second, of an array that stays in the first-level cache.
constexpr std::size_t array = 2048;

template <class T> void function(benchmark::State& state, typename FunctionKernels<T>::Function f) {
  const Matrix<T> x = random_matrix<T>(1, array);
  Matrix<T> y(1, array);
  for (auto _ : state) {
    f(x.data(), array, y.data());
    benchmark::DoNotOptimize(y.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(array));
}

void activation(benchmark::State& state, const Activation& each) {
  const Matrix<float> Z = random_matrix<float>(32, array / 32), dA = random_matrix<float>(32, array / 32);
  Matrix<float> A(32, array / 32), dZ(32, array / 32);
  for (auto _ : state) {
    each.forward(Z, A);
    each.backward(Z, A, dA, dZ);
    benchmark::DoNotOptimize(dZ.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(array));
}

void update(benchmark::State& state, const update_rules::Any& rule, std::size_t running) {
  const auto n = static_cast<std::size_t>(state.range(0));
  Optimizer<float> optimizer({.rule = rule}, {{.name = "W", .rows = 1, .columns = n}}, n);
  Matrix<float> w = random_matrix<float>(1, n), g = random_matrix<float>(1, n);
  for (auto _ : state) optimizer.step(1e-3, w.elements(), g.elements());
  // reads w, g and the running values, writes w and the running values
  count_bytes(state, static_cast<double>(n * sizeof(float) * (3 + 2 * running)));
}

const int registered = [] {
  const FunctionKernels<float>& in_float = NEURONE_KERNELS(functions_in_float);
  const FunctionKernels<double>& in_double = NEURONE_KERNELS(functions_in_double);
  for (const auto& [name, f] : {std::pair{"exp", in_float.exp}, {"log", in_float.log}, {"tanh", in_float.tanh}})
    benchmark::RegisterBenchmark((std::string("function/") + name + "/float").c_str(), function<float>, f);
  for (const auto& [name, f] : {std::pair{"exp", in_double.exp}, {"log", in_double.log}, {"tanh", in_double.tanh}})
    benchmark::RegisterBenchmark((std::string("function/") + name + "/double").c_str(), function<double>, f);
  for (const Activation& each : all_activations())
    benchmark::RegisterBenchmark(("activation/" + std::string(each.name())).c_str(), activation, each);
  for_each_alternative<update_rules::Any>([](auto rule) {
    benchmark::RegisterBenchmark(("update/" + std::string(rule.name)).c_str(), update, update_rules::Any(rule),
                                 rule.running)
        ->Arg(100'000)
        ->Arg(3'000'000)
        ->Unit(benchmark::kMicrosecond);
  });
  return 0;
}();

}  // namespace
}  // namespace neurone::bench
