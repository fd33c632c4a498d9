// A linear regression as one neuron, y = xW + b, on the points of examples/linear_regression.cpp: its line, and the
// loss over W and b with the way that training takes.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "examples/lecture/contours.h"
#include "examples/lecture/pictures.h"
#include "neurone/network/layer_lines.h"
#include "neurone/neurone.h"
#include "neurone/report/chart.h"
#include "neurone/report/network_picture.h"
#include "neurone/report/picture_file.h"

namespace lecture {
namespace {

using namespace neurone;
using report::Axis;
using report::Chart;
using report::Point;

constexpr std::size_t points = 40;
constexpr std::size_t steps = 400;

struct Line {
  double W = 0, b = 0;
};

// y = xW + b, and the points it is to go through.
class Neuron {
 public:
  Neuron() {
    Random random(1, {.purpose = Purpose::split});
    for (std::size_t i = 0; i < points; ++i) {
      x_(i, 0) = 2 * random.uniform() - 1;
      y_(i, 0) = 3 * x_(i, 0) - 2 + 0.3 * random.normal();
    }
  }

  const Network<double>& network() const { return network_; }
  Point point(std::size_t i) const { return {.x = x_(i, 0), .y = y_(i, 0)}; }

  /// The mean squared error of a line.
  double loss_of(Line line) {
    network_.parameters()[0] = line.W;
    network_.parameters()[1] = line.b;
    return forward();
  }

  /// The lines from zero on, one for each step.
  std::vector<Line> train(const update_rules::Any& rule, double rate) {
    Optimizer<double> optimizer({.rule = rule}, network_.parameter_blocks(), network_.parameters().size());
    std::ranges::fill(network_.parameters(), 0.0);
    std::vector<Line> way;
    for (std::size_t step = 0; step <= steps; ++step) {
      way.push_back({.W = network_.parameters()[0], .b = network_.parameters()[1]});
      forward();
      network_.backward(pass_, x_, GradientOf::outputs, workspace_);
      optimizer.step(rate, network_.parameters(), workspace_.gradient());
    }
    return way;
  }

 private:
  double forward() {
    const ConstMatrixView<double> Y = network_.forward(pass_, x_, workspace_);
    return loss_(Y, {.values = y_, .weights = {}}, workspace_.output_gradient());
  }

  Matrix<double> x_{points, 1}, y_{points, 1};
  Network<double> network_{{.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "identity"}}}};
  Workspace<double> workspace_{network_, points, WorkspaceFor::training};
  Loss loss_{losses::SquaredError{}};
  Pass pass_{.training = true};
};

}  // namespace

std::string regression() {
  Neuron neuron;
  const std::vector<Line> way = neuron.train(update_rules::SGD{}, 0.1);
  Chart chart(Axis::around("x", -1.2, 1), Axis::around("y", -5.5, 1.5));
  for (std::size_t i = 0; i < points; ++i) chart.dot(neuron.point(i), 3, 2);
  for (const std::size_t step : {0UL, 5UL, 20UL, steps}) {
    const auto at = [&](double x) { return Point{.x = x, .y = x * way[step].W + way[step].b}; };
    const bool last = step == steps;
    chart.line(std::array{at(-1), at(1)}, last ? 0 : 1, last ? Chart::Stroke::strong : Chart::Stroke::thin);
    chart.label({.x = -1.21, .y = at(-1).y - 0.1}, last ? 0 : 1, std::to_string(step));
  }
  chart.label({.x = 0.1, .y = -2.9}, 0, "y = xW + b");
  return report::side_by_side(std::array{report::network_picture(layer_lines(neuron.network())),
                                         chart.svg("40 points, and the neuron's line after 0, 5, 20 and 400 steps")},
                              2, "A linear regression is one neuron: y = xW + b");
}

std::string loss() {
  Neuron neuron;
  constexpr double W_low = -0.5, W_high = 5, b_low = -4.2, b_high = 0.6;
  Chart chart(Axis::around("W", W_low, W_high), Axis::around("b", b_low, b_high), {.width = 640, .height = 430});
  const Field field({.x_low = W_low, .x_high = W_high, .y_low = b_low, .y_high = b_high, .across = 55, .up = 48},
                    [&](double W, double b) { return neuron.loss_of({.W = W, .b = b}); });
  const double lowest = neuron.loss_of(neuron.train(update_rules::SGD{}, 0.1).back());
  field.draw_heat(chart, 6, [&](double value) { return 0.75 - 0.75 * std::min(1.0, std::sqrt(value - lowest) / 2); });
  for (const double above : {0.03, 0.12, 0.5, 1.0, 2.0, 4.0, 7.0})
    chart.line(field.contour(lowest + above), 6, Chart::Stroke::thin);

  struct Way {
    update_rules::Any rule;
    double rate;
    std::size_t colour;
    const char* name;
    Point label;
  };
  for (const Way& each : {Way{update_rules::SGD{}, 0.1, 0, "sgd", {.x = 0.62, .y = -2.25}},
                          Way{update_rules::Adam{}, 0.1, 1, "adam", {.x = 1.7, .y = -1.2}}}) {
    std::vector<Point> way;
    for (const Line& line : neuron.train(each.rule, each.rate)) way.push_back({.x = line.W, .y = line.b});
    chart.line(way, each.colour);
    for (std::size_t step = 0; step < 60; ++step) chart.dot(way[step], 2.5, each.colour);
    chart.label(each.label, each.colour, each.name);
  }
  return chart.svg("The mean squared error over W and b, and the steps of two optimizers to its lowest point");
}

}  // namespace lecture
