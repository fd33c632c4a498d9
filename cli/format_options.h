// The options about how a table is written, the same for every verb that reads one.
#pragma once

#include <CLI/CLI.hpp>

#include "neurone/data/table_format.h"

namespace neurone::cli {

/// Adds an option for each part of a format.
void add_format_options(CLI::App& verb, TableFormat& format);

/// The same for the table of a verb that has a model: what is not said is as it was said in training.
void add_format_options_of_model(CLI::App& verb, TableFormat& format);

}  // namespace neurone::cli
