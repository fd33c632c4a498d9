// What the operators do with tensors that are followed: each by the formula of the standard.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "neurone/core/finite.h"
#include "neurone/onnx/chain_reader.h"
#include "neurone/onnx/curve.h"

namespace neurone::onnx {
namespace {

// A constant that becomes a part of a layer.
const Tensor* finite(const Tensor* constant, const Node& node, std::size_t input) {
  if (constant == nullptr || !is_real(constant->type)) return constant;
  const std::string found = not_finite_text(std::span<const double>(constant->reals()));
  if (!found.empty())
    throw Error(fmt::format("tensor '{}' holds a value that is not finite ({})", node.inputs[input], found));
  return constant;
}

void expect_matrix(const Traced& traced) {
  if (traced.shape.size() != 1)
    throw Error(fmt::format("its inputs are rows × {}, expected rows × columns", shape_text(traced.shape)));
}

// α B or α Bᵀ, inputs × outputs. A vector is one output.
Matrix<double> weights_of(const Tensor& B, bool is_turned, double alpha) {
  const bool is_vector = B.rank() == 1 && !is_turned;
  if (B.rank() != 2 && !is_vector)
    throw Error(fmt::format("weights of {}, expected inputs × outputs", shape_text(B.shape)));
  const auto rows = static_cast<std::size_t>(B.shape[0]);
  const std::size_t columns = is_vector ? 1 : static_cast<std::size_t>(B.shape[1]);
  Matrix<double> W(is_turned ? columns : rows, is_turned ? rows : columns);
  const Reals& elements = B.reals();
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) (is_turned ? W(j, i) : W(i, j)) = alpha * elements[i * columns + j];
  return W;
}

}  // namespace

// Z = α X W + β C
bool ChainReader::trace_product(const Node& node) {
  if (!node.is("Gemm") && !node.is("MatMul")) return false;
  Traced* const X = find(node, 0);
  const Tensor* const B = finite(constant(node, 1), node, 1);
  if (node.whole("transA", 0) != 0)
    throw Error("it turns what is on the left (transA), expected rows × columns there");
  if (X == nullptr || B == nullptr || only_traced(node) == nullptr)
    throw Error("expected the columns on the left, and constant weights on the right");
  expect_matrix(*X);
  expect_end(node, *X);
  settle(*X);
  DenseStage dense{.W = weights_of(*B, node.whole("transB", 0) != 0, node.real("alpha", 1)), .b = {}};
  if (dense.W.rows() != X->columns() || dense.W.columns() == 0)
    throw Error(fmt::format("{} columns meet weights of {} × {}", X->columns(), dense.W.rows(), dense.W.columns()));
  const Shape row{1, static_cast<std::int64_t>(dense.W.columns())};
  dense.b.assign(dense.W.columns(), 0);
  if (const Tensor* const C = finite(constant(node, 2), node, 2)) {
    if (common_shape(C->shape, row) != row)
      throw Error(fmt::format("{} cannot be added to {} columns", shape_text(C->shape), dense.W.columns()));
    dense.b = repeated(C->reals(), C->shape, row);
    for (double& each : dense.b) each *= node.real("beta", 1);
    dense.has_bias = true;
  }
  if (X->base != 0) absorb_before(X->affine, dense);
  append(node, *X, {.layer = std::move(dense)}, B->type);
  if (const auto made = traced_.find(node.outputs.front()); made != traced_.end() && B->rank() == 1)
    made->second.shape.clear();  // the product is a number for each row
  return true;
}

// (X − mean) / √(variance + ε) ⊙ gain + shift
bool ChainReader::trace_batch_norm(const Node& node) {
  if (!node.is("BatchNormalization")) return false;
  Traced* const X = find(node, 0);
  std::array<const Tensor*, 4> constants{};
  for (std::size_t k = 0; k < constants.size(); ++k) constants[k] = finite(constant(node, k + 1), node, k + 1);
  if (X == nullptr || std::ranges::count(constants, nullptr) > 0) throw Error("expected constant statistics");
  if (node.whole("training_mode", 0) != 0) throw Error("it is in training, expected it to predict");
  expect_matrix(*X);
  expect_end(node, *X);
  settle(*X);
  BatchNormStage stage{.epsilon = node.real("epsilon", static_cast<double>(1e-5F)),
                       .momentum = 1 - node.real("momentum", static_cast<double>(0.9F)),
                       .gain = constants[0]->reals(),
                       .shift = constants[1]->reals(),
                       .mean = constants[2]->reals(),
                       .variance = constants[3]->reals()};
  for (const auto* each : {&stage.gain, &stage.shift, &stage.mean, &stage.variance})
    if (each->size() != X->columns())
      throw Error(fmt::format("{} numbers for {} columns", each->size(), X->columns()));
  const bool is_ours = stage.epsilon > 0 && stage.momentum > 0 && stage.momentum <= 1;
  if (is_ours && (X->base == 0 || X->is_plain())) {
    append(node, *X, {.layer = std::move(stage)}, X->type);
    return true;
  }
  Affine affine = Affine::identity(X->columns());
  for (std::size_t j = 0; j < affine.columns(); ++j) {
    affine.factor[j] = stage.gain[j] / std::sqrt(stage.variance[j] + stage.epsilon);
    affine.shift[j] = stage.shift[j] - stage.mean[j] * affine.factor[j];
  }
  give_affine(node, *X, affine, true);
  return true;
}

