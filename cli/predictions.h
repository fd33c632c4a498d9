// Predictions for people and for scripts, as predict prints them.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "neurone/model/model.h"

namespace neurone::cli {

/// A head and a line for each row. `bound` is that of intervals or sets (error_bound), where they are asked for.
std::string csv_of(const Model& model, const Predictions& predictions, std::optional<double> bound = {});

/// {"prediction": "Adelie", "probabilities": {…}} of row i.
nlohmann::ordered_json json_of(const Model& model, const Predictions& predictions, std::size_t i,
                               std::optional<double> bound = {});

/// The same of every row, a line each.
std::string json_lines_of(const Model& model, const Predictions& predictions, std::optional<double> bound = {});

}  // namespace neurone::cli
