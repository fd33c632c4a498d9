#include "neurone/report/network_picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"

namespace neurone::report {
namespace {

constexpr double picture_height = 220, middle_line = 105, circle_gap = 26, stack_gap = 105, side = 48;
constexpr std::size_t most_circles = 6;

struct Stack {  // a column of circles
  std::size_t units;
  std::string name;  // of its activation
  double x;

  std::vector<double> places() const {  // of the circles, from the top
    const std::size_t count = std::min(units, most_circles);
    std::vector<double> y;
    for (std::size_t i = 0; i < count; ++i) {
      const bool lower_half = units > most_circles && i >= count / 2;
      y.push_back(middle_line + circle_gap * (static_cast<double>(i) - static_cast<double>(count - 1) / 2) +
                  (units > most_circles ? (lower_half ? 8 : -8) : 0));
    }
    return y;
  }
};

std::string lines_between(const Stack& from, const Stack& to) {
  std::string path;
  for (const double a : from.places())
    for (const double b : to.places()) path += fmt::format("M{} {}L{} {}", from.x + 8, a, to.x - 8, b);
  return fmt::format("<path d=\"{}\"/>", path);
}

}  // namespace

std::string network_picture(const std::vector<LayerLine>& layers) {
  std::vector<Stack> stacks{{.units = layers.front().inputs, .name = "inputs", .x = side}};
  for (const LayerLine& layer : layers)
    if (!layer.activation.empty())
      stacks.push_back({.units = layer.outputs,
                        .name = layer.activation,
                        .x = side + stack_gap * static_cast<double>(stacks.size())});
  std::string content;
  for (std::size_t s = 1; s < stacks.size(); ++s) content += lines_between(stacks[s - 1], stacks[s]);
  for (const Stack& stack : stacks) {
    for (const double y : stack.places()) content += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"8\"/>", stack.x, y);
    if (stack.units > most_circles)
      content += fmt::format("<text class=\"middle\" x=\"{}\" y=\"{}\">⋮</text>", stack.x, middle_line + 5);
    content += fmt::format(
        "<text class=\"middle title\" x=\"{0}\" y=\"{1}\">{2}</text><text class=\"middle\" x=\"{0}\" "
        "y=\"{3}\">{4}</text>",
        stack.x, picture_height - 22, stack.units, picture_height - 6, escaped(stack.name));
  }
  return fmt::format(
      "<svg class=\"network\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"The network, layer by "
      "layer; the table beside it says the same\">{}</svg>",
      2 * side + stack_gap * static_cast<double>(stacks.size() - 1), picture_height, content);
}

}  // namespace neurone::report
