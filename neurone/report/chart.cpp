// Coordinates have one decimal: a tenth of a pixel, and half the bytes.
#include "neurone/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "neurone/report/markup.h"

namespace neurone::report {
namespace {

// The largest of 1, 2, 5 · 10ᵏ of which about `parts` fit into the length.
double round_step(double length, double parts) {
  const double raw = length / parts, magnitude = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * magnitude) return factor * magnitude;
  return 10 * magnitude;
}

std::string titled(std::string_view shape, std::string_view title) {
  if (title.empty()) return fmt::format("<{}/>", shape);
  return fmt::format("<{}><title>{}</title></{}>", shape, escaped(title), shape.substr(0, shape.find(' ')));
}

}  // namespace

Axis Axis::around(std::string title, double low, double high) {
  Axis axis{.title = std::move(title)};
  if (!std::isfinite(high - low) || low > high) return axis;
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * size || size == 0) {  // as good as equal: no step between them can be counted
    low -= std::max(size / 10, 1e-3);
    high += std::max(size / 10, 1e-3);
  }
  const double step = round_step(high - low, 5);
  axis.low = low - 0.03 * (high - low);
  axis.high = high + 0.03 * (high - low);
  for (double tick = std::ceil(axis.low / step); tick * step <= axis.high; ++tick) {
    const double at = tick * step + 0.0;  // no −0
    axis.ticks.emplace_back(at, fmt::format("{:.6g}", at));
  }
  return axis;
}

Axis Axis::shares(std::string title) {
  Axis axis{.title = std::move(title)};
  for (const int percent : {0, 20, 40, 60, 80, 100})
    axis.ticks.emplace_back(percent / 100.0, fmt::format("{} %", percent));
  return axis;
}

Chart::Chart(Axis x, Axis y, Frame frame) : x_(std::move(x)), y_(std::move(y)), frame_(frame) {}

double Chart::x_of(double x) const {
  return frame_.left + (x - x_.low) / (x_.high - x_.low) * (right() - frame_.left);
}
double Chart::y_of(double y) const {
  return foot() - (y - y_.low) / (y_.high - y_.low) * (foot() - frame_.top);
}

std::string Chart::path_of(std::span<const Point> points) const {
  std::string path;
  bool pen_down = false;
  for (const Point& each : points) {
    const bool there = std::isfinite(each.x) && std::isfinite(each.y);
    if (there) path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", x_of(each.x), y_of(each.y));
    pen_down = there;
  }
  return path;
}

void Chart::line(std::span<const Point> points, std::size_t colour, Stroke stroke) {
  content_ += fmt::format("<path class=\"line{} c{}\" d=\"{}\"/>", stroke == Stroke::thin ? " thin" : "",
                          colour % colours, path_of(points));
}

void Chart::guide(Point from, Point to) {
  content_ += fmt::format("<path class=\"guide\" d=\"{}\"/>", path_of(std::array{from, to}));
}

void Chart::band(std::span<const Point> low, std::span<const Point> high, std::size_t colour) {
  std::vector<Point> around(low.begin(), low.end());
  around.insert(around.end(), high.rbegin(), high.rend());
  content_ += fmt::format("<path class=\"band c{}\" d=\"{}Z\"/>", colour % colours, path_of(around));
}

void Chart::dot(Point at, double radius, std::size_t colour, std::string_view title) {
  content_ += titled(fmt::format("circle class=\"dot c{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"",
                                 colour % colours, x_of(at.x), y_of(at.y), radius),
                     title);
}

// Rounded edges, not widths: neighbours meet.
std::string Chart::rectangle(std::string_view attributes, Point from, Point to) const {
  const auto rounded = [](double pixel) { return std::round(10 * pixel) / 10; };
  const auto [x0, x1] = std::minmax({rounded(x_of(from.x)), rounded(x_of(to.x))});
  const auto [y0, y1] = std::minmax({rounded(y_of(from.y)), rounded(y_of(to.y))});
  return fmt::format("rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"", attributes, x0,
                     y0, x1 - x0, y1 - y0);
}

void Chart::bar(Point from, Point to, std::size_t colour, std::string_view title) {
  content_ += titled(rectangle(fmt::format("bar c{}", colour % colours), from, to), title);
}

void Chart::cell(Point from, Point to, std::size_t colour, double strength) {
  content_ +=
      fmt::format("<{} fill-opacity=\"{:.2f}\"/>", rectangle(fmt::format("cell c{}", colour % colours), from, to),
                  std::clamp(strength, 0.0, 1.0));
}

