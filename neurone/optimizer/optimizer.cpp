// One step over all of θ: clipping, penalties, weight decay, then the formula of update_rules.h for each parameter.
// The learning rate of the step is left to the caller.
#include "neurone/optimizer/optimizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "neurone/math/numbers.h"
#include "neurone/optimizer/update_kernels.h"

namespace neurone {
namespace {

using update_rules::Time;

std::size_t running_values(const update_rules::Any& rule) {
  return std::visit([](const auto& each) { return each.running; }, rule);
}

// The momentum of step t, where the rule has one that changes; 1 otherwise.
double momentum_at(const update_rules::Any& rule, std::size_t step) {
  return std::visit(
      [&](const auto& each) {
        if constexpr (requires { each.momentum(1.0); })
          return each.momentum(static_cast<double>(step));
        else
          return 1.0;
      },
      rule);
}

double weight_decay(const Regularisation& regularisation, const update_rules::Any& rule) {
  if (regularisation.weight_decay) return *regularisation.weight_decay;
  return std::visit(
      [](const auto& each) {
        if constexpr (requires { each.weight_decay; })
          return each.weight_decay;
        else
          return 0.0;
      },
      rule);
}

const UpdateKernels<float>& update_kernels(float) {
  return NEURONE_KERNELS(updates_in_float);
}
const UpdateKernels<double>& update_kernels(double) {
  return NEURONE_KERNELS(updates_in_double);
}

// What the gradient is multiplied with so that it is no longer than `norm`.
template <class T> T norm_scale(double norm, std::span<const T> gradient) {
  if (norm <= 0) return 1;
  const double found = std::sqrt(update_kernels(T()).sum_of_squares(gradient.data(), gradient.size()));
  return found > norm ? static_cast<T>(norm / found) : T(1);
}

// Calls work with pieces of a stretch, each a whole number of cache lines, that the team does side by side.
template <class T, class Work> void move_together(Team* team, const Move<T>& move, Work work) {
  constexpr double operations = 30;  // of a parameter: what its memory traffic and a division are worth
  constexpr std::size_t line = cache_line / sizeof(T);
  const std::size_t members =
      team == nullptr ? 1 : std::min(team->size(), threads_worth(operations * static_cast<double>(move.n)));
  if (members == 1) return work(move);
  const std::size_t share = ((move.n + members - 1) / members + line - 1) / line * line;
  team->run((move.n + share - 1) / share, [&](std::size_t part) {
    const std::size_t first = part * share;
    Move<T> piece = move;
    piece.w += first;
    piece.g += first;
    if (piece.running != nullptr) piece.running += first;
    piece.n = std::min(share, move.n - first);
    work(piece);
  });
}

}  // namespace

double default_learning_rate(const update_rules::Any& rule) {
  return std::visit([](const auto& each) { return each.learning_rate; }, rule);
}

template <class T>
double penalty(const Regularisation& regularisation, std::span<const T> parameters,
               std::span<const ParameterBlock> blocks) {
  double sum = 0;
  for (const ParameterBlock& block : blocks) {
    if (!block.decays) continue;
    for (const T w : parameters.subspan(block.offset, block.size())) {
      const auto wide = static_cast<double>(w);
      sum += regularisation.l1 * std::abs(wide) + 0.5 * regularisation.l2 * wide * wide;
    }
  }
  return sum;
}

template <class T>
Optimizer<T>::Optimizer(const Options& options, std::vector<ParameterBlock> blocks, std::size_t parameters)
    : options_(options), blocks_(std::move(blocks)), running_(running_values(options.rule) * parameters) {}

template <class T>
void Optimizer<T>::step(double learning_rate, std::span<T> parameters, std::span<const T> gradient, Team* team) {
  assert(parameters.size() == gradient.size());
  assert(running_.size() == running_values(options_.rule) * parameters.size());
  const Regularisation& regularisation = options_.regularisation;
  const double decay = weight_decay(regularisation, options_.rule);
  const T scale = norm_scale(options_.clipping.norm, gradient);

  ++steps_;
  momentum_product_ *= momentum_at(options_.rule, steps_);
  const Time time{.step = static_cast<double>(steps_), .momentum_product = momentum_product_};
  std::visit(
      [&](const auto& rule) {
        for (const ParameterBlock& block : blocks_) {
          const auto formula = rule.at(learning_rate * block.rate, time);
          Move<T> move{.w = parameters.data() + block.offset,
                       .g = gradient.data() + block.offset,
                       .running = running_.empty() ? nullptr : running_.data() + block.offset,
                       .running_step = parameters.size(),
                       .n = block.size(),
                       .scale = scale,
                       .limit = static_cast<T>(options_.clipping.value)};
          if (block.decays) {
            move.keep = static_cast<T>(1 - learning_rate * decay);
            move.l1 = static_cast<T>(regularisation.l1);
            move.l2 = static_cast<T>(regularisation.l2);
          }
          move_together(team, move, [&](const Move<T>& part) {
            update_kernels(T()).of_sheet[options_.rule.index()](&formula, part);
          });
        }
      },
      options_.rule);
}

template <class T> void Optimizer<T>::restore(std::size_t steps, std::span<const T> running) {
  assert(running.size() == running_.size());
  std::ranges::copy(running, running_.begin());
  steps_ = steps;
  momentum_product_ = 1;
  const bool constant = momentum_at(options_.rule, 1) == 1;
  for (std::size_t t = 1; t <= steps && !constant; ++t) {
    const double before = momentum_product_;
    momentum_product_ *= momentum_at(options_.rule, t);
    if (momentum_product_ == before) break;  // it has underflowed, and momentum only grows: it stays as it is
  }
}

#define NEURONE_INSTANTIATE(T)                                                                            \
  template double penalty<T>(const Regularisation&, std::span<const T>, std::span<const ParameterBlock>); \
  template class Optimizer<T>;
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
