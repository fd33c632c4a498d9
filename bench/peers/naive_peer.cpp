// The naive C loop: memory and initial weights for naive.c.
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "bench/peers/contestant.h"
#include "bench/peers/naive.h"

namespace {

class Naive final : public peers::Contestant {
 public:
  explicit Naive(const peers::Work& work)
      : work_(work), batches_(work), X_(work.batch * work.train.columns), y_(work.batch) {
    for (std::size_t l = 0; l + 1 < work.layers.size(); ++l)
      layers_.push_back(layer(work.layers[l], work.layers[l + 1]));
    network_ = {.count = layers_.size(), .layers = layers_.data(), .softmax = work.classification, .steps = 0};
    work.parameters.empty() ? initialise() : load();
  }

  void train() override {
    for (std::size_t epoch = 0; epoch < work_.epochs; ++epoch) {
      batches_.shuffle();
      for (std::size_t i = 0; i < batches_.count(); ++i) {
        const auto rows = batches_[i];
        peers::gather(work_.train, rows, X_.data());
        std::ranges::transform(rows, y_.begin(), [&](std::uint32_t row) { return work_.train.y[row]; });
        naive_step(&network_, X_.data(), y_.data(), rows.size());
      }
    }
  }

  void predict(std::size_t first, std::size_t rows, float* Y) override {
    naive_forward(&network_, work_.test.row(first), rows);
    std::copy_n(layers_.back().A, rows * work_.outputs(), Y);
  }

 private:
  float* zeros(std::size_t size) { return memory_.emplace_back(size).data(); }

  naive_layer layer(std::size_t inputs, std::size_t units) {
    const std::size_t weights = inputs * units, outputs = std::max(work_.batch, work_.piece) * units;
    return {.inputs = inputs,
            .units = units,
            .W = zeros(weights),
            .b = zeros(units),
            .dW = zeros(weights),
            .db = zeros(units),
            .mW = zeros(weights),
            .mb = zeros(units),
            .vW = zeros(weights),
            .vb = zeros(units),
            .A = zeros(outputs),
            .dA = zeros(outputs)};
  }

  // He et al. 2015: normal, variance 2 / inputs
  void initialise() {
    std::mt19937 random(work_.seed);
    for (const naive_layer& each : layers_) {
      std::normal_distribution<float> normal(0, std::sqrt(2 / static_cast<float>(each.inputs)));
      std::generate_n(each.W, each.inputs * each.units, [&] { return normal(random); });
    }
  }

  void load() {
    const float* from = work_.parameters.data();
    for (const naive_layer& each : layers_) {
      std::copy_n(from, each.inputs * each.units, each.W);
      from += each.inputs * each.units;
      std::copy_n(from, each.units, each.b);
      from += each.units;
    }
  }

  const peers::Work& work_;
  peers::Batches batches_;
  std::vector<float> X_, y_;  // a batch
  std::vector<std::vector<float>> memory_;
  std::vector<naive_layer> layers_;
  naive_network network_{};
};

}  // namespace

int main(int argc, char** argv) {
  return peers::run(argc, argv,
                    {"naive C", C_COMPILER, [](const peers::Work& work) { return std::make_unique<Naive>(work); }});
}