void Chart::label(Point at, std::size_t colour, std::string_view text) {
  content_ += fmt::format("<text class=\"label c{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", colour % colours,
                          x_of(at.x), y_of(at.y), escaped(text));
}

void Chart::note(Point at, std::string_view text) {
  content_ += fmt::format("<text class=\"middle title\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x_of(at.x),
                          y_of(at.y) + 4, escaped(text));
}

std::string Chart::svg(std::string_view description) const {
  std::string text = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                                 frame_.width, frame_.height, escaped(description));
  for (const auto& [at, label] : y_.ticks) {
    const double y = y_of(at);
    if (y_.has_lines) text += fmt::format("<path class=\"grid\" d=\"M{} {:.1f}H{}\"/>", frame_.left, y, right());
    text +=
        fmt::format("<text class=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text>", frame_.left - 6, y + 4, escaped(label));
  }
  for (const auto& [at, label] : x_.ticks) {
    const double x = x_of(at);
    text +=
        fmt::format("<path class=\"grid\" d=\"M{:.1f} {}v5\"/><text class=\"middle\" x=\"{:.1f}\" y=\"{}\">{}</text>",
                    x, foot(), x, foot() + 18, escaped(label));
  }
  text += fmt::format("<path class=\"axis\" d=\"M{} {}H{}\"/>", frame_.left, foot(), right());
  text += content_;
  text += fmt::format("<text class=\"middle title\" x=\"{}\" y=\"{}\">{}</text>", (frame_.left + right()) / 2,
                      frame_.height - 8, escaped(x_.title));
  text += fmt::format("<text class=\"middle title\" transform=\"translate(13 {}) rotate(-90)\">{}</text>",
                      (frame_.top + foot()) / 2, escaped(y_.title));
  return text + "</svg>";
}

std::string legend(std::span<const std::pair<std::size_t, std::string>> entries) {
  std::string text;
  for (const auto& [colour, what] : entries)
    text += fmt::format(
        "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"line c{}\" d=\"M1 5H29\"/></svg>{}</li>",
        colour % colours, escaped(what));
  return element("ul", " class=\"legend\"", text);
}

std::string spark_bars(std::span<const std::size_t> counts) {
  if (counts.empty()) return "";
  constexpr double bar_width = 5, full = 22;
  const auto most = static_cast<double>(std::max<std::size_t>(1, std::ranges::max(counts)));
  std::string path;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double high = full * static_cast<double>(counts[i]) / most;
    if (high > 0)
      path += fmt::format("M{} {}v-{:.1f}h{}v{:.1f}z", bar_width * static_cast<double>(i), full, high, bar_width - 1,
                          high);
  }
  return fmt::format("<svg class=\"spark\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\"><path d=\"{}\"/></svg>",
                     bar_width * static_cast<double>(counts.size()), full, path);
}

namespace {

constexpr double whisker_length = 200;

// The line from low to high, and around it the picture that `mark` belongs to.
std::string whisker_picture(std::string_view mark, double low, double high) {
  return fmt::format(
      "<svg class=\"whisker\" viewBox=\"0 0 {0} 14\" aria-hidden=\"true\">{1}<path class=\"stem\" d=\"M{2:.1f} "
      "7H{3:.1f}M{2:.1f} 3v8M{3:.1f} 3v8\"/></svg>",
      whisker_length, mark, low, high);
}

double place_on(double from, double to, double at) {
  return to > from ? whisker_length * std::clamp((at - from) / (to - from), 0.0, 1.0) : 0;
}

}  // namespace

std::string whisker_bar(const Whisker& of, double most) {
  const std::string bar = fmt::format("<rect class=\"bar c0\" x=\"0\" y=\"2\" width=\"{:.1f}\" height=\"10\"/>",
                                      place_on(0, most, of.value));
  return whisker_picture(bar, place_on(0, most, of.low), place_on(0, most, of.high));
}

std::string whisker_dot(const Whisker& of, double from, double to) {
  const std::string dot =
      fmt::format("<circle class=\"bar c0\" cx=\"{:.1f}\" cy=\"7\" r=\"5\"/>", place_on(from, to, of.value));
  return whisker_picture(dot, place_on(from, to, of.low), place_on(from, to, of.high));
}

}  // namespace neurone::report
