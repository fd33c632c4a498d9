// The TOML files of --network and --start.
#define TOML_HEADER_ONLY 1  // no shared library
#define TOML_EXCEPTIONS 0   // errors as values
#include <fmt/core.h>
#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "cli/train_options.h"
#include "neurone/data/bytes.h"

namespace neurone::cli {
namespace {

std::string setting_of(const std::string& place, std::string_view key, const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (const auto* number = node.as_floating_point()) return setting_text(number->get());
  if (const auto* truth = node.as_boolean()) return setting_text(truth->get());
  throw UsageError(place, fmt::format("{} is neither a text, a number nor true or false", key));
}

LayerSpec read_layer(const std::string& path, const toml::node& node) {
  const std::string place = fmt::format("{}:{}", path, node.source().begin.line);
  const toml::table* table = node.as_table();
  if (table == nullptr) throw UsageError(place, "a layer has to be a table: [[layer]]");
  Choice choice;
  for (const auto& [key, value] : *table) {
    if (key == "type")
      choice.name = setting_of(place, key, value);
    else
      choice.settings.emplace_back(std::string(key.str()), setting_of(place, key.str(), value));
  }
  if (choice.name.empty()) throw UsageError(place, "the layer has no type, as in type = \"dense\"");
  try {
    return make_choice<LayerSpec>("layer", choice);
  } catch (const UsageError& error) {
    throw UsageError(place, error.what());
  }
}

toml::parse_result parse_file(const std::string& path) {
  toml::parse_result parsed = toml::parse(read_bytes(path), path);
  if (!parsed) {
    throw UsageError(fmt::format("{}:{}: {}", path, parsed.error().source().begin.line,
                                 std::string_view(parsed.error().description())));
  }
  return parsed;
}

// The numbers of an array; nothing where there is anything else.
std::optional<std::vector<double>> numbers_of(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<double> numbers;
  for (const toml::node& each : *array) {
    const std::optional<double> number = each.value<double>();
    if (!each.is_number() || !number || !std::isfinite(*number)) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

std::map<std::string, Matrix<double>> read_start_file(const std::string& path) {
  const toml::parse_result parsed = parse_file(path);
  std::map<std::string, Matrix<double>> start;
  for (const auto& [key, value] : parsed.table()) {
    const std::string name(key.str()), place = fmt::format("{}:{}", path, value.source().begin.line);
    std::vector<std::vector<double>> rows;
    if (const std::optional<std::vector<double>> row = numbers_of(value)) {
      rows.push_back(*row);
    } else if (const toml::array* array = value.as_array()) {
      for (const toml::node& each : *array)
        if (const std::optional<std::vector<double>> numbers = numbers_of(each)) rows.push_back(*numbers);
      if (rows.size() != array->size()) rows.clear();
    }
    const std::size_t columns = rows.empty() ? 0 : rows.front().size();
    const auto is_short = [&](const std::vector<double>& row) { return row.size() != columns; };
    if (columns == 0 || std::ranges::any_of(rows, is_short))
      throw UsageError(place, fmt::format("{}: expected numbers, or rows of as many numbers each: "
                                          "\"0.W\" = [[1, 2], [3, 4]]",
                                          name));
    Matrix<double>& matrix = start[name] = Matrix<double>(rows.size(), columns);
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], matrix[i].begin());
  }
  return start;
}

std::vector<LayerSpec> read_network_file(const std::string& path) {
  const toml::parse_result parsed = parse_file(path);
  std::vector<LayerSpec> layers;
  for (const auto& [key, value] : parsed.table()) {
    const toml::array* array = value.as_array();
    if (key != "layer" || array == nullptr) {
      throw UsageError(fmt::format("{}:{}: '{}' is not expected: a network file holds [[layer]] tables", path,
                                   value.source().begin.line, key.str()));
    }
    for (const toml::node& node : *array) layers.push_back(read_layer(path, node));
  }
  if (layers.empty())
    throw UsageError(path, "no [[layer]] table: for a network without hidden layers, --hidden none");
  return layers;
}

}  // namespace neurone::cli
