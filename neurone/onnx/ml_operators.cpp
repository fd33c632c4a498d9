// The operators of ai.onnx.ml around a network: what scalers, encoders and classifiers of other libraries are made
// of.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// Whatever numbers go in, floats come out.
Type float_of(const Tensor& X) {
  return X.type == Type::float64 ? Type::float64 : Type::float32;
}

std::size_t columns_of(const Tensor& X) {
  if (X.rank() == 0) throw Error("a single number, expected rows × columns");
  return static_cast<std::size_t>(X.shape.back());
}

// Of a column its number in the list; one number serves all.
double of_column(const Reals& list, std::size_t column) {
  return list.size() == 1 ? list.front() : list[column];
}
void expect_columns(const Reals& list, std::size_t columns, const char* what) {
  if (list.size() != 1 && list.size() != columns)
    throw Error(fmt::format("{} has {} numbers for {} columns", what, list.size(), columns));
}

// (x − offset) · scale
void scaler(Call& call) {
  const Tensor& X = call.input(0);
  const std::size_t columns = columns_of(X);
  const Reals offset = call.node().reals("offset"), scale = call.node().reals("scale");
  expect_columns(offset, columns, "offset");
  expect_columns(scale, columns, "scale");
  call.spend(X.shape);
  Reals Y = X.numbers();
  for (std::size_t k = 0; k < Y.size(); ++k)
    Y[k] = (Y[k] - of_column(offset, k % columns)) * of_column(scale, k % columns);
  call.give(real_tensor(Type::float32, X.shape, std::move(Y)));
}

// The numbers that stand for a missing one, where it is marked by `replaced_value_float`.
void imputer(Call& call) {
  const Tensor& X = call.input(0);
  const std::size_t columns = columns_of(X);
  const Reals values = call.node().reals("imputed_value_floats");
  expect_columns(values, columns, "imputed_value_floats");
  const double mark = call.node().real("replaced_value_float", 0);
  call.spend(X.shape);
  Reals Y = X.reals();
  for (std::size_t k = 0; k < Y.size(); ++k)
    if (std::isnan(mark) ? std::isnan(Y[k]) : Y[k] == mark) Y[k] = of_column(values, k % columns);
  call.give(real_tensor(X.type, X.shape, std::move(Y)));
}

// Each row divided by its largest size, the sum of the sizes, or the root of the sum of the squares.
void normalizer(Call& call) {
  const Tensor& X = call.input(0);
  const std::size_t columns = columns_of(X);
  const std::string norm = call.node().text("norm", "MAX");
  call.spend(X.shape);
  Reals Y = X.numbers();
  for (std::size_t begin = 0; columns > 0 && begin < Y.size(); begin += columns) {
    double size = 0;
    for (std::size_t j = begin; j < begin + columns; ++j) {
      if (norm == "L1")
        size += std::abs(Y[j]);
      else if (norm == "L2")
        size += Y[j] * Y[j];
      else
        size = std::max(size, std::abs(Y[j]));
    }
    if (norm == "L2") size = std::sqrt(size);
    for (std::size_t j = begin; j < begin + columns && size != 0; ++j) Y[j] /= size;
  }
  call.give(real_tensor(float_of(X), X.shape, std::move(Y)));
}

// A list of the encoder by one of the attributes "keys_strings", "keys_int64s", …, as texts: they are looked up.
struct EncoderList {
  Texts texts;
  Type type = Type::text;
};

EncoderList encoder_list(const Node& node, const std::string& name) {
  EncoderList list;
  if (node.has(name + "_strings")) {
    list.texts = node.texts(name + "_strings");
  } else if (node.has(name + "_int64s")) {
    list.type = Type::int64;
    for (const std::int64_t each : node.wholes(name + "_int64s")) list.texts.push_back(fmt::format("{}", each));
  } else if (node.has(name + "_floats")) {
    list.type = Type::float32;
    for (const double each : node.reals(name + "_floats")) list.texts.push_back(fmt::format("{}", each));
  } else {
    throw Error(fmt::format("there are no {}", name));
  }
  return list;
}

Texts keys_of(const Tensor& X) {
  if (X.type == Type::text) return X.texts();
  Texts keys;
  if (is_whole(X.type))
    for (const std::int64_t each : X.wholes()) keys.push_back(fmt::format("{}", each));
  else
    for (const double each : X.reals()) keys.push_back(fmt::format("{}", each));
  return keys;
}

