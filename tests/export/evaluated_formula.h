// Computes what a formula wrote down, for tests.
#pragma once

#include <cmath>

#include "neurone/export/formula.h"
#include "neurone/math/numbers.h"

namespace neurone {

/// The formula at a number; 1 and 0 stand for yes and no.
inline double evaluated(const Step& step, double variable) {
  const auto at = [&](std::size_t k) { return evaluated(*step.operands[k], variable); };
  switch (step.operation) {
    case Operation::variable:
      return variable;
    case Operation::number:
      return step.number;
    case Operation::add:
      return at(0) + at(1);
    case Operation::subtract:
      return at(0) - at(1);
    case Operation::multiply:
      return at(0) * at(1);
    case Operation::divide:
      return at(0) / at(1);
    case Operation::negate:
      return -at(0);
    case Operation::exp:
      return std::exp(at(0));
    case Operation::log:
      return std::log(at(0));
    case Operation::log1p:
      return std::log1p(at(0));
    case Operation::expm1:
      return std::expm1(at(0));
    case Operation::tanh:
      return std::tanh(at(0));
    case Operation::erf:
      return std::erf(at(0));
    case Operation::sin:
      return std::sin(at(0));
    case Operation::cos:
      return std::cos(at(0));
    case Operation::sqrt:
      return std::sqrt(at(0));
    case Operation::floor:
      return std::floor(at(0));
    case Operation::maximum:
      return numbers::maximum(at(0), at(1));
    case Operation::minimum:
      return numbers::minimum(at(0), at(1));
    case Operation::magnitude:
      return numbers::magnitude(at(0));
    case Operation::less:
      return at(0) < at(1) ? 1 : 0;
    case Operation::both:
      return at(0) != 0 && at(1) != 0 ? 1 : 0;
    case Operation::select:
      return at(0) != 0 ? at(1) : at(2);
  }
  return std::nan("");
}

}  // namespace neurone
