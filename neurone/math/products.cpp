// The products of a dense layer, shared out among threads, their factors packed where that pays. The order of pieces
// and tiles is in pieces.h, the block itself is computed by products.lanes.cpp.
#include "neurone/math/products.h"

#include <algorithm>
#include <cassert>
#include <type_traits>

#include "neurone/math/bf16_kernels.h"
#include "neurone/math/pieces.h"
#include "neurone/math/product.h"
#include "neurone/math/product_kernels.h"

namespace neurone {
namespace {

const ProductKernels<float>& product_kernels(float) {
  return NEURONE_KERNELS(products_in_float);
}
const ProductKernels<double>& product_kernels(double) {
  return NEURONE_KERNELS(products_in_double);
}

// B's rows k … k + depth − 1, columns j … j + columns − 1 as panels of `width` columns, one behind the other, each
// depth × width; the last is filled up with zeros.
template <class T>
void pack_panels(const Product<T>& product, std::size_t k, std::size_t depth, std::size_t j, std::size_t columns,
                 std::size_t width, T* to) {
  const ProductKernels<T>& kernel = product_kernels(T());
  for (std::size_t c = 0; c < columns; c += width, to += depth * width) {
    const std::size_t here = std::min(width, columns - c);
    const T* const from = product.B_at(k, j + c);
    if (product.B_order == Order::as_it_is) {
      kernel.panel(from, product.B_step, depth, here, to, width);
    } else {
      kernel.transpose(from, product.B_step, here, depth, to, width);
      for (std::size_t i = 0; i < depth && here < width; ++i)
        std::fill(to + i * width + here, to + (i + 1) * width, T(0));
    }
  }
}

// Is it better to leave B where it is? Packing costs about as much as two rows of the product.
template <class T> bool stays(const Product<T>& product, std::size_t columns, std::size_t width) {
  constexpr std::size_t few_rows = 96;
  return product.B_order == Order::as_it_is && product.rows <= few_rows && columns % width == 0;
}

// Would rows of A that are `step` apart fall into the same few sets of a first-level cache?
template <class T> bool collide(std::size_t step) {
  return step * sizeof(T) % 2048 == 0;
}

// A few rows of C, B read where it is, 8 vectors of columns at a time.
template <class T> void multiply_rows(const Product<T>& product, Finish finish) {
  const ProductKernels<T>& kernel = product_kernels(T());
  for (std::size_t i = 0; i < product.rows; ++i) {
    for (std::size_t j = 0; j < product.columns; j += kernel.wide) {
      kernel.row({.rows = 1,
                  .columns = std::min(kernel.wide, product.columns - j),
                  .depth = product.depth,
                  .A = product.A_at(i, 0),
                  .row_step = 0,
                  .depth_step = product.A_order == Order::as_it_is ? 1 : product.A_step,
                  .B = product.B_at(0, j),
                  .B_step = product.B_step,
                  .start = product.start == nullptr ? nullptr : product.start + j,
                  .start_step = 0,
                  .C = product.C + i * product.C_step + j,
                  .C_step = product.C_step});
    }
  }
  if (finish && product.rows > 0 && product.columns > 0) finish(product.place);
}

// Factors as they are, for multiply_by_pieces. B is packed into panels unless it may stay where it is; A is read
// where it is unless its rows collide in a cache.
template <class T> class FullFormat {
 public:
  FullFormat(const Product<T>& product, Workbench<T>& workbench, std::size_t member)
      : product_(product), A_memory_(workbench.A_of(member)), B_memory_(workbench.B_of(member)) {}

  std::size_t most_rows() const { return kernel_.rows; }
  std::size_t most_depth() const { return Workbench<T>::depth; }
  std::size_t width(std::size_t columns) const {
    return std::min(kernel_.columns, rounded_up(columns, kernel_.vector));
  }

  void take_piece(std::size_t k, std::size_t depth, std::size_t j, std::size_t columns) {
    const std::size_t panel = width(columns);
    if (stays(product_, columns, panel)) {
      B_ = product_.B_at(k, j);
      B_column_step_ = 1;
      block_.B_step = product_.B_step;
    } else {
      pack_panels(product_, k, depth, j, columns, panel, B_memory_);
      B_ = B_memory_;
      B_column_step_ = depth;  // a panel is depth × its width
      block_.B_step = panel;
    }
  }

  void take_tile(std::size_t i, std::size_t rows, std::size_t k, std::size_t depth) {
    block_.rows = rows;
    block_.depth = depth;
    const T* const A = product_.A_at(i, k);
    if (packs_tile_ && by_rows_)
      kernel_.panel(A, product_.A_step, rows, depth, A_memory_, Workbench<T>::A_step);
    else if (packs_tile_)
      kernel_.panel(A, product_.A_step, depth, rows, A_memory_, Workbench<T>::most_rows);
    const std::size_t copied_step = by_rows_ ? Workbench<T>::A_step : Workbench<T>::most_rows;
    const std::size_t step = packs_tile_ ? copied_step : product_.A_step;
    block_.A = packs_tile_ ? A_memory_ : A;
    block_.row_step = by_rows_ ? step : 1;
    block_.depth_step = by_rows_ ? 1 : step;
  }

  void sum(std::size_t column, const BlockOfC<T>& C) {
    block_.columns = C.columns;
    block_.B = B_ + column * B_column_step_;
    block_.start = C.start;
    block_.start_step = C.start_step;
    block_.C = C.C;
    block_.C_step = product_.C_step;
    kernel_.block(block_);
  }

 private:
  const ProductKernels<T>& kernel_ = product_kernels(T());
  const Product<T>& product_;
  T* A_memory_;
  T* B_memory_;
  bool by_rows_ = product_.A_order == Order::as_it_is;
  // a copy pays where it is read against many columns
  bool packs_tile_ = collide<T>(product_.A_step) && product_.columns > 2 * kernel_.columns;
  const T* B_ = nullptr;
  std::size_t B_column_step_ = 0;
  ProductBlock<T> block_{};
};

// The part of one member.
template <class T>
void multiply_part(const Product<T>& product, Workbench<T>& workbench, std::size_t member, Finish finish) {
  if constexpr (std::is_same_v<T, float>)
    if (workbench.factors() == Factors::bf16) return multiply_in_bf16(product, workbench, member, finish);
  constexpr std::size_t few_rows = 3;
  if (product.rows <= few_rows && product.B_order == Order::as_it_is) return multiply_rows(product, finish);
  FullFormat<T> format(product, workbench, member);
  multiply_by_pieces(product, workbench.look_ahead_of(member), finish, format);
}

// Shared out over the result, never over a sum: whole panels of columns where there are enough, else tiles of rows.
template <class T> void multiply(Product<T>&& product, Workbench<T>& workbench, Finish finish) {
  product.place = {.row = 0, .rows = product.rows, .column = 0, .columns = product.columns};
  const ProductKernels<T>& kernel = product_kernels(T());
  const double operations = 2 * static_cast<double>(product.rows) * static_cast<double>(product.columns) *
                            static_cast<double>(product.depth);
  const std::size_t members = workbench.members_for(operations);
  if (members == 1) return multiply_part(product, workbench, 0, finish);
  const bool by_columns = product.columns >= members * kernel.columns;
  const std::size_t all = by_columns ? product.columns : product.rows;
  const std::size_t unit = by_columns ? kernel.columns : kernel.rows;
  const std::size_t share = rounded_up((all + members - 1) / members, unit);
  workbench.team()->run((all + share - 1) / share, [&](std::size_t part, std::size_t member) {
    const std::size_t begin = part * share, count = std::min(share, all - begin);
    const Block block = by_columns ? Block{.row = 0, .rows = product.rows, .column = begin, .columns = count}
                                   : Block{.row = begin, .rows = count, .column = 0, .columns = product.columns};
    multiply_part(part_of(product, block), workbench, member, finish);
  });
}

}  // namespace

void check_factors(Factors factors) {
  if (factors == Factors::bf16 && !bf16::usable())
    throw UsageError("bf16: this processor does not multiply in bfloat16 (it has no AVX512_BF16)");
}

template <class T>
Workbench<T>::Workbench(Team* team, Factors factors)
    : team_(team), factors_(factors), memory_((team == nullptr ? 1 : team->size()) * (B_size + A_size)) {
  check_factors(factors);
  if (factors == Factors::bf16 && !std::is_same_v<T, float>)
    throw UsageError("bf16: products in bfloat16 are summed in float, not in double");
}

template <class T> std::size_t Workbench<T>::members_for(double operations) const {
  return team_ == nullptr ? 1 : std::min(team_->size(), threads_worth(operations));
}

template <class T>
void affine(ConstMatrixView<T> X, ConstMatrixView<T> W, std::span<const T> b, MatrixView<T> Z,
            Workbench<T>& workbench, Finish finish) {
  assert(X.columns() == W.rows() && Z.rows() == X.rows() && Z.columns() == W.columns());
  assert(b.empty() || b.size() == Z.columns());
  if (Z.columns() == 1) {  // one neuron: its weights lie side by side, and a sum runs along them
    for (std::size_t i = 0; i < Z.rows(); ++i)
      Z(i, 0) = product_kernels(T()).dot(X[i].data(), W.data(), W.rows()) + (b.empty() ? T(0) : b[0]);
    if (finish && Z.rows() > 0) finish({.row = 0, .rows = Z.rows(), .column = 0, .columns = 1});
    return;
  }
  multiply<T>({.rows = Z.rows(),
               .columns = Z.columns(),
               .depth = X.columns(),
               .A = X.data(),
               .A_order = Order::as_it_is,
               .A_step = X.columns(),
               .B = W.data(),
               .B_order = Order::as_it_is,
               .B_step = W.columns(),
               .start = b.empty() ? nullptr : b.data(),
               .C = Z.data(),
               .C_step = Z.columns()},
              workbench, finish);
}

template <class T>
void input_gradient(ConstMatrixView<T> dZ, ConstMatrixView<T> W, MatrixView<T> dX, Workbench<T>& workbench,
                    Finish finish) {
  assert(dZ.columns() == W.columns() && dX.rows() == dZ.rows() && dX.columns() == W.rows());
  const bool one_output = W.columns() == 1;
  multiply<T>({.rows = dX.rows(),
               .columns = dX.columns(),
               .depth = dZ.columns(),
               .A = dZ.data(),
               .A_order = Order::as_it_is,
               .A_step = dZ.columns(),
               .B = W.data(),
               .B_order = one_output ? Order::as_it_is : Order::transposed,  // a column is its own transpose
               .B_step = one_output ? W.rows() : W.columns(),
               .start = nullptr,
               .C = dX.data(),
               .C_step = dX.columns()},
              workbench, finish);
}

template <class T>
void weight_gradient(ConstMatrixView<T> X, ConstMatrixView<T> dZ, MatrixView<T> dW, std::span<T> db,
                     Workbench<T>& workbench) {
  assert(X.rows() == dZ.rows() && dW.rows() == X.columns() && dW.columns() == dZ.columns());
  assert(db.empty() || db.size() == dZ.columns());
  if (X.rows() == 0) {
    std::ranges::fill(dW.elements(), T(0));
    std::ranges::fill(db, T(0));
    return;
  }
  if (!db.empty()) product_kernels(T()).column_sums(dZ.data(), dZ.rows(), dZ.columns(), db.data());
  if (dZ.columns() == 1) {  // one neuron: dWᵀ = dZᵀ X, a single row
    multiply<T>({.rows = 1,
                 .columns = X.columns(),
                 .depth = X.rows(),
                 .A = dZ.data(),
                 .A_order = Order::as_it_is,
                 .A_step = dZ.rows(),
                 .B = X.data(),
                 .B_order = Order::as_it_is,
                 .B_step = X.columns(),
                 .start = nullptr,
                 .C = dW.data(),
                 .C_step = dW.rows()},
                workbench, {});
    return;
  }
  multiply<T>({.rows = X.columns(),
               .columns = dZ.columns(),
               .depth = X.rows(),
               .A = X.data(),
               .A_order = Order::transposed,
               .A_step = X.columns(),
               .B = dZ.data(),
               .B_order = Order::as_it_is,
               .B_step = dZ.columns(),
               .start = nullptr,
               .C = dW.data(),
               .C_step = dW.columns()},
              workbench, {});
}

#define NEURONE_INSTANTIATE(T)                                                                                      \
  template class Workbench<T>;                                                                                      \
  template void affine<T>(ConstMatrixView<T>, ConstMatrixView<T>, std::span<const T>, MatrixView<T>, Workbench<T>&, \
                          Finish);                                                                                  \
  template void input_gradient<T>(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>, Workbench<T>&, Finish);    \
  template void weight_gradient<T>(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>, std::span<T>,             \
                                   Workbench<T>&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
