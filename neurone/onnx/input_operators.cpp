// What operators do with the inputs before the first layer: missing numbers, categories, joining and picking columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "neurone/onnx/chain_reader.h"

namespace neurone::onnx {

bool ChainReader::trace_imputer(const Node& node) {
  if (!node.is("Imputer", onnx_ml)) return false;
  Traced* const X = find(node, 0);
  if (X == nullptr || X->base != 0 || X->shape.size() != 1) return false;
  const Reals values = node.reals("imputed_value_floats");
  if (values.empty()) throw Error("it replaces whole numbers or texts, expected floats");
  if (const double mark = node.real("replaced_value_float", 0); !std::isnan(mark))
    throw Error(fmt::format("it replaces {:g}, expected NaN: to neurone a missing cell is no number", mark));
  if (!X->affine.is_identity()) throw Error("it comes behind a scaling, expected it in front of any");
  if (values.size() != X->columns())
    throw Error(
        fmt::format("{} numbers to put in, expected one for each of {} columns", values.size(), X->columns()));
  if (!std::ranges::all_of(values, [](double each) { return std::isfinite(each); }))
    throw Error("it puts in numbers that are not finite");
  Traced made = *X;
  for (std::size_t j = 0; j < values.size(); ++j) made.features[j].missing = values[j];
  set(node, std::move(made));
  return true;
}

// Another axis at the end: a 1 where the category stands.
bool ChainReader::trace_categories(const Node& node) {
  if (!node.is("OneHotEncoder", onnx_ml)) return false;
  Traced* const X = find(node, 0);
  if (X == nullptr || X->base != 0 || !X->affine.is_identity()) return false;
  Texts categories = node.texts("cats_strings");
  for (const std::int64_t each : node.wholes("cats_int64s")) categories.push_back(fmt::format("{}", each));
  Traced made = *X;
  made.features.clear();
  made.shape.push_back(std::ssize(categories));
  std::uint64_t elements = 0;
  for (const std::string& each : categories) elements += (sizeof(Feature) + each.size()) / sizeof(double);
  budget_.spend_elements(count_of({static_cast<std::int64_t>(X->columns()), static_cast<std::int64_t>(elements)}));
  for (const Feature& each : X->features) {
    if (each.category) throw Error("categories of categories");
    for (const std::string& category : categories)
      made.features.push_back(
          {.input = each.input, .category = category, .refuses_others = node.whole("zeros", 1) == 0});
    chain_.categories[each.input] = categories;
  }
  made.affine = Affine::identity(made.features.size());
  made.type = Type::float32;
  set(node, std::move(made));
  return true;
}

bool ChainReader::trace_joined_inputs(const Node& node) {
  if (!node.is("Concat")) return false;
  Traced made;
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    const Traced* const X = find(node, k);
    if (X == nullptr || X->base != 0) return false;
    if (X->shape.empty() || X->columns() != static_cast<std::size_t>(X->shape.back()) ||
        (k > 0 && X->shape.size() != made.shape.size()))
      throw Error("expected to join columns");
    if (k > 0 && X->type != made.type) throw Error("columns of several types");
    spend(*X);
    made.type = X->type;
    made.shape = X->shape;
    made.features.insert(made.features.end(), X->features.begin(), X->features.end());
    made.affine.factor.insert(made.affine.factor.end(), X->affine.factor.begin(), X->affine.factor.end());
    made.affine.shift.insert(made.affine.shift.end(), X->affine.shift.begin(), X->affine.shift.end());
  }
  const std::size_t rank = made.shape.size() + 1;
  if (axis_of(node.whole("axis", 1), rank) != rank - 1) throw Error("expected to join columns");
  made.shape.back() = std::ssize(made.features);
  set(node, std::move(made));
  return true;
}

// The operator picks among the numbers of the columns what it would pick among the columns.
bool ChainReader::trace_picked_inputs(const Node& node) {
  const bool picks =
      node.is("Gather") || node.is("Slice") || node.is("Split") || node.is("ArrayFeatureExtractor", onnx_ml);
  Traced* const X = only_traced(node);
  if (!picks || X == nullptr || find(node, 0) != X || X->base != 0) return false;
  Shape shape = X->shape;
  shape.insert(shape.begin(), 1);
  Wholes numbers(X->columns());
  for (std::size_t j = 0; j < numbers.size(); ++j) numbers[j] = static_cast<std::int64_t>(j);
  const Tensor counted = whole_tensor(Type::int64, shape, std::move(numbers));
  std::vector<const Tensor*> inputs{&counted};
  for (std::size_t k = 1; k < node.inputs.size(); ++k) inputs.push_back(constant(node, k));
  const std::vector<Tensor> picked = compute(node, graph_.version(node.domain), inputs, budget_);
  for (std::size_t k = 0; k < picked.size(); ++k) {
    const Tensor& chosen = picked[k];
    if (chosen.rank() == 0 || chosen.shape.front() != 1 || chosen.size() == 0)
      throw Error("expected it to pick columns");
    Traced made{.shape = {chosen.shape.begin() + 1, chosen.shape.end()}, .type = X->type};
    for (const std::int64_t place : chosen.wholes()) {
      made.features.push_back(X->features[static_cast<std::size_t>(place)]);
      made.affine.factor.push_back(X->affine.factor[static_cast<std::size_t>(place)]);
      made.affine.shift.push_back(X->affine.shift[static_cast<std::size_t>(place)]);
    }
    set(node, std::move(made), k);
  }
  return true;
}

}  // namespace neurone::onnx
