// Tests that run once for every instruction set of this processor: class Products : public InEverySet {};
// NEURONE_IN_EVERY_SET(Products); TEST_P(Products, …).
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "neurone/core/instruction_set.h"

namespace neurone {

// As GoogleTest shows a parameter.
inline void PrintTo(InstructionSet set, std::ostream* to) {
  *to << name_of(set);
}

/// Uses a set until the end of the scope.
class UseInstructionSet {
 public:
  explicit UseInstructionSet(InstructionSet set) : before_(instruction_set()) { use_instruction_set(set); }
  ~UseInstructionSet() { use_instruction_set(before_); }
  UseInstructionSet(const UseInstructionSet&) = delete;
  UseInstructionSet& operator=(const UseInstructionSet&) = delete;

 private:
  InstructionSet before_;
};

class InEverySet : public testing::TestWithParam<InstructionSet> {
 private:
  UseInstructionSet use_{GetParam()};
};

#define NEURONE_IN_EVERY_SET(Suite)                                                                               \
  INSTANTIATE_TEST_SUITE_P(In, Suite,                                                                             \
                           testing::ValuesIn(usable_instruction_sets().begin(), usable_instruction_sets().end()), \
                           [](const auto& set) { return std::string(neurone::name_of(set.param)); })

}  // namespace neurone
