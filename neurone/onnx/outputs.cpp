#include "neurone/onnx/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/activation/activation.h"

namespace neurone::onnx {
namespace {

// The rows that a graph takes; any_rows where it takes any number.
std::int64_t fixed_rows(const Graph& graph) {
  for (const Port& port : graph.inputs)
    if (!port.shape.empty() && port.shape.front() != any_rows) return port.shape.front();
  return any_rows;
}

std::vector<Tensor> outputs_of(const Graph& graph, const Tensors& given, Budget& budget) {
  Evaluation evaluation(graph, budget);
  for (const auto& [name, tensor] : given) evaluation.set(name, tensor);
  for (const Node& node : graph.nodes) {
    const bool is_known = !node.outputs.empty() && evaluation.find(node.outputs.front()) != nullptr;
    if (!is_known && evaluation.can_compute(node)) evaluation.compute(node);
  }
  std::vector<Tensor> outputs;
  for (const std::string& name : graph.outputs) {
    const Tensor* const found = evaluation.find(name);
    if (found == nullptr)
      throw Error(
          fmt::format("output '{}' does not come from the outputs of the last layer alone: --outputs names those "
                      "that count",
                      name));
    outputs.push_back(*found);
  }
  return outputs;
}

// Rows × what is in a row.
Tensor as_rows(const std::string& name, Tensor tensor, std::size_t rows) {
  if (rows == 0 || tensor.size() % rows != 0)
    throw Error(fmt::format("output '{}' has {} elements for {} rows", name, tensor.size(), rows));
  const Shape shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(tensor.size() / rows)};
  return reshaped(std::move(tensor), shape);
}

// One row of a tensor, as often as it is wanted.
Tensor row_of(const Tensor& tensor, std::size_t row, std::int64_t copies) {
  Tensor made = tensor;
  made.shape.front() = copies;
  const auto width = static_cast<std::ptrdiff_t>(tensor.size()) / std::max<std::int64_t>(tensor.shape.front(), 1);
  std::visit(
      [&]<class Elements>(Elements& elements) {
        const auto& all = std::get<Elements>(tensor.elements);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(row) * width;
        elements.clear();
        for (std::int64_t k = 0; k < copies; ++k) elements.insert(elements.end(), begin, begin + width);
      },
      made.elements);
  return made;
}

void append_first_row(const Tensor& from, Tensor& to) {
  std::visit(
      [&]<class Elements>(Elements& elements) {
        const auto& all = std::get<Elements>(from.elements);
        elements.insert(elements.end(), all.begin(), all.begin() + from.shape[1]);
      },
      to.elements);
  ++to.shape.front();
}

// --- what the nodes behind do with rows that are tried ------------------------------------------------------------

struct Tried {
  std::size_t columns = 0;
  Matrix<double> Y;
};

// What goes into the last activation. Of one column it goes from low to high, close to 0 and far from it, as often
// below as above.
Matrix<double> rising_rows() {
  std::vector<double> above{1e-4, 1e-3, 1e-2, 0.2, 1, 3, 10, 30, 100, 1e3, 1e6};
  Matrix<double> Z(2 * above.size(), 1);
  for (std::size_t k = 0; k < above.size(); ++k) {
    Z(above.size() - 1 - k, 0) = -above[k];
    Z(above.size() + k, 0) = above[k];
  }
  return Z;
}

// Of several each is the largest in a row of its own, a little above the next one; of a few in two rows more, clearly
// and far.
Matrix<double> rows_of_each_largest(std::size_t columns) {
  constexpr std::size_t a_few = 64;
  const std::vector<double> above = columns <= a_few ? std::vector<double>{1e-3, 3, 1e4} : std::vector<double>{1e-3};
  Matrix<double> Z(above.size() * columns, columns);
  for (std::size_t i = 0; i < Z.rows(); ++i) {
    const std::size_t largest = i % columns;
    const double by = above[i / columns];
    for (std::size_t j = 0; j < columns; ++j)
      Z(i, j) = j == largest                   ? by
                : j == (largest + 1) % columns ? 0
                                               : -0.1 * by * static_cast<double>(1 + (3 * i + 5 * j) % 11);
  }
  return Z;
}

// Rows as the last activation gives them, as far as floats hold them.
Tried tried_rows(std::size_t columns, const Activation& activation) {
  constexpr std::size_t most = 2048;
  if (columns > most) throw Error(fmt::format("{} outputs, expected at most {}", columns, most));
  const Matrix<double> Z = columns == 1 ? rising_rows() : rows_of_each_largest(columns);
  Matrix<double> Y(Z.rows(), columns);
  activation.forward(Z, Y);
  if (columns > 1) return {.columns = columns, .Y = std::move(Y)};
  std::vector<double> finite;
  for (std::size_t k = 0; k < Y.rows(); ++k) {  // the same number on both sides
    const double here = Y(k, 0), there = Y(Y.rows() - 1 - k, 0);
    if (std::isfinite(static_cast<float>(here)) && std::isfinite(static_cast<float>(there))) finite.push_back(here);
  }
  Tried tried{.columns = 1, .Y = Matrix<double>(finite.size(), 1)};
  std::ranges::copy(finite, tried.Y.elements().begin());
  return tried;
}

Matrix<double> activated(const char* name, const Matrix<double>& Y) {
  Matrix<double> A(Y.rows(), Y.columns());
  find_activation(name).forward(Y, A);
  return A;
}

Matrix<double> with_its_rest(const Matrix<double>& Y) {
  Matrix<double> both(Y.rows(), 2);
  for (std::size_t i = 0; i < Y.rows(); ++i) {
    both(i, 0) = 1 - Y(i, 0);
    both(i, 1) = Y(i, 0);
  }
  return both;
}

// Within some roundings of floats.
constexpr double few_roundings = 1e-6;

bool is_near(const Reals& found, const Matrix<double>& expected) {
  if (found.size() != expected.size()) return false;
  for (std::size_t k = 0; k < found.size(); ++k) {
    const double value = expected.elements()[k];
    if (!(std::abs(found[k] - value) <= few_roundings * (1 + std::abs(value)))) return false;
  }
  return true;
}

// Is it factor · Y + shift? Both from the smallest and the largest of the tried rows that are not far out.
bool find_line(const Reals& found, const Matrix<double>& Y, ReadOutputs& read) {
  constexpr double reach = 25;
  std::optional<std::size_t> low, high;
  for (std::size_t k = 0; k < Y.rows(); ++k) {
    if (std::abs(Y(k, 0)) > reach) continue;
    if (!low || Y(k, 0) < Y(*low, 0)) low = k;
    if (!high || Y(k, 0) > Y(*high, 0)) high = k;
  }
  if (!low || Y(*low, 0) == Y(*high, 0)) return false;
  read.factor = (found[*high] - found[*low]) / (Y(*high, 0) - Y(*low, 0));
  read.shift = found[*low] - read.factor * Y(*low, 0);
  for (std::size_t k = 0; k < Y.rows(); ++k) {
    const double value = read.factor * Y(k, 0) + read.shift;
    if (!(std::abs(found[k] - value) <= few_roundings * (std::abs(read.factor * Y(k, 0)) + std::abs(read.shift))))
      return false;
  }
  return read.factor != 0;
}

// Is it −Y and Y?
bool is_mirrored(const Reals& found, const Matrix<double>& Y) {
  Matrix<double> both(Y.rows(), 2);
  for (std::size_t i = 0; i < Y.rows(); ++i) {
    both(i, 0) = -Y(i, 0);
    both(i, 1) = Y(i, 0);
  }
  return Y.columns() == 1 && is_near(found, both);
}

bool find_kind(const Reals& found, const Matrix<double>& Y, ReadOutputs& read) {
  const auto is = [&](OutputKind kind, const Matrix<double>& expected) {
    if (!is_near(found, expected)) return false;
    read.kind = kind;
    return true;
  };
  if (is(OutputKind::same, Y)) return true;
  if (Y.columns() > 1) return is(OutputKind::softmax, activated("softmax", Y));
  const Matrix<double> S = activated("sigmoid", Y);
  if (is(OutputKind::sigmoid, S) || is(OutputKind::both, with_its_rest(Y)) ||
      is(OutputKind::both_sigmoid, with_its_rest(S)))
    return true;
  return found.size() == Y.rows() && find_line(found, Y, read);
}

Texts texts_in(const Tensor& tensor) {
  if (tensor.type == Type::text) return tensor.texts();
  Texts texts;
  for (const std::int64_t each : tensor.wholes()) texts.push_back(fmt::format("{}", each));
  return texts;
}

// The label of each class: of several columns that of the row in which it is clearly the largest, one of the last; of
// one those of the lower and of the upper half.
Texts labels_of(const std::string& name, const Texts& found, const Tried& tried) {
  Texts labels(found.end() - static_cast<std::ptrdiff_t>(tried.columns), found.end());
  if (tried.columns == 1) labels = {found.front(), found.back()};
  const std::size_t half = found.size() / 2;
  for (std::size_t k = 0; k < found.size(); ++k) {
    if (tried.columns > 1 && found[k] != labels[k % tried.columns])
      throw Error(
          fmt::format("output '{}' says '{}' of a row whose largest value is that of '{}': neurone decides for "
                      "the largest",
                      name, found[k], labels[k % tried.columns]));
    if (tried.columns == 1 && found[k] != labels[k < half ? 0 : 1])
      throw Error(
          fmt::format("output '{}' does not change from '{}' to '{}' in the middle, where neurone decides: of "
                      "{:.6g} it says '{}'",
                      name, labels[0], labels[1], tried.Y(k, 0), found[k]));
  }
  Texts sorted = labels;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw Error(fmt::format("output '{}' says '{}' of two classes", name, *twice));
  return labels;
}

}  // namespace

