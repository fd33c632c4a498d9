// A row as it was read beside the numbers that it became, as text.
#pragma once

#include <string>

#include "neurone/model/trace.h"

namespace neurone::cli {

/// Each column with its cell and its numbers in x; of images a picture in letters, where it fits a screen.
std::string inputs_text(const Preparation& preparation, const Trace& trace);

}  // namespace neurone::cli
