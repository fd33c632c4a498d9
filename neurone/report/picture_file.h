// A drawing of the page as a file of its own: its colours within, light or dark by the reader's wish, on its own
// ground. What is drawn is left to chart.h and its neighbours.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace neurone::report {

/// Drawings side by side, `columns` in a row; each an <svg> with a viewBox from 0 0. One whose row or column has
/// wider or higher ones stands in the middle of its place.
std::string side_by_side(std::span<const std::string> drawings, std::size_t columns, std::string_view description);

/// SVG for any viewer: the rules stand in it, with colours instead of variables, which not every viewer knows.
std::string picture_file(std::string_view drawing);

}  // namespace neurone::report
