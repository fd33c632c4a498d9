// Every figure is a sum over weighted rows, what has to be sorted is sorted once: a draw of the bootstrap is one
// pass.
#include "neurone/model/figures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "neurone/core/random.h"
#include "neurone/math/quantile.h"

namespace neurone {
namespace {

// Row numbers in the order of key(row), equal ones as they come, those without a number first.
template <class Key> std::vector<std::uint32_t> sorted_rows(std::size_t rows, Key key) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t row) {
    const double value = key(row);
    return std::pair(std::isnan(value) ? -std::numeric_limits<double>::infinity() : value, row);
  });
  return order;
}

// 0/0 is 0, as in scikit-learn.
double share(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

struct RankFigures {
  double roc_auc = 0, average_precision = 0;
};

// Goes down from the highest value, rows of equal value together. `positive` and `negative` are their weights in all.
template <class Value, class IsPositive>
RankFigures rank_figures(std::span<const std::uint32_t> order, Value value, IsPositive is_positive,
                         std::span<const double> weights, double positive, double negative) {
  double above = 0, below = 0, pairs = 0, precisions = 0;  // weight of the positive and negative rows met so far
  for (std::size_t end = order.size(); end > 0;) {
    const double here = value(order[end - 1]);
    double positive_here = 0, negative_here = 0;
    do {
      --end;
      (is_positive(order[end]) ? positive_here : negative_here) += weights[order[end]];
    } while (end > 0 && value(order[end - 1]) == here);
    pairs += negative_here * (above + 0.5 * positive_here);  // pairs in the right order, equal ones count half
    above += positive_here;
    below += negative_here;
    precisions += positive_here * share(above, above + below);
  }
  return {.roc_auc = pairs / (positive * negative), .average_precision = precisions / positive};
}

// The figures of all rows with percentile intervals. A draw is the same figures with other weights.
template <class Meter> Figures bootstrap(const Meter& meter) {
  constexpr std::size_t most_draws = 1000, least_draws = 40, most_steps = 50'000'000;
  const std::size_t rows = meter.rows();
  Figures figures = figures_of(meter);
  if (rows < fewest_rows_for_intervals) return figures;

  const std::size_t draws = std::clamp(most_steps / meter.cost(), least_draws, most_draws);
  std::vector<std::vector<double>> drawn(figures.size());
  std::vector<double> weights(rows);
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    Random random(1, {.purpose = Purpose::bootstrap, .row = draw});
    std::ranges::fill(weights, 0);
    for (std::size_t i = 0; i < rows; ++i) weights[random.below(static_cast<std::uint32_t>(rows))] += 1;
    for (const Figure& each : meter(weights)) {  // a draw may lack a figure: one class only, no spread
      const auto same = std::ranges::find(figures, each.name, &Figure::name);
      if (same != figures.end()) drawn[static_cast<std::size_t>(same - figures.begin())].push_back(each.value);
    }
  }
  for (std::size_t f = 0; f < figures.size(); ++f) {
    std::vector<double>& values = drawn[f];
    if (values.empty() || std::ranges::any_of(values, [](double value) { return std::isnan(value); })) continue;
    std::ranges::sort(values);
    if (values.front() < values.back())  // all the same: these rows cannot tell how far it goes
      figures[f].interval = {quantile(values, 0.025), quantile(values, 0.975)};
  }
  return figures;
}

}  // namespace

ClassFigures::ClassFigures(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> predicted,
                           ConstMatrixView<double> values, bool probabilities)
    : truth_(truth), predicted_(predicted), values_(values), probabilities_(probabilities) {
  assert(truth.size() == predicted.size() && values.rows() == truth.size());
  if (values.columns() > most_ranked_classes) return;
  const bool two = values.columns() == 2;
  for (std::uint32_t c = two ? 1 : 0; c < values.columns(); ++c)
    rankings_.push_back({.of = c, .order = sorted_rows(rows(), [&](std::uint32_t i) { return values(i, c); })});
}

Figures ClassFigures::operator()(std::span<const double> weights) const {
  assert(weights.size() == rows());
  const std::size_t classes = values_.columns();
  std::vector<double> true_weight(classes), predicted_weight(classes), right_weight(classes);
  for (std::size_t i = 0; i < rows(); ++i) {
    true_weight[truth_[i]] += weights[i];
    predicted_weight[predicted_[i]] += weights[i];
    if (truth_[i] == predicted_[i]) right_weight[truth_[i]] += weights[i];
  }
  double all = 0, right = 0, recalls = 0, true_classes = 0, f1s = 0, classes_met = 0;
  double true_predicted = 0, true_true = 0, predicted_predicted = 0;  // products of the weights, for Matthews
  for (std::size_t c = 0; c < classes; ++c) {
    const double t = true_weight[c], p = predicted_weight[c];
    all += t;
    right += right_weight[c];
    recalls += share(right_weight[c], t);
    true_classes += t > 0 ? 1 : 0;
    f1s += share(2 * right_weight[c], t + p);
    classes_met += t + p > 0 ? 1 : 0;
    true_predicted += t * p;
    true_true += t * t;
    predicted_predicted += p * p;
  }
  const double f1 =
      classes == 2 ? share(2 * right_weight[1], true_weight[1] + predicted_weight[1]) : f1s / classes_met;
  const double spread = std::sqrt((all * all - true_true) * (all * all - predicted_predicted));
  Figures figures{{"accuracy", right / all},
                  {"balanced_accuracy", recalls / true_classes},
                  {"f1", f1},
                  {"matthews", share(right * all - true_predicted, spread)}};
  add_rank_figures(weights, figures);
  if (probabilities_) add_probability_figures(weights, figures);
  return figures;
}

