// The three products of a dense layer, as the lecture writes them: the plain specification that the fast ones of
// products.h are tested against. X is batch × d, W is d × n, b is 1 × n, Z and dZ are batch × n.
#pragma once

#include <span>

#include "neurone/core/matrix.h"

namespace neurone::reference {

/// Z = XW + b. An empty b is no bias. Z is overwritten.
template <class T> void affine(ConstMatrixView<T> X, ConstMatrixView<T> W, std::span<const T> b, MatrixView<T> Z);

/// dX = dZ Wᵀ. dX is overwritten.
template <class T> void input_gradient(ConstMatrixView<T> dZ, ConstMatrixView<T> W, MatrixView<T> dX);

/// dW = Xᵀ dZ and db = the column sums of dZ; an empty db is not written. Both are overwritten.
template <class T>
void weight_gradient(ConstMatrixView<T> X, ConstMatrixView<T> dZ, MatrixView<T> dW, std::span<T> db);

/// Σ a_i b_i, summed in 16 interleaved parts that are added pairwise at the end.
template <class T> T dot(std::span<const T> a, std::span<const T> b);

}  // namespace neurone::reference
