#include "neurone/onnx/import_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "neurone/core/error.h"

namespace neurone::onnx {
namespace {

// Can x · factor + shift be (x − center) / spread? A spread is above 0.
bool is_scale(double factor, double shift) {
  return factor > 0 && std::isfinite(factor) && std::isfinite(1 / factor) && std::isfinite(shift / factor);
}

// Moves what is no scaling of a column, factors of 0 and below and those of categories, into the first layer.
void move_scaling(Chain& chain) {
  Affine moved = Affine::identity(chain.features.size());
  for (std::size_t j = 0; j < chain.features.size(); ++j) {
    double &factor = chain.scaling.factor[j], &shift = chain.scaling.shift[j];
    if (!chain.features[j].category && is_scale(factor, shift)) continue;
    moved.factor[j] = factor;
    moved.shift[j] = shift;
    factor = 1;
    shift = 0;
  }
  if (moved.is_identity()) return;
  auto* const dense = std::get_if<DenseStage>(&chain.stages.front().layer);
  if (dense == nullptr)
    throw Error("the inputs are scaled by numbers that are not above 0, in front of no dense layer");
  absorb_before(moved, *dense);
}

// Categories that the graph knows and leaves out, as drop='first' does, have weights of 0 in a dense layer.
void add_left_out_categories(Chain& chain) {
  auto* const dense = std::get_if<DenseStage>(&chain.stages.front().layer);
  if (dense == nullptr) return;
  std::set<std::pair<std::size_t, std::string>> taken;
  std::map<std::size_t, bool> columns;  // of categories that are used: whether they refuse others
  for (const Feature& each : chain.features)
    if (each.category) {
      taken.emplace(each.input, *each.category);
      columns[each.input] = each.refuses_others;
    }
  for (const auto& [input, refuses] : columns)
    for (const std::string& category : chain.categories[input])
      if (taken.emplace(input, category).second) {
        chain.features.push_back({.input = input, .category = category, .refuses_others = refuses});
        chain.scaling.factor.push_back(1);
        chain.scaling.shift.push_back(0);
      }
  Matrix<double> W(chain.features.size(), dense->W.columns());
  std::ranges::copy(std::as_const(dense->W).elements(), W.elements().begin());
  dense->W = std::move(W);
}

NumericColumn numeric_column(const std::string& name, const Feature& feature, double factor, double shift) {
  NumericColumn column{.name = name};
  if (factor != 1 || shift != 0) {
    column.scale.spread = 1 / factor;
    column.scale.center = -shift / factor;
  }
  column.scale.median = feature.missing.value_or(column.scale.center);
  return column;
}

}  // namespace

std::vector<std::string> column_names(const Graph& graph, const std::vector<std::string>& given) {
  std::vector<std::string> names;
  for (const Port& port : graph.inputs) {
    const std::size_t count = count_of({port.shape.begin() + 1, port.shape.end()});
    for (std::size_t k = 1; k <= count; ++k)
      names.push_back(graph.inputs.size() == 1 && count > 1 ? fmt::format("x{}", k)
                      : count == 1                          ? port.name
                                                            : fmt::format("{}_{}", port.name, k));
  }
  if (given.empty()) return names;
  if (given.size() != names.size())
    throw UsageError(fmt::format("{} names of columns for {} columns", given.size(), names.size()));
  return given;
}

TablePreparation take_columns(const std::vector<std::string>& names, Chain& chain) {
  add_left_out_categories(chain);
  move_scaling(chain);
  std::vector<std::size_t> order(chain.features.size());
  std::iota(order.begin(), order.end(), 0);
  const auto place = [&](std::size_t k) {
    return std::tuple(chain.features[k].input, chain.features[k].category.value_or(""), k);
  };
  std::ranges::sort(order, {}, place);
  reorder_inputs(order, chain);

  TablePreparation preparation;
  std::set<std::string> all_names;
  for (std::size_t j = 0; j < chain.features.size(); ++j) {
    const Feature& feature = chain.features[j];
    const std::string& name = names[feature.input];
    const bool is_next = j > 0 && chain.features[j - 1].input == feature.input;
    auto* const categories = is_next ? std::get_if<CategoryColumn>(&preparation.columns.back()) : nullptr;
    if (is_next && (categories == nullptr || !feature.category || categories->values.back() == *feature.category))
      throw Error(fmt::format("column '{}' is taken twice", name));
    if (!is_next && !all_names.insert(name).second)
      throw UsageError(fmt::format("two columns are called '{}'", name));
    if (!feature.category)
      preparation.columns.emplace_back(
          numeric_column(name, feature, chain.scaling.factor[j], chain.scaling.shift[j]));
    else if (categories != nullptr)
      categories->values.push_back(*feature.category);
    else
      preparation.columns.emplace_back(CategoryColumn{.name = name, .values = {*feature.category}});
  }
  return preparation;
}

}  // namespace neurone::onnx
