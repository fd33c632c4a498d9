// Every float there is, through every function over lanes, in every instruction set of this processor.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/math/function_errors.h"
#include "tests/support/instruction_sets.h"

namespace neurone {
namespace {

class EveryFloat : public InEverySet {};
NEURONE_IN_EVERY_SET(EveryFloat);

TEST_P(EveryFloat, is_within_2_units_in_the_last_place) {
  if (GetParam() == InstructionSet::baseline && usable_instruction_sets().size() > 1)
    GTEST_SKIP() << "four times as slow; make test tries two million floats";
  const auto functions = compared_functions<float, double>();
  std::vector<WorstCase<float>> worst(functions.size());
  constexpr std::size_t piece = 1 << 22;
  for (std::uint64_t first = 0; first < (std::uint64_t(1) << 32); first += piece) {
    const std::vector<float> x = floats(first, 1, piece);
    for (std::size_t f = 0; f < functions.size(); ++f) worst[f] = worst_case(functions[f], x, worst[f]);
  }
  for (std::size_t f = 0; f < functions.size(); ++f) {
    std::cout << functions[f].name << ": at most " << worst[f].ulp << " ulp, at " << worst[f].at << "\n";
    EXPECT_LE(worst[f].ulp, 2) << functions[f].name << " of " << worst[f].at;
  }
}

}  // namespace
}  // namespace neurone
