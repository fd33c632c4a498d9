// What is done while something fails: each reader, saver and exporter, training, a request. Each takes its inputs
// from a folder, and says in a text what came out, the same in every run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/data/temporary_folder.h"

namespace neurone::failures {

struct Operation {
  std::string name;
  /// Ready to run in a folder that holds "model.safetensors", "table.csv", "table.csv.gz" and "net.onnx".
  std::function<std::function<std::string()>(const std::string& folder)> in;
  std::vector<std::string> written{};  ///< the files that it replaces
};

/// Readers, computations and savers.
const std::vector<Operation>& operations();

/// A folder with the inputs.
std::unique_ptr<TemporaryFolder> inputs();

}  // namespace neurone::failures
