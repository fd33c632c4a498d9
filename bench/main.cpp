// The benchmarks of neurone alone: make bench.
#include <string>

#include "bench/figures.h"
#include "neurone/core/instruction_set.h"

int main(int argc, char** argv) {
  benchmark::AddCustomContext("instruction_set", std::string(neurone::name_of(neurone::instruction_set())));
  benchmark::AddCustomContext("ceiling_GFLOP/s", std::to_string(neurone::bench::ceiling() / 1e9));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
