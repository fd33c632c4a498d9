// The formula sheet of the update rules: how a parameter w moves against its gradient g.
// Running over all parameters, weight decay and clipping are in optimizer.h; the learning rate over time in
// schedules.h.
//
// A rule keeps up to three running values for each parameter, zero at first. `at(rate, t)` gives the formula of step
// t = 1, 2, … as a function of (g, running values…) that updates the running values and returns Δ: w becomes w − Δ.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "neurone/core/choice.h"
#include "neurone/math/numbers.h"

namespace neurone::update_rules {

using numbers::magnitude;
using numbers::maximum;
using numbers::sign;
using std::sqrt;

/// How far training is.
struct Time {
  double step = 1;              ///< t, from 1
  double momentum_product = 1;  ///< Π_{i=1..t} of the rule's momentum(i), where it has one that changes
};

/// A setting that has to lie in [0, 1): a share of the past that is kept.
inline void check_share(std::string_view rule, std::string_view setting, double value) {
  if (!(value >= 0 && value < 1))
    throw UsageError(std::string(rule) + ": " + std::string(setting) + " must be at least 0 and below 1");
}

/// A setting that has to be finite and not negative: a rate, or what keeps a denominator from 0.
inline void check_not_negative(std::string_view rule, std::string_view setting, double value) {
  if (!(std::isfinite(value) && value >= 0))
    throw UsageError(std::string(rule) + ": " + std::string(setting) + " must be 0 or above");
}

/// Gradient descent (Robbins and Monro 1951): Δ = η g.
struct SGD {
  static constexpr std::string_view name = "sgd";
  static constexpr std::size_t running = 0;
  double learning_rate = 0.01;
  static void settings(auto& self, auto visit) { visit("learning_rate", self.learning_rate); }
  void check() const { check_not_negative(name, "learning_rate", learning_rate); }

  auto at(double rate, Time) const {
    return [=](auto g) {
      using V = decltype(g);
      return V(rate) * g;
    };
  }
};

/// Heavy ball (Polyak 1964; Sutskever et al. 2013, equation 1): v = μ v + g, Δ = η v.
struct Momentum {
  static constexpr std::string_view name = "momentum";
  static constexpr std::size_t running = 1;
  double learning_rate = 0.01, momentum = 0.9;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("momentum", self.momentum);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_share(name, "momentum", momentum);
  }

  auto at(double rate, Time) const {
    return [=, mu = momentum](auto g, auto& v) {
      using V = decltype(g);
      v = V(mu) * v + g;
      return V(rate) * v;
    };
  }
};

/// Nesterov's accelerated gradient (1983; Sutskever et al. 2013, equation 3): v = μ v + g, Δ = η (g + μ v).
struct Nesterov {
  static constexpr std::string_view name = "nesterov";
  static constexpr std::size_t running = 1;
  double learning_rate = 0.01, momentum = 0.9;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("momentum", self.momentum);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_share(name, "momentum", momentum);
  }

  auto at(double rate, Time) const {
    return [=, mu = momentum](auto g, auto& v) {
      using V = decltype(g);
      v = V(mu) * v + g;
      return V(rate) * (g + V(mu) * v);
    };
  }
};

/// Duchi, Hazan and Singer 2011, figure 1 (diagonal): s = s + g², Δ = η g / (√s + ε).
struct Adagrad {
  static constexpr std::string_view name = "adagrad";
  static constexpr std::size_t running = 1;
  double learning_rate = 0.01, epsilon = 1e-10;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("epsilon", self.epsilon);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_not_negative(name, "epsilon", epsilon);
  }

  auto at(double rate, Time) const {
    return [=, e = epsilon](auto g, auto& s) {
      using V = decltype(g);
      s = s + g * g;
      return V(rate) * g / (sqrt(s) + V(e));
    };
  }
};

