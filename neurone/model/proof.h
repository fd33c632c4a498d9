// Rows by which a model proves itself, in its own file and in every file that is exported from it: hard ones first.
#pragma once

#include <cstddef>

#include "neurone/model/model.h"

namespace neurone {

inline constexpr std::size_t rows_of_proof = 32;

/// Rows of the training data: of each column one that is missing, the least and the largest number, and the rarest
/// category, as far as there is room; then others, evenly chosen; at last one whose categories training has not seen.
/// Fewer than rows_of_proof where there are fewer rows.
Source hard_rows(const Preparation& preparation, const Source& training);

/// Rows made from what the preparation knows, none of them a row of anybody's: everything missing, everything at the
/// ends of the training ranges and far beyond, categories that training has not seen; then numbers and categories
/// spread over what it has seen. The same preparation gives the same rows.
Source synthetic_rows(const Preparation& preparation);

/// The rows with what the model says of them, but for those of which it says no finite number. Throws OverflowError
/// where none is left.
Proof prove(const Model& model, Source rows, bool made_up);

/// The same without rows in which another form of the model says no finite number: its `values` of the proof's rows.
Proof with_values(Proof proof, Matrix<double> values);

/// The model's proof; of one that has none, made-up rows and what it says of them now.
Proof proof_of(const Model& model);

/// The largest difference, in units, that is none: what sums in another order and roundings of floats make.
inline constexpr double rounding_limit = 1e-5;

/// The unit in which differences of values are counted: 1 of probabilities and scores; of a number the deviation of
/// the target. An imported network leaves that open (mean 0, deviation 1): then the median size of the values.
double unit_of_values(const Target& target, const Matrix<double>& values);

/// How far two values are from each other, in units. A float keeps seven digits, so an eighth of the value is at
/// least the unit: rounding_limit then is twenty roundings. Two that are equal, or both NaN, are 0 from each other;
/// infinite where one of them is no number.
double difference_in_units(double found, double expected, double unit);

/// How predictions of the rows agree with the proof.
struct Agreement {
  std::size_t rows = 0, other_labels = 0;
  double largest = 0;  ///< difference_in_units
};
Agreement agreement(const Model& model, const Proof& proof, const Predictions& found);

}  // namespace neurone
