// What a shell needs to complete a command line of neurone, made from the options of the verbs.
#pragma once

#include <string>
#include <vector>

namespace neurone::cli {

struct Shell {
  const char* name;
  const char* file;  ///< where an installation has it, below share/
  std::string (*script)();
};

const std::vector<Shell>& all_shells();

}  // namespace neurone::cli
