// An activation σ as a value: chosen by name, applied to a batch, and its backward pass.
// The formulas are in activations.h.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/activation/activations.h"
#include "neurone/core/matrix.h"

namespace neurone {

namespace activations {

/// An activation of a whole row, whose derivative is a Jacobian (softmax).
template <class F>
concept Rowwise = requires(std::span<const double> z, std::span<double> a) { F::value(z, a); };

/// A = σ(Z), both batch × n. A may be Z.
template <class F, class T> void forward(ConstMatrixView<T> Z, MatrixView<T> A) {
  if constexpr (Rowwise<F>) {
    for (std::size_t i = 0; i < Z.rows(); ++i) F::template value<T>(Z[i], A[i]);
  } else {
    const std::span<const T> z = Z.elements();
    const std::span<T> a = A.elements();
    for (std::size_t i = 0; i < z.size(); ++i) a[i] = F::value(z[i]);
  }
}

/// dZ from dA, all batch × n. dZ may be dA.
template <class F, class T>
void backward(ConstMatrixView<T> Z, ConstMatrixView<T> A, ConstMatrixView<T> dA, MatrixView<T> dZ) {
  if constexpr (Rowwise<F>) {
    for (std::size_t i = 0; i < Z.rows(); ++i) F::template backward<T>(Z[i], A[i], dA[i], dZ[i]);
  } else {
    const std::span<const T> z = Z.elements(), a = A.elements(), da = dA.elements();
    const std::span<T> dz = dZ.elements();
    for (std::size_t i = 0; i < z.size(); ++i) dz[i] = da[i] * F::slope(z[i], a[i]);
  }
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
  bool is_identity() const { return entry_ == &entry<activations::Identity>; }

  /// A = σ(Z), both batch × n. A may be Z.
  void forward(ConstMatrixView<float> Z, MatrixView<float> A) const { entry_->in_float.forward(Z, A); }
  void forward(ConstMatrixView<double> Z, MatrixView<double> A) const { entry_->in_double.forward(Z, A); }

  /// dZ from dA, all batch × n. dZ may be dA.
  void backward(ConstMatrixView<float> Z, ConstMatrixView<float> A, ConstMatrixView<float> dA,
                MatrixView<float> dZ) const {
    entry_->in_float.backward(Z, A, dA, dZ);
  }
  void backward(ConstMatrixView<double> Z, ConstMatrixView<double> A, ConstMatrixView<double> dA,
                MatrixView<double> dZ) const {
    entry_->in_double.backward(Z, A, dA, dZ);
  }

  bool operator==(const Activation&) const = default;

 private:
  template <class T> struct Passes {
    void (*forward)(ConstMatrixView<T>, MatrixView<T>);
    void (*backward)(ConstMatrixView<T>, ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>);
  };
  struct Entry {
    std::string_view name, formula, derivative, range;
    activations::Start start;
    bool rowwise;
    Passes<float> in_float;
    Passes<double> in_double;
  };
  template <class F>
  static constexpr Entry entry{.name = F::name,
                               .formula = F::formula,
                               .derivative = F::derivative,
                               .range = F::range,
                               .start = F::start,
                               .rowwise = activations::Rowwise<F>,
                               .in_float = {activations::forward<F, float>, activations::backward<F, float>},
                               .in_double = {activations::forward<F, double>, activations::backward<F, double>}};

  explicit Activation(const Entry* which) : entry_(which) {}

  const Entry* entry_;
};

/// Every activation of the sheet, in its order.
const std::vector<Activation>& all_activations();

/// The activation of that name, from the sheet or from `own`, those of the caller.
/// Throws UsageError with the nearest name.
Activation find_activation(std::string_view name, std::span<const Activation> own = {});

/// The Jacobian of softmax at its value S (1 × n): n × n, element (i, j) is D_j S_i = S_i (δ_ij − S_j).
Matrix<double> softmax_jacobian(std::span<const double> S);

}  // namespace neurone
