#include "neurone/model/estimates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace neurone {
namespace {

// Characters, of which a byte 10xxxxxx only continues one.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string space_before(const std::string& text, std::size_t width) {
  const std::size_t length = characters(text);
  return std::string(width > length ? width - length : 0, ' ');
}

// The first cell to the left, the others to the right of their columns.
std::string line_of(const std::string& name, std::size_t width, const std::array<std::string, 4>& cells) {
  constexpr std::array<std::size_t, 4> widths{14, 14, 10, 10};
  std::string line = name + space_before(name, width);
  for (std::size_t k = 0; k < cells.size(); ++k) line += space_before(cells[k], widths[k]) + cells[k];
  return line + "\n";
}

}  // namespace

std::string p_text(double p) {
  return p < 1e-16 ? "< 1e-16" : fmt::format("{:.3g}", p);
}

std::string heading_of(const Estimates& estimates, const std::string& of_class) {
  return of_class + (estimates.reference.empty() ? "" : " against " + estimates.reference);
}

std::vector<std::string> fit_lines(const Estimates& estimates) {
  std::vector<std::string> lines;
  std::string left_out;
  for (const std::string& each : estimates.collinear)
    left_out += (left_out.empty() ? "collinear with others, and left out: " : ", ") + each;
  if (!left_out.empty()) lines.push_back(left_out);
  for (const Fit& fit : estimates.fits)
    if (fit.residual_deviation && fit.adjusted_r_squared)
      lines.push_back(
          fmt::format("{}residual deviation {:.6g} on {:.6g} degrees of freedom, R² {:.4f}, adjusted {:.4f}",
                      fit.of_class.empty() ? "" : fit.of_class + ": ", *fit.residual_deviation,
                      estimates.degrees_of_freedom, fit.r_squared, *fit.adjusted_r_squared));
  if (!(estimates.degrees_of_freedom > 0))
    lines.emplace_back("as many parameters as rows, or more: no errors can be told");
  if (!estimates.reference.empty() && !estimates.parameters.empty() && estimates.parameters.front().of_class.empty())
    lines.push_back("W and b of the last layer are those of a class less those of " + estimates.reference);
  constexpr double poor = 1e4;
  lines.push_back(fmt::format("condition {:.3g}{}", estimates.condition,
                              estimates.condition > poor ? ": the data hardly tell these parameters apart" : ""));
  return lines;
}

std::string text_of(const Estimates& estimates, const std::string& target) {
  constexpr std::size_t most_lines = 40;
  std::vector<std::size_t> order(estimates.parameters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > most_lines) {
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      return std::abs(estimates.parameters[a].statistic) > std::abs(estimates.parameters[b].statistic);
    });
    order.resize(most_lines);
    std::ranges::sort(order);
  }
  std::size_t width = 12;
  for (const std::size_t k : order)
    width = std::max(width, characters(estimates.parameters[k].name) +
                                (estimates.parameters[k].of_class.empty() ? std::size_t{0} : std::size_t{2}));
  std::string text;
  if (!order.empty())
    text += line_of(estimates.in_users_unit ? target : "parameter", width,
                    {"estimate", "std. error", estimates.is_likelihood ? "z" : "t", "p"});
  std::string of_class;
  for (const std::size_t k : order) {
    const Estimate& each = estimates.parameters[k];
    if (each.of_class != of_class) text += heading_of(estimates, each.of_class) + "\n";
    of_class = each.of_class;
    text += line_of((of_class.empty() ? "" : "  ") + each.name, width,
                    {fmt::format("{:.6g}", each.value), fmt::format("{:.6g}", each.error),
                     fmt::format("{:.3f}", each.statistic), p_text(each.p)});
  }
  if (order.size() < estimates.parameters.size())
    text += fmt::format("… and {} more\n", estimates.parameters.size() - order.size());
  for (const std::string& line : fit_lines(estimates)) text += line + "\n";
  return text;
}

}  // namespace neurone
