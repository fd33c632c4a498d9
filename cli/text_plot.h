// Curves drawn with letters, for a terminal: each by a mark of its own, so that they are told apart without colour.
// What is drawn is left to the verbs.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace neurone::cli {

struct TextCurve {
  char mark;
  std::function<double(double)> f;
};

struct TextPlot {
  double from = -4, to = 4;  ///< along the axis
  double most = 4;           ///< what lies beyond ± this is not drawn
  std::size_t width = 80;    ///< columns, the numbers beside the axis among them
  std::size_t height = 21;   ///< rows, without the axis below
};

/// The rows one below the other. Where two curves meet there is '@'. Widths below 30 are taken for 30, above 120 for
/// 120.
std::string draw(const TextPlot& plot, std::span<const TextCurve> curves);

}  // namespace neurone::cli
