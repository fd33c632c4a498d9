#include "neurone/solver/network_objective.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <type_traits>
#include <utility>

#include "neurone/activation/activations.h"
#include "neurone/loss/curvature.h"
#include "neurone/math/products.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

constexpr std::size_t rows_at_once = 256;

// The targets with labels smoothed, once for each member; nothing where they are the data's own.
template <class T> Matrix<T> own_targets(const Matrix<T>& targets, double smoothing, std::size_t members) {
  if (smoothing == 0 && members == 1) return {};
  Matrix<T> own(targets.rows() * members, targets.columns());
  for (std::size_t i = 0; i < own.rows(); ++i) std::ranges::copy(targets[i / members], own[i].begin());
  smooth_labels<T>(smoothing, own);
  return own;
}

template <class T> Vector<T> own_weights(const Vector<T>& weights, std::size_t members) {
  if (members == 1) return {};
  Vector<T> own(weights.size() * members);
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = weights[i / members];
  return own;
}

// The gradient of the penalties, added to that of the loss.
void add_penalty(const Regularisation& regularisation, std::span<const ParameterBlock> blocks,
                 std::span<const double> theta, std::span<double> gradient) {
  for (const ParameterBlock& block : blocks) {
    if (!block.decays) continue;
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      gradient[i] += regularisation.l1 * numbers::sign(theta[i]) + regularisation.l2 * theta[i];
  }
}

}  // namespace

template <class T>
NetworkObjective<T>::NetworkObjective(Network<T>& network, const Problem& problem, Team* team)
    : network_(network),
      loss_(problem.loss),
      data_(problem.data),
      targets_(own_targets(problem.data.targets, problem.label_smoothing, network.members())),
      weights_(own_weights(problem.data.weights, network.members())),
      regularisation_(problem.regularisation),
      total_weight_(neurone::total_weight<T>(targets(0, data_.rows()))),
      only_dense_(std::ranges::all_of(
          network.spec().layers, [](const LayerSpec& each) { return std::holds_alternative<layers::Dense>(each); })),
      workspace_(network, std::min(rows_at_once, data_.rows()), WorkspaceFor::training, team),
      one_row_(network, 1, WorkspaceFor::training),
      workbench_(team) {}

template <class T> void NetworkObjective<T>::put(std::span<const double> theta) {
  const std::span<T> parameters = network_.parameters();
  assert(theta.size() == parameters.size());
  std::ranges::transform(theta, parameters.begin(), [](double each) { return static_cast<T>(each); });
}

template <class T> Targets<T> NetworkObjective<T>::targets(std::size_t first, std::size_t count) const {
  const std::size_t members = network_.members();
  const std::span<const T> weights(weights_.empty() ? data_.weights : weights_);
  return {.values = (targets_.empty() ? data_.targets : targets_).view().rows(first * members, count * members),
          .weights = weights.empty() ? weights : weights.subspan(first * members, count * members)};
}

// What a row's loss counts in the mean.
template <class T> double NetworkObjective<T>::row_weight(std::size_t row) const {
  return (data_.weights.empty() ? 1 : static_cast<double>(data_.weights[row])) / total_weight_;
}

// Of a block, which is asked for again on the way back.
template <class T> ConstMatrixView<T> NetworkObjective<T>::inputs(std::size_t first, std::size_t count) {
  if (block_.X.rows() == 0 || block_.first != first || block_.X.rows() != count)
    block_ = {.first = first, .X = data_.X.rows(first, count, room_)};
  return block_.X;
}

// What the loss reads of a block: logits or outputs, in the workspace.
template <class T> ConstMatrixView<T> NetworkObjective<T>::outputs_of_block(std::size_t first, std::size_t count) {
  const ConstMatrixView<T> A = network_.forward({}, inputs(first, count), workspace_);
  return loss_.takes_logits() ? ConstMatrixView<T>(workspace_.Z(network_.size() - 1)) : A;
}

template <class T> std::size_t NetworkObjective<T>::counted_rows() const {
  const auto without = std::ranges::count(data_.weights, T(0));
  return data_.rows() - static_cast<std::size_t>(without);
}

// Forward and the loss of a block, with its gradient in the workspace; returns the loss's share of F.
template <class T> double NetworkObjective<T>::run_block(std::size_t first, std::size_t count) {
  const ConstMatrixView<T> Y = outputs_of_block(first, count);
  const Targets<T> aims = targets(first, count);
  return loss_.operator()<T>(Y, aims, workspace_.output_gradient()) * neurone::total_weight(aims) / total_weight_;
}

