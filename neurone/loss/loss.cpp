// A loss over a batch: the weighted mean of the samples' losses, and its gradient; smoothing of labels.
// The formulas of single samples are in losses.h.
#include "neurone/loss/loss.h"

#include <algorithm>
#include <cassert>
#include <type_traits>

namespace neurone {
namespace {

// A formula of a whole row, of mean and log variance, or of one output: told apart by what it can be called with.
template <class Formula>
concept Rowwise = requires(Formula f, std::span<const double> z, std::span<double> S) { f.value(z, z, S); };
template <class Formula>
concept TwoHeaded = requires { Formula::outputs_per_target; };

// One sample: its loss is returned, dy is overwritten with factor × its slope.
template <class Formula, class T>
T sample(const Formula& formula, std::span<const T> y, std::span<const T> t, T factor, std::span<T> dy) {
  T sum(0);
  if constexpr (Rowwise<Formula>) {
    sum = formula.template value<T>(y, t, dy);
    formula.template slope<T>(dy, t, dy);
    for (T& each : dy) each *= factor;
  } else if constexpr (TwoHeaded<Formula>) {
    const std::size_t n = t.size();
    const T share = T(1) / static_cast<T>(n);
    for (std::size_t j = 0; j < n; ++j) {
      sum += share * formula.value(y[j], y[n + j], t[j]);
      dy[j] = factor * share * formula.slope_mean(y[j], y[n + j], t[j]);
      dy[n + j] = factor * share * formula.slope_log_variance(y[j], y[n + j], t[j]);
    }
  } else {
    const T share = T(1) / static_cast<T>(t.size());
    for (std::size_t j = 0; j < t.size(); ++j) {
      sum += share * formula.value(y[j], t[j]);
      dy[j] = factor * share * formula.slope(y[j], t[j]);
    }
  }
  return sum;
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

std::size_t Loss::outputs_per_target() const {
  return std::visit(
      []<class Formula>(const Formula&) -> std::size_t {
        if constexpr (TwoHeaded<Formula>)
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
  return std::visit(
      [&](const auto& each) {
        double sum = 0;
        for (std::size_t i = 0; i < Y.rows(); ++i) {
          const double weight = mean * (targets.weights.empty() ? 1.0 : static_cast<double>(targets.weights[i]));
          if (weight == 0) {  // left out, even if its own loss is infinite
            std::ranges::fill(dY[i], T(0));
            continue;
          }
          const T loss =
              sample<std::decay_t<decltype(each)>, T>(each, Y[i], targets.values[i], static_cast<T>(weight), dY[i]);
          sum += weight * static_cast<double>(loss);
        }
        return sum;
      },
      formula);
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
