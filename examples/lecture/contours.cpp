// Contours by marching squares, each square as two triangles: along an edge the function is taken for a line.
#include "examples/lecture/contours.h"

#include <array>
#include <cmath>
#include <limits>

namespace lecture {
namespace {

using neurone::report::Point;

struct Corner {
  Point at;
  double value;
};

// The places on the edges of a triangle where the function has the value: none, or two.
std::vector<Point> crossings(const std::array<Corner, 3>& triangle, double value) {
  std::vector<Point> found;
  for (std::size_t k = 0; k < 3; ++k) {
    const Corner &from = triangle[k], &to = triangle[(k + 1) % 3];
    if ((from.value < value) == (to.value < value)) continue;
    const double t = (value - from.value) / (to.value - from.value);
    found.push_back({.x = from.at.x + t * (to.at.x - from.at.x), .y = from.at.y + t * (to.at.y - from.at.y)});
  }
  return found;
}

}  // namespace

Point Grid::corner(std::size_t row, std::size_t column) const {
  return {.x = x_low + (x_high - x_low) * static_cast<double>(column) / static_cast<double>(across),
          .y = y_low + (y_high - y_low) * static_cast<double>(row) / static_cast<double>(up)};
}

Field::Field(const Grid& grid, const std::function<double(double, double)>& f)
    : grid_(grid), corners_(grid.up + 1, grid.across + 1) {
  for (std::size_t i = 0; i < corners_.rows(); ++i)
    for (std::size_t j = 0; j < corners_.columns(); ++j) {
      const Point at = grid_.corner(i, j);
      corners_(i, j) = f(at.x, at.y);
    }
}

// Neighbours in a row that look alike are one cell.
void Field::draw_heat(neurone::report::Chart& chart, std::size_t colour,
                      const std::function<double(double)>& strength) const {
  const auto shade = [&](std::size_t i, std::size_t j) {
    constexpr double shades = 20;
    const double middle = (corners_(i, j) + corners_(i + 1, j) + corners_(i, j + 1) + corners_(i + 1, j + 1)) / 4;
    return std::round(shades * strength(middle)) / shades;
  };
  for (std::size_t i = 0; i < grid_.up; ++i)
    for (std::size_t j = 0, end = 0; j < grid_.across; j = end) {
      for (end = j + 1; end < grid_.across && shade(i, end) == shade(i, j);) ++end;
      chart.cell(grid_.corner(i, j), grid_.corner(i + 1, end), colour, shade(i, j));
    }
}

std::vector<Point> Field::contour(double value) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto corner = [&](std::size_t i, std::size_t j) { return Corner{grid_.corner(i, j), corners_(i, j)}; };
  std::vector<Point> pieces;
  for (std::size_t i = 0; i < grid_.up; ++i)
    for (std::size_t j = 0; j < grid_.across; ++j)
      for (const auto& [row, column] : {std::pair(i, j + 1), std::pair(i + 1, j)})
        for (const Point& each : crossings({corner(i, j), corner(row, column), corner(i + 1, j + 1)}, value)) {
          if (pieces.size() % 3 == 0) pieces.push_back({.x = none, .y = none});
          pieces.push_back(each);
        }
  return pieces;
}

}  // namespace lecture
