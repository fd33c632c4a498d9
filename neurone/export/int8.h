// Exported networks with weights of one byte: the weights of an output are whole numbers from −127 to 127 times a
// step of their own, the inputs of a layer whole numbers times another step, and the sums of their products are
// exact. A weight is off by half a step at most, 1/254 of the largest beside it; inputs keep 12 to 15 bits, so that
// their rounding is not seen beside that of the weights. Everything else of a network stays as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "neurone/model/model.h"
#include "neurone/model/proof.h"

namespace neurone {

template <class T> struct Int8Weights {
  std::vector<std::int8_t> W;  ///< outputs × inputs, of a heads layer for each member
  std::vector<T> steps;        ///< one for each row of W
};

/// The weights of layer `l` as whole numbers, the nearest ones; none where the layer is neither dense nor heads.
template <class T> Int8Weights<T> int8_weights(const Network<T>& network, std::size_t l);

/// The largest whole number that an input becomes, so that a sum over so many inputs fits into 32 bits.
int largest_int8_input(std::size_t inputs);

/// What the model says of the source's rows with such weights, number for number as its exported C does: as
/// Predictions::values, but infinite or NaN where the C code returns −1. Throws Error for rows that cannot be
/// prepared.
Predictions predict_int8(const Model& model, const Source& source);

/// "on 32 rows 1 other label than without, the largest difference of a probability 0.0021".
std::string int8_text(const Model& model, const Agreement& agreement);

}  // namespace neurone
