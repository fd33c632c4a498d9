// What a graph makes of the outputs of its last layer: labels, probabilities, a number. It is found out by trying:
// some rows of outputs are put in, and what the nodes behind say of them is looked at.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "neurone/onnx/chain_reader.h"
#include "neurone/onnx/evaluation.h"

namespace neurone::onnx {

/// What the graph says of rows that are given as some tensors: of each output a matrix, rows × its elements in a row.
/// A graph that takes a fixed number of rows is asked for each row by itself. Throws Error where an output needs more
/// than these tensors.
std::vector<Tensor> outputs_of_rows(const Graph& graph, const Tensors& given, std::size_t rows, Budget& budget);

/// How an output stands to the last layer's outputs Y.
enum class OutputKind {
  same,         ///< Y
  softmax,      ///< softmax of Y
  sigmoid,      ///< sigmoid of Y, one column
  both,         ///< 1 − Y and Y
  both_sigmoid  ///< the same of the sigmoid of Y
};

struct ReadOutputs {
  Texts labels{};                           ///< of the classes, in the order of Y; empty where the graph gives none
  std::optional<std::size_t> label_output;  ///< which output they are
  std::optional<std::size_t> value_output;  ///< which one has the numbers
  OutputKind kind = OutputKind::same;
  double factor = 1, shift = 0;  ///< of a single number: factor · Y + shift
};

/// Throws Error for an output that is none of these.
ReadOutputs read_outputs(const Graph& graph, const ReadChain& chain, Budget& budget);

}  // namespace neurone::onnx
