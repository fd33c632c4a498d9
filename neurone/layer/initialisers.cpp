// Draws the elements of W; the spreads and their sources are in initialisers.h.
// Biases, gains and shifts are left to their layers.
#include "neurone/layer/initialisers.h"

#include <cmath>
#include <numbers>

#include "neurone/math/reference_products.h"

namespace neurone {
namespace {

// Random normal rows made orthonormal one after the other (Gram–Schmidt, twice for exactness).
Matrix<double> orthonormal_rows(std::size_t rows, std::size_t columns, Random& random) {
  Matrix<double> Q(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (double& q : Q[i]) q = random.normal();
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t before = 0; before < i; ++before) {
        const double along = reference::dot<double>(Q[before], Q[i]);
        for (std::size_t j = 0; j < columns; ++j) Q(i, j) -= along * Q(before, j);
      }
      const double length = std::sqrt(reference::dot<double>(Q[i], Q[i]));
      for (double& q : Q[i]) q /= length;
    }
  }
  return Q;
}

template <class T> void fill(const initialisers::Orthogonal& orthogonal, Random& random, MatrixView<T> W) {
  const bool tall = W.rows() > W.columns();
  const Matrix<double> Q =
      tall ? orthonormal_rows(W.columns(), W.rows(), random) : orthonormal_rows(W.rows(), W.columns(), random);
  for (std::size_t i = 0; i < W.rows(); ++i)
    for (std::size_t j = 0; j < W.columns(); ++j)
      W(i, j) = static_cast<T>(orthogonal.gain * (tall ? Q(j, i) : Q(i, j)));
}

template <class T> void fill(const initialisers::Zeros&, Random&, MatrixView<T> W) {
  for (T& w : W.elements()) w = T(0);
}

template <class T> void fill(const initialisers::Constant& constant, Random&, MatrixView<T> W) {
  for (T& w : W.elements()) w = static_cast<T>(constant.value);
}

template <class Scaled, class T> void fill(const Scaled& scaled, Random& random, MatrixView<T> W) {
  const auto d = static_cast<double>(W.rows()), n = static_cast<double>(W.columns());
  const double deviation = std::sqrt(scaled.gain / (scaled.fan == initialisers::Fan::in ? d : (d + n) / 2));
  for (T& w : W.elements()) {
    if (scaled.draw == initialisers::Draw::normal)
      w = static_cast<T>(deviation * random.normal());
    else
      w = static_cast<T>(deviation * std::numbers::sqrt3 * (2 * random.uniform() - 1));
  }
}

}  // namespace

initialisers::Any default_initialiser(const Activation& activation) {
  switch (activation.start()) {
    case activations::Start::he:
      return initialisers::HeUniform{};
    case activations::Start::lecun:
      return initialisers::LeCunUniform{};
    case activations::Start::glorot:
      break;
  }
  return initialisers::GlorotUniform{};
}

template <class T> void initialise(const initialisers::Any& initialiser, Random& random, MatrixView<T> W) {
  std::visit([&](const auto& each) { fill(each, random, W); }, initialiser);
}

template void initialise<float>(const initialisers::Any&, Random&, MatrixView<float>);
template void initialise<double>(const initialisers::Any&, Random&, MatrixView<double>);

}  // namespace neurone
