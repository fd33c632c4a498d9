// The three products of a dense layer at the speed of the processor, each with what follows it done block by block
// while the block is in the nearest cache. X is batch × d, W is d × n, b is 1 × n, Z and dZ are batch × n.
// The specification is reference_products.h; the innermost loop is in products.lanes.cpp.
//
// Every element is summed in one order that depends on nothing but its own sum: not on the batch it is in, the number
// of threads, or the width of a vector.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "neurone/core/look_ahead.h"
#include "neurone/core/matrix.h"
#include "neurone/core/team.h"

namespace neurone {

/// Rows and columns of a product's result that are finished.
struct Block {
  std::size_t row = 0, rows = 0, column = 0, columns = 0;
};

/// What is done with a finished block; it refers to a callable that outlives it. May be called from several threads,
/// each time for other elements.
class Finish {
 public:
  Finish() = default;
  template <class Work>
    requires(!std::is_same_v<Work, Finish>)
  Finish(const Work& work)
      : work_(&work),
        run_([](const void* work_given, const Block& block) { (*static_cast<const Work*>(work_given))(block); }) {}

  explicit operator bool() const { return run_ != nullptr; }
  void operator()(const Block& block) const { run_(work_, block); }

 private:
  const void* work_ = nullptr;
  void (*run_)(const void*, const Block&) = nullptr;
};

/// How the factors of a product enter it; sums are in T. bf16 halves the memory of a float and keeps 8 of its 24
/// bits.
enum class Factors { full, bf16 };

/// Throws UsageError where this processor cannot multiply such factors.
void check_factors(Factors factors);

/// What products work with: a team of threads, and for each of its members memory to pack pieces of the factors into.
/// It has one size for products of every shape.
template <class T> class Workbench {
 public:
  /// Without a team, one thread. The team outlives the workbench. Throws UsageError for bf16 in double, or on a
  /// processor that does not have it.
  explicit Workbench(Team* team = nullptr, Factors factors = Factors::full);

  Team* team() const { return team_; }
  Factors factors() const { return factors_; }
  /// Members worth asking for so many floating-point operations; at least 1.
  std::size_t members_for(double operations) const;

  T* B_of(std::size_t member) { return memory_.data() + member * (B_size + A_size); }
  T* A_of(std::size_t member) { return B_of(member) + B_size; }

  /// What is asked for while products are computed; by the first member alone, nothing by the others.
  LookAhead& look_ahead() { return look_ahead_; }
  LookAhead* look_ahead_of(std::size_t member) { return member == 0 ? &look_ahead_ : nullptr; }

  static constexpr std::size_t depth = 256;  ///< of a piece: a tile of A with it fills half of a first-level cache
  static constexpr std::size_t columns = 2048 / sizeof(T);  ///< of a piece of B: 512 KiB of a second-level cache
  static constexpr std::size_t A_step = depth + cache_line / sizeof(T);  ///< rows of A lie in different cache sets
  static constexpr std::size_t most_rows = 16;
  static constexpr std::size_t lines_a_tile = 48;  ///< asked for ahead, in the time of some thousand multiply-adds

 private:
  static constexpr std::size_t B_size = depth * columns, A_size = most_rows * A_step;

  Team* team_;
  Factors factors_;
  LookAhead look_ahead_;
  UnsetVector<T> memory_;
};

/// Z = XW + b. An empty b is no bias. Z is overwritten.
template <class T>
void affine(ConstMatrixView<T> X, ConstMatrixView<T> W, std::span<const T> b, MatrixView<T> Z,
            Workbench<T>& workbench, Finish finish = {});

/// dX = dZ Wᵀ. dX is overwritten.
template <class T>
void input_gradient(ConstMatrixView<T> dZ, ConstMatrixView<T> W, MatrixView<T> dX, Workbench<T>& workbench,
                    Finish finish = {});

/// dW = Xᵀ dZ and db = the column sums of dZ; an empty db is not written. Both are overwritten.
template <class T>
void weight_gradient(ConstMatrixView<T> X, ConstMatrixView<T> dZ, MatrixView<T> dW, std::span<T> db,
                     Workbench<T>& workbench);

}  // namespace neurone
