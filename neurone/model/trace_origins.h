// Where a number of a trace comes from: the products that Z of a unit is the sum of, and on the way back those of
// dL/dA. Layer by layer this is what layer/ computes, written out for one element.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "neurone/model/trace.h"

namespace neurone {

/// A unit in one of the sample's rows. Depth 0 is x, depth l the l-th layer; row and unit are counted from 0.
struct Place {
  std::size_t depth = 0, row = 0, unit = 0;
  bool operator==(const Place&) const = default;
};

/// value · weight; `from` is where the value stands.
struct Term {
  Place from{};
  double value = 0, weight = 0;

  double product() const { return value * weight; }
};

/// Σ value · weight, and the bias where the layer has one.
struct WeightedSum {
  std::vector<Term> terms{};
  std::optional<double> bias{};
  bool learnt = true;  ///< are the weights parameters?
};

/// gain · (x − mean) / deviation + shift, with deviation = √(variance + ε): of the row in layer normalisation, of the
/// column in batch normalisation, where training measured it.
struct Normalisation {
  Place from{};
  double x = 0, mean = 0, deviation = 1, gain = 1, shift = 0;
};

/// (gain · dZ − mean − ẑ · along) / deviation: the way back through layer normalisation, `mean` that of gain ⊙ dZ
/// over the row and `along` that of gain ⊙ dZ ⊙ Ẑ.
struct NormalisationGradient {
  Place from{};
  double dZ = 0, gain = 1, mean = 0, z = 0, along = 0, deviation = 1;
};

using Origin = std::variant<WeightedSum, Normalisation, NormalisationGradient>;

/// What Z at a place is made of: numbers of A one layer before, or of x. The place has a depth of at least 1.
Origin origin_of_z(const Trace& trace, const Place& at);

/// What dL/dA at a place is made of: numbers of dL/dZ one layer behind. The place is not in the last layer, and the
/// trace went back. Depth 0 is dL/dx.
Origin origin_of_gradient(const Trace& trace, const Place& at);

/// The number that it makes, in double: that of a float network but for rounding.
double value_of(const Origin& origin);

/// |number|, to sort by: infinite for NaN, which would have no place in an order.
double sorting_size(double number);

/// The terms with the largest products first, whatever their sign; of equal ones the first.
void put_largest_first(std::vector<Term>& terms);

/// σ'(z) of an activation that is not rowwise.
double slope_at(const Activation& activation, double z);

/// Z of a layer as a formula of its X: "XW + b", "X ⊙ s".
std::string formula_of(const LayerSpec& layer);

}  // namespace neurone
