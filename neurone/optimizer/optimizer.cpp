// One step over all of θ: clipping, penalties, weight decay, then the formula of update_rules.h for each parameter.
// The learning rate of the step is left to the caller.
#include "neurone/optimizer/optimizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

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

// One pass over θ: `formula` gets the gradient and the rule's running values of each parameter.
template <std::size_t Running, class T, class Formula>
void move(Formula formula, std::span<T> w, std::span<const T> g, std::span<T> running) {
  const std::size_t n = w.size();
  std::array<T*, Running> values{};
  for (std::size_t k = 0; k < Running; ++k) values[k] = running.data() + k * n;
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    for (std::size_t i = 0; i < n; ++i) w[i] -= formula(g[i], values[K][i]...);
  }(std::make_index_sequence<Running>{});
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
void add_penalty_gradient(const Regularisation& regularisation, std::span<const T> parameters,
                          std::span<const ParameterBlock> blocks, std::span<T> gradient) {
  if (regularisation.l1 == 0 && regularisation.l2 == 0) return;
  const T l1 = static_cast<T>(regularisation.l1), l2 = static_cast<T>(regularisation.l2);
  for (const ParameterBlock& block : blocks) {
    if (!block.decays) continue;
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      gradient[i] += l1 * numbers::sign(parameters[i]) + l2 * parameters[i];
  }
}

template <class T> void clip(const Clipping& clipping, std::span<T> gradient) {
  if (clipping.norm > 0) {
    double squares = 0;
    for (const T g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
    const double norm = std::sqrt(squares);
    if (norm > clipping.norm) {
      const T scale = static_cast<T>(clipping.norm / norm);
      for (T& g : gradient) g *= scale;
    }
  }
  if (clipping.value > 0) {
    const T limit = static_cast<T>(clipping.value);
    for (T& g : gradient) g = numbers::maximum(numbers::minimum(g, limit), -limit);
  }
}

template <class T>
Optimizer<T>::Optimizer(const Options& options, std::vector<ParameterBlock> blocks, std::size_t parameters)
    : options_(options), blocks_(std::move(blocks)), running_(running_values(options.rule) * parameters) {}

template <class T> void Optimizer<T>::step(double learning_rate, std::span<T> parameters, std::span<T> gradient) {
  assert(parameters.size() == gradient.size());
  assert(running_.size() == running_values(options_.rule) * parameters.size());
  clip(options_.clipping, gradient);
  add_penalty_gradient<T>(options_.regularisation, parameters, blocks_, gradient);

  const double decay = learning_rate * weight_decay(options_.regularisation, options_.rule);
  if (decay != 0) {
    const T keep = static_cast<T>(1 - decay);
    for (const ParameterBlock& block : blocks_)
      if (block.decays)
        for (T& w : parameters.subspan(block.offset, block.size())) w *= keep;
  }

  ++steps_;
  momentum_product_ *= momentum_at(options_.rule, steps_);
  const Time time{.step = static_cast<double>(steps_), .momentum_product = momentum_product_};
  std::visit(
      [&](const auto& rule) {
        move<std::decay_t<decltype(rule)>::running, T>(rule.at(learning_rate, time), parameters, gradient, running_);
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

#define NEURONE_INSTANTIATE(T)                                                                                      \
  template double penalty<T>(const Regularisation&, std::span<const T>, std::span<const ParameterBlock>);           \
  template void add_penalty_gradient<T>(const Regularisation&, std::span<const T>, std::span<const ParameterBlock>, \
                                        std::span<T>);                                                              \
  template void clip<T>(const Clipping&, std::span<T>);                                                             \
  template class Optimizer<T>;
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
