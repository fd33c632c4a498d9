// Predictions for people and for scripts: as neurone predict prints them and neurone serve answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

struct PredictionFormat {
  std::optional<double> bound{};  ///< of intervals or sets (error_bound), where they are asked for
  bool flags = false;             ///< what is surprising about the cells of a row
};

/// The head of the CSV lines, with its line end.
std::string csv_head(const Model& model, const PredictionFormat& format = {});

/// A line for each row.
std::string csv_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format = {});

/// Rows as JSON: {"prediction": "Adelie", "probabilities": {…}}; flags are an object with the columns that surprise.
class JsonLines {
 public:
  /// The model outlives it.
  JsonLines(const Model& model, const PredictionFormat& format);
  /// Row i, without a line end.
  void append(std::string& text, const Predictions& predictions, std::size_t i) const;

 private:
  const Model& model_;
  PredictionFormat format_;
  std::vector<std::string> names_;  // of the classes, or of the values, in quotes
};

/// All rows, a line each.
std::string json_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format = {});

/// A finite number with a point or an exponent, so that readers see that it is no integer.
void append_json_number(std::string& text, double value);

/// A text in quotes; bytes that are no UTF-8 become U+FFFD.
void append_json_text(std::string& text, std::string_view value);

/// "age: above 90, the highest in training; city: a category that training has not seen" of row i; mostly empty.
std::string flags_text(const Model& model, const Predictions& predictions, std::size_t i);

/// "new.csv:3: column 'age': '150' is above 90, the highest in training (--strict)"
Error surprise_error(const Model& model, const Source& source, const Surprise& surprise);

}  // namespace neurone
