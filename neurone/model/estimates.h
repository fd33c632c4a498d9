// The table of a regression as statistics programs print it: estimates, standard errors, t or z, p, and how well all
// of it fits. How it is made is in estimation.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace neurone {

struct Estimate {
  std::string name;  ///< of a linear model the input it multiplies, "(constant)" for b; else its place, "0.W[2,1]"
  double value = 0;
  double error = 0;      ///< standard error
  double statistic = 0;  ///< value / error: t, or z
  double p = 1;          ///< of a value as far from 0 if it were 0
  /// Of a linear model for classes the class whose output this is part of; empty for a number and behind hidden
  /// layers. Those of one class stand together.
  std::string of_class{};
};

/// How well one output fits, where errors are squared.
struct Fit {
  std::string of_class{};  ///< of several outputs, whose
  double r_squared = 0;
  std::optional<double> residual_deviation{}, adjusted_r_squared{};  ///< where degrees of freedom are left
};

struct Estimates {
  std::vector<Estimate> parameters;
  std::vector<std::string> collinear;  ///< left out: they say what others say already
  bool in_users_unit = false;          ///< of the columns as they are; else as the network sees them
  bool is_likelihood = false;          ///< z and the normal distribution, else t and Student's
  /// The class that the others are compared with: what stands for another is its parameter less that of this one.
  /// Empty where every class stands for itself, and for a number.
  std::string reference{};
  double degrees_of_freedom = 0;  ///< of each output by itself where errors are squared
  double condition = 1;           ///< of the Jacobian, its columns brought to length 1
  std::vector<Fit> fits{};        ///< of each output; none for a likelihood
};

/// What stands above the parameters of a class: "Gentoo", or "Gentoo against Adelie".
std::string heading_of(const Estimates& estimates, const std::string& of_class);

/// How well all of it fits, in words, without line ends.
std::vector<std::string> fit_lines(const Estimates& estimates);

/// A p value in a table: "0.012", "< 1e-16".
std::string p_text(double p);

}  // namespace neurone
