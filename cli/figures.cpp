#include "cli/figures.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/text_table.h"
#include "neurone/model/comparison.h"

namespace neurone::cli {

void print_figures(const Figures& figures, const char* rows_name, std::size_t rows) {
  const bool intervals = std::ranges::any_of(figures, [](const Figure& each) { return each.interval.has_value(); });
  TextTable table({{.least = 18, .gap = 0}, {.least = 10}, {}});
  table.add({rows_name, std::to_string(rows), intervals ? "95 % interval" : ""});
  for (const auto& [name, value, interval] : figures)
    table.add({name, fmt::format("{:.6g}", value),
               interval ? fmt::format("{:.4g} to {:.4g}", interval->low, interval->high) : ""});
  fmt::print("{}", table.text());
}

nlohmann::ordered_json values_json(const Figures& figures) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const Figure& each : figures) object[each.name] = each.value;
  return object;
}

nlohmann::ordered_json intervals_json(const Figures& figures) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const Figure& each : figures)
    if (each.interval) object[each.name] = {each.interval->low, each.interval->high};
  return object;
}

void print_comparison(const Comparison& comparison) {
  fmt::print("for comparison     {} {:.6g} of a linear model on the same columns, {:.6g} of {}\n{}\n",
             comparison.figure, comparison.linear, comparison.constant,
             comparison.figure == "accuracy" ? "always the commonest class" : "always the mean",
             describe_gain(comparison));
}

}  // namespace neurone::cli
