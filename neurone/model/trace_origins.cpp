// One function for each kind of layer and direction, so that a new kind does not compile before it has both.
#include "neurone/model/trace_origins.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <tuple>

namespace neurone {
namespace {

// A layer with the numbers around it: X is A of the layer before.
struct Crossing {
  const TracedLayer& layer;
  const Matrix<double>& X;
  std::size_t depth;  // of X

  std::size_t row_before(std::size_t row) const { return X.rows() == 1 ? 0 : row; }
  Term of_x(const Place& at, std::size_t unit, double weight) const {
    const std::size_t row = row_before(at.row);
    return {.from = {.depth = depth, .row = row, .unit = unit}, .value = X(row, unit), .weight = weight};
  }
  Term of_gradient(std::size_t row, std::size_t unit, double weight) const {
    return {.from = {.depth = depth + 1, .row = row, .unit = unit}, .value = layer.dZ(row, unit), .weight = weight};
  }
};

// --- dense: z_j = Σ_i x_i W_ij + b_j,  dx_i = Σ_j dz_j W_ij

Origin z_from(const layers::Dense& spec, const Crossing& in, const Place& at) {
  const Matrix<double>& W = in.layer.matrix("W");
  WeightedSum sum;
  for (std::size_t i = 0; i < W.rows(); ++i) sum.terms.push_back(in.of_x(at, i, W(i, at.unit)));
  if (spec.bias) sum.bias = in.layer.matrix("b")(0, at.unit);
  return sum;
}

Origin dx_from(const layers::Dense&, const Crossing& in, const Place& at) {
  const Matrix<double>& W = in.layer.matrix("W");
  WeightedSum sum;
  for (std::size_t j = 0; j < W.columns(); ++j) sum.terms.push_back(in.of_gradient(at.row, j, W(at.unit, j)));
  return sum;
}

// --- heads: the same with W and b of the member, a row of W for each member and output

Origin z_from(const layers::Heads& spec, const Crossing& in, const Place& at) {
  const Matrix<double>& W = in.layer.matrix("W");
  WeightedSum sum{.bias = in.layer.matrix("b")(at.row, at.unit)};
  for (std::size_t i = 0; i < W.columns(); ++i)
    sum.terms.push_back(in.of_x(at, i, W(at.row * spec.units + at.unit, i)));
  return sum;
}

Origin dx_from(const layers::Heads& spec, const Crossing& in, const Place& at) {
  const Matrix<double>& W = in.layer.matrix("W");
  WeightedSum sum;
  for (std::size_t j = 0; j < spec.units; ++j)
    sum.terms.push_back(in.of_gradient(at.row, j, W(at.row * spec.units + j, at.unit)));
  return sum;
}

// --- scale: z_j = x_j s_j,  dx_j = dz_j s_j

Origin z_from(const layers::Scale&, const Crossing& in, const Place& at) {
  return WeightedSum{.terms = {in.of_x(at, at.unit, in.layer.matrix("s")(0, at.unit))}};
}

Origin dx_from(const layers::Scale&, const Crossing& in, const Place& at) {
  return WeightedSum{.terms = {in.of_gradient(at.row, at.unit, in.layer.matrix("s")(0, at.unit))}};
}

// --- embedding: of a block z_j = Σ_k x_k E_kj,  dx_k = Σ_j dz_j E_kj

Origin z_from(const layers::Embedding& spec, const Crossing& in, const Place& at) {
  const std::vector<EmbeddingPart> parts = embedding_parts(spec, in.X.columns());
  const EmbeddingPart& part = part_of_output(parts, at.unit);
  const std::size_t j = at.unit - part.z;
  if (!part.is_block) return WeightedSum{.terms = {in.of_x(at, part.x + j, 1)}, .learnt = false};
  const Matrix<double>& E = in.layer.matrix("E");
  WeightedSum sum;
  for (std::size_t k = 0; k < part.width; ++k) sum.terms.push_back(in.of_x(at, part.x + k, E(part.row + k, j)));
  return sum;
}

Origin dx_from(const layers::Embedding& spec, const Crossing& in, const Place& at) {
  const std::vector<EmbeddingPart> parts = embedding_parts(spec, in.X.columns());
  const EmbeddingPart& part = part_of_input(parts, at.unit);
  const std::size_t k = at.unit - part.x;
  if (!part.is_block) return WeightedSum{.terms = {in.of_gradient(at.row, part.z + k, 1)}, .learnt = false};
  const Matrix<double>& E = in.layer.matrix("E");
  WeightedSum sum;
  for (std::size_t j = 0; j < part.size; ++j)
    sum.terms.push_back(in.of_gradient(at.row, part.z + j, E(part.row + k, j)));
  return sum;
}

// --- members: z_mj = x_j r_mj,  dx_j = Σ_m dz_mj r_mj

Origin z_from(const layers::Members&, const Crossing& in, const Place& at) {
  return WeightedSum{.terms = {in.of_x(at, at.unit, in.layer.matrix("r")(at.row, at.unit))}};
}

Origin dx_from(const layers::Members&, const Crossing& in, const Place& at) {
  const Matrix<double>& r = in.layer.matrix("r");
  WeightedSum sum;
  for (std::size_t m = 0; m < r.rows(); ++m) sum.terms.push_back(in.of_gradient(m, at.unit, r(m, at.unit)));
  return sum;
}

// --- dropout does nothing outside training

Origin z_from(const layers::Dropout&, const Crossing& in, const Place& at) {
  return WeightedSum{.terms = {in.of_x(at, at.unit, 1)}, .learnt = false};
}

Origin dx_from(const layers::Dropout&, const Crossing& in, const Place& at) {
  return WeightedSum{.terms = {in.of_gradient(at.row, at.unit, 1)}, .learnt = false};
}

// --- batch normalisation with the statistics of training: dx_j = dz_j gain_j / deviation_j

double deviation_of(const layers::BatchNorm& spec, const TracedLayer& layer, std::size_t unit) {
  return std::sqrt(layer.matrix("variance")(0, unit) + spec.epsilon);
}

Origin z_from(const layers::BatchNorm& spec, const Crossing& in, const Place& at) {
  const Term x = in.of_x(at, at.unit, 1);
  return Normalisation{.from = x.from,
                       .x = x.value,
                       .mean = in.layer.matrix("mean")(0, at.unit),
                       .deviation = deviation_of(spec, in.layer, at.unit),
                       .gain = in.layer.matrix("gain")(0, at.unit),
                       .shift = in.layer.matrix("shift")(0, at.unit)};
}

Origin dx_from(const layers::BatchNorm& spec, const Crossing& in, const Place& at) {
  const double gain = in.layer.matrix("gain")(0, at.unit);
  return WeightedSum{.terms = {in.of_gradient(at.row, at.unit, gain / deviation_of(spec, in.layer, at.unit))},
                     .learnt = false};
}

// --- layer normalisation, by the row's own mean and deviation

struct Moments {
  double mean = 0, deviation = 1;
};
Moments moments_of(std::span<const double> x, double epsilon) {
  const auto n = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (const double each : x) mean += each / n;
  for (const double each : x) variance += (each - mean) * (each - mean) / n;
  return {.mean = mean, .deviation = std::sqrt(variance + epsilon)};
}

Origin z_from(const layers::LayerNorm& spec, const Crossing& in, const Place& at) {
  const Term x = in.of_x(at, at.unit, 1);
  const auto [mean, deviation] = moments_of(in.X[x.from.row], spec.epsilon);
  return Normalisation{.from = x.from,
                       .x = x.value,
                       .mean = mean,
                       .deviation = deviation,
                       .gain = in.layer.matrix("gain")(0, at.unit),
                       .shift = in.layer.matrix("shift")(0, at.unit)};
}

Origin dx_from(const layers::LayerNorm& spec, const Crossing& in, const Place& at) {
  const std::span<const double> x = in.X[at.row], dZ = in.layer.dZ[at.row], gain = in.layer.matrix("gain")[0];
  const auto [center, deviation] = moments_of(x, spec.epsilon);
  const auto n = static_cast<double>(x.size());
  double mean = 0, along = 0;
  for (std::size_t j = 0; j < x.size(); ++j) {
    mean += gain[j] * dZ[j] / n;
    along += gain[j] * dZ[j] * (x[j] - center) / deviation / n;
  }
  return NormalisationGradient{.from = {.depth = in.depth + 1, .row = at.row, .unit = at.unit},
                               .dZ = dZ[at.unit],
                               .gain = gain[at.unit],
                               .mean = mean,
                               .z = (x[at.unit] - center) / deviation,
                               .along = along,
                               .deviation = deviation};
}

// --- the formulas, as in the files of layer/

std::string formula_text(const layers::Dense& spec) {
  return spec.bias ? "XW + b" : "XW";
}
std::string formula_text(const layers::Heads&) {
  return "x W_m + b_m, W and b of member m";
}
std::string formula_text(const layers::Scale&) {
  return "X ⊙ s";
}
std::string formula_text(const layers::Embedding& spec) {
  return "X E for each of the blocks " + spec.blocks + ", the other columns as they are";
}
std::string formula_text(const layers::Members& spec) {
  return "x ⊙ r_m, a row for each of " + std::to_string(spec.count) + " members";
}
std::string formula_text(const layers::Dropout&) {
  return "X, because nothing is dropped outside training";
}
std::string formula_text(const layers::BatchNorm&) {
  return "gain ⊙ (X − mean) / √(variance + ε) + shift, mean and variance as training measured them";
}
std::string formula_text(const layers::LayerNorm&) {
  return "gain ⊙ (X − mean) / √(variance + ε) + shift, mean and variance of the row";
}

double sum_up(const WeightedSum& sum) {
  double value = sum.bias.value_or(0);
  for (const Term& term : sum.terms) value += term.product();
  return value;
}
double sum_up(const Normalisation& of) {
  return of.gain * (of.x - of.mean) / of.deviation + of.shift;
}
double sum_up(const NormalisationGradient& of) {
  return (of.gain * of.dZ - of.mean - of.z * of.along) / of.deviation;
}

}  // namespace

Origin origin_of_z(const Trace& trace, const Place& at) {
  assert(at.depth >= 1 && at.depth <= trace.depth());
  const TracedLayer& layer = trace.layers[at.depth - 1];
  const Crossing in{.layer = layer, .X = trace.A(at.depth - 1), .depth = at.depth - 1};
  return std::visit([&](const auto& spec) { return z_from(spec, in, at); }, layer.spec);
}

Origin origin_of_gradient(const Trace& trace, const Place& at) {
  assert(at.depth < trace.depth() && trace.backward());
  const TracedLayer& layer = trace.layers[at.depth];
  const Crossing in{.layer = layer, .X = trace.A(at.depth), .depth = at.depth};
  return std::visit([&](const auto& spec) { return dx_from(spec, in, at); }, layer.spec);
}

double value_of(const Origin& origin) {
  return std::visit([](const auto& each) { return sum_up(each); }, origin);
}

double sorting_size(double number) {
  return std::isnan(number) ? std::numeric_limits<double>::infinity() : std::abs(number);
}

void put_largest_first(std::vector<Term>& terms) {
  std::ranges::sort(terms, {}, [](const Term& term) {
    return std::tuple(-sorting_size(term.product()), term.from.row, term.from.unit);
  });
}

double slope_at(const Activation& activation, double z) {
  assert(!activation.is_rowwise());
  Matrix<double> Z(1, 1), A(1, 1), dA(1, 1), dZ(1, 1);
  Z(0, 0) = z;
  dA(0, 0) = 1;
  activation.forward(Z, A);
  activation.backward(Z, A, dA, dZ);
  return dZ(0, 0);
}

std::string formula_of(const LayerSpec& layer) {
  return std::visit([](const auto& spec) { return formula_text(spec); }, layer);
}

}  // namespace neurone
