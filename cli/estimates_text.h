// The table of a regression, as text.
#pragma once

#include <string>

#include "neurone/model/estimates.h"

namespace neurone::cli {

/// A line each, ending with a newline; of more than 40 parameters those that matter most.
std::string estimates_text(const Estimates& estimates, const std::string& target);

}  // namespace neurone::cli
