#include "cli/figures.h"

#include <fmt/core.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "neurone/model/comparison.h"

namespace neurone::cli {

void print_figures(const Figures& figures, const char* rows_name, std::size_t rows) {
  const bool intervals = std::ranges::any_of(figures, [](const Figure& each) { return each.interval.has_value(); });
  if (intervals)
    fmt::print("{:<18} {:<10} 95 % interval\n", rows_name, rows);
  else
    fmt::print("{:<18} {}\n", rows_name, rows);
  for (const auto& [name, value, interval] : figures) {
    if (interval)
      fmt::print("{:<18} {:<10.6g} {:.4g} to {:.4g}\n", name, value, interval->low, interval->high);
    else
      fmt::print("{:<18} {:.6g}\n", name, value);
  }
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
