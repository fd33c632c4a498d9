#include "cli/estimates_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/text_table.h"
#include "neurone/core/shown.h"

namespace neurone::cli {

std::string estimates_text(const Estimates& estimates, const std::string& target) {
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
  using enum TextColumn::Side;
  TextTable table({{.least = 12, .gap = 0},
                   {.side = right, .least = 13},
                   {.side = right, .least = 13},
                   {.side = right, .least = 9},
                   {.side = right, .least = 9}});
  if (!order.empty())
    table.add({estimates.in_users_unit ? target : "parameter", "estimate", "std. error",
               estimates.is_likelihood ? "z" : "t", "p"});
  std::string of_class;
  for (const std::size_t k : order) {
    const Estimate& each = estimates.parameters[k];
    if (each.of_class != of_class) table.add_heading(heading_of(estimates, each.of_class));
    of_class = each.of_class;
    table.add({(of_class.empty() ? "" : "  ") + each.name, fmt::format("{:.6g}", each.value),
               fmt::format("{:.6g}", each.error), fmt::format("{:.3f}", each.statistic), p_text(each.p)});
  }
  std::string text = table.text();
  if (order.size() < estimates.parameters.size())
    text += fmt::format("… and {} more\n", estimates.parameters.size() - order.size());
  for (const std::string& line : fit_lines(estimates)) text += shown_sentence(line) + "\n";
  return text;
}

}  // namespace neurone::cli
