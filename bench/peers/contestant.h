// The frame of the contestants in C++: reads the work and its data, takes the time, scores, prints JSON lines.
// What a network is, is left to the contestants; contestant.py is the same for Python.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace peers {

/// One part of the data.
struct Table {
  std::size_t columns = 0;
  std::vector<float> X{};  ///< rows × columns
  std::vector<float> y{};  ///< the number of a class, or the value to predict

  std::size_t rows() const { return y.size(); }
  const float* row(std::size_t i) const { return X.data() + i * columns; }
};

struct Work {
  std::string name{};
  bool classification = false;        ///< softmax and cross-entropy; else identity and squared error
  std::vector<std::size_t> layers{};  ///< inputs, units of each dense layer
  std::size_t batch = 0, epochs = 0;
  std::size_t predict_rows = 0;  ///< 0: the work is training
  std::size_t piece = 0;         ///< rows of one call of predict, at most
  unsigned threads = 1;
  std::uint32_t seed = 1;
  std::string settings{};
  Table train{}, test{};
  std::vector<float> parameters{};  ///< W (inputs × units) and b of each layer, for prediction; else empty

  std::size_t outputs() const { return layers.back(); }
};

class Contestant {
 public:
  Contestant() = default;
  Contestant(const Contestant&) = delete;
  Contestant& operator=(const Contestant&) = delete;
  virtual ~Contestant() = default;

  /// Trains for the work's epochs.
  virtual void train() = 0;
  /// The outputs for so many rows of the test data, rows × outputs, into Y.
  virtual void predict(std::size_t first, std::size_t rows, float* Y) = 0;
};

struct Peer {
  std::string name, version;
  /// The work outlives what is made.
  std::function<std::unique_ptr<Contestant>(const Work&)> make;
};

/// What main() does: 0 if it went well.
int run(int argc, char** argv, const Peer& peer);

/// The rows of the training data in batches, shuffled for every epoch.
class Batches {
 public:
  explicit Batches(const Work& work);

  void shuffle();
  std::size_t count() const { return (order_.size() + batch_ - 1) / batch_; }
  /// The rows of batch number i.
  std::span<const std::uint32_t> operator[](std::size_t i) const;

 private:
  std::size_t batch_;
  std::mt19937 random_;
  std::vector<std::uint32_t> order_;
};

/// Copies these rows of the data into X, rows × columns.
void gather(const Table& table, std::span<const std::uint32_t> rows, float* X);

}  // namespace peers
