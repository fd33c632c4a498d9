// A loss over a batch: the weighted mean and its gradient.
#include "neurone/loss/loss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/activation/activation.h"
#include "tests/support/matrices.h"
#include "tests/support/targets.h"

namespace neurone {
namespace {

constexpr std::size_t batch = 6, columns = 3;

// A batch of a loss: outputs, targets and weights.
struct Batch {
  Matrix<double> Y, T;
  std::vector<double> weights;
};

Batch batch_for(const Loss& loss, std::uint64_t seed) {
  Random random = numbers_of_test(seed);
  Batch made{.Y = Matrix<double>(batch, columns * loss.outputs_per_target()),
             .T = targets_for(loss, batch, columns, random),
             .weights = std::vector<double>(batch)};
  fill_uniform(random, -3, 3, made.Y.elements());
  fill_uniform<double>(random, 0.1, 2, made.weights);
  return made;
}

struct Result {
  double value;
  Matrix<double> dY;
};

Result evaluate(const Loss& loss, ConstMatrixView<double> Y, ConstMatrixView<double> T,
                std::span<const double> weights) {
  Matrix<double> dY = poisoned<double>(Y.rows(), Y.columns());
  const double value = loss(Y, Targets<double>{.values = T, .weights = weights}, dY.view());
  return {value, dY};
}

void expect_near(const Matrix<double>& found, const Matrix<double>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(near(found.elements()[i], expected.elements()[i], tolerance))
        << what << " at " << i << ": " << found.elements()[i] << ", expected " << expected.elements()[i];
}

// Rows of a matrix, one after the other, by their numbers.
Matrix<double> rows_of(const Matrix<double>& from, const std::vector<std::size_t>& rows) {
  Matrix<double> matrix(rows.size(), from.columns());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from[rows[i]], matrix[i].begin());
  return matrix;
}

// --- the mean and its gradient -------------------------------------------------------------------------------------

TEST(Loss, gradient_is_that_of_the_weighted_mean) {
  constexpr double h = 1e-3;  // fourth order: off by h⁴ f⁽⁵⁾ / 30 and by ε / h
  for (const Loss& loss : losses_of_test()) {
    for (const bool weighted : {false, true}) {
      Batch made = batch_for(loss, 1);
      if (!weighted) made.weights.clear();
      const Result found = evaluate(loss, made.Y, made.T, made.weights);
      for (std::size_t i = 0; i < made.Y.size(); ++i) {
        double& y = made.Y.elements()[i];
        const double y0 = y;
        const auto at = [&](double by) {
          y = y0 + by * h;
          return evaluate(loss, made.Y, made.T, made.weights).value;
        };
        const double expected = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
        y = y0;
        EXPECT_TRUE(near(found.dY.elements()[i], expected, 1e-9))
            << loss.text() << (weighted ? ", weighted" : "") << " at " << i << ": " << found.dY.elements()[i]
            << ", expected " << expected;
      }
    }
  }
}

TEST(Loss, is_the_weighted_mean_of_its_samples) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 2);
    double sum = 0, weights = 0, plain = 0;
    for (std::size_t i = 0; i < batch; ++i) {
      const double one = evaluate(loss, made.Y.view().rows(i, 1), made.T.view().rows(i, 1), {}).value;
      sum += made.weights[i] * one;
      weights += made.weights[i];
      plain += one / batch;
    }
    EXPECT_TRUE(near(evaluate(loss, made.Y, made.T, made.weights).value, sum / weights, 1e-14)) << loss.text();
    EXPECT_TRUE(near(evaluate(loss, made.Y, made.T, {}).value, plain, 1e-14)) << loss.text();
  }
}

TEST(Loss, a_weight_of_two_is_the_sample_twice) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 3);
    const std::vector<double> weights{1, 2, 1, 1, 1, 1};
    const Result found = evaluate(loss, made.Y, made.T, weights);
    const std::vector<std::size_t> twice{0, 1, 1, 2, 3, 4, 5};
    const Result expected = evaluate(loss, rows_of(made.Y, twice), rows_of(made.T, twice), {});
    EXPECT_TRUE(near(found.value, expected.value, 1e-14)) << loss.text();
    Matrix<double> dY = rows_of(expected.dY, {0, 1, 3, 4, 5, 6});
    for (double& dy : dY[1]) dy *= 2;
    expect_near(found.dY, dY, 1e-14, loss.text());
  }
}