void ClassFigures::add_rank_figures(std::span<const double> weights, Figures& figures) const {
  RankFigures sum;
  double count = 0;
  for (const Ranking& ranking : rankings_) {
    const auto is_positive = [&](std::uint32_t i) { return truth_[i] == ranking.of; };
    double positive = 0, negative = 0;
    for (std::uint32_t i = 0; i < rows(); ++i) (is_positive(i) ? positive : negative) += weights[i];
    if (positive == 0 || negative == 0) continue;
    const RankFigures here = rank_figures(
        ranking.order, [&](std::uint32_t i) { return values_(i, ranking.of); }, is_positive, weights, positive,
        negative);
    sum.roc_auc += here.roc_auc;
    sum.average_precision += here.average_precision;
    count += 1;
  }
  if (count == 0) return;
  figures.push_back({"roc_auc", sum.roc_auc / count});
  figures.push_back({"average_precision", sum.average_precision / count});
}

void ClassFigures::add_probability_figures(std::span<const double> weights, Figures& figures) const {
  constexpr double least = std::numeric_limits<double>::epsilon();  // a probability of 0 costs 36, not infinity
  std::array<double, calibration_bins> sure{}, right{};
  const std::size_t classes = values_.columns();
  double all = 0, log_loss = 0, brier = 0;
  for (std::size_t i = 0; i < rows(); ++i) {
    const double w = weights[i], p = values_(i, predicted_[i]);
    all += w;
    log_loss -= w * std::log(std::max(values_(i, truth_[i]), least));
    for (std::size_t c = classes == 2 ? 1 : 0; c < classes; ++c) {
      const double error = values_(i, c) - (truth_[i] == c ? 1 : 0);
      brier += w * error * error;
    }
    const std::size_t bin = calibration_bin(p);
    sure[bin] += w * p;
    if (truth_[i] == predicted_[i]) right[bin] += w;
  }
  double gap = 0;
  for (std::size_t b = 0; b < calibration_bins; ++b) gap += std::abs(sure[b] - right[b]);
  figures.push_back({"log_loss", log_loss / all});
  figures.push_back({"brier", brier / all});
  figures.push_back({"calibration_error", gap / all});
}

NumberFigures::NumberFigures(std::span<const double> truth, std::vector<double> predicted)
    : truth_(truth), errors_(std::move(predicted)) {
  assert(truth.size() == errors_.size());
  for (std::size_t i = 0; i < rows(); ++i) errors_[i] -= truth[i];
  order_ = sorted_rows(rows(), [&](std::uint32_t i) { return std::abs(errors_[i]); });
}

Figures NumberFigures::operator()(std::span<const double> weights) const {
  assert(weights.size() == rows());
  double all = 0, squares = 0, absolute = 0, mean = 0;
  for (std::size_t i = 0; i < rows(); ++i) {
    all += weights[i];
    squares += weights[i] * errors_[i] * errors_[i];
    absolute += weights[i] * std::abs(errors_[i]);
    mean += weights[i] * (truth_[i] - truth_.front());  // exact where all are equal
  }
  mean = truth_.front() + mean / all;
  double around_mean = 0;
  for (std::size_t i = 0; i < rows(); ++i) around_mean += weights[i] * (truth_[i] - mean) * (truth_[i] - mean);

  // half the weight lies up to the median; where exactly half does, it is midway to the next error
  double median = 0, met = 0;
  bool halfway = false;
  for (const std::uint32_t i : order_) {
    if (weights[i] == 0) continue;
    if (halfway) {
      median = (median + std::abs(errors_[i])) / 2;
      break;
    }
    met += weights[i];
    if (2 * met < all) continue;
    median = std::abs(errors_[i]);
    halfway = 2 * met == all;
    if (!halfway) break;
  }

  Figures figures{{"rmse", std::sqrt(squares / all)}, {"mae", absolute / all}, {"median_error", median}};
  if (around_mean > 0) figures.push_back({"r2", 1 - squares / around_mean});
  return figures;
}

GainFigures::GainFigures(std::vector<double> losses, std::vector<double> losses_of_other, Mean mean)
    : losses_(std::move(losses)), others_(std::move(losses_of_other)), mean_(mean) {
  assert(losses_.size() == others_.size());
}

Figures GainFigures::operator()(std::span<const double> weights) const {
  assert(weights.size() == rows());
  double all = 0, one = 0, other = 0;
  for (std::size_t i = 0; i < rows(); ++i) {
    all += weights[i];
    one += weights[i] * losses_[i];
    other += weights[i] * others_[i];
  }
  if (mean_ == Mean::plain) return {{"gain", (other - one) / all}};
  return {{"gain", std::sqrt(other / all) - std::sqrt(one / all)}};
}

Interval share_interval(double share, std::size_t rows) {
  constexpr double z = 1.959963984540054;  // of the normal distribution, 97.5 % lie below
  const double n = static_cast<double>(rows), spread = z * z / n;
  const double middle = (share + spread / 2) / (1 + spread);
  const double half = z * std::sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread);
  return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

Figures with_intervals(const ClassFigures& meter) {
  Figures figures = bootstrap(meter);
  if (meter.rows() >= fewest_rows_for_intervals)
    figures.front().interval = share_interval(figures.front().value, meter.rows());  // accuracy
  return figures;
}

Figures with_intervals(const NumberFigures& meter) {
  return bootstrap(meter);
}

Figures with_intervals(const GainFigures& meter) {
  return bootstrap(meter);
}

}  // namespace neurone
