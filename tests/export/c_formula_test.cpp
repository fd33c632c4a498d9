// Formulas as expressions of C.
#include "neurone/export/c_formula.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace neurone {
namespace {

TEST(CFormula, names_what_it_uses_twice) {
  const CArithmetic in_double{.type = "double", .own = "own_", .function = "", .function_end = ""};
  const Formula z = Formula::variable(), twice = exp(z);
  EXPECT_EQ(c_body(twice / (twice + Formula(1)), in_double, "z"),
            "  const double t1 = own_exp(z);\n  return (t1 / (t1 + (double)1));\n");
  EXPECT_EQ(functions_in(twice * maximum(z, Formula(0))), (std::set<std::string>{"exp", "maximum"}));
}

}  // namespace
}  // namespace neurone
