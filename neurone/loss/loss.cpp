// A loss over a batch: the weighted mean of the samples' losses, and its gradient; smoothing of labels.
// The formulas of single samples are in losses.h.
#include "neurone/loss/loss.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "neurone/loss/loss_kernels.h"
#include "neurone/loss/sample.h"
#include "neurone/math/widest_row.h"

namespace neurone {
namespace {

const LossKernels<float>& loss_kernels(float) {
  return NEURONE_KERNELS(losses_in_float);
}
const LossKernels<double>& loss_kernels(double) {
  return NEURONE_KERNELS(losses_in_double);
}

// Rows too long for lanes, a number at a time.
template <class Formula, class T> void one_by_one(const Formula& formula, const LossBatch<T>& batch) {
  const std::size_t outputs = batch.outputs, columns = batch.target_columns;
  for (std::size_t i = 0; i < batch.rows; ++i)
    batch.losses[i] =
        losses::sample<Formula, T>(formula, {batch.Y + i * outputs, outputs}, {batch.targets + i * columns, columns},
                                   batch.factors[i], {batch.dY + i * outputs, outputs});
}

}  // namespace

Loss Loss::parse(std::string_view text) {
  return {.formula = parse_choice<losses::Any>("loss", text)};
}

std::span<const std::string_view> Loss::links() const {
  return std::visit(
      []<class Formula>(const Formula&) -> std::span<const std::string_view> {
        if constexpr (requires { Formula::links; })
          return Formula::links;
        else
          return {};
      },
      formula);
}

std::optional<losses::Use> Loss::use() const {
  return std::visit(
      []<class Formula>(const Formula&) -> std::optional<losses::Use> {
        if constexpr (requires { Formula::use; })
          return Formula::use;
        else
          return std::nullopt;
      },
      formula);
}

std::optional<losses::TargetRange> Loss::targets() const {
  return std::visit(
      []<class Formula>(const Formula&) -> std::optional<losses::TargetRange> {
        if constexpr (requires { Formula::targets; })
          return Formula::targets;
        else
          return std::nullopt;
      },
      formula);
}

bool Loss::may_be_negative() const {
  return std::visit([]<class Formula>(const Formula&) { return requires { Formula::may_be_negative; }; }, formula);
}

std::size_t Loss::outputs_per_target() const {
  return std::visit(
      []<class Formula>(const Formula&) -> std::size_t {
        if constexpr (losses::TwoHeaded<Formula>)
          return Formula::outputs_per_target;
        else
          return 1;
      },
      formula);
}

template <class T> double Loss::operator()(ConstMatrixView<T> Y, const Targets<T>& targets, MatrixView<T> dY) const {
  assert(Y.rows() == targets.values.rows() && dY.rows() == Y.rows() && dY.columns() == Y.columns());
  assert(Y.columns() == targets.values.columns() * outputs_per_target());
  const double total = total_weight(targets);
  // the one factor that makes a mean: it multiplies the value and the gradient alike
  const double mean = total > 0 ? 1 / total : 0;
  constexpr std::size_t piece = 256;  // rows at a time, so that their losses lie on the stack
  std::array<T, piece> factors{}, losses{};
  std::array<double, piece> weights{};
  double sum = 0;
  for (std::size_t first = 0; first < Y.rows(); first += piece) {
    const std::size_t rows = std::min(piece, Y.rows() - first);
    for (std::size_t i = 0; i < rows; ++i) {
      weights[i] = mean * (targets.weights.empty() ? 1.0 : static_cast<double>(targets.weights[first + i]));
      factors[i] = static_cast<T>(weights[i]);
    }
    const LossBatch<T> batch{.Y = Y.data() + first * Y.columns(),
                             .outputs = Y.columns(),
                             .targets = targets.values.data() + first * targets.values.columns(),
                             .target_columns = targets.values.columns(),
                             .rows = rows,
                             .factors = factors.data(),
                             .dY = dY.data() + first * dY.columns(),
                             .losses = losses.data()};
    std::visit(
        [&](const auto& each) {
          if (Y.columns() <= widest_row_in_lanes)
            loss_kernels(T()).of_sheet[formula.index()](&each, batch);
          else
            one_by_one(each, batch);
        },
        formula);
    for (std::size_t i = 0; i < rows; ++i) {
      if (weights[i] == 0)  // left out, even if its own loss is infinite
        std::ranges::fill(dY[first + i], T(0));
      else
        sum += weights[i] * static_cast<double>(losses[i]);
    }
  }
  return sum;
}

template <class T> void smooth_labels(double epsilon, MatrixView<T> targets) {
  const std::size_t classes = targets.columns() == 1 ? 2 : targets.columns();
  const T keep = static_cast<T>(1 - epsilon);
  const T spread = static_cast<T>(epsilon / static_cast<double>(classes));
  for (T& t : targets.elements()) t = keep * t + spread;
}

template <class T> double total_weight(const Targets<T>& targets) {
  if (targets.weights.empty()) return static_cast<double>(targets.values.rows());
  double sum = 0;
  for (const T weight : targets.weights) sum += static_cast<double>(weight);
  return sum;
}

#define NEURONE_INSTANTIATE(T)                                                                     \
  template double Loss::operator()<T>(ConstMatrixView<T>, const Targets<T>&, MatrixView<T>) const; \
  template void smooth_labels<T>(double, MatrixView<T>);                                           \
  template double total_weight<T>(const Targets<T>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
