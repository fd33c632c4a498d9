// Which activation a handful of nodes is: they are computed at chosen numbers, and what comes out is compared with
// the formula sheet. So it does not matter how an exporter takes an activation to pieces.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "neurone/onnx/tensor.h"

namespace neurone::onnx {

/// From −20 to 20, close to each other around 0, where kinks are.
const std::vector<double>& curve_points();

/// y = behind(σ(before(z))), each a factor and a shift.
struct FoundActivation {
  std::string name;
  std::pair<double, double> before{1, 0}, behind{1, 0};
};

/// The activation whose values these are at curve_points(), exact to a few roundings of their type. `before` are
/// factors and shifts that z may have gone through first; without them is tried first.
std::optional<FoundActivation> find_activation_of(const Tensor& values,
                                                  std::span<const std::pair<double, double>> before);

}  // namespace neurone::onnx
