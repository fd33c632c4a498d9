// A model as an ONNX file, from the raw columns to labels, probabilities and numbers: other programs need to know
// nothing about it. What stands in the graph is described in docs/export.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "neurone/model/model.h"

namespace neurone {

struct OnnxOptions {
  /// Of a table: one input a column by its name, or one matrix of numbers, the columns in their order. Of images:
  /// rows × height × width, or rows × (height · width).
  enum class Inputs { columns, matrix };
  /// What numbers go in and come out as. Pixels go in as uint8 if not said, and come out as what the networks are.
  enum class Numbers { float32, float64 };

  Inputs inputs = Inputs::columns;
  std::optional<Numbers> numbers{};  ///< float32 for tables if not said
  std::string version{};             ///< of the program that writes, for the file
};

/// The file as bytes. Throws UsageError for a model that cannot be: a matrix with a column that is no number, an
/// activation of one's own.
std::string format_onnx(const Model& model, const OnnxOptions& options = {});

/// format_onnx, written aside and renamed.
void save_onnx(const Model& model, const std::string& path, const OnnxOptions& options = {});

}  // namespace neurone
