// A function of two numbers on a grid: as a map of heat, and as lines along which it has one value.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/report/chart.h"

namespace lecture {

struct Grid {
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  std::size_t across = 1, up = 1;  ///< cells

  neurone::report::Point corner(std::size_t row, std::size_t column) const;  ///< rows from below
};

class Field {
 public:
  Field(const Grid& grid, const std::function<double(double, double)>& f);

  /// Every cell in the colour, as strong as the value in its middle says.
  void draw_heat(neurone::report::Chart& chart, std::size_t colour,
                 const std::function<double(double)>& strength) const;

  /// Where the function has this value, in pieces of two points, each behind a point that is none: for Chart::line.
  std::vector<neurone::report::Point> contour(double value) const;

 private:
  Grid grid_;
  neurone::Matrix<double> corners_;  // (up + 1) × (across + 1)
};

}  // namespace lecture
