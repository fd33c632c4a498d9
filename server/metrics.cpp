#include "server/metrics.h"

#include <fmt/format.h>

namespace neurone::server {
namespace {

constexpr std::array<double, 13> seconds_borders{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                 0.025,  0.05,    0.1,    0.5,   1,      5};
constexpr std::array<double, 9> rows_borders{1, 2, 4, 8, 16, 32, 64, 128, 256};

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

// The value of a label: a backslash, a quote and a line end are written with a backslash.
std::string label(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return escaped;
}

}  // namespace

template <std::size_t n> std::string Histogram<n>::text(std::string_view name, std::string_view labels) const {
  std::string text;
  std::uint64_t below = 0;
  for (std::size_t k = 0; k <= n; ++k) {
    below += counts_[k].load(std::memory_order_relaxed);
    const std::string border = k < n ? fmt::format("{}", borders_[k]) : "+Inf";
    text += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, labels, border, below);
  }
  const std::string_view own = labels.substr(0, labels.empty() ? 0 : labels.size() - 1);
  const std::string braces = own.empty() ? std::string() : fmt::format("{{{}}}", own);
  return text + fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, braces, sum_.load(std::memory_order_relaxed), name,
                            braces, below);
}

Metrics::Metrics() : predict_seconds_(seconds_borders), infer_seconds_(seconds_borders), batch_rows_(rows_borders) {}

void Metrics::count_request(Route route, unsigned status, double seconds) {
  requests_[static_cast<std::size_t>(route)][status / 100 % statuses].fetch_add(1, std::memory_order_relaxed);
  if (route == Route::predict) predict_seconds_.add(seconds);
  if (route == Route::infer) infer_seconds_.add(seconds);
}

void Metrics::count_rows(const std::string& model, std::size_t rows) {
  const std::lock_guard lock(mutex_);
  models_[model].rows += rows;
}

void Metrics::count_load(const std::string& model, bool worked) {
  const std::lock_guard lock(mutex_);
  OfModel& counts = models_[model];
  ++(worked ? counts.loaded : counts.failed);
}

void Metrics::forget(const std::string& model) {
  const std::lock_guard lock(mutex_);
  models_.erase(model);
}

std::string Metrics::text() const {
  std::string text = head("neurone_requests_total", "counter", "Requests answered, by route and status.");
  for (std::size_t route = 0; route < requests_.size(); ++route)
    for (std::size_t status = 0; status < statuses; ++status)
      if (const std::uint64_t count = requests_[route][status].load(std::memory_order_relaxed); count > 0)
        text += fmt::format("neurone_requests_total{{route=\"{}\",status=\"{}xx\"}} {}\n", route_names[route], status,
                            count);
  text += head("neurone_request_seconds", "histogram", "From the last byte of a request to its answer.");
  text += predict_seconds_.text("neurone_request_seconds", "route=\"predict\",");
  text += infer_seconds_.text("neurone_request_seconds", "route=\"infer\",");
  text += head("neurone_batch_rows", "histogram", "Rows that went through a network together.");
  text += batch_rows_.text("neurone_batch_rows", "");
  text += head("neurone_connections", "gauge", "Connections that are open.");
  text += fmt::format("neurone_connections {}\n", connections.load());
  text += head("neurone_waiting", "gauge", "Requests that wait for a worker or for the end of a turn.");
  text += fmt::format("neurone_waiting {}\n", waiting.load());

  const std::lock_guard lock(mutex_);
  text += head("neurone_rows_total", "counter", "Rows predicted, by model.");
  for (const auto& [model, counts] : models_)
    text += fmt::format("neurone_rows_total{{model=\"{}\"}} {}\n", label(model), counts.rows);
  text += head("neurone_loads_total", "counter", "Model files read, and whether they could be.");
  for (const auto& [model, counts] : models_)
    text += fmt::format(
        "neurone_loads_total{{model=\"{0}\",result=\"loaded\"}} {1}\n"
        "neurone_loads_total{{model=\"{0}\",result=\"failed\"}} {2}\n",
        label(model), counts.loaded, counts.failed);
  return text;
}

}  // namespace neurone::server
