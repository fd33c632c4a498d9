// The names follow the order in which encode_column writes.
#include "neurone/data/input_names.h"

#include <fmt/format.h>

namespace neurone {
namespace {

std::vector<std::string> names_of(const NumericColumn& column) {
  std::vector<std::string> names{column.name};
  if (column.has_indicator) names.push_back(column.name + " is missing");
  for (std::size_t k = 0; k < column.bins(); ++k)
    names.push_back(fmt::format("{} from {:.6g} to {:.6g}", column.name, column.knots[k], column.knots[k + 1]));
  return names;
}

std::vector<std::string> names_of(const DateColumn& column) {
  std::vector<std::string> names{column.name};
  for (const char* const period : {"year", "week", "day"}) {
    if (period == std::string_view("day") && !column.has_time) continue;
    for (const char* const function : {"sine", "cosine"})
      names.push_back(fmt::format("{}, {} of the {}", column.name, function, period));
  }
  if (column.has_indicator) names.push_back(column.name + " is missing");
  return names;
}

std::vector<std::string> names_of(const CategoryColumn& column) {
  std::vector<std::string> names;
  for (const std::string& value : column.values)
    names.push_back(column.name + " = " + (value.empty() ? "(missing)" : value));
  return names;
}

}  // namespace

std::vector<std::string> input_names(const Column& column) {
  return std::visit([](const auto& each) { return names_of(each); }, column);
}

std::vector<std::string> input_names(const TablePreparation& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns)
    for (std::string& name : input_names(column)) names.push_back(std::move(name));
  return names;
}

std::vector<std::string> input_names(const ImagePreparation& images) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < images.height; ++i)
    for (std::size_t j = 0; j < images.width_in_pixels; ++j)
      names.push_back(fmt::format("pixel {}:{}", i + 1, j + 1));
  return names;
}

}  // namespace neurone
