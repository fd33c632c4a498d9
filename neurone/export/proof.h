// Rows by which an exported model proves itself: with what the model says of them they travel in every file.
#pragma once

#include <cstddef>

#include "neurone/model/model.h"

namespace neurone {

struct Proof {
  Source rows;  ///< the columns of the model, in their order
  Predictions expected;
};

inline constexpr std::size_t rows_of_proof = 32;

/// Rows made from what the model knows of its columns, none of them a row of anybody's: everything missing,
/// everything at the ends of the training ranges and far beyond, categories that training has not seen; then numbers
/// and categories spread over what it has seen. The same model gives the same rows.
Source synthetic_rows(const Model& model);

/// The rows with the model's own predictions.
Proof proof_of(const Model& model);

}  // namespace neurone
