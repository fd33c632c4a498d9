#include "neurone/onnx/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "neurone/activation/activation.h"

namespace neurone::onnx {
namespace {

using Line = std::pair<double, double>;  // factor, shift

double on_line(const Line& line, double x) {
  return line.first * x + line.second;
}

double tolerance_of(Type type) {
  return type == Type::float64 ? 1e-7 : 3e-6;  // settings of operators are floats in any case
}

// Does the formula have no unit, σ(cz) = c^n σ(z), as relu's? Then it is exact in every size.
bool has_no_unit(const Activation& activation) {
  Matrix<double> Z(4, 3), A(4, 3);
  const double starts[] = {0.3, -0.3, 5, -5};
  for (std::size_t i = 0; i < Z.rows(); ++i)
    for (std::size_t j = 0; j < Z.columns(); ++j) Z(i, j) = std::ldexp(starts[i], static_cast<int>(j));
  activation.forward(Z, A);
  for (std::size_t i = 0; i < Z.rows(); ++i)
    if (std::abs(A(i, 0) * A(i, 2) - A(i, 1) * A(i, 1)) > 1e-12 * A(i, 1) * A(i, 1)) return false;
  return true;
}

// An activation behind a line, at the points of a curve.
class Candidate {
 public:
  Candidate(const Activation& activation, const Line& before, const Curve& curve)
      : curve_(curve),
        before_(before),
        unit_(has_no_unit(activation) ? 0 : 1),
        Z_(curve.points.size(), 1),
        A_(curve.points.size(), 1),
        slopes_(curve.points.size(), 1) {
    for (std::size_t k = 0; k < curve.points.size(); ++k) Z_(k, 0) = on_line(before, curve.points[k]);
    activation.forward(Z_, A_);
    std::ranges::fill(slopes_.elements(), 1.0);
    activation.backward(Z_, A_, slopes_, slopes_);
  }

  // Near enough at a point: within a few roundings of what goes in, which the slope passes on, of what comes out, and
  // where the formula has a unit, as e^z − 1 has, of that.
  bool is_near(std::size_t k, const Line& behind) const {
    const double found = curve_.values.reals()[k], expected = on_line(behind, A_(k, 0));
    if (rounded(curve_.values.type, expected) == found) return true;
    if (!std::isfinite(found) || !std::isfinite(expected)) return false;
    const double argument = std::abs(before_.first * curve_.points[k]) + std::abs(before_.second);
    const double size = std::abs(behind.first) * (std::abs(A_(k, 0)) + argument * std::abs(slopes_(k, 0)) + unit_) +
                        std::abs(behind.second);
    return std::abs(found - expected) <= tolerance_of(curve_.values.type) * size;
  }
  bool is_near(const Line& behind) const {
    for (std::size_t k = 0; k < curve_.points.size(); ++k)
      if (!is_near(k, behind)) return false;
    return true;
  }

  // The line behind: through two points far from each other, of those where the activation bends.
  std::optional<Line> behind() const {
    constexpr double reach = 20;
    std::optional<std::size_t> low, high;
    for (std::size_t k = 0; k < curve_.points.size(); ++k) {
      if (std::abs(Z_(k, 0)) > reach) continue;
      if (!low || A_(k, 0) < A_(*low, 0)) low = k;
      if (!high || A_(k, 0) > A_(*high, 0)) high = k;
    }
    if (!low) return {};
    const Reals& found = curve_.values.reals();
    const double factor = (found[*high] - found[*low]) / (A_(*high, 0) - A_(*low, 0));
    const double shift = found[*low] - factor * A_(*low, 0);
    if (!std::isfinite(factor) || !std::isfinite(shift) || factor == 0) return {};
    return Line{factor, shift};
  }

  double expected(std::size_t k) const { return A_(k, 0); }

