// The block kernel. With 32 vector registers a block is 14 rows of two vectors: 28 sums, two vectors of B and one
// number of A at a time. With 16 registers it is 6 rows of two vectors. Each step of the depth is a multiply-add for
// each sum, of which a processor can start one or two a cycle and has four cycles to wait: 8 sums would do, the rest
// saves loads. A single row takes 8 vectors of columns, for the same reason.
#include "neurone/math/lanes.h"
#include "neurone/math/product_kernels.h"

namespace neurone::NEURONE_LANES {
namespace {

#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t most_rows = 14;
#else
constexpr std::size_t most_rows = 6;
#endif
#if HWY_TARGET <= HWY_AVX3
constexpr bool halves_pay = true;
#else
constexpr bool halves_pay = false;
#endif
constexpr std::size_t most_vectors = 2;
constexpr std::size_t wide_vectors = 8;

template <class L, class T>
NEURONE_INLINE L start_of(const ProductBlock<T>& block, std::size_t i, std::size_t j, std::size_t lanes) {
  if (block.start == nullptr) return L(0);
  return L::load_some(block.start + i * block.start_step + j, lanes);
}

// Is A laid out by rows (forward: a row of X after the other) or by depth (Xᵀ)?
enum class Layout { by_rows, by_depth };

// Rows × (whole vectors and, for the last few columns, half a vector) of sums. Half a vector costs half the work
// where a processor adds 512 bits in two halves.
template <class T, std::size_t Rows, std::size_t Whole, bool half, Layout layout>
void sum_block(const ProductBlock<T>& block) {
  using L = Lanes<T>;
  using H = HalfLanes<T>;
  constexpr std::size_t width = L::count, kept = Whole == 0 ? 1 : Whole;
  const std::size_t behind = block.columns - Whole * width;  // columns in the half vector
  const std::size_t last = half ? width : width + behind;    // in the last whole one
  const auto lanes_of = [&](std::size_t v) { return v + 1 == Whole ? last : width; };

  L sums[Rows][kept];
  H half_sums[Rows];
  NEURONE_UNROLL for (std::size_t i = 0; i < Rows; ++i) {
    NEURONE_UNROLL for (std::size_t v = 0; v < Whole; ++v) sums[i][v] = start_of<L>(block, i, v * width, lanes_of(v));
    if constexpr (half) half_sums[i] = start_of<H>(block, i, Whole * width, behind);
  }
  // three rows share a pointer: x86 adds once or twice a register to it for free
  constexpr std::size_t pointers = (Rows + 2) / 3;
  const T* A[pointers];
  NEURONE_UNROLL for (std::size_t g = 0; g < pointers; ++g) A[g] = block.A + 3 * g * block.row_step;
  const T* B = block.B;
  const std::size_t row_step = block.row_step, depth_step = block.depth_step, B_step = block.B_step;
  for (std::size_t k = 0; k < block.depth; ++k) {
    L b[kept];
    H half_b;
    NEURONE_UNROLL for (std::size_t v = 0; v < Whole; ++v) b[v] = L::load(B + v * width);
    if constexpr (half) half_b = H::load(B + Whole * width);
    NEURONE_UNROLL for (std::size_t i = 0; i < Rows; ++i) {
      const T a = layout == Layout::by_rows ? A[i / 3][(i % 3) * row_step + k] : A[0][i];
      NEURONE_UNROLL for (std::size_t v = 0; v < Whole; ++v) sums[i][v] = multiply_add(L(a), b[v], sums[i][v]);
      if constexpr (half) half_sums[i] = multiply_add(H(a), half_b, half_sums[i]);
    }
    B += B_step;
    if constexpr (layout == Layout::by_depth) A[0] += depth_step;
  }
  NEURONE_UNROLL for (std::size_t i = 0; i < Rows; ++i) {
    T* const C = block.C + i * block.C_step;
    NEURONE_UNROLL for (std::size_t v = 0; v < Whole; ++v) sums[i][v].store_some(C + v * width, lanes_of(v));
    if constexpr (half) half_sums[i].store_some(C + Whole * width, behind);
  }
}

template <class T, std::size_t Whole, bool half> void sum_vectors(const ProductBlock<T>& block) {
  static constexpr auto sums = []<std::size_t... R>(std::index_sequence<R...>) {
    struct {
      void (*by_rows[most_rows])(const ProductBlock<T>&);
      void (*by_depth[most_rows])(const ProductBlock<T>&);
    } all{{sum_block<T, R + 1, Whole, half, Layout::by_rows>...},
          {sum_block<T, R + 1, Whole, half, Layout::by_depth>...}};
    return all;
  }(std::make_index_sequence<most_rows>());
  const bool by_rows = block.depth_step == 1 && block.row_step != 1;
  (by_rows ? sums.by_rows : sums.by_depth)[block.rows - 1](block);
}

template <class T> void sum(const ProductBlock<T>& block) {
  constexpr std::size_t width = Lanes<T>::count;
  const std::size_t whole = block.columns / width, behind = block.columns % width;
  if (halves_pay && behind > 0 && behind <= width / 2)
    whole == 1 ? sum_vectors<T, 1, halves_pay>(block) : sum_vectors<T, 0, halves_pay>(block);
  else
    whole + (behind > 0) == 2 ? sum_vectors<T, 2, false>(block) : sum_vectors<T, 1, false>(block);
}

// One row of C, Vectors vectors of it.
template <class T, std::size_t Vectors> void sum_row(const ProductBlock<T>& block) {
  using L = Lanes<T>;
  constexpr std::size_t width = L::count;
  const std::size_t last = block.columns - (Vectors - 1) * width;
  const auto lanes_of = [&](std::size_t v) { return v + 1 == Vectors ? last : width; };
  L sums[Vectors];
  NEURONE_UNROLL for (std::size_t v = 0; v < Vectors; ++v) sums[v] = start_of<L>(block, 0, v * width, lanes_of(v));
  const T* B = block.B;
  const T* A = block.A;
  const auto step = [&](auto whole) {
    const L a(*A);
    NEURONE_UNROLL for (std::size_t v = 0; v < Vectors; ++v) {
      const L b = whole || v + 1 < Vectors ? L::load(B + v * width) : L::load_some(B + v * width, last);
      sums[v] = multiply_add(a, b, sums[v]);
    }
    A += block.depth_step;
    B += block.B_step;
  };
  if (last == width) {
    for (std::size_t k = 0; k < block.depth; ++k) step(std::true_type());
  } else {
    for (std::size_t k = 0; k < block.depth; ++k) step(std::false_type());
  }
  NEURONE_UNROLL for (std::size_t v = 0; v < Vectors; ++v) sums[v].store_some(block.C + v * width, lanes_of(v));
}

template <class T> void sum_wide(const ProductBlock<T>& block) {
  static constexpr auto sums = []<std::size_t... V>(std::index_sequence<V...>) {
    struct {
      void (*of_vectors[wide_vectors])(const ProductBlock<T>&);
    } all{{sum_row<T, V + 1>...}};
    return all;
  }(std::make_index_sequence<wide_vectors>());
  sums.of_vectors[(block.columns - 1) / Lanes<T>::count](block);
}

template <class T> T dot(const T* a, const T* b, std::size_t n) {
  using L = Lanes<T>;
  constexpr std::size_t parts = 16, vectors = parts > L::count ? parts / L::count : 1;
  L sums[vectors];
  NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) sums[v] = L(0);
  std::size_t i = 0;
  for (; i + parts <= n; i += parts) NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) {
      const std::size_t at = i + v * L::count;
      sums[v] = multiply_add(L::load(a + at), L::load(b + at), sums[v]);
    }
  NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) {
    const std::size_t at = i + v * L::count, lanes = at >= n ? 0 : (n - at < L::count ? n - at : L::count);
    if (lanes > 0) sums[v] = multiply_add(L::load_some(a + at, lanes), L::load_some(b + at, lanes), sums[v]);
  }
  T part[parts];
  NEURONE_UNROLL for (std::size_t v = 0; v < vectors; ++v) sums[v].store(part + v * L::count);
  for (std::size_t half = parts / 2; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l) part[l] += part[l + half];
  return part[0];
}