/// Zeiler 2012, algorithm 1: s = ρ s + (1 − ρ) g², δ = √(d + ε) / √(s + ε) g, d = ρ d + (1 − ρ) δ², Δ = η δ.
struct Adadelta {
  static constexpr std::string_view name = "adadelta";
  static constexpr std::size_t running = 2;
  double learning_rate = 1, rho = 0.9, epsilon = 1e-6;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("rho", self.rho);
    visit("epsilon", self.epsilon);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_share(name, "rho", rho);
    check_not_negative(name, "epsilon", epsilon);
  }

  auto at(double rate, Time) const {
    return [=, r = rho, e = epsilon](auto g, auto& s, auto& d) {
      using V = decltype(g);
      s = V(r) * s + V(1 - r) * g * g;
      const V delta = sqrt(d + V(e)) / sqrt(s + V(e)) * g;
      d = V(r) * d + V(1 - r) * delta * delta;
      return V(rate) * delta;
    };
  }
};

/// Tieleman and Hinton 2012 (Coursera, lecture 6.5): s = ρ s + (1 − ρ) g², Δ = η g / (√s + ε).
struct RMSprop {
  static constexpr std::string_view name = "rmsprop";
  static constexpr std::size_t running = 1;
  double learning_rate = 0.01, rho = 0.99, epsilon = 1e-8;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("rho", self.rho);
    visit("epsilon", self.epsilon);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_share(name, "rho", rho);
    check_not_negative(name, "epsilon", epsilon);
  }

  auto at(double rate, Time) const {
    return [=, r = rho, e = epsilon](auto g, auto& s) {
      using V = decltype(g);
      s = V(r) * s + V(1 - r) * g * g;
      return V(rate) * g / (sqrt(s) + V(e));
    };
  }
};

/// The settings that Adam and its kin share.
void adam_settings(auto& self, auto visit) {
  visit("learning_rate", self.learning_rate);
  visit("beta1", self.beta1);
  visit("beta2", self.beta2);
  visit("epsilon", self.epsilon);
}

void check_adam(const auto& rule) {
  check_not_negative(rule.name, "learning_rate", rule.learning_rate);
  check_share(rule.name, "beta1", rule.beta1);
  check_share(rule.name, "beta2", rule.beta2);
  check_not_negative(rule.name, "epsilon", rule.epsilon);
}

/// Kingma and Ba 2015, algorithm 1: m = β₁ m + (1 − β₁) g, s = β₂ s + (1 − β₂) g²,
/// Δ = η m̂ / (√ŝ + ε) with m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ).
struct Adam {
  static constexpr std::string_view name = "adam";
  static constexpr std::size_t running = 2;
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  static void settings(auto& self, auto visit) { adam_settings(self, visit); }
  void check() const { check_adam(*this); }

  auto at(double rate, Time time) const {
    const double m_scale = 1 / (1 - std::pow(beta1, time.step)), s_scale = 1 / (1 - std::pow(beta2, time.step));
    return [=, b1 = beta1, b2 = beta2, e = epsilon](auto g, auto& m, auto& s) {
      using V = decltype(g);
      m = V(b1) * m + V(1 - b1) * g;
      s = V(b2) * s + V(1 - b2) * g * g;
      return V(rate * m_scale) * m / (sqrt(V(s_scale) * s) + V(e));
    };
  }
};

/// Adam whose denominator never falls (Reddi, Kale and Kumar 2018, algorithm 2): h = max(h, s), Δ = η m̂ / (√ĥ + ε).
struct AMSGrad {
  static constexpr std::string_view name = "amsgrad";
  static constexpr std::size_t running = 3;
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  static void settings(auto& self, auto visit) { adam_settings(self, visit); }
  void check() const { check_adam(*this); }