template <class T> double NetworkObjective<T>::value(std::span<const double> theta) {
  put(theta);
  double sum = penalty<double>(regularisation_, theta, network_.parameter_blocks());
  for (std::size_t first = 0; first < data_.rows(); first += workspace_.capacity())
    sum += run_block(first, std::min(workspace_.capacity(), data_.rows() - first));
  return sum;
}

template <class T> double NetworkObjective<T>::gradient(std::span<const double> theta, std::span<double> gradient) {
  put(theta);
  std::ranges::fill(gradient, 0.0);
  double sum = penalty<double>(regularisation_, theta, network_.parameter_blocks());
  for (std::size_t first = 0; first < data_.rows(); first += workspace_.capacity()) {
    const std::size_t count = std::min(workspace_.capacity(), data_.rows() - first);
    sum += run_block(first, count);
    network_.backward({}, inputs(first, count), from(), workspace_);
    const double share = neurone::total_weight(targets(first, count)) / total_weight_;
    const std::span<const T> found = workspace_.gradient();
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += share * static_cast<double>(found[i]);
  }
  add_penalty(regularisation_, network_.parameter_blocks(), theta, gradient);
  return sum;
}

// √w B of one sample, outputs × outputs, at what the loss reads of it.
template <class T>
void NetworkObjective<T>::weigh_curvature(std::size_t row, std::span<const T> outputs, MatrixView<double> B) const {
  const std::span<const T> aims = targets(row, 1).values.elements();
  const std::vector<double> y(outputs.begin(), outputs.end()), t(aims.begin(), aims.end());
  curvature_factor(loss_, y, t, B);
  const double root = std::sqrt(row_weight(row));
  for (double& each : B.elements()) each *= root;
}

// The rows of √w B J_y of one sample, J_y the Jacobian of its outputs: outputs × parameters. The network holds θ.
template <class T> void NetworkObjective<T>::write_jacobian(std::size_t row, MatrixView<double> J) {
  const ConstMatrixView<T> x = data_.X.rows(row, 1, room_of_row_);
  const ConstMatrixView<T> A = network_.forward({}, x, one_row_);
  const ConstMatrixView<T> Y = loss_.takes_logits() ? one_row_.Z(network_.size() - 1) : A;
  Matrix<double> B(outputs(), outputs());
  weigh_curvature(row, Y[0], B);
  for (std::size_t j = 0; j < outputs(); ++j) {
    std::ranges::transform(B[j], one_row_.output_gradient()[0].begin(),
                           [](double each) { return static_cast<T>(each); });
    network_.backward({}, x, from(), one_row_);
    std::ranges::copy(one_row_.gradient(), J[j].begin());
  }
}

// The same for a block of rows at once where all layers are dense: a sample's dW is its x beside its dz, xᵀ dz, and
// what a way back leaves in the workspace has both of every sample.
template <class T>
void NetworkObjective<T>::write_jacobian_of_block(std::size_t first, std::size_t count, MatrixView<double> J) {
  const ConstMatrixView<T> X = inputs(first, count), Y = outputs_of_block(first, count);
  Matrix<double> B(count * outputs(), outputs());
  for (std::size_t i = 0; i < count; ++i) weigh_curvature(first + i, Y[i], B.view().rows(i * outputs(), outputs()));
  for (std::size_t j = 0; j < outputs(); ++j) {
    for (std::size_t i = 0; i < count; ++i)
      std::ranges::transform(B[i * outputs() + j], workspace_.output_gradient()[i].begin(),
                             [](double each) { return static_cast<T>(each); });
    network_.backward({}, X, from(), workspace_);
    std::size_t at = 0;  // where a layer's parameters begin
    for (std::size_t l = 0; l < network_.size(); ++l) {
      const ConstMatrixView<T> x = l == 0 ? X : ConstMatrixView<T>(workspace_.A(l - 1)), dz = workspace_.dZ(l);
      const bool bias = std::get<layers::Dense>(network_.spec().layers[l]).bias;
      for (std::size_t i = 0; i < count; ++i) {
        double* row = J[i * outputs() + j].data() + at;
        for (const T each : x[i])
          for (const T d : dz[i]) *row++ = static_cast<double>(each) * static_cast<double>(d);
        if (bias) std::ranges::copy(dz[i], row);
      }
      at += (x.columns() + (bias ? 1 : 0)) * dz.columns();
    }
  }
}

