// A formula, step by step, as an expression of C.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "neurone/export/formula.h"

namespace neurone {

/// What a formula is computed in: the name of the type, and what its functions end in.
struct CArithmetic {
  std::string_view type;          ///< "real"
  std::string_view own;           ///< in front of exp, log, tanh, expm1 and log1p: "real_"
  std::string_view function;      ///< around the name of the C library's others: "REAL(" …
  std::string_view function_end;  ///< … and ")"
};

/// A formula as the body of a function of `variable`: what is used twice has a name, then "return …;".
std::string c_body(const Formula& formula, const CArithmetic& arithmetic, std::string_view variable);

/// The own functions that a formula needs: exp, log, tanh, expm1, log1p, maximum, minimum.
std::set<std::string> functions_in(const Formula& formula);

}  // namespace neurone