bool ChainReader::trace_layer_norm(const Node& node) {
  if (!node.is("LayerNormalization")) return false;
  Traced* const X = find(node, 0);
  const Tensor *const gain = finite(constant(node, 1), node, 1), *const shift = finite(constant(node, 2), node, 2);
  if (X == nullptr || gain == nullptr || only_traced(node) == nullptr) throw Error("expected a constant gain");
  expect_matrix(*X);
  if (axis_of(node.whole("axis", -1), 2) != 1) throw Error("its axis is not that of the columns");
  expect_end(node, *X);
  settle(*X);
  if (X->base != 0 && !X->is_plain()) throw Error("expected a layer or an activation in front of it");
  const std::optional<std::vector<double>> gains = of_columns(*gain, *X);
  const auto shifts = shift != nullptr ? of_columns(*shift, *X) : std::vector<double>(X->columns(), 0);
  if (!gains || !shifts) throw Error(fmt::format("its gain does not fit {} columns", X->columns()));
  append(node, *X,
         {.layer =
              LayerNormStage{
                  .epsilon = node.real("epsilon", static_cast<double>(1e-5F)), .gain = *gains, .shift = *shifts}},
         X->type);
  return true;
}

bool ChainReader::trace_softmax(const Node& node) {
  if (!node.is("Softmax") && !node.is("LogSoftmax")) return false;
  Traced* const X = find(node, 0);
  const bool is_old = graph_.version("") < 13;
  if (X == nullptr || X->base == 0 || X->shape.size() != 1 || axis_of(node.whole("axis", is_old ? 1 : -1), 2) != 1)
    return false;
  expect_end(node, *X);
  settle(*X);
  Stage& stage = chain_.stages.back();
  if (stage.is_activated) return false;
  stage.activation = node.is("Softmax") ? "softmax" : "log_softmax";
  stage.is_activated = true;
  Traced made = *X;
  move_on(made);
  set(node, std::move(made));
  return true;
}

// A constant as a number for each column; none where it does not fit.
std::optional<std::vector<double>> ChainReader::of_columns(const Tensor& constant, const Traced& traced) const {
  Shape row = traced.shape;
  row.insert(row.begin(), 1);
  if (constant.type == Type::text || constant.rank() > row.size() || constant.size() > traced.columns() ||
      (constant.rank() == row.size() && constant.shape.front() != 1))
    return {};
  try {
    if (common_shape(constant.shape, row) != row) return {};
  } catch (const Error&) {
    return {};
  }
  budget_.spend_elements(traced.columns());
  return repeated(constant.numbers(), constant.shape, row);
}

// next(from), which is taken into the layer at once where nothing else needs what was there before: a bias, or what
// is not the same for all columns.
void ChainReader::give_affine(const Node& node, Traced& from, const Affine& next, bool is_bias) {
  Traced made = from;
  for (std::size_t j = 0; j < next.columns(); ++j) {
    made.affine.factor[j] *= next.factor[j];
    made.affine.shift[j] = made.affine.shift[j] * next.factor[j] + next.shift[j];
  }
  if (from.base != 0 && from.base == base_ && !chain_.stages.back().is_activated && is_used_once(from, node) &&
      (is_bias || !next.is_uniform())) {
    absorb(made.affine, chain_.stages.back());
    if (auto* dense = std::get_if<DenseStage>(&chain_.stages.back().layer); dense != nullptr && is_bias)
      dense->has_bias = true;
    move_on(made);
  }
  set(node, std::move(made));
}

