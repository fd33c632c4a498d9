// Which activation a handful of nodes is: they are computed at chosen numbers, and what comes out is compared with
// the formula sheet. So it does not matter how an exporter takes an activation to pieces.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "neurone/onnx/tensor.h"

namespace neurone::onnx {

/// Floats from −1e30 to 1e30, rising: close to each other around 0, then five to a power of ten, down to ±1e-30; and,
/// of constants of the graph, where something may break off, ± each and the numbers beside.
std::vector<double> curve_points(std::span<const double> constants);

/// Values at points.
struct Curve {
  std::span<const double> points;
  const Tensor& values;
};

/// y = min(max(factor · z + shift, lowest), highest); not both bounds are infinite.
struct Bounded {
  double factor = 1, shift = 0;
  double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
};
std::optional<Bounded> find_bounds(const Curve& curve);

/// y = behind(σ(before(z))), each a factor and a shift.
struct FoundActivation {
  std::string name;
  std::pair<double, double> before{1, 0}, behind{1, 0};
};

/// The activation whose values these are, exact to a few roundings of their type. `before` are factors and shifts
/// that z may have gone through first; without them is tried first.
std::optional<FoundActivation> find_activation_of(const Curve& curve,
                                                  std::span<const std::pair<double, double>> before);

/// ": it is relu but of 200, where it says 100", of an activation that the curve follows for most of its way; else
/// "".
std::string nearest_activation(const Curve& curve);

}  // namespace neurone::onnx