// The value that stands where the key stands; a default for other keys. Version 1 has one list of texts, whose places
// are the numbers.
void label_encoder(Call& call) {
  const Node& node = call.node();
  const Tensor& X = call.input(0);
  EncoderList keys, values;
  if (node.has("classes_strings")) {
    EncoderList &texts = X.type == Type::text ? keys : values, &places = X.type == Type::text ? values : keys;
    texts.texts = node.texts("classes_strings");
    places.type = Type::int64;
    for (std::size_t k = 0; k < texts.texts.size(); ++k) places.texts.push_back(fmt::format("{}", k));
  } else {
    keys = encoder_list(node, "keys");
    values = encoder_list(node, "values");
  }
  if (keys.texts.size() != values.texts.size())
    throw Error(fmt::format("{} keys and {} values", keys.texts.size(), values.texts.size()));
  call.spend(X.shape);
  call.spend({std::ssize(keys.texts)});
  std::map<std::string, std::size_t, std::less<>> place;
  for (std::size_t k = 0; k < keys.texts.size(); ++k) place.try_emplace(keys.texts[k], k);
  const Texts wanted = keys_of(X);
  const auto encoded = [&]<class List>(List elements, const List& all, const typename List::value_type& otherwise) {
    for (const std::string& key : wanted) {
      const auto found = place.find(key);
      elements.push_back(found != place.end() ? all[found->second] : otherwise);
    }
    return elements;
  };
  if (values.type == Type::text)
    return call.give(text_tensor(X.shape, encoded(Texts{}, values.texts, node.text("default_string", "_Unused"))));
  if (values.type == Type::float32)
    return call.give(real_tensor(Type::float32, X.shape,
                                 encoded(Reals{}, node.reals("values_floats"), node.real("default_float", 0))));
  Wholes places(values.texts.size());
  for (std::size_t k = 0; k < places.size(); ++k) places[k] = static_cast<std::int64_t>(k);
  const Wholes all = node.has("classes_strings") ? places : node.wholes("values_int64s");
  call.give(whole_tensor(Type::int64, X.shape, encoded(Wholes{}, all, node.whole("default_int64", -1))));
}

// The columns of these numbers; of a tensor of rank 1 its elements, as one row.
void array_feature_extractor(Call& call) {
  const Tensor &X = call.input(0), &chosen = call.input(1);
  const std::size_t columns = columns_of(X);
  const std::size_t count = X.size() == 0 ? 0 : X.size() / columns;
  Shape shape = X.shape;
  if (X.rank() == 1) shape.insert(shape.begin(), 1);
  shape.back() = static_cast<std::int64_t>(chosen.size());
  call.spend(shape);
  for (const std::int64_t place : chosen.wholes())
    if (place < 0 || place >= static_cast<std::int64_t>(columns))
      throw Error(fmt::format("column {} of {}", place, columns));
  Tensor Y = X;
  std::visit(
      [&]<class Elements>(Elements& elements) {
        const auto& all = std::get<Elements>(X.elements);
        elements.clear();
        for (std::size_t i = 0; i < count; ++i)
          for (const std::int64_t place : chosen.wholes())
            elements.push_back(all[i * columns + static_cast<std::size_t>(place)]);
      },
      Y.elements);
  call.give(reshaped(std::move(Y), shape));
}

// A 1 where the category stands, 0 elsewhere: another axis at the end.
void one_hot_encoder(Call& call) {
  const Node& node = call.node();
  const Tensor& X = call.input(0);
  Texts categories = node.texts("cats_strings");
  if (categories.empty())
    for (const std::int64_t each : node.wholes("cats_int64s")) categories.push_back(fmt::format("{}", each));
  Shape shape = X.shape;
  shape.push_back(std::ssize(categories));
  Reals Y;
  Y.reserve(call.spend(shape));
  for (const std::string& key : keys_of(X)) {
    bool is_known = false;
    for (const std::string& each : categories) {
      is_known = is_known || each == key;
      Y.push_back(each == key ? 1 : 0);
    }
    if (!is_known && node.whole("zeros", 1) == 0) throw Error(fmt::format("'{}' is none of the categories", key));
  }
  call.give(real_tensor(Type::float32, shape, std::move(Y)));
}

// Maps from labels to numbers are what others make of it; here the numbers stay a matrix.
void zip_map(Call& call) {
  call.spend(call.input(0).shape);
  call.give(call.input(0));
}

constexpr std::array<NamedOperator, 7> ml_operators{{{"ArrayFeatureExtractor", array_feature_extractor},
                                                     {"Imputer", imputer},
                                                     {"LabelEncoder", label_encoder},
                                                     {"Normalizer", normalizer},
                                                     {"OneHotEncoder", one_hot_encoder},
                                                     {"Scaler", scaler},
                                                     {"ZipMap", zip_map}}};

}  // namespace

Operator find_ml_operator(std::string_view name) {
  const auto* const found = std::ranges::find(ml_operators, name, &NamedOperator::name);
  return found != ml_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
