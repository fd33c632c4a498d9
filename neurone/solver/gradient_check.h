// Does the gradient that a network computes belong to the loss that it computes? Asked on the user's own data.
#pragma once

#include <cstddef>
#include <cstdint>

#include "neurone/data/dataset.h"
#include "neurone/loss/loss.h"
#include "neurone/network/network.h"

namespace neurone {

struct GradientCheck {
  std::size_t rows = 0, checked = 0, parameters = 0;  ///< looked at; how many parameters of how many
  /// The largest |found − differences| of a parameter, against its size, or a hundredth of the gradient's largest
  /// element where it is smaller.
  double largest_error = 0;
};

/// Compares dL/dθ by backpropagation with central differences of the loss, in double, for up to `most` parameters
/// drawn at random and up to 256 rows. θ is a fresh start moved a little at random: where the last layer begins with
/// zeros nothing would come back to the others. Layers stand as in prediction: without dropout, with running
/// statistics. Throws Error where the loss is not finite.
template <class T>
GradientCheck check_gradient(const NetworkSpec& spec, const Loss& loss, const Dataset<T>& data, std::uint64_t seed,
                             std::size_t most = 500);

}  // namespace neurone
