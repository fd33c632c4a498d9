#include "neurone/report/picture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <numeric>
#include <vector>

#include "neurone/report/markup.h"
#include "neurone/report/style.h"

namespace neurone::report {
namespace {

constexpr std::string_view opening = "<svg";

struct Size {
  double width = 0, height = 0;
};

// Of the viewBox "0 0 width height".
Size size_of(std::string_view drawing) {
  constexpr std::string_view mark = "viewBox=\"0 0 ";
  const std::size_t found = drawing.find(mark);
  assert(drawing.starts_with(opening) && found != std::string_view::npos);
  Size size;
  const char* const end = drawing.data() + drawing.size();
  const char* at = std::from_chars(drawing.data() + found + mark.size(), end, size.width).ptr;
  std::from_chars(at + 1, end, size.height);
  return size;
}

// The drawing with more attributes.
std::string with(std::string_view drawing, std::string_view attributes) {
  return fmt::format("{}{}{}", opening, attributes, drawing.substr(opening.size()));
}

std::string in_colours(std::string rules, std::string_view Colour::* scheme) {
  for (const Colour& each : palette) {
    const std::string variable = fmt::format("var(--{})", each.name);
    for (std::size_t at = 0; (at = rules.find(variable, at)) != std::string::npos;)
      rules.replace(at, variable.size(), each.*scheme);
  }
  return rules;
}

double sum(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

}  // namespace

std::string side_by_side(std::span<const std::string> drawings, std::size_t columns, std::string_view description) {
  std::vector<double> widths(columns), heights((drawings.size() + columns - 1) / columns);
  for (std::size_t k = 0; k < drawings.size(); ++k) {
    const Size size = size_of(drawings[k]);
    widths[k % columns] = std::max(widths[k % columns], size.width);
    heights[k / columns] = std::max(heights[k / columns], size.height);
  }
  std::string content;
  double x = 0, y = 0;
  for (std::size_t k = 0; k < drawings.size(); ++k) {
    const std::size_t row = k / columns, column = k % columns;
    const Size size = size_of(drawings[k]);
    content += with(drawings[k], fmt::format(" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                                             x + (widths[column] - size.width) / 2,
                                             y + (heights[row] - size.height) / 2, size.width, size.height));
    content += '\n';
    x = column + 1 == columns ? 0 : x + widths[column];
    y = column + 1 == columns ? y + heights[row] : y;
  }
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n{}</svg>", sum(widths),
                     sum(heights), escaped(description), content);
}

std::string picture_file(std::string_view drawing) {
  const Size size = size_of(drawing);
  const std::string rules = fmt::format(
      "text {{ font-family: system-ui, -apple-system, \"Segoe UI\", Roboto, \"DejaVu Sans\", sans-serif; }}\n"
      ".ground {{ fill: var(--paper); }}{}",
      drawing_rules);
  const std::size_t inside = drawing.find('>') + 1;
  return fmt::format(
      "{}\n<style>\n{}@media (prefers-color-scheme: dark) {{\n{}}}\n</style>\n"
      "<rect class=\"ground\" width=\"{}\" height=\"{}\"/>\n{}\n",
      with(drawing.substr(0, inside),
           fmt::format(" xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\"", size.width, size.height)),
      in_colours(rules, &Colour::light), in_colours(rules, &Colour::dark), size.width, size.height,
      drawing.substr(inside));
}

}  // namespace neurone::report