std::vector<Tensor> outputs_of_rows(const Graph& graph, const Tensors& given, std::size_t rows, Budget& budget) {
  const std::int64_t fixed = fixed_rows(graph);
  std::vector<Tensor> all;
  if (fixed == any_rows || static_cast<std::size_t>(fixed) == rows) {
    all = outputs_of(graph, given, budget);
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = as_rows(graph.outputs[k], std::move(all[k]), rows);
    return all;
  }
  constexpr std::int64_t most = 4096;
  if (fixed > most) throw Error(fmt::format("it takes {} rows at once, expected at most {}", fixed, most));
  for (std::size_t row = 0; row < rows; ++row) {
    Tensors one;
    for (const auto& [name, tensor] : given) {
      budget.spend_elements(tensor.size() / rows * static_cast<std::uint64_t>(fixed));
      one[name] = row_of(tensor, row, fixed);
    }
    std::vector<Tensor> outputs = outputs_of(graph, one, budget);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      Tensor copies = as_rows(graph.outputs[k], std::move(outputs[k]), static_cast<std::size_t>(fixed));
      if (row == 0)
        all.push_back(row_of(copies, 0, 1));
      else
        append_first_row(copies, all[k]);
    }
  }
  return all;
}

ReadOutputs read_outputs(const Graph& graph, const ReadChain& chain, Budget& budget) {
  const Stage& last = chain.chain.stages.back();
  if (chain.end_shape.size() > 1)
    throw Error(
        fmt::format("the last layer's outputs are rows × {}, expected rows × columns", shape_text(chain.end_shape)));
  const Tried tried = tried_rows(last.outputs(), find_activation(last.activation));
  Shape shape = chain.end_shape;
  shape.insert(shape.begin(), static_cast<std::int64_t>(tried.Y.rows()));
  const Tensor Y = real_tensor(chain.type, shape, {tried.Y.elements().begin(), tried.Y.elements().end()});
  const std::vector<Tensor> outputs = outputs_of_rows(graph, {{chain.end, Y}}, tried.Y.rows(), budget);

  ReadOutputs read;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const std::string& name = graph.outputs[k];
    if (!is_real(outputs[k].type)) {
      const Texts found = texts_in(outputs[k]);
      if (found.size() != tried.Y.rows()) throw Error(fmt::format("output '{}' is not one label a row", name));
      read.labels = labels_of(name, found, tried);
      read.label_output = k;
    } else if (!read.value_output) {
      const bool is_known = find_kind(outputs[k].reals(), tried.Y, read);
      if (!is_known && is_mirrored(outputs[k].reals(), tried.Y))
        throw UsageError(
            fmt::format("output '{}' gives scores of two classes, −z and z, no probabilities: --task classification "
                        "and --outputs with the labels alone say that a sigmoid of z makes probabilities",
                        name));
      if (!is_known)
        throw Error(
            fmt::format("output '{}' is neither what the last layer says nor its softmax or sigmoid: --outputs "
                        "names those that count",
                        name));
      read.value_output = k;
    }
  }
  return read;
}

}  // namespace neurone::onnx
