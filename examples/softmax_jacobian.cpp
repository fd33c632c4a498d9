// Softmax maps Rⁿ to Rⁿ, so its derivative is a Jacobian, D_j S_i = S_i (δ_ij − S_j). Backpropagation needs only a
// row times that matrix, and does it without the matrix: dZ_j = S_j (dA_j − ⟨dA, S⟩).
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "neurone/neurone.h"

int main() {
  using namespace neurone;
  using activations::Softmax;
  constexpr std::size_t n = 4;
  const std::array<double, n> z{1, 2, 3, 0}, dA{0.5, -1, 2, 0.25};
  bool right = true;
  const auto check = [&](double found, double expected) { right = right && std::abs(found - expected) < 1e-9; };

  std::array<double, n> S{};
  Softmax::value<double>(z, S);
  std::printf("S = [");
  for (const double s : S) std::printf(" %.4f", s);
  std::printf(" ], sum %.4f\n\nD_j S_i, row i, column j:\n", S[0] + S[1] + S[2] + S[3]);
  check(S[0] + S[1] + S[2] + S[3], 1);

  const Matrix<double> D = softmax_jacobian(S);
  for (std::size_t i = 0; i < n; ++i) {
    double row = 0, column = 0;
    for (std::size_t j = 0; j < n; ++j) {
      // the same by (S_i(z + h e_j) − S_i(z − h e_j)) / 2h
      constexpr double h = 1e-5;
      std::array<double, n> above = z, below = z;
      above[j] += h;
      below[j] -= h;
      Softmax::value<double>(above, above);
      Softmax::value<double>(below, below);
      check(D(i, j), (above[i] - below[i]) / (2 * h));
      std::printf(" %8.4f", D(i, j));
      row += D(i, j);
      column += D(j, i);
    }
    std::printf("   sums: row %.4f, column %.4f\n", std::abs(row), std::abs(column));
    check(row, 0);
    check(column, 0);
  }

  std::array<double, n> dZ{};
  Softmax::backward<double>(z, S, dA, dZ);
  std::printf("\n      dA · D   backward\n");
  for (std::size_t j = 0; j < n; ++j) {
    double product = 0;  // Σ_i dA_i D_j S_i
    for (std::size_t i = 0; i < n; ++i) product += dA[i] * D(i, j);
    std::printf(" %11.6f %10.6f\n", product, dZ[j]);
    check(product, dZ[j]);
  }
  return right ? 0 : 1;
}
