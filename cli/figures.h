// Figures for people and for scripts.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "neurone/model/model.h"

namespace neurone::cli {

/// A line each on standard output, with the interval beside it where there is one; above them the number of rows,
/// under a name of theirs ("test rows").
void print_figures(const Figures& figures, const char* rows_name, std::size_t rows);

/// {"accuracy": 0.98, …}
nlohmann::ordered_json values_json(const Figures& figures);
/// {"accuracy": [0.96, 0.99], …} of those that have an interval.
nlohmann::ordered_json intervals_json(const Figures& figures);

/// What the hidden layers bring, in words.
void print_comparison(const Comparison& comparison);

}  // namespace neurone::cli