bool ChainReader::trace_affine(const Node& node) {
  const bool adds = node.is("Add"), subtracts = node.is("Sub"), multiplies = node.is("Mul"), divides = node.is("Div");
  Traced* const X = only_traced(node);
  if ((!adds && !subtracts && !multiplies && !divides) || node.inputs.size() != 2 || X == nullptr) return false;
  if (X->base != 0) expect_end(node, *X);
  const bool is_first = find(node, 0) != nullptr;
  const Tensor* const other = constant(node, is_first ? 1 : 0);
  if (other == nullptr || (divides && !is_first)) return false;
  const std::optional<std::vector<double>> numbers = of_columns(*other, *X);
  if (!numbers && X->base == 0 && !X->shape.empty() && other->rank() > 0 && other->type != Type::text)
    throw Error(fmt::format("{} numbers meet {} columns", shape_text(other->shape), shape_text(X->shape)));
  if (!numbers) return false;
  if (X->curve) {  // one number for all columns bends it further, several end it
    if (std::ranges::all_of(*numbers, [&](double c) { return c == numbers->front(); })) return false;
    settle(*X);
  }
  Affine next = Affine::identity(X->columns());
  for (std::size_t j = 0; j < next.columns(); ++j) {
    const double c = (*numbers)[j];
    if (multiplies || divides) next.factor[j] = multiplies ? c : 1 / c;
    if (adds || subtracts) next.shift[j] = subtracts && is_first ? -c : c;
    if (subtracts && !is_first) next.factor[j] = -1;
  }
  // of one column a bias looks like any number: it is one if the layer has none yet
  const auto* dense = X->base == 0 ? nullptr : std::get_if<DenseStage>(&chain_.stages.back().layer);
  const bool is_bias = adds && dense != nullptr && !dense->has_bias && (other->rank() > 0 || X->columns() > 1);
  give_affine(node, *X, next, is_bias && other->size() == X->columns());
  return true;
}

// (x − offset) · scale
bool ChainReader::trace_scaler(const Node& node) {
  if (!node.is("Scaler", onnx_ml)) return false;
  Traced* const X = find(node, 0);
  if (X == nullptr || X->curve || X->shape.size() != 1 || X->type == Type::text) return false;
  const Reals offset = node.reals("offset"), scale = node.reals("scale");
  Affine next = Affine::identity(X->columns());
  for (const Reals* each : {&offset, &scale})
    if (each->size() != 1 && each->size() != X->columns())
      throw Error(fmt::format("{} numbers for {} columns", each->size(), X->columns()));
  for (std::size_t j = 0; j < next.columns(); ++j) {
    next.factor[j] = scale.size() == 1 ? scale.front() : scale[j];
    next.shift[j] = -(offset.size() == 1 ? offset.front() : offset[j]) * next.factor[j];
  }
  give_affine(node, *X, next, false);
  if (const auto made = traced_.find(node.outputs.front()); made != traced_.end()) made->second.type = Type::float32;
  return true;
}

// The node computed at the points of a curve.
bool ChainReader::trace_curve(const Node& node) {
  if (!is_elementwise(node)) return false;
  std::vector<Tensor> tensors(node.inputs.size());
  std::vector<const Tensor*> inputs;
  const Traced* like = nullptr;
  for (std::size_t k = 0; k < node.inputs.size(); ++k) {
    inputs.push_back(node.inputs[k].empty() ? nullptr : &tensors[k]);
    if (const Tensor* const fixed = constant(node, k)) {
      if (fixed->size() == 0 || fixed->type == Type::text) return false;
      const Reals numbers = fixed->numbers();
      if (std::ranges::any_of(numbers, [&](double x) { return x != numbers.front(); })) return false;
      tensors[k] = scalar(fixed->type, numbers.front());
    }
    Traced* const traced = find(node, k);
    if (traced == nullptr) continue;
    if (traced->base == 0) return false;
    expect_end(node, *traced);
    if (like != nullptr && like->shape != traced->shape) return false;
    like = traced;
    if (traced->curve) {
      tensors[k] = *traced->curve;
      continue;
    }
    if (!traced->affine.is_uniform()) settle(*traced);
    if (!traced->affine.is_uniform()) return false;
    const double factor = traced->affine.factor.front(), shift = traced->affine.shift.front();
    constexpr std::size_t most = 8;
    if (!traced->affine.is_identity() && before_curves_.size() < most) before_curves_.emplace_back(factor, shift);
    Reals points = points_;
    for (double& each : points) each = factor * each + shift;
    const Shape shape{std::ssize(points)};
    tensors[k] = real_tensor(traced->type, shape, std::move(points));
  }
  if (like == nullptr) return false;
  for (std::size_t k = 0; k < node.inputs.size(); ++k)  // one that was settled later leaves the others behind
    if (const Traced* const traced = find(node, k)) expect_end(node, *traced);
  std::vector<Tensor> outputs = compute(node, graph_.version(""), inputs, budget_);
  if (outputs.size() != 1 || outputs.front().size() != points_.size()) return false;
  Traced made = *like;
  made.type = outputs.front().type;
  made.curve = std::move(outputs.front());
  set(node, std::move(made));
  return true;
}

}  // namespace neurone::onnx
