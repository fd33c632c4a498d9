#include "neurone/model/plan_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"

namespace neurone {

// A column is one thing: the target, a weight, an input of a kind, or left out.
void check_roles(const Plan& plan) {
  const auto contains = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  const auto refuse = [](const std::string& name, const std::string& first, const std::string& second) {
    throw UsageError("column '" + name + "' cannot be " + first + " and " + second + ": say one of them");
  };
  const std::vector<std::pair<std::string, std::optional<std::string>>> no_inputs{
      {"the target", plan.target}, {"the weight of rows", plan.weight}, {"the group of rows", plan.group}};
  const std::vector<std::pair<std::string, const std::vector<std::string>*>> inputs{
      {"an input of categories (--category)", &plan.columns.category},
      {"an input of numbers (--numeric)", &plan.columns.numeric}};
  for (const auto& [role, column] : no_inputs) {
    if (!column) continue;
    for (const auto& [input, names] : inputs)
      if (contains(*names, *column)) refuse(*column, role, input);
    if (role != "the group of rows" && contains(plan.columns.ignore, *column))
      refuse(*column, role, "left out (--ignore)");
  }
  for (const auto& [role, column] : {std::pair("the weight of rows", plan.weight),
                                     {"the group of rows", plan.group},
                                     {"the time of rows", plan.time}})
    if (column && *column == plan.target) refuse(*column, "the target", role);
  if (plan.weight && plan.group && *plan.weight == *plan.group)
    refuse(*plan.weight, "the weight of rows", "the group of rows");
  for (const std::string& name : plan.columns.category)
    if (contains(plan.columns.numeric, name)) refuse(name, inputs[0].first, inputs[1].first);
  for (const auto& [input, names] : inputs)
    for (const std::string& name : *names)
      if (contains(plan.columns.ignore, name)) refuse(name, input, "left out (--ignore)");
}

// Numbers that the loss has no meaning for are refused, wherever they stand: a network would learn something else.
void check_values_fit(const Table& table, const NumberTarget& target, std::span<const double> values,
                      const Loss& loss) {
  const std::optional<losses::TargetRange> range = loss.targets();
  if (!range) return;
  const auto outside =
      std::ranges::find_if(values, [&](double value) { return value < range->lowest || value > range->highest; });
  if (outside == values.end()) return;
  const std::string bounds = std::isinf(range->highest)
                                 ? "below " + setting_text(range->lowest)
                                 : "outside " + setting_text(range->lowest) + " to " + setting_text(range->highest);
  throw Error("target column '" + target.name + "' has values " + bounds + " (found " + setting_text(*outside) +
              " at " + table.place(static_cast<std::size_t>(outside - values.begin())) + "), and loss " +
              std::string(loss.name()) + " is for " + std::string(range->what));
}

// Some activations do not reach all numbers, as tanh not 2. The range is a text, "[0, inf)".
std::string notice_of_reach(const Activation& output, const NumberTarget& target) {
  const std::string_view range = output.range();
  const std::size_t comma = range.find(',');
  if (range.size() < 2 || comma == std::string_view::npos) return {};
  const auto bound = [](std::string_view text, double otherwise) { return parse_number(text).value_or(otherwise); };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double lowest = bound(range.substr(1, comma - 1), -infinity);
  const double highest = bound(range.substr(comma + 1, range.size() - comma - 2), infinity);
  if (target.lowest >= lowest && target.highest <= highest) return {};
  return "output activation " + std::string(output.name()) + " gives numbers in " + std::string(range) +
         ", and target column '" + target.name + "' has " + setting_text(target.lowest) + " to " +
         setting_text(target.highest) + ": those outside are never predicted";
}

}  // namespace neurone
