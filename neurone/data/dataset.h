// Samples ready for training: numbers only, row i of X belongs to row i of the targets.
// How they came about is in preparation.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/data/inputs.h"

namespace neurone {

template <class T> struct Dataset {
  Inputs<T> X{};        ///< rows × inputs
  Matrix<T> targets{};  ///< rows × targets; classes as one-hot rows, two classes as one column of 0 and 1
  Vector<T> weights{};  ///< rows; empty: every sample counts 1

  std::size_t rows() const { return X.rows(); }
};

/// Row numbers 0 … rows − 1 in the random order of an epoch (Fisher and Yates), written into `order`.
void shuffle(std::uint64_t seed, std::uint32_t epoch, std::span<std::uint32_t> order);

/// Which rows go to which part.
struct Split {
  std::vector<std::uint32_t> kept;      ///< in their old order
  std::vector<std::uint32_t> held_out;  ///< in their old order
};

/// Holds out `fraction` of the rows, drawn at random. With `strata` (a class number for each row; empty for none)
/// each class keeps its share, and a class is never held out whole: at least one row is held out where a class has
/// two. `part` keeps the draws of several splits with one seed apart.
Split split_rows(std::size_t rows, double fraction, std::span<const std::uint32_t> strata, std::uint64_t seed,
                 std::uint32_t part);

/// The fold of every row, 0 … folds − 1, drawn at random. Folds differ by one row at most, and by one row of each
/// stratum. `strata`, `seed` and `part` as above.
std::vector<std::uint32_t> fold_rows(std::size_t rows, std::size_t folds, std::span<const std::uint32_t> strata,
                                     std::uint64_t seed, std::uint32_t part);

/// Holds out whole groups, drawn at random, of together about `fraction` of the rows: at least one group where there
/// are two, never all. `group_of_row` has a number for each row.
Split split_groups(std::span<const std::uint32_t> group_of_row, double fraction, std::uint64_t seed,
                   std::uint32_t part);

/// The fold of every row, those of one group together; the folds are about of one size, as far as groups allow.
std::vector<std::uint32_t> fold_groups(std::span<const std::uint32_t> group_of_row, std::size_t folds,
                                       std::uint64_t seed, std::uint32_t part);

/// Holds out the latest rows, about `fraction` of them; rows of one time stay together. Nothing is held out where all
/// are of one time.
Split split_latest(std::span<const double> times, double fraction);

/// `count` of the row numbers 0 … rows − 1, evenly spread; all of them where there are no more.
std::vector<std::uint32_t> evenly_chosen(std::size_t rows, std::size_t count);

/// The rows of a fold held out, all others kept.
Split split_fold(std::span<const std::uint32_t> fold_of_row, std::uint32_t fold);

/// These rows of a dataset, in this order.
template <class T> Dataset<T> select(const Dataset<T>& data, std::span<const std::uint32_t> rows);

}  // namespace neurone
