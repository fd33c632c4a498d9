#include "neurone/onnx/curve.h"

#include <algorithm>
#include <cmath>

#include "neurone/activation/activation.h"

namespace neurone::onnx {
namespace {

std::vector<double> values_at(const Activation& activation, std::pair<double, double> before) {
  const std::vector<double>& points = curve_points();
  Matrix<double> Z(points.size(), 1), A(points.size(), 1);
  for (std::size_t k = 0; k < points.size(); ++k) Z(k, 0) = before.first * points[k] + before.second;
  activation.forward(Z, A);
  return {A.elements().begin(), A.elements().end()};
}

double tolerance_of(Type type) {
  return type == Type::float64 ? 1e-7 : 3e-6;  // settings of operators are floats in any case
}

bool are_near(const Reals& found, const std::vector<double>& expected, std::pair<double, double> behind,
              double tolerance) {
  for (std::size_t k = 0; k < found.size(); ++k) {
    const double value = behind.first * expected[k] + behind.second;
    if (!(std::abs(found[k] - value) <= tolerance * (1 + std::abs(value)))) return false;
  }
  return true;
}

// The factor and shift by which `expected` comes nearest to `found`: a line through two points far from each other.
std::optional<std::pair<double, double>> line_through(const Reals& found, const std::vector<double>& expected) {
  const auto [low, high] = std::ranges::minmax_element(expected);
  const auto at = [&](auto where) { return found[static_cast<std::size_t>(where - expected.begin())]; };
  const double factor = (at(high) - at(low)) / (*high - *low), shift = at(low) - factor * *low;
  if (!std::isfinite(factor) || !std::isfinite(shift) || factor == 0) return {};
  return std::pair{factor, shift};
}

}  // namespace

const std::vector<double>& curve_points() {
  static const std::vector<double> points = [] {
    std::vector<double> made;
    for (int k = -200; k <= 200; ++k) {
      const double place = k / 200.0;
      made.push_back(20 * place * std::abs(place));  // closer around 0
    }
    return made;
  }();
  return points;
}

std::optional<FoundActivation> find_activation_of(const Tensor& values,
                                                  std::span<const std::pair<double, double>> before) {
  if (!is_real(values.type) || values.size() != curve_points().size()) return {};
  const Reals& found = values.reals();
  const double tolerance = tolerance_of(values.type);
  // Keras had hard_sigmoid as 0.2 z + 0.5, which is ours of 1.2 z
  std::vector<std::pair<double, double>> all_before{{1, 0}, {1.2, 0}};
  all_before.insert(all_before.end(), before.begin(), before.end());
  for (const bool is_exact : {true, false})
    for (const auto& each : all_before)
      for (const Activation& activation : all_activations()) {
        if (activation.is_rowwise()) continue;
        const std::vector<double> expected = values_at(activation, each);
        const auto behind = is_exact ? std::pair{1.0, 0.0} : line_through(found, expected);
        if (behind && are_near(found, expected, *behind, tolerance))
          return FoundActivation{std::string(activation.name()), each, *behind};
      }
  return {};
}

}  // namespace neurone::onnx
