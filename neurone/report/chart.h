// A chart as SVG: axes, lines, bands, dots, bars, cells and labels. Colours are those of the style sheets, c0 to c6,
// and each has a pattern of dashes of its own, so that nothing is said by colour alone. What is drawn is left to
// others: the sections of the page, the pictures of the lecture.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace neurone::report {

inline constexpr std::size_t colours = 7;

struct Point {
  double x = 0, y = 0;
};

/// An interval of numbers with marks at round ones.
struct Axis {
  std::string title;
  double low = 0, high = 1;
  std::vector<std::pair<double, std::string>> ticks{};
  bool has_lines = true;  ///< across the chart from the marks of the upright axis

  /// From `low` to `high` and a little beyond. Numbers that are not finite, or equal, are dealt with.
  static Axis around(std::string title, double low, double high);
  /// From 0 to 1, in per cent.
  static Axis shares(std::string title);
};

/// The size of a chart in pixels, and how much of it lies around the axes.
struct Frame {
  double width = 420, height = 280;
  double left = 58, right = 20, top = 12, foot = 44;
};

class Chart {
 public:
  Chart(Axis x, Axis y, Frame frame = {});

  enum class Stroke { strong, thin };
  /// Points that are not finite break the line.
  void line(std::span<const Point> points, std::size_t colour, Stroke stroke = Stroke::strong);
  /// A grey line for comparison.
  void guide(Point from, Point to);
  /// Between two lines over the same places.
  void band(std::span<const Point> low, std::span<const Point> high, std::size_t colour);
  void dot(Point at, double radius, std::size_t colour, std::string_view title = "");
  /// From (x0, y0) to (x1, y1), in the units of the axes.
  void bar(Point from, Point to, std::size_t colour, std::string_view title = "");
  /// Likewise, of a map of heat: `strength` from 0, the paper, to 1, the colour.
  void cell(Point from, Point to, std::size_t colour, double strength);
  /// A name in the colour of what it stands beside, beginning there.
  void label(Point at, std::size_t colour, std::string_view text);
  /// A number in the middle of a cell, say.
  void note(Point at, std::string_view text);

  /// `description` is for those who cannot see it.
  std::string svg(std::string_view description) const;

 private:
  double x_of(double x) const;
  double y_of(double y) const;
  std::string path_of(std::span<const Point> points) const;

  double right() const { return frame_.width - frame_.right; }
  double foot() const { return frame_.height - frame_.foot; }
  std::string rectangle(std::string_view attributes, Point from, Point to) const;

  Axis x_, y_;
  Frame frame_;
  std::string content_;
};

/// A line as in the chart, with what it stands for, for each.
std::string legend(std::span<const std::pair<std::size_t, std::string>> entries);

/// A row of little bars, as high as the counts, for the cell of a table.
std::string spark_bars(std::span<const std::size_t> counts);

/// A number with the interval around it.
struct Whisker {
  double value = 0, low = 0, high = 0;
};
/// A bar from 0 to the value with a line from low to high, where `most` is as long as it gets.
std::string whisker_bar(const Whisker& of, double most);
/// A dot with a line from low to high, on a scale from `from` to `to`.
std::string whisker_dot(const Whisker& of, double from, double to);

}  // namespace neurone::report
