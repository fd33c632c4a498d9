// Everything a network remembers of one batch, allocated once for the largest batch: a step allocates nothing.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/math/products.h"

namespace neurone {

template <class T> class Network;

enum class WorkspaceFor { prediction, training };

template <class T> class Workspace {
 public:
  /// For batches of up to `batch` rows. One for prediction has no room for gradients. Without a team, one thread does
  /// the work; the team outlives the workspace. Throws Error when it is too large to be counted.
  Workspace(const Network<T>& network, std::size_t batch, WorkspaceFor use, Team* team = nullptr,
            Factors factors = Factors::full);

  std::size_t capacity() const { return capacity_; }
  /// Rows of the batch it holds.
  std::size_t rows() const { return rows_; }

  /// Of layer l and the batch it holds, rows · copies of the layer × outputs: Z = XW + b, A = σ(Z), dZ = dL/dZ.
  MatrixView<T> Z(std::size_t l) { return held(layers_[l].Z, l); }
  MatrixView<T> A(std::size_t l) { return layers_[l].A.empty() ? Z(l) : held(layers_[l].A, l); }
  MatrixView<T> dZ(std::size_t l) { return held(layers_[l].dZ, l); }
  std::span<T> scratch(std::size_t l) { return layers_[l].scratch; }
  std::span<const T> scratch(std::size_t l) const { return layers_[l].scratch; }

  /// Where the gradient of the loss with respect to the last layer's Z or A is to be written before backward.
  MatrixView<T> output_gradient() { return dZ(layers_.size() - 1); }
  /// dL/dθ, in θ's layout.
  std::span<T> gradient() { return gradient_; }
  /// What products work with.
  Workbench<T>& workbench() { return workbench_; }

 private:
  friend class Network<T>;

  void hold(std::size_t rows) {
    assert(rows <= capacity_);
    rows_ = rows;
  }

  MatrixView<T> held(Matrix<T>& buffer, std::size_t l) { return buffer.view().rows(0, rows_ * layers_[l].copies); }

  struct Buffers {
    std::size_t copies = 1;
    Matrix<T> Z;        // capacity · copies × outputs
    Matrix<T> A;        // the same; empty where σ is the identity and A is Z
    Matrix<T> dZ;       // the same; empty for prediction
    Vector<T> scratch;  // what the layer asked for
  };

  std::size_t capacity_;
  std::size_t rows_ = 0;
  std::vector<Buffers> layers_;
  Vector<T> gradient_;
  Workbench<T> workbench_;
};

}  // namespace neurone
