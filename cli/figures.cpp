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

nlohmann::ordered_json comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json object{{"figure", comparison.figure},
                                {"constant", comparison.constant},
                                {"linear", comparison.linear},
                                {"gain", comparison.gain}};
  if (comparison.gain_interval)
    object["gain_interval"] = {comparison.gain_interval->low, comparison.gain_interval->high};
  return object;
}

nlohmann::ordered_json estimates_json(const Estimates& estimates) {
  nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
  for (const Estimate& each : estimates.parameters)
    parameters.push_back({{"name", each.name},
                          {"estimate", each.value},
                          {"standard_error", each.error},
                          {estimates.is_likelihood ? "z" : "t", each.statistic},
                          {"p", each.p}});
  nlohmann::ordered_json object{{"parameters", std::move(parameters)},
                                {"collinear", estimates.collinear},
                                {"in_users_unit", estimates.in_users_unit},
                                {"degrees_of_freedom", estimates.degrees_of_freedom},
                                {"condition", estimates.condition}};
  if (estimates.residual_deviation) object["residual_deviation"] = *estimates.residual_deviation;
  if (estimates.r_squared) object["r_squared"] = *estimates.r_squared;
  if (estimates.adjusted_r_squared) object["adjusted_r_squared"] = *estimates.adjusted_r_squared;
  return object;
}

}  // namespace neurone::cli
