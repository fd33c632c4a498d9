#include "neurone/onnx/tried_rows.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "neurone/core/random.h"
#include "neurone/data/cells.h"
#include "neurone/model/proof.h"

namespace neurone::onnx {
namespace {

// The nearest whole number that the type has, of a million at most.
double whole_number(Type type, double value) {
  constexpr double most = 1e6;
  const double near = std::clamp(std::nearbyint(value), -most, most);
  if (type == Type::boolean) return near > 0 ? 1 : 0;
  const auto least = static_cast<double>(wrapped(type, static_cast<std::int64_t>(near)));
  return least == near ? near : std::abs(std::fmod(near, 100));  // those that one byte has
}

std::string taken_cell(const NumericColumn& column, const InputColumn& input, std::string_view cell) {
  if (is_real(input.type)) return std::string(cell);
  const double value = parse_number(cell).value_or(column.scale.center);
  return number_cell(whole_number(input.type, value), Notation::point);
}

std::string taken_cell(const CategoryColumn&, const InputColumn& input, std::string_view cell) {
  if (!input.refuses_others || std::ranges::find(input.categories, cell) != input.categories.end() ||
      input.categories.empty())
    return std::string(cell);
  return input.categories[cell.size() % input.categories.size()];
}

std::string taken_cell(const DateColumn&, const InputColumn&, std::string_view cell) {
  return std::string(cell);
}

std::string far_cell(const NumericColumn& column, std::size_t row, Random& random) {
  constexpr double least = -6, most = 6;  // powers of ten
  const double power = least + (most - least) * static_cast<double>(row) / static_cast<double>(far_rows - 1);
  const double size = std::pow(10, power) * (0.1 + 0.9 * random.uniform());
  const double value = column.scale.center + column.scale.spread * (random.below(2) == 0 ? size : -size);
  return number_cell(static_cast<double>(static_cast<float>(value)), Notation::point);
}

std::string far_cell(const CategoryColumn& column, std::size_t, Random& random) {
  return column.values[random.below(static_cast<std::uint32_t>(column.values.size()))];
}

std::string far_cell(const DateColumn&, std::size_t, Random&) {
  return {};
}

}  // namespace

std::vector<InputColumn> input_columns(const Graph& graph, const std::vector<std::string>& names,
                                       const Chain& chain) {
  std::vector<InputColumn> columns;
  for (const Port& port : graph.inputs)
    for (std::size_t k = count_of({port.shape.begin() + 1, port.shape.end()}); k-- > 0;)
      columns.push_back({.name = names[columns.size()], .type = port.type});
  for (const Feature& feature : chain.features) {
    columns[feature.input].imputes = columns[feature.input].imputes || feature.missing.has_value();
    columns[feature.input].refuses_others = columns[feature.input].refuses_others || feature.refuses_others;
  }
  for (const auto& [input, categories] : chain.categories) columns[input].categories = categories;
  return columns;
}

Table tried_rows(const TablePreparation& preparation, const std::vector<InputColumn>& columns) {
  const Source hard = synthetic_rows(preparation);
  const auto& table = std::get<Table>(hard);
  std::vector<std::vector<std::string>> rows(table.rows() + far_rows);
  for (std::size_t k = 0; k < preparation.columns.size(); ++k) {
    const InputColumn& input = *std::ranges::find(columns, column_name(preparation.columns[k]), &InputColumn::name);
    Random random(k, {.purpose = Purpose::bootstrap});
    std::visit(
        [&](const auto& column) {
          for (std::size_t row = 0; row < rows.size(); ++row)
            rows[row].push_back(taken_cell(
                column, input,
                row < table.rows() ? std::string(table.cell(row, k)) : far_cell(column, row - table.rows(), random)));
        },
        preparation.columns[k]);
  }
  return Table(table.names(), rows, table.source());
}

}  // namespace neurone::onnx
