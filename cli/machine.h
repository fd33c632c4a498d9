// What a verb may use of the machine: --threads and --instruction-set. Neither changes a result, but for the one set
// that has no fused multiply-add.
#pragma once

#include <cstddef>
#include <string>

#include "cli/verb.h"

namespace neurone::cli {

struct Machine {
  std::size_t threads = 0;  ///< 0: as many as there are processors for this process
  std::string instruction_set;
};

void add_machine_options(Verb& verb, Machine& machine);

/// Is it one of these options?
bool about_machine(const std::string& option);

/// Makes the kernels use the instruction set, and returns the number of threads. Throws UsageError.
std::size_t threads_of(const Machine& machine);

}  // namespace neurone::cli