// The sums of 8 vectors of columns at a time.
template <class T> void column_sums(const T* M, std::size_t rows, std::size_t columns, T* to) {
  using L = Lanes<T>;
  constexpr std::size_t together = 8 * L::count;
  std::size_t j = 0;
  for (; j + together <= columns; j += together) {
    L sums[8];
    NEURONE_UNROLL for (std::size_t v = 0; v < 8; ++v) sums[v] = L(0);
    for (std::size_t i = 0; i < rows; ++i)
      NEURONE_UNROLL for (std::size_t v = 0; v < 8; ++v) sums[v] += L::load(M + i * columns + j + v * L::count);
    NEURONE_UNROLL for (std::size_t v = 0; v < 8; ++v) sums[v].store(to + j + v * L::count);
  }
  for (; j < columns; j += L::count) {
    const std::size_t lanes = columns - j < L::count ? columns - j : L::count;
    L sum(0);
    for (std::size_t i = 0; i < rows; ++i) sum += L::load_some(M + i * columns + j, lanes);
    sum.store_some(to + j, lanes);
  }
}

#if HWY_TARGET != HWY_SCALAR
// A square of 4 × 4 in registers of four numbers. (a b c d) (e f g h) … become (a e …) (b f …) … in two rounds of
// interleaving.
template <class T>
NEURONE_INLINE void transpose_square(const T* from, std::size_t from_step, T* to, std::size_t to_step) {
  using D = hn::FixedTag<T, 16 / sizeof(T)>;
  const D d;
  if constexpr (sizeof(T) == 4) {
    const auto a = hn::LoadU(d, from), b = hn::LoadU(d, from + from_step), c = hn::LoadU(d, from + 2 * from_step),
               e = hn::LoadU(d, from + 3 * from_step);
    const auto ac = hn::InterleaveLower(a, c), AC = hn::InterleaveUpper(d, a, c);
    const auto be = hn::InterleaveLower(b, e), BE = hn::InterleaveUpper(d, b, e);
    hn::StoreU(hn::InterleaveLower(ac, be), d, to);
    hn::StoreU(hn::InterleaveUpper(d, ac, be), d, to + to_step);
    hn::StoreU(hn::InterleaveLower(AC, BE), d, to + 2 * to_step);
    hn::StoreU(hn::InterleaveUpper(d, AC, BE), d, to + 3 * to_step);
  } else {
    const auto a = hn::LoadU(d, from), b = hn::LoadU(d, from + from_step);
    hn::StoreU(hn::InterleaveLower(a, b), d, to);
    hn::StoreU(hn::InterleaveUpper(d, a, b), d, to + to_step);
  }
}
#endif

