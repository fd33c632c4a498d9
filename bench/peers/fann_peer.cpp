// FANN in float32. It has neither Adam nor ReLU nor softmax: regression, trained sample by sample (incrementally),
// with the symmetric sigmoid, which is tanh. Its other algorithms make one step an epoch, far too few here.
#include <floatfann.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "bench/peers/contestant.h"

namespace {

class Fann final : public peers::Contestant {
 public:
  explicit Fann(const peers::Work& work) : work_(work), data_(data(work.train), fann_destroy_train) {
    std::srand(work.seed);  // FANN draws from rand()
    const std::vector<unsigned> layers(work.layers.begin(), work.layers.end());
    network_.reset(fann_create_standard_array(static_cast<unsigned>(layers.size()), layers.data()));
    if (work.classification || !network_ || !data_) throw std::runtime_error("only regression is to be had");
    fann_set_activation_function_hidden(network_.get(), FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(network_.get(), FANN_LINEAR);
    fann_set_train_error_function(network_.get(), FANN_ERRORFUNC_LINEAR);
    fann_set_training_algorithm(network_.get(), FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(network_.get(), 0.01F);
    fann_init_weights(network_.get(), data_.get());
    if (work.predict_rows > 0) train_for(10);  // the parameters given are of a network with ReLU
  }

  void train() override { train_for(work_.epochs); }

  void predict(std::size_t first, std::size_t rows, float* Y) override {
    for (std::size_t i = 0; i < rows; ++i) {
      float* x = const_cast<float*>(work_.test.row(first + i));  // fann_run only reads it
      std::copy_n(fann_run(network_.get(), x), work_.outputs(), Y + i * work_.outputs());
    }
  }

 private:
  static fann_train_data* data(const peers::Table& table) {
    fann_train_data* data =
        fann_create_train(static_cast<unsigned>(table.rows()), static_cast<unsigned>(table.columns), 1);
    for (std::size_t i = 0; data != nullptr && i < table.rows(); ++i) {
      std::copy_n(table.row(i), table.columns, data->input[i]);
      data->output[i][0] = table.y[i];
    }
    return data;
  }

  void train_for(std::size_t epochs) {
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
      fann_shuffle_train_data(data_.get());
      fann_train_epoch(network_.get(), data_.get());
    }
  }

  const peers::Work& work_;
  std::unique_ptr<fann_train_data, decltype(&fann_destroy_train)> data_;
  std::unique_ptr<fann, decltype(&fann_destroy)> network_{nullptr, fann_destroy};
};

}  // namespace

int main(int argc, char** argv) {
  return peers::run(argc, argv,
                    {"FANN", FANN_VERSION, [](const peers::Work& work) { return std::make_unique<Fann>(work); }});
}
