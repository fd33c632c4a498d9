// Facets are drawn from the farthest to the nearest, each on the paper's colour: what lies behind is hidden.
#include "examples/lecture/surface.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "neurone/report/markup.h"

namespace lecture {
namespace {

constexpr std::size_t parts = 16;  // of each side
constexpr double width = 480, height = 340;

struct Pixel {
  double x, y;
};

// (−1, −1) is nearest, at the bottom; x₁ grows to the left and x₂ to the right, both away from the eye.
Pixel seen(double x1, double x2, double value) {
  constexpr double across = 95, back = 38, up = 140;
  return {.x = width / 2 + across * (x2 - x1), .y = 230 - back * (x1 + x2) - up * value};
}

double side(std::size_t part) {
  return 2 * static_cast<double>(part) / parts - 1;
}

std::string path(std::span<const Pixel> corners) {
  std::string text;
  for (const Pixel& each : corners) text += fmt::format("{}{:.1f} {:.1f}", text.empty() ? 'M' : 'L', each.x, each.y);
  return text;
}

std::string words(const Pixel& at, std::string_view css_class, std::string_view text) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", css_class, at.x, at.y, text);
}

// Marks along the two near sides, and the height at the left corner.
std::string axes() {
  std::string text;
  for (const int mark : {-1, 0, 1}) {
    const Pixel left = seen(mark, -1, 0), right = seen(-1, mark, 0);
    text += words({.x = left.x - 5, .y = left.y + 18}, "end", std::to_string(mark));
    text += words({.x = right.x + 5, .y = right.y + 18}, "", std::to_string(mark));
  }
  const Pixel left = seen(0.5, -1, 0), right = seen(-1, 0.5, 0);
  text += words({.x = left.x - 24, .y = left.y + 26}, "end title", "x₁");
  text += words({.x = right.x + 24, .y = right.y + 26}, "title", "x₂");
  const Pixel foot = seen(1, -1, 0), top = seen(1, -1, 1);
  text += fmt::format("<path class=\"axis\" d=\"{}\"/>", path(std::array{foot, top}));
  text += words({.x = foot.x - 8, .y = foot.y + 2}, "end", "0");
  text += words({.x = top.x - 8, .y = top.y + 4}, "end", "1");
  text += words({.x = top.x - 8, .y = (foot.y + top.y) / 2 + 4}, "end title", "φ");
  return text;
}

}  // namespace

Surface::Surface(const std::function<double(double, double)>& f) {
  for (std::size_t row = parts; row-- > 0;)
    for (std::size_t column = parts; column-- > 0;) facet(f, row, column);
}

void Surface::facet(const std::function<double(double, double)>& f, std::size_t row, std::size_t column) {
  const double x1 = side(row), x2 = side(column), next1 = side(row + 1), next2 = side(column + 1);
  const auto corner = [&](double a, double b) { return seen(a, b, f(a, b)); };
  const std::string outline =
      path(std::array{corner(x1, x2), corner(next1, x2), corner(next1, next2), corner(x1, next2)}) + "Z";
  content_ +=
      fmt::format("<path class=\"facet\" d=\"{0}\"/><path class=\"cell c0\" fill-opacity=\"{1:.2f}\" d=\"{0}\"/>",
                  outline, 0.08 + 0.6 * f((x1 + next1) / 2, (x2 + next2) / 2));
}

void Surface::dot(double x1, double x2, double value, std::size_t colour) {
  const Pixel at = seen(x1, x2, value);
  content_ += fmt::format("<circle class=\"dot c{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\"/>", colour, at.x, at.y);
}

std::string Surface::svg(std::string_view description) const {
  return fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}{}</svg>", width,
                     height, neurone::report::escaped(description), axes(), content_);
}

}  // namespace lecture
