// Rows on which an import is tried, made up from what the model knows of its columns: of values that the graph takes,
// ordinary ones, hard ones and some far out. What is said of them is compared in import_trial.h.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/data/preparation.h"
#include "neurone/data/table.h"
#include "neurone/onnx/chain.h"
#include "neurone/onnx/graph.h"

namespace neurone::onnx {

/// A column of the inputs of a graph.
struct InputColumn {
  std::string name;
  Type type = Type::float32;
  bool imputes = false;         ///< the graph itself puts a number in for a missing one
  bool refuses_others = false;  ///< than these categories
  std::vector<std::string> categories{};
};

/// In the order of the inputs.
std::vector<InputColumn> input_columns(const Graph& graph, const std::vector<std::string>& names, const Chain& chain);

inline constexpr std::size_t far_rows = 24;

/// The rows by which a model proves itself, then far_rows with numbers from a millionth of the spread of their column
/// to a million of it, above and below. Where the graph takes whole numbers, or these categories alone, cells are
/// such.
Table tried_rows(const TablePreparation& preparation, const std::vector<InputColumn>& columns);

}  // namespace neurone::onnx
