// The update rules over lanes: everything that happens to a parameter in a step, in one pass.
#include <limits>

#include "neurone/math/lanes.h"
#include "neurone/optimizer/update_kernels.h"

namespace neurone::NEURONE_LANES {
namespace {

// Where a gradient is zero from some step on (a pixel that is dark from then on), running values shrink until they
// are denormal, and would stay so. Some processors take many times as long for such a number.
template <class T> NEURONE_INLINE Lanes<T> normal_or_zero(Lanes<T> x) {
  return select(less(magnitude(x), Lanes<T>(std::numeric_limits<T>::min())), Lanes<T>(0), x);
}

template <class T, class Rule, bool plain> void pass(const StepFormula<Rule>& formula, const Move<T>& move) {
  using L = Lanes<T>;
  constexpr std::size_t running = Rule::running;
  const L keep(move.keep), l1(move.l1), l2(move.l2), scale(move.scale);
  const L limit(move.limit > 0 ? move.limit : T(HUGE_VAL));
  for_lanes<T>(move.n, [&](std::size_t i, auto lanes) {
    const L w = L::load_some(move.w + i, lanes);
    L g = L::load_some(move.g + i, lanes);
    if constexpr (!plain) g = maximum(minimum(scale * g, limit), -limit) + (l1 * sign(w) + l2 * w);
    L values[running > 0 ? running : 1];
    NEURONE_UNROLL for (std::size_t k = 0; k < running; ++k) {
      values[k] = L::load_some(move.running + k * move.running_step + i, lanes);
    }
    const L step = [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
      return formula(g, values[K]...);
    }(std::make_index_sequence<running>());
    NEURONE_UNROLL for (std::size_t k = 0; k < running; ++k) {
      normal_or_zero(values[k]).store_some(move.running + k * move.running_step + i, lanes);
    }
    normal_or_zero(keep * w - step).store_some(move.w + i, lanes);
  });
}

template <class T, class Rule> void run(const void* given, const Move<T>& move) {
  const auto& formula = *static_cast<const StepFormula<Rule>*>(given);
  const bool plain = move.l1 == 0 && move.l2 == 0 && move.scale == 1 && move.limit == 0;
  plain ? pass<T, Rule, true>(formula, move) : pass<T, Rule, false>(formula, move);
}

// Sixteen parts whatever the width of a vector is.
template <class T> double sum_of_squares(const T* x, std::size_t n) {
  using L = Lanes<double>;
  constexpr std::size_t parts = 16, vectors = parts / L::count;
  L sums[vectors];
  NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) sums[v] = L(0);
  const auto add = [&](const double* values) {
    NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) {
      const L value = L::load(values + v * L::count);
      sums[v] = multiply_add(value, value, sums[v]);
    }
  };
  double values[parts] = {};
  std::size_t i = 0;
  for (; i + parts <= n; i += parts) {
    for (std::size_t l = 0; l < parts; ++l) values[l] = static_cast<double>(x[i + l]);
    add(values);
  }
  for (std::size_t l = 0; l < parts; ++l) values[l] = i + l < n ? static_cast<double>(x[i + l]) : 0;
  add(values);
  NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) sums[v].store(values + v * L::count);
  for (std::size_t half = parts / 2; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l) values[l] += values[l + half];
  return values[0];
}

template <class T, class... Rule> constexpr UpdateKernels<T> update_kernels(const std::variant<Rule...>*) {
  return {.of_sheet = {run<T, Rule>...}, .sum_of_squares = sum_of_squares<T>};
}

}  // namespace

constinit const UpdateKernels<float> updates_in_float =
    update_kernels<float>(static_cast<const update_rules::Any*>(nullptr));
constinit const UpdateKernels<double> updates_in_double =
    update_kernels<double>(static_cast<const update_rules::Any*>(nullptr));

}  // namespace neurone::NEURONE_LANES