// Calls visit(first row, J) for blocks of rows, J: rows · outputs × parameters.
template <class T> template <class Visit> void NetworkObjective<T>::in_blocks_of_jacobian(Visit visit) {
  Matrix<double> J(workspace_.capacity() * outputs(), size());
  for (std::size_t first = 0; first < data_.rows(); first += workspace_.capacity()) {
    const std::size_t count = std::min(workspace_.capacity(), data_.rows() - first);
    if (only_dense_)
      write_jacobian_of_block(first, count, J);
    else
      for (std::size_t i = 0; i < count; ++i) write_jacobian(first + i, J.view().rows(i * outputs(), outputs()));
    visit(first, ConstMatrixView<double>(J.view().rows(0, count * outputs())));
  }
}

template <class T>
double NetworkObjective<T>::curvature(std::span<const double> theta, std::span<double> gradient,
                                      MatrixView<double> H) {
  const double value = this->gradient(theta, gradient);
  std::ranges::fill(H.elements(), 0.0);
  if (!std::isfinite(value)) return value;
  Matrix<double> of_block(H.rows(), H.columns());
  in_blocks_of_jacobian([&](std::size_t, ConstMatrixView<double> J) {
    weight_gradient<double>(J, J, of_block, {}, workbench_);  // JᵀJ
    for (std::size_t i = 0; i < H.size(); ++i) H.elements()[i] += of_block.elements()[i];
  });
  for (const ParameterBlock& block : network_.parameter_blocks())
    for (std::size_t i = block.offset; block.decays && i < block.offset + block.size(); ++i)
      H(i, i) += regularisation_.l2;
  return value;
}

// ÿ by differences over a tenth of the direction (Transtrum and Sethna 2012, section 2), then one way back.
template <class T>
void NetworkObjective<T>::bend(std::span<const double> theta, std::span<const double> direction,
                               std::span<double> bend) {
  constexpr double h = 0.1;
  Matrix<double> bent(data_.rows(), outputs());  // y(θ + hδ) + y(θ − hδ), then less 2 y(θ), over h²
  std::vector<double> moved(theta.size());
  const auto in_blocks = [&](const auto& visit) {
    for (std::size_t first = 0; first < data_.rows(); first += workspace_.capacity())
      visit(first, std::min(workspace_.capacity(), data_.rows() - first));
  };
  for (const double side : {h, -h}) {
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = theta[i] + side * direction[i];
    put(moved);
    in_blocks([&](std::size_t first, std::size_t count) {
      const ConstMatrixView<T> Y = outputs_of_block(first, count);
      const std::span<double> sums = bent.view().rows(first, count).elements();
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(Y.elements()[i]);
    });
  }
  put(theta);
  std::ranges::fill(bend, 0.0);
  in_blocks([&](std::size_t first, std::size_t count) {
    const ConstMatrixView<T> Y = outputs_of_block(first, count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<double> second = bent[first + i];
      for (std::size_t j = 0; j < second.size(); ++j)
        second[j] = (second[j] - 2 * static_cast<double>(Y(i, j))) / (h * h);
      seed_bend(first + i, Y[i], second, workspace_.output_gradient()[i]);
    }
    network_.backward({}, inputs(first, count), from(), workspace_);
    for (std::size_t i = 0; i < bend.size(); ++i) bend[i] += static_cast<double>(workspace_.gradient()[i]);
  });
}

// w BᵀB ÿ of one row, where the way back begins.
template <class T>
void NetworkObjective<T>::seed_bend(std::size_t row, std::span<const T> outputs, std::span<const double> bent,
                                    std::span<T> dY) {
  Matrix<double> B(outputs.size(), outputs.size());
  weigh_curvature(row, outputs, B);
  std::vector<double> seed(outputs.size());
  for (std::size_t i = 0; i < seed.size(); ++i) add(dot(B[i], bent), B[i], seed);
  std::ranges::transform(seed, dY.begin(), [](double each) { return static_cast<T>(each); });
}

template <class T> double NetworkObjective<T>::residuals(std::span<const double> theta, const ResidualBlock& visit) {
  put(theta);
  double sum = penalty<double>(regularisation_, theta, network_.parameter_blocks());
  std::vector<double> r(workspace_.capacity() * outputs());
  in_blocks_of_jacobian([&](std::size_t first, ConstMatrixView<double> J) {
    const std::size_t count = J.rows() / outputs();
    sum += run_block(first, count);
    const ConstMatrixView<T> A = workspace_.A(network_.size() - 1), aims = targets(first, count).values;
    for (std::size_t i = 0; i < J.rows() && is_sum_of_squares(); ++i) {
      const double scale = std::sqrt(2 * row_weight(first + i / outputs()) / static_cast<double>(outputs()));
      r[i] = scale * (static_cast<double>(A.elements()[i]) - static_cast<double>(aims.elements()[i]));
    }
    visit(J, std::span<const double>(r).first(J.rows()));
  });
  Matrix<double> penalised(1, regularisation_.l2 > 0 ? size() : 0);  // ½ λ w² = ½ (√λ w)²
  for (const ParameterBlock& block : network_.parameter_blocks()) {
    if (!block.decays || penalised.empty()) continue;
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      penalised(0, i) = std::sqrt(regularisation_.l2);
      const double own = penalised(0, i) * theta[i];
      visit(penalised, {&own, 1});
      penalised(0, i) = 0;
    }
  }
  return sum;
}

