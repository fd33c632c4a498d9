#include "neurone/model/memory_need.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {
namespace {

template <class T> std::size_t numbers_of_row(const Preparation& preparation) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation)) return table->packed_width<T>();
  return std::get<ImagePreparation>(preparation).width();
}

}  // namespace

std::string bytes_text(double bytes) {
  const double megabytes = bytes / 1e6;
  return megabytes < 999.5 ? fmt::format("{:.3g} MB", megabytes) : fmt::format("{:.2f} GB", megabytes / 1e3);
}

template <class T> MemoryNeed memory_need(const Preparations& ready, const RunSize& size) {
  const NetworkSize network = Network<T>::size_of(ready.network);
  const auto parameters = static_cast<double>(network.parameters);
  const auto width = static_cast<double>(numbers_of_row<T>(ready.preparation));
  const auto targets = static_cast<double>(target_columns(ready.target));
  const auto learnt = static_cast<double>(size.learnt_rows), tested = static_cast<double>(size.test_rows);
  MemoryNeed need{.rows_as_read = static_cast<double>(size.source_bytes), .parameters = network.parameters};
  need.rows_as_numbers = sizeof(T) * ((size.in_folds ? 2 : 1) * learnt * (width + targets) + tested * width);
  // of each network its parameters and the trainer's state; in training the gradient and copies of the state as well
  need.networks = sizeof(T) * 6 * parameters * (static_cast<double>(size.networks) + 1);
  const auto batch = static_cast<double>(std::min(ready.training.batch, size.learnt_rows));
  need.batch = sizeof(T) * 3 * batch * static_cast<double>(network.units);
  const auto solver = optimizers::as<solvers::Any>(ready.training.optimizer);
  if (solver && solvers::squares_parameters(*solver)) need.curvature = sizeof(double) * 3 * parameters * parameters;
  return need;
}

void check_memory(const std::string& source, const MemoryNeed& need, std::size_t available) {
  if (need.total() <= static_cast<double>(available)) return;
  const std::array parts{std::pair(need.rows_as_read, std::string("the rows as they were read")),
                         std::pair(need.rows_as_numbers, std::string("the rows as numbers")),
                         std::pair(need.networks, fmt::format("networks of {} parameters", need.parameters)),
                         std::pair(need.batch, std::string("what the layers give for a batch")),
                         std::pair(need.curvature, fmt::format("matrices of {0} × {0} parameters", need.parameters))};
  const auto& [most, what] = *std::ranges::max_element(parts, {}, [](const auto& each) { return each.first; });
  throw Error(source,
              fmt::format("the run would take {} of memory, {} of it for {}; {} are left", bytes_text(need.total()),
                          bytes_text(most), what, bytes_text(static_cast<double>(available))));
}

template MemoryNeed memory_need<float>(const Preparations&, const RunSize&);
template MemoryNeed memory_need<double>(const Preparations&, const RunSize&);

}  // namespace neurone
