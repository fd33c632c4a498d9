// Other programs, run to their end.
#pragma once

#include <string>
#include <vector>

namespace neurone::cli {

struct Finished {
  int code = 0;        ///< exit code; 127: there is no such program
  std::string output;  ///< what it wrote to standard output; its errors go where ours go
};

/// Runs a program that PATH finds. Throws Error where none can be started at all.
Finished run_program(const std::vector<std::string>& words);

}  // namespace neurone::cli
