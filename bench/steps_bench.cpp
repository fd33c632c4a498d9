// Whole epochs of training on made-up data, and predictions: the works of the comparison with peers, neurone alone.
#include <string>
#include <vector>

#include "bench/figures.h"
#include "neurone/math/bf16_kernels.h"
#include "neurone/training/trainer.h"

namespace neurone::bench {
namespace {

struct Work {
  const char* name;
  std::vector<std::size_t> layers;
  std::size_t batch, rows;

  bool regression() const { return layers.back() == 1; }
  /// 2 · batch · inputs · units for Z, dW and, but for the first layer, dX; over the rows of an epoch.
  double operations() const {
    double sum = 0;
    for (std::size_t l = 1; l < layers.size(); ++l)
      sum += (l == 1 ? 4.0 : 6.0) * static_cast<double>(layers[l - 1] * layers[l] * rows);
    return sum;
  }
};

const std::vector<Work> works{{"20-64-64-1", {20, 64, 64, 1}, 32, 20'000},
                              {"54-100-50-7", {54, 100, 50, 7}, 200, 100'000},
                              {"784-128-10", {784, 128, 10}, 64, 60'000},
                              {"784-512-512-10", {784, 512, 512, 10}, 256, 30'720},
                              {"1024-1024-1024-1024-10", {1024, 1024, 1024, 1024, 10}, 1024, 8'192}};

Network<float> network(const Work& work) {
  NetworkSpec spec{.inputs = work.layers.front()};
  for (std::size_t l = 1; l + 1 < work.layers.size(); ++l)
    spec.layers.emplace_back(layers::Dense{.units = work.layers[l], .activation = "relu"});
  spec.layers.emplace_back(
      layers::Dense{.units = work.layers.back(), .activation = work.regression() ? "identity" : "softmax"});
  Network<float> made(std::move(spec));
  made.initialise(1);
  return made;
}

Dataset<float> data(const Work& work) {
  Dataset<float> made{.X = random_matrix<float>(work.rows, work.layers.front()),
                      .targets = Matrix<float>(work.rows, work.layers.back()),
                      .weights = {}};
  for (std::size_t i = 0; i < work.rows; ++i) {
    if (work.regression())
      made.targets(i, 0) = made.X(i, 0) * made.X(i, 1);
    else
      made.targets(i, i % work.layers.back()) = 1;
  }
  return made;
}

void epoch(benchmark::State& state, const Work& work, Factors products) {
  Network<float> trained = network(work);
  const Dataset<float> train = data(work), none;
  const Loss loss = work.regression() ? Loss{losses::SquaredError{}} : Loss{losses::CategoricalCrossEntropy{}};
  Trainer<float> trainer(trained, loss, {.task = work.regression() ? Task::regression : Task::classification},
                         {.epochs = 1'000'000,
                          .batch = work.batch,
                          .optimizer = update_rules::Adam{},
                          .products = products,
                          .threads = static_cast<std::size_t>(state.range(0))},
                         train, none);
  trainer.run_epoch();
  for (auto _ : state) trainer.run_epoch();
  count_operations(state, work.operations());
}

void prediction(benchmark::State& state, const Work& work) {
  const Network<float> ready = network(work);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const Matrix<float> X = random_matrix<float>(rows, work.layers.front());
  Matrix<float> Y(rows, work.layers.back());
  Workspace<float> workspace(ready, std::min<std::size_t>(rows, 256), WorkspaceFor::prediction);
  for (auto _ : state) ready.predict(X, Y, workspace);
  count_bytes(state, static_cast<double>(ready.parameters().size_bytes()));  // one row reads every parameter once
}

const int registered = [] {
  for (const Work& work : works) {
    const std::string name(work.name);
    for (const Factors products : {Factors::full, Factors::bf16}) {
      if (products == Factors::bf16 && !bf16::usable()) continue;
      benchmark::RegisterBenchmark(("epoch/" + name + (products == Factors::bf16 ? "/bf16" : "/float")).c_str(),
                                   epoch, work, products)
          ->ArgName("threads")
          ->Arg(1)
          ->Arg(2)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
    benchmark::RegisterBenchmark(("predict/" + name).c_str(), prediction, work)
        ->ArgName("rows")
        ->Arg(1)
        ->Arg(10'000)
        ->Unit(benchmark::kMicrosecond);
  }
  return 0;
}();

}  // namespace
}  // namespace neurone::bench
