// An activation σ as a value: chosen by name, applied to a batch, and its backward pass.
// The formulas are in activations.h.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "neurone/activation/activation_kernels.h"
#include "neurone/activation/activations.h"
#include "neurone/core/matrix.h"
#include "neurone/math/products.h"

namespace neurone {

namespace activations {

/// An activation of a whole row, whose derivative is a Jacobian (softmax).
template <class F>
concept Rowwise = requires(std::span<const double> z, std::span<double> a) { F::value(z, a); };

/// One that makes probabilities of logits, or their logarithms: what scales Z scales the logarithms of the odds.
template <class F>
concept OfLogits = requires { F::takes_logits; };

/// The plain loops over a block: the specification of those over lanes, and what runs an activation of your own.
template <class F, class T> struct Plain {
  static void forward(const T* Z, T* A, std::size_t step, std::size_t rows, std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i, Z += step, A += step) {
      if constexpr (Rowwise<F>)
        F::template value<T>({Z, columns}, {A, columns});
      else
        for (std::size_t j = 0; j < columns; ++j) A[j] = F::value(Z[j]);
    }
  }
  static void backward(const T* Z, const T* A, const T* dA, T* dZ, std::size_t step, std::size_t rows,
                       std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i, Z += step, A += step, dA += step, dZ += step) {
      if constexpr (Rowwise<F>)
        F::template backward<T>({Z, columns}, {A, columns}, {dA, columns}, {dZ, columns});
      else
        for (std::size_t j = 0; j < columns; ++j) dZ[j] = dA[j] * F::slope(Z[j], A[j]);
    }
  }
};

/// Where F stands in the sheet; −1: nowhere, it is somebody's own.
template <class F, class... Listed> constexpr int place_in(List<Listed...>) {
  int place = -1, at = 0;
  ((std::is_same_v<F, Listed> ? place = at++ : at++), ...);
  return place;
}

}  // namespace activations

/// A handle on one activation of the sheet, or on one of your own: `Activation::of<Mine>()`.
class Activation {
 public:
  template <class F> static Activation of() { return Activation(&entry<F>); }

  std::string_view name() const { return entry_->name; }
  std::string_view formula() const { return entry_->formula; }
  std::string_view derivative() const { return entry_->derivative; }
  std::string_view range() const { return entry_->range; }
  /// The spread of initial weights that suits it.
  activations::Start start() const { return entry_->start; }
  bool is_rowwise() const { return entry_->rowwise; }
  bool takes_logits() const { return entry_->takes_logits; }
  bool is_identity() const { return entry_ == &entry<activations::Identity>; }

  /// A = σ(Z), both batch × n. A may be Z.
  void forward(ConstMatrixView<float> Z, MatrixView<float> A) const { forward<float>(whole(A), Z, A); }
  void forward(ConstMatrixView<double> Z, MatrixView<double> A) const { forward<double>(whole(A), Z, A); }

  /// dZ from dA, all batch × n. dZ may be dA.
  void backward(ConstMatrixView<float> Z, ConstMatrixView<float> A, ConstMatrixView<float> dA,
                MatrixView<float> dZ) const {
    backward<float>(whole(dZ), Z, A, dA, dZ);
  }
  void backward(ConstMatrixView<double> Z, ConstMatrixView<double> A, ConstMatrixView<double> dA,
                MatrixView<double> dZ) const {
    backward<double>(whole(dZ), Z, A, dA, dZ);
  }

  /// The same for a block of them, of an activation that is not rowwise.
  template <class T> void forward(const Block& block, ConstMatrixView<T> Z, MatrixView<T> A) const {
    const std::size_t at = block.row * Z.columns() + block.column;
    passes<T>(Z.columns()).forward(Z.data() + at, A.data() + at, Z.columns(), block.rows, block.columns);
  }
  template <class T>
  void backward(const Block& block, ConstMatrixView<T> Z, ConstMatrixView<T> A, ConstMatrixView<T> dA,
                MatrixView<T> dZ) const {
    const std::size_t at = block.row * Z.columns() + block.column;
    passes<T>(Z.columns())
        .backward(Z.data() + at, A.data() + at, dA.data() + at, dZ.data() + at, Z.columns(), block.rows,
                  block.columns);
  }

  bool operator==(const Activation&) const = default;

 private:
  struct Entry {
    std::string_view name, formula, derivative, range;
    activations::Start start;
    bool rowwise, takes_logits;
    int place;  // in the sheet, where the passes over lanes are
    ActivationPasses<float> in_float;
    ActivationPasses<double> in_double;
  };
  template <class F>
  static constexpr Entry entry{
      .name = F::name,
      .formula = F::formula,
      .derivative = F::derivative,
      .range = F::range,
      .start = F::start,
      .rowwise = activations::Rowwise<F>,
      .takes_logits = activations::OfLogits<F>,
      .place = activations::place_in<F>(activations::All()),
      .in_float = {activations::Plain<F, float>::forward, activations::Plain<F, float>::backward},
      .in_double = {activations::Plain<F, double>::forward, activations::Plain<F, double>::backward}};

  explicit Activation(const Entry* which) : entry_(which) {}

  template <class T> static Block whole(MatrixView<T> M) {
    return {.row = 0, .rows = M.rows(), .column = 0, .columns = M.columns()};
  }
  /// Over lanes for one of the sheet, plain loops for one of your own and for rows too long for lanes.
  template <class T> const ActivationPasses<T>& passes(std::size_t columns) const;
  bool runs_over_lanes(std::size_t columns) const;

  const Entry* entry_;
};

template <> const ActivationPasses<float>& Activation::passes<float>(std::size_t columns) const;
template <> const ActivationPasses<double>& Activation::passes<double>(std::size_t columns) const;

/// Every activation of the sheet, in its order.
const std::vector<Activation>& all_activations();

/// The activation of that name, from the sheet or from `own`, those of the caller.
/// Throws UsageError with the nearest name.
Activation find_activation(std::string_view name, std::span<const Activation> own = {});

/// The Jacobian of softmax at its value S (1 × n): n × n, element (i, j) is D_j S_i = S_i (δ_ij − S_j).
Matrix<double> softmax_jacobian(std::span<const double> S);

}  // namespace neurone
