// --threads and --instruction-set.
#include "cli/machine.h"

#include "neurone/core/instruction_set.h"
#include "neurone/core/processors.h"

namespace neurone::cli {
namespace {

constexpr const char* threads_name = "--threads";
constexpr const char* set_name = "--instruction-set";

}  // namespace

void add_machine_options(Verb& verb, Machine& machine) {
  constexpr std::size_t most = 1024;
  add_whole(verb, threads_name, machine.threads, "At most; all processors if not given. The result is the same",
            {.least = 1, .most = most})
      ->group("Machine");
  verb.add_option(set_name, machine.instruction_set,
                  "avx512, avx2 or baseline; the best of this processor if not given")
      ->group("Machine");
  verb.offer(set_name, {"avx512", "avx2", "baseline"});
}

bool about_machine(const std::string& option) {
  return option == threads_name || option == set_name;
}

std::size_t threads_of(const Machine& machine) {
  if (!machine.instruction_set.empty()) use_instruction_set(instruction_set_named(machine.instruction_set));
  return machine.threads == 0 ? available_threads() : machine.threads;
}

}  // namespace neurone::cli
