// dlib's networks, a batch at a time without the overhead of its trainer; the products are OpenBLAS's.
#include <dlib/dnn.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bench/peers/contestant.h"

namespace {

// Units are set at run time, the number of layers is part of the type.
using Input = dlib::input<dlib::matrix<float>>;
template <class Below> using Dense = dlib::fc<1, Below>;
template <class Below> using Hidden = dlib::relu<Dense<Below>>;
template <std::size_t hidden> struct Stack {
  using type = Hidden<typename Stack<hidden - 1>::type>;
};
template <> struct Stack<0> {
  using type = Input;
};

template <std::size_t hidden, template <class> class Loss> class Dlib final : public peers::Contestant {
 public:
  using Network = Loss<Dense<typename Stack<hidden>::type>>;
  using Label = typename Network::training_label_type;

  explicit Dlib(const peers::Work& work) : work_(work), batches_(work) {
    std::srand(work.seed);  // dlib draws initial weights from rand()
    set_units(std::make_index_sequence<hidden + 1>{});
    const dlib::matrix<float> row(static_cast<long>(work.test.columns), 1);
    network_.to_tensor(&row, &row + 1, X_);  // the shape of a row, once
    resize(test_, work.test.rows());
    std::ranges::copy(work.test.X, test_.host_write_only());
    solvers_.assign(Network::num_computational_layers, dlib::adam(0, 0.9F, 0.999F));  // epsilon is 1e-8
    if (!work.parameters.empty()) load(std::make_index_sequence<hidden + 1>{});
  }

  void train() override {
    for (std::size_t epoch = 0; epoch < work_.epochs; ++epoch) {
      batches_.shuffle();
      for (std::size_t i = 0; i < batches_.count(); ++i) {
        const auto rows = batches_[i];
        resize(X_, rows.size());
        peers::gather(work_.train, rows, X_.host_write_only());
        labels_.clear();
        for (const std::uint32_t row : rows) labels_.push_back(static_cast<Label>(work_.train.y[row]));
        network_.compute_parameter_gradients(X_, labels_.begin());
        network_.update_parameters(solvers_, 1e-3);
      }
    }
  }

  void predict(std::size_t first, std::size_t rows, float* Y) override {
    const dlib::alias_tensor window(static_cast<long>(rows), 1, static_cast<long>(work_.test.columns));
    auto X = window(std::as_const(test_), first * work_.test.columns);
    const dlib::tensor& Z = network_.subnet().forward(X);
    if (work_.classification) {
      A_.copy_size(Z);
      dlib::tt::softmax(A_, Z);
    }
    std::copy_n(work_.classification ? A_.host() : Z.host(), Z.size(), Y);
  }

 private:
  // Dense layer l from below; layer 0 of dlib is the loss, then come the last dense layer, a ReLU, …
  template <std::size_t l> auto& dense() { return dlib::layer<1 + 2 * (hidden - l)>(network_).layer_details(); }

  template <std::size_t... l> void set_units(std::index_sequence<l...>) {
    (dense<l>().set_num_outputs(static_cast<long>(work_.layers[l + 1])), ...);
  }

  template <std::size_t... l> void load(std::index_sequence<l...>) {
    network_.subnet().forward(X_);  // which allocates the parameters
    const float* from = work_.parameters.data();
    const auto copy = [&](dlib::tensor& to) {  // W (inputs × units), then b: as they are given
      std::copy_n(from, to.size(), to.host());
      from += to.size();
    };
    (copy(dense<l>().get_layer_params()), ...);
  }

  void resize(dlib::resizable_tensor& X, std::size_t rows) const {
    X.set_size(static_cast<long>(rows), 1, static_cast<long>(work_.test.columns));
  }

  const peers::Work& work_;
  peers::Batches batches_;
  Network network_;
  std::vector<dlib::adam> solvers_;
  dlib::resizable_tensor X_, test_, A_;
  std::vector<Label> labels_;
};

std::unique_ptr<peers::Contestant> make(const peers::Work& work) {
  const std::size_t hidden = work.layers.size() - 2;
  if (!work.classification && hidden == 2) return std::make_unique<Dlib<2, dlib::loss_mean_squared>>(work);
  if (work.classification && hidden == 1) return std::make_unique<Dlib<1, dlib::loss_multiclass_log>>(work);
  if (work.classification && hidden == 2) return std::make_unique<Dlib<2, dlib::loss_multiclass_log>>(work);
  if (work.classification && hidden == 3) return std::make_unique<Dlib<3, dlib::loss_multiclass_log>>(work);
  throw std::runtime_error("no type for this number of layers");
}

}  // namespace

int main(int argc, char** argv) {
  return peers::run(argc, argv, {"dlib", DLIB_VERSION_TEXT, make});
}