 private:
  const Curve& curve_;
  Line before_;
  double unit_;
  Matrix<double> Z_, A_, slopes_;  // points × 1
};

// Bounds as one of our activations with bounds: max(z, l) = relu(z − l) + l, and so on.
void add_lines_of_bounds(const Bounded& curve, std::vector<Line>& lines) {
  const auto [factor, shift, lowest, highest] = curve;
  if (std::isinf(highest)) {
    lines.emplace_back(factor, shift - lowest);
  } else if (std::isinf(lowest)) {
    lines.emplace_back(-factor, highest - shift);
  } else {
    constexpr double six = 6;  // relu6 is 0 where the lower bound is, exactly
    if (lowest == 0) lines.emplace_back(six * factor / highest, six * shift / highest);
    const double half = (highest - lowest) / 2, middle = (highest + lowest) / 2;
    lines.emplace_back(factor / half, (shift - middle) / half);
  }
}

bool fits(const Curve& curve) {
  return is_real(curve.values.type) && curve.values.size() == curve.points.size();
}

}  // namespace

std::vector<double> curve_points(std::span<const double> constants) {
  std::vector<double> points;
  constexpr int near = 200, far = 150, in_ten = 5;
  for (int k = -near; k <= near; ++k) {
    const double place = k / static_cast<double>(near);
    points.push_back(20 * place * std::abs(place));  // closer around 0
  }
  for (int k = -far; k <= far; ++k)
    for (const double sign : {-1.0, 1.0}) points.push_back(sign * std::pow(10.0, k / static_cast<double>(in_ten)));
  constexpr double beside = 0x1p-10, farthest = 1e30;
  std::vector<double> breaks;
  for (const double constant : constants)
    if (std::abs(constant) < farthest) breaks.insert(breaks.end(), {-constant, constant});
  std::ranges::sort(breaks);
  for (std::size_t k = 0; k < breaks.size(); ++k) {
    for (const double factor : {1 - beside, 1.0, 1 + beside}) points.push_back(factor * breaks[k]);
    if (k > 0) points.push_back((breaks[k - 1] + breaks[k]) / 2);
  }
  for (double& each : points) each = rounded(Type::float32, each);
  std::ranges::sort(points);
  const auto twice = std::ranges::unique(points);
  points.erase(twice.begin(), twice.end());
  return points;
}

std::optional<Bounded> find_bounds(const Curve& curve) {
  if (!fits(curve)) return {};
  const Reals& found = curve.values.reals();
  const std::size_t last = found.size() - 1;
  if (!std::ranges::all_of(found, [](double y) { return std::isfinite(y); })) return {};
  const bool ends_left = found[0] == found[1], ends_right = found[last] == found[last - 1];
  if (!ends_left && !ends_right) return {};
  const auto is_between = [&](std::size_t k) {
    return !(ends_left && found[k] == found[0]) && !(ends_right && found[k] == found[last]);
  };
  std::size_t begin = 0, end = last, smallest = 0;  // between the bounds, and of those the nearest to 0
  while (begin < last && !is_between(begin)) ++begin;
  while (end > begin && !is_between(end)) --end;
  if (begin == end) return {};
  smallest = begin;
  for (std::size_t k = begin; k <= end; ++k)
    if (std::abs(curve.points[k]) < std::abs(curve.points[smallest])) smallest = k;
  Bounded bounded{.factor = (found[end] - found[begin]) / (curve.points[end] - curve.points[begin])};
  bounded.shift = found[smallest] - bounded.factor * curve.points[smallest];
  if (ends_left) (bounded.factor > 0 ? bounded.lowest : bounded.highest) = found[0];
  if (ends_right) (bounded.factor > 0 ? bounded.highest : bounded.lowest) = found[last];
  for (std::size_t k = 0; k <= last; ++k) {
    const double inside = bounded.factor * curve.points[k] + bounded.shift;
    const double expected = std::min(std::max(inside, bounded.lowest), bounded.highest);
    const double size = expected == inside ? std::abs(bounded.factor * curve.points[k]) + std::abs(bounded.shift)
                                           : std::abs(expected);
    if (!(std::abs(found[k] - expected) <= tolerance_of(curve.values.type) * size)) return {};
  }
  return bounded;
}

std::optional<FoundActivation> find_activation_of(const Curve& curve, std::span<const Line> before) {
  if (!fits(curve)) return {};
  // Keras had hard_sigmoid as 0.2 z + 0.5, which is ours of 1.2 z
  std::vector<Line> all_before{{1, 0}, {1.2, 0}};
  all_before.insert(all_before.end(), before.begin(), before.end());
  if (const std::optional<Bounded> bounded = find_bounds(curve)) add_lines_of_bounds(*bounded, all_before);
  for (const bool is_exact : {true, false})
    for (const Line& each : all_before)
      for (const Activation& activation : all_activations()) {
        if (activation.is_rowwise()) continue;
        const Candidate candidate(activation, each, curve);
        const std::optional<Line> behind = is_exact ? Line{1, 0} : candidate.behind();
        if (behind && candidate.is_near(*behind))
          return FoundActivation{std::string(activation.name()), each, *behind};
      }
  return {};
}

std::string nearest_activation(const Curve& curve) {
  std::string nearest;
  if (!fits(curve)) return nearest;
  constexpr Line as_it_is{1, 0};
  std::size_t fewest = curve.points.size() / 3;  // of points where it is another
  for (const Activation& activation : all_activations()) {
    if (activation.is_rowwise()) continue;
    const Candidate candidate(activation, as_it_is, curve);
    std::size_t others = 0;
    std::optional<std::size_t> first;  // the nearest to ±1
    const auto distance = [&](std::size_t k) { return std::abs(std::log(std::abs(curve.points[k]))); };
    for (std::size_t k = 0; k < curve.points.size(); ++k) {
      if (candidate.is_near(k, as_it_is)) continue;
      ++others;
      if (!first || distance(k) < distance(*first)) first = k;
    }
    if (!first || others >= fewest) continue;
    fewest = others;
    const double says = curve.values.reals()[*first];
    nearest = fmt::format(": it is {} but of {:.4g}, where it says {:.4g} instead of {:.4g}", activation.name(),
                          curve.points[*first], std::isnan(says) ? std::nan("") : says, candidate.expected(*first));
  }
  return nearest;
}

}  // namespace neurone::onnx