TEST(Loss, a_weight_of_zero_leaves_the_sample_out) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 4);
    const std::vector<double> weights{1, 0, 1, 0, 0, 1};
    const Result found = evaluate(loss, made.Y, made.T, weights);
    const Result expected = evaluate(loss, rows_of(made.Y, {0, 2, 5}), rows_of(made.T, {0, 2, 5}), {});
    EXPECT_TRUE(near(found.value, expected.value, 1e-14)) << loss.text();
    expect_near(rows_of(found.dY, {0, 2, 5}), expected.dY, 1e-14, loss.text());
    for (const std::size_t i : {1U, 3U, 4U})
      for (const double dy : found.dY[i]) EXPECT_EQ(dy, 0) << loss.text();
  }
}

TEST(Loss, of_weights_that_are_all_zero_is_zero) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 5);
    const Result found = evaluate(loss, made.Y, made.T, std::vector<double>(batch));
    EXPECT_EQ(found.value, 0) << loss.text();
    for (const double dy : found.dY.elements()) EXPECT_EQ(dy, 0) << loss.text();
  }
}

TEST(Loss, does_not_depend_on_the_size_of_the_weights_but_on_their_ratios) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 6);
    std::vector<double> larger = made.weights;
    for (double& weight : larger) weight *= 1000;
    const Result a = evaluate(loss, made.Y, made.T, made.weights), b = evaluate(loss, made.Y, made.T, larger);
    EXPECT_TRUE(near(b.value, a.value, 1e-14)) << loss.text();
    expect_near(b.dY, a.dY, 1e-14, loss.text());
  }
}

TEST(Loss, gradient_of_a_batch_is_the_weighted_mean_of_its_halves) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 7);
    const Result whole = evaluate(loss, made.Y, made.T, made.weights);
    const double all = total_weight<double>({.values = made.T, .weights = made.weights});
    double value = 0;
    for (const auto& [first, count] : {std::pair<std::size_t, std::size_t>{0, 2}, {2, 4}}) {
      const std::span<const double> weights = std::span(made.weights).subspan(first, count);
      const ConstMatrixView<double> T = made.T.view().rows(first, count);
      const Result half = evaluate(loss, made.Y.view().rows(first, count), T, weights);
      const double share = total_weight<double>({.values = T, .weights = weights}) / all;
      value += share * half.value;
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < half.dY.columns(); ++j)
          EXPECT_TRUE(near(whole.dY(first + i, j), share * half.dY(i, j), 1e-14)) << loss.text();
    }
    EXPECT_TRUE(near(whole.value, value, 1e-14)) << loss.text();
  }
}

TEST(Loss, in_float_is_double_rounded) {
  for (const Loss& loss : losses_of_test()) {
    const Batch made = batch_for(loss, 8);
    Matrix<float> Y(batch, made.Y.columns()), T(batch, columns), dY = poisoned<float>(batch, made.Y.columns());
    std::ranges::transform(made.Y.elements(), Y.elements().begin(), [](double y) { return static_cast<float>(y); });
    std::ranges::transform(made.T.elements(), T.elements().begin(), [](double t) { return static_cast<float>(t); });
    const std::vector<float> weights(made.weights.begin(), made.weights.end());
    const Result expected = evaluate(loss, made.Y, made.T, made.weights);
    const double value = loss(ConstMatrixView<float>(Y), Targets<float>{.values = T, .weights = weights}, dY.view());
    EXPECT_TRUE(near(value, expected.value, 1e-5)) << loss.text();
    for (std::size_t i = 0; i < dY.size(); ++i)
      EXPECT_TRUE(near(static_cast<double>(dY.elements()[i]), expected.dY.elements()[i], 1e-5)) << loss.text();
  }
}

TEST(TotalWeight, counts_samples_where_there_are_no_weights) {
  const Matrix<double> T(4, 2);
  EXPECT_EQ(total_weight<double>({.values = T, .weights = {}}), 4);
  EXPECT_EQ(total_weight<double>({.values = T, .weights = std::vector<double>{1, 0.5, 0, 2}}), 3.5);
}

// --- fused with the activation -------------------------------------------------------------------------------------

