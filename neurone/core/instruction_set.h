// Which vector instructions the fast kernels use: the best that the processor has, chosen once.
// What the kernels compute is left to the *.lanes.cpp files, each compiled once for every set.
#pragma once

#include <span>
#include <string_view>

namespace neurone {

/// From the least to the best. `baseline` is what every processor of the architecture has (SSE2, NEON).
enum class InstructionSet { baseline, avx2, avx512 };

/// "baseline", "avx2", "avx512".
std::string_view name_of(InstructionSet set);
/// Throws UsageError with the nearest name.
InstructionSet instruction_set_named(std::string_view name);

/// The sets that this processor and operating system can run, the best last.
std::span<const InstructionSet> usable_instruction_sets();

/// The set in use: the best, or what use_instruction_set said.
InstructionSet instruction_set();

/// Makes all kernels use one set from now on, in the whole process: a switch for tests and measurements, to be called
/// while nothing is computed. avx2 and avx512 give the same bits; baseline has no fused multiply-add and does not.
/// Throws UsageError where the processor does not have it.
void use_instruction_set(InstructionSet set);

/// The one of a kernel table's versions that is in use.
template <class Kernels>
const Kernels& kernels_in_use(const Kernels* baseline, const Kernels* avx2, const Kernels* avx512) {
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return *avx512;
    case InstructionSet::avx2:
      return *avx2;
    case InstructionSet::baseline:
      break;
  }
  return *baseline;
}

// Declares a table of kernels that a *.lanes.cpp file defines once for every set, and picks the one in use.
#ifdef __x86_64__
#define NEURONE_DECLARE_KERNELS(Type, name) \
  namespace baseline {                      \
  extern const Type name;                   \
  }                                         \
  namespace avx2 {                          \
  extern const Type name;                   \
  }                                         \
  namespace avx512 {                        \
  extern const Type name;                   \
  }
#define NEURONE_KERNELS(name) neurone::kernels_in_use(&baseline::name, &avx2::name, &avx512::name)
#else
#define NEURONE_DECLARE_KERNELS(Type, name) \
  namespace baseline {                      \
  extern const Type name;                   \
  }
#define NEURONE_KERNELS(name) baseline::name
#endif

}  // namespace neurone
