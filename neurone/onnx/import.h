// An ONNX file, of another program or of neurone's own export, as a model of ours, which predicts, evaluates,
// explains, learns on and is exported like any other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "neurone/model/model.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/graph.h"

namespace neurone::onnx {

struct ImportOptions {
  std::vector<std::string> columns{};  ///< their names; x1, x2, … or those of the inputs if not said
  std::vector<std::string> classes{};  ///< their names, in the order of the outputs
  std::string target{};                ///< its name; that of the output if not said
  std::optional<Task> task{};          ///< what the outputs show if not said
  std::vector<std::string> outputs{};  ///< of the graph, those that count; all if not said

  bool says_anything() const {
    return !columns.empty() || !classes.empty() || !target.empty() || task || !outputs.empty();
  }
};

struct Imported {
  Model model;
  /// What the model says of made-up rows beside what the graph says of them (import_trial.h).
  Agreement agreement;
  /// What the model does that the file does not, a sentence each.
  std::vector<std::string> remarks{};
};

/// A file that neurone exported gives the model that it was (own_export.h). Throws Error for what cannot be a model
/// of ours, naming the node, and for a model that would say something else than the graph; UsageError for options
/// that do not fit.
Imported import_onnx(Graph graph, const ImportOptions& options = {});

}  // namespace neurone::onnx
