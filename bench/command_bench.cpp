// What a user waits for beside training: reading a table, starting the command; and how large the command is.
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/figures.h"
#include "neurone/data/column_fitting.h"
#include "neurone/data/csv.h"

namespace neurone::bench {
namespace {

namespace fs = std::filesystem;

// 20 columns of numbers and 2 of categories, 20 MB; in the page cache once it has been written.
const std::string& table() {
  static const std::string path = [] {
    const std::string made = (fs::temp_directory_path() / "neurone_bench.csv").string();
    std::ofstream file(made);
    for (int j = 0; j < 20; ++j) file << "x" << j << ",";
    file << "city,colour\n";
    Random random(1, {.purpose = Purpose::split});
    for (int i = 0; i < 125'000; ++i) {
      for (int j = 0; j < 20; ++j) {
        char number[32];
        std::snprintf(number, sizeof number, j < 5 ? "%.0f," : "%.4f,",
                      j < 5 ? 99'999 * random.uniform() : random.normal());
        file << number;
      }
      constexpr std::array cities{"Lyon", "Paris", "Nantes"};
      file << cities[static_cast<std::size_t>(i) % cities.size()] << (i % 2 == 0 ? ",red\n" : ",blue\n");
    }
    return made;
  }();
  return path;
}

void read_csv(benchmark::State& state) {
  const auto size = static_cast<std::int64_t>((static_cast<void>(table()), fs::file_size(table())));
  for (auto _ : state) benchmark::DoNotOptimize(neurone::read_csv(table()));
  state.SetBytesProcessed(state.iterations() * size);
}
BENCHMARK(read_csv)->Unit(benchmark::kMillisecond);

void read_fit_and_encode_csv(benchmark::State& state) {
  const auto size = static_cast<std::int64_t>((static_cast<void>(table()), fs::file_size(table())));
  for (auto _ : state) {
    const Table read = neurone::read_csv(table());
    const FittedTable fitted = fit_table(read, {});
    Matrix<float> X(read.rows(), fitted.preparation.width());
    fitted.preparation.encode<float>(read, X);
    benchmark::DoNotOptimize(X.data());
  }
  state.SetBytesProcessed(state.iterations() * size);
}
BENCHMARK(read_fit_and_encode_csv)->Unit(benchmark::kMillisecond);

void start_of_the_command(benchmark::State& state) {
  std::string program = NEURONE_COMMAND, option = "--version";
  char* const arguments[] = {program.data(), option.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1 /* O_WRONLY */, 0);
  for (auto _ : state) {
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, program.c_str(), &quiet, nullptr, arguments, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
      state.SkipWithError("the command does not start");
      break;
    }
  }
  posix_spawn_file_actions_destroy(&quiet);
  const std::string stripped = (fs::temp_directory_path() / "neurone_stripped").string();
  if (std::system(("strip -o " + stripped + " " + program).c_str()) == 0)
    state.counters["stripped_MB"] = static_cast<double>(fs::file_size(stripped)) / 1e6;
  fs::remove(stripped);
}
BENCHMARK(start_of_the_command)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace neurone::bench