template <class T> std::vector<std::size_t> NetworkObjective<T>::reference() const {
  const auto* last = std::get_if<layers::Dense>(&network_.spec().layers.back());
  const std::string_view output = network_.layer(network_.size() - 1).activation().name();
  if (last == nullptr || (output != activations::Softmax::name && output != activations::LogSoftmax::name)) return {};
  std::vector<std::size_t> places;
  for (const ParameterBlock& block : std::span(network_.parameter_blocks()).last(last->bias ? 2 : 1))
    for (std::size_t i = 0; i < block.rows; ++i) places.push_back(block.offset + i * block.columns);
  return places;
}

// Biases first: of one-hot columns, which sum to 1, the last is given up and not the constant. The reference last: it
// is what softmax can do without.
template <class T> std::vector<std::size_t> NetworkObjective<T>::precedence() const {
  const std::vector<std::size_t> reference = this->reference();
  std::vector<std::size_t> order;
  for (const bool weights : {false, true})
    for (const ParameterBlock& block : network_.parameter_blocks())
      for (std::size_t i = block.offset; block.decays == weights && i < block.offset + block.size(); ++i)
        if (std::ranges::find(reference, i) == reference.end()) order.push_back(i);
  order.insert(order.end(), reference.begin(), reference.end());
  return order;
}

template <class T> double NetworkObjective<T>::collinearity() const {
  return std::is_same_v<T, float> ? 1e-4 : 1e-10;
}

template <class T>
void check_solver_fits(const solvers::Any& method, const Network<T>& network, const Loss& loss,
                       const Regularisation& regularisation) {
  const std::string name(choice_name(method));
  for (const LayerSpec& layer : network.spec().layers) {
    const std::string_view kind = choice_name(layer);
    if (kind == layers::Dropout::name || kind == layers::BatchNorm::name)
      throw UsageError(name + " looks at all rows with one θ, which " + std::string(kind) + " does not let it");
  }
  if (network.members() > 1) throw UsageError(name + " cannot train a network of several members");
  if (regularisation.weight_decay.value_or(0) > 0)
    throw UsageError("weight decay belongs to the step of an update rule: with " + name + " use an l2 penalty");
  if (regularisation.l1 > 0 && !std::holds_alternative<solvers::Rprop>(method))
    throw UsageError("an l1 penalty has a kink at 0, where " + name + " cannot go: use l2, or rprop");

  const bool least_squares = std::holds_alternative<solvers::LeastSquares>(method);
  const bool newton = std::holds_alternative<solvers::Newton>(method);
  const Activation& output = network.layer(network.size() - 1).activation();
  if ((least_squares || newton) &&
      (network.size() != 1 || choice_name(network.spec().layers.front()) != layers::Dense::name))
    throw UsageError(name + " is for a network without hidden layers, found " + std::to_string(network.size()) +
                     " layers");
  if (least_squares && (loss.name() != losses::SquaredError::name || !output.is_identity()))
    throw UsageError("least-squares needs loss squared_error and the output activation identity, found " +
                     std::string(loss.name()) + " and " + std::string(output.name()));
  if (!least_squares && !newton && !std::holds_alternative<solvers::LevenbergMarquardt>(method)) return;
  if (!has_curvature(loss))
    throw UsageError(name + " needs a loss with a second derivative (" + curved_losses() + "), found " +
                     std::string(loss.name()));
  constexpr std::size_t most = 8192;  // half a gigabyte for a matrix
  if (network.parameters().size() > most)
    throw UsageError(name + " keeps a matrix of parameters × parameters: expected at most " + std::to_string(most) +
                     " parameters, found " + std::to_string(network.parameters().size()) +
                     ". lbfgs has no such limit");
}

#define NEURONE_INSTANTIATE(T)        \
  template class NetworkObjective<T>; \
  template void check_solver_fits<T>(const solvers::Any&, const Network<T>&, const Loss&, const Regularisation&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
