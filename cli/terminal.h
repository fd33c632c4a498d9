// How wide the terminal is.
#pragma once

#include <cstddef>

namespace neurone::cli {

/// In columns: of the terminal that the file descriptor is; else what COLUMNS says; else 80.
std::size_t terminal_width(int descriptor);

}  // namespace neurone::cli
