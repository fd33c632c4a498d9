// The methods that look at all rows before they move θ, with their settings: one iteration of them is one epoch.
// What an iteration does is in the file of each method; the rules that move θ after every batch are in
// optimizer/update_rules.h.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "neurone/core/error.h"

namespace neurone::solvers {

/// A setting that has to be above 0 and finite.
inline void check_positive(std::string_view method, std::string_view setting, double value) {
  if (!(std::isfinite(value) && value > 0))
    throw UsageError(std::string(method) + ": " + std::string(setting) + " must be above 0");
}

/// Limited-memory BFGS (Nocedal 1980; Liu and Nocedal 1989): the curvature is learnt from the last `history` steps.
struct LBFGS {
  static constexpr std::string_view name = "lbfgs";
  std::size_t history = 10;
  double tolerance = 1e-9;  ///< of the largest element of the gradient, at which it has converged
  static void settings(auto& self, auto visit) {
    visit("history", self.history);
    visit("tolerance", self.tolerance);
  }
  void check() const {
    if (history == 0) throw UsageError("lbfgs: history must be at least 1");
    check_positive(name, "tolerance", tolerance);
  }
};

/// Nonlinear conjugate gradient, Polak and Ribière's formula, begun anew where it would be negative (Gilbert and
/// Nocedal 1992).
struct ConjugateGradient {
  static constexpr std::string_view name = "conjugate-gradient";
  double tolerance = 1e-9;  ///< as above
  static void settings(auto& self, auto visit) { visit("tolerance", self.tolerance); }
  void check() const { check_positive(name, "tolerance", tolerance); }
};

/// The Gauss–Newton step, damped as much as it has to be (Levenberg 1944, Marquardt 1963), the damping moved as
/// Nielsen 1999 has it. For squared error and, with the loss's own curvature, for cross-entropy and counts.
struct LevenbergMarquardt {
  static constexpr std::string_view name = "levenberg-marquardt";
  static constexpr bool squares_parameters = true;
  double damping = 1e-3;     ///< λ at the start, against the largest element of JᵀJ's diagonal
  double tolerance = 1e-12;  ///< of a step's length against θ, at which it has converged
  static void settings(auto& self, auto visit) {
    visit("damping", self.damping);
    visit("tolerance", self.tolerance);
  }
  void check() const {
    check_positive(name, "damping", damping);
    check_positive(name, "tolerance", tolerance);
  }
};

/// Resilient propagation: a step length for every parameter, moved by the signs of its gradient alone (Riedmiller and
/// Braun 1993), in the form iRprop+ (Igel and Hüsken 2003).
struct Rprop {
  static constexpr std::string_view name = "rprop";
  double first = 0.0125, increase = 1.2, decrease = 0.5, least = 1e-9, most = 50;
  static void settings(auto& self, auto visit) {
    visit("first", self.first);
    visit("increase", self.increase);
    visit("decrease", self.decrease);
    visit("least", self.least);
    visit("most", self.most);
  }
  void check() const {
    check_positive(name, "first", first);
    check_positive(name, "least", least);
    check_positive(name, "most", most);
    if (!(increase > 1) || !std::isfinite(increase)) throw UsageError("rprop: increase must be above 1");
    if (!(decrease > 0 && decrease < 1)) throw UsageError("rprop: decrease must be between 0 and 1");
  }
};

/// The closed form of a network without hidden layers and with squared error, by a QR decomposition of its rows.
struct LeastSquares {
  static constexpr std::string_view name = "least-squares";
  static constexpr bool squares_parameters = true;
};

/// Newton's method for logistic and softmax regression and counts: a network without hidden layers. Each step is a
/// weighted least-squares problem (iteratively reweighted least squares; Green 1984).
struct Newton {
  static constexpr std::string_view name = "newton";
  static constexpr bool squares_parameters = true;
  double tolerance = 1e-12;  ///< of what a step promises to take from the loss, against the loss
  static void settings(auto& self, auto visit) { visit("tolerance", self.tolerance); }
  void check() const { check_positive(name, "tolerance", tolerance); }
};

// --- the list: a new method is added here, and to make_solver ----------------------------------------------------

using Any = std::variant<LBFGS, ConjugateGradient, LevenbergMarquardt, Rprop, LeastSquares, Newton>;

/// Does the method hold matrices of parameters × parameters? Such a method says squares_parameters.
inline bool squares_parameters(const Any& method) {
  return std::visit([](const auto& each) { return requires { each.squares_parameters; }; }, method);
}

}  // namespace neurone::solvers
