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
};

struct Estimates {
  std::vector<Estimate> parameters;
  std::vector<std::string> collinear;  ///< left out: they say what others say already
  bool in_users_unit = false;          ///< of the columns as they are; else as the network sees them
  bool is_likelihood = false;          ///< z and the normal distribution, else t and Student's
  double degrees_of_freedom = 0;
  double condition = 1;  ///< of the Jacobian, its columns brought to length 1
  std::optional<double> residual_deviation{}, r_squared{}, adjusted_r_squared{};  ///< of a number
};

/// How well all of it fits, in words, without line ends.
std::vector<std::string> fit_lines(const Estimates& estimates);

/// A p value in a table: "0.012", "< 1e-16".
std::string p_text(double p);

/// The table in words, a line each, ending with a newline; of more than 40 parameters those that matter most.
std::string text_of(const Estimates& estimates, const std::string& target);

}  // namespace neurone
