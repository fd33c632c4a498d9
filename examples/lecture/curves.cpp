// Activations with their derivatives: three of the lecture large, and all of single numbers small.
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "examples/lecture/pictures.h"
#include "neurone/activation/activation.h"
#include "neurone/report/chart.h"
#include "neurone/report/picture_file.h"

namespace lecture {
namespace {

using neurone::Activation;
using neurone::Matrix;
using neurone::report::Axis;
using neurone::report::Chart;
using neurone::report::Point;

constexpr double far = 4, spacing = 0.125;  // z from −4 to 4; kinks are at whole numbers

struct ValueAndSlope {
  double value, slope;
};

ValueAndSlope at(const Activation& activation, double z) {
  Matrix<double> Z(1, 1), A(1, 1), dZ(1, 1);
  Z(0, 0) = z;
  dZ(0, 0) = 1;
  activation.forward(Z, A);
  activation.backward(Z, A, dZ, dZ);
  return {.value = A(0, 0), .slope = dZ(0, 0)};
}

struct Curves {
  std::vector<Point> value, slope;
};

// What lies outside [low, high] is not drawn, and a slope that jumps is broken there.
Curves curves_of(const Activation& activation, double low, double high) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN(), little = 1e-9;
  const auto inside = [&](double y) { return y < low || y > high ? none : y; };
  Curves curves;
  for (double z = -far; z <= far; z += spacing) {
    curves.value.push_back({.x = z, .y = inside(at(activation, z).value)});
    const double left = at(activation, z - little).slope, right = at(activation, z + little).slope;
    curves.slope.push_back({.x = z, .y = inside(left)});
    if (std::abs(right - left) < 1e-3) continue;
    curves.slope.push_back({.x = z, .y = none});
    curves.slope.push_back({.x = z, .y = inside(right)});
  }
  return curves;
}

struct Labels {
  std::string_view value, slope;  // the names of the curves
  Point at_value, at_slope;
};

std::string large(std::string_view name, double low, double high, const Labels& labels) {
  const Activation activation = neurone::find_activation(name);
  Chart chart(Axis::around("z", -far, far), Axis::around("", low, high));
  const Curves curves = curves_of(activation, low, high);
  chart.guide({.x = -far, .y = 0}, {.x = far, .y = 0});
  chart.guide({.x = 0, .y = low}, {.x = 0, .y = high});
  chart.line(curves.value, 0);
  chart.line(curves.slope, 1);
  chart.label(labels.at_value, 0, labels.value);
  chart.label(labels.at_slope, 1, labels.slope);
  return chart.svg(std::string(name) + " and its derivative");
}

std::string small(const Activation& activation) {
  constexpr double low = -2, high = 4;
  Axis z{.title = std::string(activation.name()), .low = -far, .high = far};
  Axis y{.title = "", .low = low, .high = high};
  for (const int mark : {-4, 0, 4}) z.ticks.emplace_back(mark, std::to_string(mark));
  for (const int mark : {-2, 0, 2, 4}) y.ticks.emplace_back(mark, std::to_string(mark));
  Chart chart(z, y, {.width = 200, .height = 176, .left = 28, .right = 12, .top = 14});
  const Curves curves = curves_of(activation, low, high);
  chart.line(curves.value, 0);
  chart.line(curves.slope, 1);
  return chart.svg(std::string(activation.name()) + " and its derivative");
}

}  // namespace

std::string sigmoid() {
  return large("sigmoid", 0, 1,
               {.value = "φ", .slope = "φ′", .at_value = {.x = 2.2, .y = 0.8}, .at_slope = {.x = 1.7, .y = 0.22}});
}

std::string tanh() {
  return large(
      "tanh", -1, 1,
      {.value = "tanh", .slope = "tanh′", .at_value = {.x = 1.7, .y = 0.75}, .at_slope = {.x = 1.4, .y = 0.3}});
}

std::string relu() {
  return large(
      "relu", 0, 4,
      {.value = "ReLU", .slope = "ReLU′", .at_value = {.x = 1.6, .y = 2.6}, .at_slope = {.x = 2.8, .y = 1.15}});
}

std::string activations() {
  std::vector<std::string> all;
  for (const Activation& each : neurone::all_activations())
    if (!each.is_rowwise()) all.push_back(small(each));
  return neurone::report::side_by_side(all, 4, "Every activation of single numbers with its derivative, dashed");
}

}  // namespace lecture
