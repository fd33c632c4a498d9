// Predictions for people and for scripts, as predict prints them.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "neurone/model/model.h"

namespace neurone::cli {

struct PredictionFormat {
  std::optional<double> bound{};  ///< of intervals or sets (error_bound), where they are asked for
  bool flags = false;             ///< what is surprising about the cells of a row
};

/// The head of the CSV lines, with its line end.
std::string csv_head(const Model& model, const PredictionFormat& format = {});

/// A line for each row.
std::string csv_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format = {});

/// {"prediction": "Adelie", "probabilities": {…}} of row i; flags are an object with the columns that surprise.
nlohmann::ordered_json json_of(const Model& model, const Predictions& predictions, std::size_t i,
                               const PredictionFormat& format = {});

/// The same of every row, a line each.
std::string json_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format = {});

}  // namespace neurone::cli
