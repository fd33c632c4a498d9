// The losses over a batch: a sample in each lane, so that a formula runs as it stands in the sheet.
#include "neurone/loss/loss_kernels.h"
#include "neurone/loss/sample.h"
#include "neurone/math/lane_functions.h"
#include "neurone/math/lane_rows.h"

namespace neurone::NEURONE_LANES {
namespace {

template <class T, class Formula> void run(const void* given, const LossBatch<T>& batch) {
  const Formula& formula = *static_cast<const Formula*>(given);
  const std::size_t outputs = batch.outputs, columns = batch.target_columns;
  for_rows_in_lanes<T>(batch.rows, [&](std::size_t first, std::size_t count) {
    RowsInLanes<T> y, t, dy;
    y.load(batch.Y + first * outputs, outputs, count, outputs);
    t.load(batch.targets + first * columns, columns, count, columns);
    const Lanes<T> loss = losses::sample<Formula, Lanes<T>>(
        formula, y.row(outputs), t.row(columns), Lanes<T>::load_some(batch.factors + first, count), dy.row(outputs));
    loss.store_some(batch.losses + first, count);
    dy.store(batch.dY + first * outputs, outputs, count, outputs);
  });
}

template <class T, class... Formula> constexpr LossKernels<T> loss_kernels(const std::variant<Formula...>*) {
  return {{run<T, Formula>...}};
}

}  // namespace

constinit const LossKernels<float> losses_in_float = loss_kernels<float>(static_cast<const losses::Any*>(nullptr));
constinit const LossKernels<double> losses_in_double = loss_kernels<double>(static_cast<const losses::Any*>(nullptr));

}  // namespace neurone::NEURONE_LANES
