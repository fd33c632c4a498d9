// The instruction sets of this processor, and the one in use.
#include "neurone/core/instruction_set.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

constexpr std::array all_sets{InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512};

// Everything that the compiler may use under the flags of cmake/lanes.cmake.
bool can_run(InstructionSet set) {
#ifdef __x86_64__
  __builtin_cpu_init();
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") &&
                  __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("movbe") &&
                  __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul");
  const bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (set == InstructionSet::avx2) return v3;
  if (set == InstructionSet::avx512) return v3 && v4;
#endif
  return set == InstructionSet::baseline;
}

std::atomic<InstructionSet>& chosen() {
  static std::atomic<InstructionSet> set = usable_instruction_sets().back();
  return set;
}

}  // namespace

std::string_view name_of(InstructionSet set) {
  constexpr std::array<std::string_view, all_sets.size()> names{"baseline", "avx2", "avx512"};
  return names[static_cast<std::size_t>(set)];
}

InstructionSet instruction_set_named(std::string_view name) {
  std::vector<std::string> names;
  for (const InstructionSet set : all_sets) {
    if (name_of(set) == name) return set;
    names.emplace_back(name_of(set));
  }
  throw unknown_name("instruction set", name, names);
}

std::span<const InstructionSet> usable_instruction_sets() {
  // each set contains those before it
  static const auto count = static_cast<std::size_t>(std::ranges::count_if(all_sets, can_run));
  return std::span(all_sets).first(count);
}

InstructionSet instruction_set() {
  return chosen().load(std::memory_order_relaxed);
}

void use_instruction_set(InstructionSet set) {
  if (!can_run(set)) throw UsageError("this processor has no " + std::string(name_of(set)));
  chosen().store(set, std::memory_order_relaxed);
}

}  // namespace neurone