  auto at(double rate, Time time) const {
    const double m_scale = 1 / (1 - std::pow(beta1, time.step)), s_scale = 1 / (1 - std::pow(beta2, time.step));
    return [=, b1 = beta1, b2 = beta2, e = epsilon](auto g, auto& m, auto& s, auto& h) {
      using V = decltype(g);
      m = V(b1) * m + V(1 - b1) * g;
      s = V(b2) * s + V(1 - b2) * g * g;
      h = maximum(h, s);
      return V(rate * m_scale) * m / (sqrt(V(s_scale) * h) + V(e));
    };
  }
};

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), which the optimizer applies:
/// w = w − η λ w before Adam's step.
struct AdamW {
  static constexpr std::string_view name = "adamw";
  static constexpr std::size_t running = 2;
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.01;
  static void settings(auto& self, auto visit) {
    adam_settings(self, visit);
    visit("weight_decay", self.weight_decay);
  }
  void check() const {
    check_adam(*this);
    check_not_negative(name, "weight_decay", weight_decay);
  }

  auto at(double rate, Time time) const {
    return Adam{.beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}.at(rate, time);
  }
};

/// Adam with Nesterov's momentum (Dozat 2016, algorithm 8) and his momentum schedule μ_t = β₁ (1 − ½ 0.96^(t ψ)):
/// Δ = η (μ_{t+1} m / (1 − Π_{i≤t+1} μ_i) + (1 − μ_t) g / (1 − Π_{i≤t} μ_i)) / (√ŝ + ε).
struct NAdam {
  static constexpr std::string_view name = "nadam";
  static constexpr std::size_t running = 2;
  double learning_rate = 2e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double momentum_decay = 0.004;  // ψ
  static void settings(auto& self, auto visit) {
    adam_settings(self, visit);
    visit("momentum_decay", self.momentum_decay);
  }
  void check() const {
    check_adam(*this);
    check_not_negative(name, "momentum_decay", momentum_decay);
  }

  double momentum(double t) const { return beta1 * (1 - 0.5 * std::pow(0.96, t * momentum_decay)); }

  auto at(double rate, Time time) const {
    const double now = momentum(time.step), next = momentum(time.step + 1);
    const double g_rate = rate * (1 - now) / (1 - time.momentum_product);
    const double m_rate = rate * next / (1 - time.momentum_product * next);
    const double s_scale = 1 / (1 - std::pow(beta2, time.step));
    return [=, b1 = beta1, b2 = beta2, e = epsilon](auto g, auto& m, auto& s) {
      using V = decltype(g);
      m = V(b1) * m + V(1 - b1) * g;
      s = V(b2) * s + V(1 - b2) * g * g;
      return (V(g_rate) * g + V(m_rate) * m) / (sqrt(V(s_scale) * s) + V(e));
    };
  }
};

/// Chen et al. 2023, "Symbolic discovery of optimization algorithms", program 1:
/// Δ = η sign(β₁ m + (1 − β₁) g), then m = β₂ m + (1 − β₂) g.
struct Lion {
  static constexpr std::string_view name = "lion";
  static constexpr std::size_t running = 1;
  double learning_rate = 1e-4, beta1 = 0.9, beta2 = 0.99;
  static void settings(auto& self, auto visit) {
    visit("learning_rate", self.learning_rate);
    visit("beta1", self.beta1);
    visit("beta2", self.beta2);
  }
  void check() const {
    check_not_negative(name, "learning_rate", learning_rate);
    check_share(name, "beta1", beta1);
    check_share(name, "beta2", beta2);
  }

  auto at(double rate, Time) const {
    return [=, b1 = beta1, b2 = beta2](auto g, auto& m) {
      using V = decltype(g);
      const V direction = sign(V(b1) * m + V(1 - b1) * g);
      m = V(b2) * m + V(1 - b2) * g;
      return V(rate) * direction;
    };
  }
};

// --- the list: a new rule is added here, and nowhere else --------------------------------------------------------

using Any = std::variant<Adam, AdamW, AMSGrad, NAdam, SGD, Momentum, Nesterov, Adagrad, Adadelta, RMSprop, Lion>;

}  // namespace neurone::update_rules
