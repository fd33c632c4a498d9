// Runs the command as a user does: a process of its own, in a folder of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/data/temporary_folder.h"

namespace neurone {

struct Outcome {
  int code = -1;  ///< exit code
  std::string output, errors;
};

/// Runs `neurone` with these arguments in `folder`. `on_line` sees each line of its standard output as it comes, and
/// may send a signal to the process, whose number it gets.
Outcome run_command(const std::string& folder, const std::vector<std::string>& arguments, std::string_view input = {},
                    const std::function<void(std::string_view, int)>& on_line = {});

/// The command in a temporary folder with data/penguins as penguins.csv.
class Command {
 public:
  Command();

  Outcome operator()(const std::vector<std::string>& arguments, std::string_view input = {}) const {
    return run_command(folder.path(), arguments, input);
  }
  /// The bytes of a file in the folder.
  std::string bytes(const std::string& name) const;

  TemporaryFolder folder;
};

std::vector<std::string> lines_of(const std::string& text);

}  // namespace neurone
