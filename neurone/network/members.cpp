// What the members of a network say together: the mean of their outputs, and the logits of that mean.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "neurone/network/network.h"

namespace neurone {
namespace {

// log p; one that is too small for a double counts as the least: a logit is finite where the numbers before it are
double log_of_probability(double p) {
  return std::log(std::max(p, std::numeric_limits<double>::min()));
}

// Of M sigmoids: log(Σ φ(z_m) / Σ φ(−z_m)), both sums without a difference from 1.
template <class T> double logit_of_sigmoids(ConstMatrixView<T> Z) {
  double yes = 0, no = 0;
  for (const T each : Z.elements()) {
    const auto z = static_cast<double>(each);
    const double e = std::exp(-std::abs(z)), likely = 1 / (1 + e), unlikely = e / (1 + e);
    yes += z < 0 ? unlikely : likely;
    no += z < 0 ? likely : unlikely;
  }
  return log_of_probability(yes) - log_of_probability(no);
}

// Of M softmaxes: log Σ_m S_j(z_m), with room for a row.
template <class T> void logits_of_softmaxes(ConstMatrixView<T> Z, std::span<double> room, std::span<double> L) {
  std::ranges::fill(L, 0);
  for (std::size_t m = 0; m < Z.rows(); ++m) {
    const std::span<const T> z = Z[m];
    const auto highest = static_cast<double>(*std::ranges::max_element(z));
    double sum = 0;
    for (std::size_t j = 0; j < z.size(); ++j) sum += room[j] = std::exp(static_cast<double>(z[j]) - highest);
    for (std::size_t j = 0; j < z.size(); ++j) L[j] += room[j] / sum;
  }
  for (double& each : L) each = log_of_probability(each);
}

}  // namespace

template <class T> void mean_of_members(ConstMatrixView<T> A, std::size_t members, MatrixView<T> Y) {
  assert(A.rows() == Y.rows() * members);
  if (members == 1) {
    std::ranges::copy(A.elements(), Y.elements().begin());
    return;
  }
  for (std::size_t i = 0; i < Y.rows(); ++i)
    for (std::size_t j = 0; j < Y.columns(); ++j) {
      T sum(0);
      for (std::size_t m = 0; m < members; ++m) sum += A(i * members + m, j);
      Y(i, j) = sum / static_cast<T>(members);
    }
}

template <class T> void logits_of_members(ConstMatrixView<T> Z, std::size_t members, MatrixView<double> L) {
  assert(Z.rows() == L.rows() * members && Z.columns() == L.columns());
  if (members == 1) {
    std::ranges::copy(Z.elements(), L.elements().begin());
    return;
  }
  std::vector<double> room(L.columns());
  for (std::size_t i = 0; i < L.rows(); ++i)
    if (L.columns() == 1)
      L(i, 0) = logit_of_sigmoids<T>(Z.rows(i * members, members));
    else
      logits_of_softmaxes<T>(Z.rows(i * members, members), room, L[i]);
}

template void mean_of_members<float>(ConstMatrixView<float>, std::size_t, MatrixView<float>);
template void mean_of_members<double>(ConstMatrixView<double>, std::size_t, MatrixView<double>);
template void logits_of_members<float>(ConstMatrixView<float>, std::size_t, MatrixView<double>);
template void logits_of_members<double>(ConstMatrixView<double>, std::size_t, MatrixView<double>);

}  // namespace neurone
