#include "cli/figures.h"

#include <fmt/core.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

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
  const bool classes = comparison.figure == "accuracy";
  fmt::print("for comparison     {} {:.6g} of a linear model on the same columns, {:.6g} of {}\n", comparison.figure,
             comparison.linear, comparison.constant, classes ? "always the commonest class" : "always the mean");
  const double unit = classes ? 100 : 1;
  const std::string gain =
      fmt::format("{:.3g} {}", unit * comparison.gain, classes ? "points of accuracy" : "of rmse");
  if (!comparison.gain_interval) {  // too few rows, or both are wrong on the same ones
    fmt::print("the hidden layers bring {}{}\n", gain,
               comparison.gain > 0 ? "" : ": a linear model (--hidden none) does as well");
    return;
  }
  const auto [low, high] = *comparison.gain_interval;
  fmt::print("the hidden layers bring {} (95 %: {:.3g} to {:.3g}){}\n", gain, unit * low, unit * high,
             low > 0    ? ""
             : high < 0 ? ": a linear model (--hidden none) does better"
                        : ": no certain gain on so few rows, a linear model (--hidden none) may do");
}

nlohmann::ordered_json comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json object{{"figure", comparison.figure},
                                {"constant", comparison.constant},
                                {"linear", comparison.linear},
                                {"gain", comparison.gain}};
  if (comparison.gain_interval)
    object["gain_interval"] = {comparison.gain_interval->low, comparison.gain_interval->high};
  return object;
}

}  // namespace neurone::cli
