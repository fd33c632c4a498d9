#include "neurone/model/curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "neurone/model/figures.h"

namespace neurone {
namespace {

constexpr std::size_t most_points = 150;

// Points that a drawing would not tell apart from their neighbours are left out; the ends stay.
std::vector<RocCurve::Point> thinned(const std::vector<RocCurve::Point>& all) {
  if (all.size() <= most_points) return all;
  std::vector<RocCurve::Point> kept{all.front()};
  const double step = 2.0 / most_points;  // along both axes together
  for (const RocCurve::Point& each : all)
    if (each.false_positives - kept.back().false_positives + each.true_positives - kept.back().true_positives >= step)
      kept.push_back(each);
  if (kept.back() != all.back()) kept.push_back(all.back());
  return kept;
}

}  // namespace

RocCurve roc_curve(ConstMatrixView<double> values, std::span<const std::uint32_t> truth, std::uint32_t of) {
  const auto count = static_cast<std::size_t>(std::ranges::count(truth, of));
  RocCurve curve;
  if (count == 0 || count == truth.size()) return curve;
  const auto positives = static_cast<double>(count), negatives = static_cast<double>(truth.size() - count);
  std::vector<std::uint32_t> order(truth.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, std::ranges::greater(), [&](std::uint32_t i) { return values(i, of); });
  std::vector<RocCurve::Point> points{{}};
  double right = 0, wrong = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (truth[order[i]] == of ? right : wrong) += 1;
    if (i + 1 < order.size() && values(order[i + 1], of) == values(order[i], of)) continue;  // one threshold for both
    const RocCurve::Point last = points.back(),
                          now{.false_positives = wrong / negatives, .true_positives = right / positives};
    curve.area += (now.false_positives - last.false_positives) * (now.true_positives + last.true_positives) / 2;
    points.push_back(now);
  }
  curve.points = thinned(points);
  return curve;
}

std::vector<ReliabilityBin> reliability(ConstMatrixView<double> probabilities, std::span<const std::uint32_t> truth) {
  std::array<ReliabilityBin, calibration_bins> bins{};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::span<const double> row = probabilities[i];
    const auto said = std::ranges::max_element(row);
    ReliabilityBin& bin = bins[calibration_bin(*said)];
    ++bin.rows;
    bin.sure += *said;
    bin.right += static_cast<std::uint32_t>(said - row.begin()) == truth[i] ? 1 : 0;
  }
  std::vector<ReliabilityBin> with_rows;
  for (ReliabilityBin& bin : bins) {
    if (bin.rows == 0) continue;
    bin.sure /= static_cast<double>(bin.rows);
    bin.right /= static_cast<double>(bin.rows);
    with_rows.push_back(bin);
  }
  return with_rows;
}

}  // namespace neurone
