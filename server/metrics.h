// What the server counts, in the text format of Prometheus. Counting is a handful of relaxed additions.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace neurone::server {

enum class Route : std::uint8_t { page, models, predict, infer, metadata, health, metrics, openapi, other };
inline constexpr std::array<std::string_view, 9> route_names{"page",   "models",  "predict", "infer", "metadata",
                                                             "health", "metrics", "openapi", "other"};

/// How many values fell below each of some borders.
template <std::size_t n> class Histogram {
 public:
  explicit constexpr Histogram(const std::array<double, n>& borders) : borders_(borders) {}

  void add(double value) {
    std::size_t k = 0;
    while (k < n && value > borders_[k]) ++k;
    counts_[k].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  /// Lines of Prometheus; `labels` is empty or ends with a comma.
  std::string text(std::string_view name, std::string_view labels) const;

 private:
  std::array<double, n> borders_;
  std::array<std::atomic<std::uint64_t>, n + 1> counts_{};
  std::atomic<double> sum_{0};
};

class Metrics {
 public:
  Metrics();

  void count_request(Route route, unsigned status, double seconds);
  void count_batch(std::size_t rows) { batch_rows_.add(static_cast<double>(rows)); }
  void count_rows(const std::string& model, std::size_t rows);
  void count_load(const std::string& model, bool worked);
  void forget(const std::string& model);

  std::atomic<std::int64_t> connections{0};  ///< open now
  std::atomic<std::int64_t> waiting{0};      ///< requests for a worker or for the end of a turn

  std::string text() const;

 private:
  static constexpr std::size_t statuses = 6;  // by hundreds
  struct OfModel {
    std::uint64_t rows = 0, loaded = 0, failed = 0;
  };

  std::array<std::array<std::atomic<std::uint64_t>, statuses>, route_names.size()> requests_{};
  Histogram<13> predict_seconds_, infer_seconds_;
  Histogram<9> batch_rows_;
  mutable std::mutex mutex_;
  std::map<std::string, OfModel> models_;
};

}  // namespace neurone::server
