#include "bench/peers/contestant.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace peers {
namespace {

using Options = std::map<std::string, std::string>;

// --name value …
Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) options[std::string(argv[i]).substr(2)] = argv[i + 1];
  return options;
}

std::vector<float> read_floats(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  const std::streamoff bytes = file.tellg();
  std::vector<float> values(static_cast<std::size_t>(bytes) / sizeof(float));
  file.seekg(0).read(reinterpret_cast<char*>(values.data()), bytes);
  return values;
}

Table read_table(const std::string& path, std::size_t columns) {
  return {.columns = columns, .X = read_floats(path + ".X"), .y = read_floats(path + ".y")};
}

std::vector<std::size_t> read_layers(const std::string& text) {
  std::vector<std::size_t> layers;
  for (std::size_t at = 0, length = 0; at < text.size(); at += length + 1)
    layers.push_back(std::stoul(text.substr(at), &length));
  return layers;
}

// The number after name= in the settings.
std::size_t setting(const std::string& settings, const std::string& name, std::size_t otherwise) {
  const std::size_t at = settings.find(name + "=");
  return at == std::string::npos ? otherwise : std::stoul(settings.substr(at + name.size() + 1));
}

Work read_work(const Options& options) {
  const auto number = [&](const char* name) { return std::stoul(options.at(name)); };
  Work work{.name = options.at("work"),
            .classification = options.at("task") == "classification",
            .layers = read_layers(options.at("layers")),
            .batch = number("batch"),
            .epochs = number("epochs"),
            .predict_rows = number("predict_rows"),
            .threads = static_cast<unsigned>(number("threads")),
            .seed = static_cast<std::uint32_t>(number("seed")),
            .settings = options.at("settings")};
  work.piece = setting(work.settings, "piece", work.predict_rows > 0 ? work.predict_rows : work.batch);
  const std::string folder = options.at("data");
  work.train = read_table(folder + "/train", work.layers.front());
  work.test = read_table(folder + "/test", work.layers.front());
  if (work.predict_rows > 0) work.parameters = read_floats(folder + "/parameters_" + options.at("layers"));
  return work;
}

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

// Rows first … first + rows − 1 in pieces.
void predict(Contestant& contestant, const Work& work, std::size_t first, std::size_t rows, float* Y) {
  for (std::size_t done = 0; done < rows; done += work.piece)
    contestant.predict(first + done, std::min(work.piece, rows - done), Y + done * work.outputs());
}

// How well the test data are predicted: accuracy, or the root of the mean squared error.
double score(Contestant& contestant, const Work& work) {
  const Table& test = work.test;
  std::vector<float> Y(test.rows() * work.outputs());
  predict(contestant, work, 0, test.rows(), Y.data());
  double sum = 0;
  for (std::size_t i = 0; i < test.rows(); ++i) {
    const float* row = Y.data() + i * work.outputs();
    const double error = static_cast<double>(row[0]) - static_cast<double>(test.y[i]);
    const auto largest = std::max_element(row, row + work.outputs()) - row;
    sum += work.classification ? (static_cast<float>(largest) == test.y[i] ? 1 : 0) : error * error;
  }
  const double mean = sum / static_cast<double>(test.rows());
  return work.classification ? mean : std::sqrt(mean);
}

// Seconds of an epoch. Threads and caches are warm: another one has trained on two batches before.
double time_training(Contestant& contestant, const Work& work, const Peer& peer) {
  Work small = work;
  const std::size_t rows = std::min(2 * work.batch, work.train.rows());
  small.epochs = 1;
  small.train.X.resize(rows * small.train.columns);
  small.train.y.resize(rows);
  peer.make(small)->train();
  const Stopwatch watch;
  contestant.train();
  return watch.seconds() / static_cast<double>(work.epochs);
}

// Median seconds of a prediction, a second long, in blocks of calls of at least a millisecond.
double time_prediction(Contestant& contestant, const Work& work) {
  const std::size_t rows = work.predict_rows;
  const std::size_t calls = std::min<std::size_t>(64, work.test.rows() / rows);  // single rows stay in the cache
  std::vector<float> Y(rows * work.outputs());
  std::size_t turn = 0;
  const auto seconds = [&](std::size_t block) {
    const Stopwatch watch;
    for (std::size_t i = 0; i < block; ++i) {
      predict(contestant, work, turn * rows, rows, Y.data());
      turn = turn + 1 < calls ? turn + 1 : 0;
    }
    return watch.seconds() / static_cast<double>(block);
  };

  std::size_t block = 1;
  while (seconds(block) * static_cast<double>(block) < 1e-3) block *= 2;
  std::vector<double> times;
  for (const Stopwatch watch; watch.seconds() < 1 || times.size() < 10;) times.push_back(seconds(block));
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

}  // namespace

int run(int argc, char** argv, const Peer& peer) {
  try {
    const Work work = read_work(read_options(argc, argv));
    const std::unique_ptr<Contestant> contestant = peer.make(work);
    const double seconds =
        work.predict_rows > 0 ? time_prediction(*contestant, work) : time_training(*contestant, work, peer);
    std::printf(R"({"work": "%s", "who": "%s", "version": "%s", "settings": "%s", "threads": %u, )"
                R"("seconds": %.9g, "metric": %.9g, "metric_name": "%s"})"
                "\n",
                work.name.c_str(), peer.name.c_str(), peer.version.c_str(), work.settings.c_str(), work.threads,
                seconds, score(*contestant, work), work.classification ? "test accuracy" : "test rmse");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", peer.name.c_str(), error.what());
    return 1;
  }
  return 0;
}

Batches::Batches(const Work& work) : batch_(work.batch), random_(work.seed), order_(work.train.rows()) {
  std::iota(order_.begin(), order_.end(), 0U);
}

void Batches::shuffle() {
  std::ranges::shuffle(order_, random_);
}

std::span<const std::uint32_t> Batches::operator[](std::size_t i) const {
  const std::size_t first = i * batch_;
  return std::span(order_).subspan(first, std::min(batch_, order_.size() - first));
}

void gather(const Table& table, std::span<const std::uint32_t> rows, float* X) {
  for (const std::uint32_t row : rows) X = std::copy_n(table.row(row), table.columns, X);
}

}  // namespace peers