TEST(FusedLoss, names_activations_that_exist) {
  const std::map<std::string_view, std::set<std::string_view>> expected{
      {"poisson", {"exp"}},
      {"gaussian_nll", {"identity"}},
      {"hinge", {"identity"}},
      {"binary_cross_entropy", {"sigmoid"}},
      {"binary_focal", {"sigmoid"}},
      {"categorical_cross_entropy", {"softmax", "log_softmax"}},
      {"categorical_focal", {"softmax", "log_softmax"}}};
  for (const Loss& loss : losses_of_test()) {
    const std::set<std::string_view> links(loss.links().begin(), loss.links().end());
    const auto found = expected.find(loss.name());
    EXPECT_EQ(links, found == expected.end() ? std::set<std::string_view>{} : found->second) << loss.text();
    EXPECT_EQ(loss.takes_logits(), !links.empty()) << loss.text();
    EXPECT_EQ(loss.outputs_per_target(), loss.name() == "gaussian_nll" ? 2U : 1U) << loss.text();
    for (const std::string_view link : links) EXPECT_EQ(find_activation(link).name(), link);
  }
}

// dL/dZ through the activation: dA = −(1/N) T / A, then its backward pass.
TEST(FusedLoss, categorical_cross_entropy_is_softmax_then_minus_log) {
  const Loss loss = Loss::parse("categorical_cross_entropy");
  const Batch made = batch_for(loss, 9);
  const Activation softmax = find_activation("softmax");
  Matrix<double> S = poisoned<double>(batch, columns), dS(batch, columns), dZ = poisoned<double>(batch, columns);
  softmax.forward(made.Y, S);
  double value = 0;
  for (std::size_t i = 0; i < S.size(); ++i) {
    const double t = made.T.elements()[i], s = S.elements()[i];
    value -= t * std::log(s) / batch;
    dS.elements()[i] = -t / s / batch;
  }
  softmax.backward(made.Y, S, dS, dZ);
  const Result fused = evaluate(loss, made.Y, made.T, {});
  EXPECT_NEAR(fused.value, value, 1e-14);
  expect_near(fused.dY, dZ, 1e-14, "fused");
  for (std::size_t i = 0; i < S.size(); ++i)
    EXPECT_NEAR(fused.dY.elements()[i], (S.elements()[i] - made.T.elements()[i]) / batch, 1e-15) << "(S − T) / N";
}

TEST(FusedLoss, binary_cross_entropy_is_sigmoid_then_minus_log) {
  const Loss loss = Loss::parse("binary_cross_entropy");
  const Batch made = batch_for(loss, 10);
  const Result fused = evaluate(loss, made.Y, made.T, {});
  double value = 0;
  for (std::size_t i = 0; i < made.Y.size(); ++i) {
    const double t = made.T.elements()[i], s = activations::Sigmoid::value(made.Y.elements()[i]);
    const double dS = (-t / s + (1 - t) / (1 - s)) / (batch * columns);
    value -= (t * std::log(s) + (1 - t) * std::log(1 - s)) / (batch * columns);
    EXPECT_NEAR(fused.dY.elements()[i], dS * s * (1 - s), 1e-14);
    EXPECT_NEAR(fused.dY.elements()[i], (s - t) / (batch * columns), 1e-15) << "(φ − t) / N";
  }
  EXPECT_NEAR(fused.value, value, 1e-14);
}

// --- label smoothing -----------------------------------------------------------------------------------------------

TEST(SmoothLabels, takes_a_share_from_every_class_and_deals_it_out_evenly) {
  Matrix<double> targets(1, 4);
  targets(0, 2) = 1;
  smooth_labels<double>(0.1, targets);
  const std::array<double, 4> expected{0.025, 0.025, 0.925, 0.025};
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(targets(0, j), expected[j], 1e-16);
}

TEST(SmoothLabels, one_column_stands_for_two_classes) {
  Matrix<double> targets(3, 1);
  targets(1, 0) = 1, targets(2, 0) = 0.5;
  smooth_labels<double>(0.2, targets);
  EXPECT_NEAR(targets(0, 0), 0.1, 1e-16);
  EXPECT_NEAR(targets(1, 0), 0.9, 2e-16);
  EXPECT_NEAR(targets(2, 0), 0.5, 1e-16);
}

TEST(SmoothLabels, by_nothing_changes_nothing_and_rows_keep_their_sum) {
  Random random = numbers_of_test(11);
  const Matrix<double> targets = targets_for(Loss::parse("categorical_cross_entropy"), 5, 3, random);
  Matrix<double> same = targets, smooth = targets;
  smooth_labels<double>(0, same);
  EXPECT_EQ(same, targets);
  smooth_labels<double>(0.3, smooth);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(smooth(i, 0) + smooth(i, 1) + smooth(i, 2), 1, 1e-15);
}

}  // namespace
}  // namespace neurone