template <class T>
void transpose(const T* from, std::size_t from_step, std::size_t rows, std::size_t columns, T* to,
               std::size_t to_step) {
  std::size_t whole_rows = 0, whole_columns = 0;
#if HWY_TARGET != HWY_SCALAR
  constexpr std::size_t square = 16 / sizeof(T);
  whole_rows = rows - rows % square;
  whole_columns = columns - columns % square;
  for (std::size_t j = 0; j < whole_columns; j += square)
    for (std::size_t i = 0; i < whole_rows; i += square)
      transpose_square(from + i * from_step + j, from_step, to + j * to_step + i, to_step);
#endif
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      to[j * to_step + i] = from[i * from_step + j];
}

template <class T>
void panel(const T* from, std::size_t from_step, std::size_t rows, std::size_t columns, T* to, std::size_t width) {
  for (std::size_t i = 0; i < rows; ++i, from += from_step, to += width) {
    for (std::size_t j = 0; j < width; j += Lanes<T>::count) {
      const std::size_t left = j < columns ? columns - j : 0;
      Lanes<T>::load_some(from + j, left < Lanes<T>::count ? left : Lanes<T>::count).store(to + j);
    }
  }
}

template <class T>
constexpr ProductKernels<T> product_kernels{.rows = most_rows,
                                            .columns = most_vectors * Lanes<T>::count,
                                            .wide = wide_vectors * Lanes<T>::count,
                                            .vector = Lanes<T>::count,
                                            .block = sum<T>,
                                            .row = sum_wide<T>,
                                            .dot = dot<T>,
                                            .column_sums = column_sums<T>,
                                            .panel = panel<T>,
                                            .transpose = transpose<T>};

}  // namespace

constinit const ProductKernels<float> products_in_float = product_kernels<float>;
constinit const ProductKernels<double> products_in_double = product_kernels<double>;

}  // namespace neurone::NEURONE_LANES
