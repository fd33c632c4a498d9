// neurone, by its public interface alone: Network, Trainer, Network::predict. With --ceiling it prints the ceiling.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "bench/peers/ceiling.h"
#include "bench/peers/contestant.h"
#include "neurone/neurone.h"

namespace {

using namespace neurone;

Dataset<float> dataset(const peers::Work& work, const peers::Table& table) {
  Matrix<float> X(table.rows(), table.columns);
  std::ranges::copy(table.X, X.elements().begin());
  Dataset<float> data{.X = std::move(X), .targets = Matrix<float>(table.rows(), work.outputs())};
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (work.classification)
      data.targets(i, static_cast<std::size_t>(table.y[i])) = 1;
    else
      data.targets(i, 0) = table.y[i];
  }
  return data;
}

Network<float> network(const peers::Work& work) {
  NetworkSpec spec{.inputs = work.layers.front()};
  for (std::size_t l = 1; l + 1 < work.layers.size(); ++l)
    spec.layers.emplace_back(layers::Dense{work.layers[l], "relu"});
  spec.layers.emplace_back(layers::Dense{work.outputs(), work.classification ? "softmax" : "identity"});
  Network<float> result(std::move(spec));
  result.initialise(work.seed);
  return result;
}

class Neurone final : public peers::Contestant {
 public:
  explicit Neurone(const peers::Work& work)
      : work_(work),
        network_(network(work)),
        loss_(work.classification ? Loss{losses::CategoricalCrossEntropy{}} : Loss{losses::SquaredError{}}),
        metric_{.task = work.classification ? Task::classification : Task::regression},
        train_(dataset(work, work.train)),
        workspace_(network_, work.piece, WorkspaceFor::prediction) {
    load();
    if (work.predict_rows == 0)
      trainer_ = std::make_unique<Trainer<float>>(network_, loss_, metric_, options(), train_, none_);
  }

  void train() override { trainer_->fit(); }

  void predict(std::size_t first, std::size_t rows, float* Y) override {
    const ConstMatrixView<float> X(work_.test.row(first), rows, work_.test.columns);
    network_.predict(X, {Y, rows, work_.outputs()}, workspace_);
  }

 private:
  TrainingOptions options() const {
    return {.epochs = work_.epochs,
            .batch = work_.batch,
            .optimizer = update_rules::Adam{},
            .schedule = {.shape = schedules::Constant{}},
            .seed = work_.seed,
            .threads = work_.threads};
  }

  void load() {
    const float* from = work_.parameters.data();
    for (std::size_t l = 0; l < network_.size() && from != nullptr; ++l) {
      for (const char* name : {".W", ".b"}) {
        const std::span<float> to = network_.parameter(std::to_string(l) + name).elements();
        std::copy_n(from, to.size(), to.begin());
        from += to.size();
      }
    }
  }

  const peers::Work& work_;
  Network<float> network_;
  Loss loss_;
  Metric metric_;
  Dataset<float> train_, none_{};
  Workspace<float> workspace_;
  std::unique_ptr<Trainer<float>> trainer_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--ceiling") {
    const peers::Ceiling ceiling = peers::measure_ceiling();
    std::printf("{\"instructions\": \"%s\", \"flops\": %.9g}\n", ceiling.instructions, ceiling.flops);
    return 0;
  }
  return peers::run(argc, argv, {"neurone", NEURONE_VERSION, [](const peers::Work& work) {
                                   return std::make_unique<Neurone>(work);
                                 }});
}
