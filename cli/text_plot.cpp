#include "cli/text_plot.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <vector>

#include "neurone/report/chart.h"

namespace neurone::cli {
namespace {

constexpr std::size_t gutter = 8;  // columns for the numbers beside the axis, and the axis

class Canvas {
 public:
  Canvas(const TextPlot& plot, const report::Axis& y)
      : y_(y), lines_(plot.height, std::string(std::clamp<std::size_t>(plot.width, 30, 120) - gutter, ' ')) {}

  std::size_t columns() const { return lines_.front().size(); }

  /// The line that stands for y; may be outside.
  long line_of(double y) const {
    return std::lround((y_.high - y) / (y_.high - y_.low) * static_cast<double>(lines_.size() - 1));
  }
  void mark(std::size_t column, long line, char mark) {
    if (line < 0 || line >= static_cast<long>(lines_.size())) return;
    char& cell = lines_[static_cast<std::size_t>(line)][column];
    const bool free = cell == ' ' || cell == '.' || cell == mark;
    cell = free ? mark : '@';
  }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  const report::Axis& y_;
  std::vector<std::string> lines_;
};

double place(const TextPlot& plot, std::size_t column, std::size_t columns) {
  return plot.from + (plot.to - plot.from) * static_cast<double>(column) / static_cast<double>(columns - 1);
}

report::Axis axis_around(const TextPlot& plot, std::span<const TextCurve> curves) {
  double low = 0, high = 0;
  for (const TextCurve& curve : curves)
    for (std::size_t column = 0; column < plot.width; ++column) {
      const double y = std::clamp(curve.f(place(plot, column, plot.width)), -plot.most, plot.most);
      low = std::min(low, y);
      high = std::max(high, y);
    }
  return report::Axis::around("", low, high);
}

void draw_curve(const TextPlot& plot, const TextCurve& curve, Canvas& canvas) {
  for (std::size_t column = 0; column < canvas.columns(); ++column)
    canvas.mark(column, canvas.line_of(curve.f(place(plot, column, canvas.columns()))), curve.mark);
}

// "-4       -2        0        2        4", each number below its place.
std::string numbers_below(const TextPlot& plot, std::size_t columns) {
  constexpr std::size_t parts = 4;
  std::string line(gutter + columns + 8, ' ');
  for (std::size_t part = 0; part <= parts; ++part) {
    const std::string number = fmt::format("{:g}", place(plot, part, parts + 1));
    const std::size_t end = gutter + part * (columns - 1) / parts + 1;
    line.replace(end - std::min(number.size(), end), number.size(), number);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace

std::string draw(const TextPlot& plot, std::span<const TextCurve> curves) {
  const report::Axis y = axis_around(plot, curves);
  Canvas canvas(plot, y);
  for (std::size_t column = 0; column < canvas.columns(); ++column) canvas.mark(column, canvas.line_of(0), '.');
  for (const TextCurve& curve : curves) draw_curve(plot, curve, canvas);
  std::vector<std::string> numbers(plot.height);
  for (const auto& [at, text] : y.ticks) numbers[static_cast<std::size_t>(canvas.line_of(at))] = text;
  std::string text;
  for (std::size_t line = 0; line < plot.height; ++line) {
    std::string row = fmt::format("{:>{}} |{}", numbers[line], gutter - 2, canvas.lines()[line]);
    text += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
  }
  text += fmt::format("{:>{}}{:-<{}}\n", '+', gutter, "", canvas.columns());
  return text + numbers_below(plot, canvas.columns()) + '\n';
}

}  // namespace neurone::cli
