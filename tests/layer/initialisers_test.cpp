#include "neurone/layer/initialisers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "neurone/layer/layers.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

template <class T = double>
Matrix<T> drawn(std::string_view text, std::size_t d, std::size_t n, std::uint64_t seed = 1) {
  Matrix<T> W = poisoned<T>(d, n);
  Random random(seed, {.purpose = Purpose::initialise});
  initialise<T>(parse_choice<initialisers::Any>("initialiser", text), random, W);
  return W;
}

struct Moments {
  double mean = 0, variance = 0, fourth = 0, largest = 0;
};
Moments moments(const Matrix<double>& W) {
  Moments m;
  const auto count = static_cast<double>(W.size());
  for (const double w : W.elements()) {
    m.mean += w / count;
    m.variance += w * w / count;
    m.fourth += w * w * w * w / count;
    m.largest = std::max(m.largest, std::abs(w));
  }
  return m;
}

// 400 × 100 weights: the standard error of the variance is at most √(2/40,000) = 0.7 % of it.
TEST(Initialiser, weights_have_the_variance_of_the_paper) {
  constexpr double d = 400, n = 100;
  const std::map<std::string, double> variances{{"glorot_uniform", 2 / (d + n)}, {"glorot_normal", 2 / (d + n)},
                                                {"he_uniform", 2 / d},           {"he_normal", 2 / d},
                                                {"lecun_uniform", 1 / d},        {"lecun_normal", 1 / d}};
  for (const auto& [name, variance] : variances) {
    const Moments m = moments(drawn(name, 400, 100));
    EXPECT_NEAR(m.mean, 0, 4 * std::sqrt(variance / (d * n))) << name;
    EXPECT_NEAR(m.variance / variance, 1, 0.03) << name;
    if (name.ends_with("uniform")) {
      const double bound = std::sqrt(3 * variance);
      EXPECT_LE(m.largest, bound) << name;
      EXPECT_GE(m.largest, 0.999 * bound) << name;
      EXPECT_NEAR(m.fourth / (variance * variance), 1.8, 0.05) << name;
    } else {
      EXPECT_NEAR(m.fourth / (variance * variance), 3, 0.2) << name;
    }
  }
}

TEST(Initialiser, orthogonal_weights_have_orthonormal_rows_or_columns) {
  for (const auto& [d, n] : {std::pair<std::size_t, std::size_t>{5, 12}, {12, 5}, {8, 8}, {1, 4}, {4, 1}}) {
    const Matrix<double> W = drawn("orthogonal:gain=2", d, n);
    const bool tall = d > n;
    const std::size_t few = std::min(d, n), many = std::max(d, n);
    for (std::size_t a = 0; a < few; ++a) {
      for (std::size_t b = 0; b < few; ++b) {
        double inner = 0;
        for (std::size_t k = 0; k < many; ++k) inner += tall ? W(k, a) * W(k, b) : W(a, k) * W(b, k);
        EXPECT_NEAR(inner, a == b ? 4 : 0, 1e-14) << d << " x " << n << " at " << a << ", " << b;
      }
    }
  }
}

TEST(Initialiser, zeros_and_constants_are_what_they_say) {
  const Matrix<double> zeros = drawn("zeros", 3, 4), quarters = drawn("constant:0.25", 3, 4);
  for (const double w : zeros.elements()) EXPECT_EQ(w, 0);
  for (const double w : quarters.elements()) EXPECT_EQ(w, 0.25);
}

TEST(Initialiser, in_float_is_double_rounded) {
  for (const std::string& name : choice_names<initialisers::Any>()) {
    const Matrix<double> wide = drawn(name, 9, 7);
    const Matrix<float> narrow = drawn<float>(name, 9, 7);
    for (std::size_t i = 0; i < wide.size(); ++i)
      EXPECT_EQ(narrow.elements()[i], static_cast<float>(wide.elements()[i])) << name;
  }
}

TEST(Initialiser, draws_other_weights_for_another_seed_and_the_same_for_the_same) {
  for (const char* name : {"glorot_uniform", "he_normal", "orthogonal"}) {
    EXPECT_EQ(drawn(name, 5, 4, 1), drawn(name, 5, 4, 1)) << name;
    EXPECT_NE(drawn(name, 5, 4, 1), drawn(name, 5, 4, 2)) << name;
  }
}

TEST(Initialiser, suits_the_activation) {
  const auto chosen = [](std::string_view activation) {
    return choice_name(default_initialiser(find_activation(activation)));
  };
  for (const char* name : {"identity", "sigmoid", "tanh", "softmax", "log_softmax", "softsign", "hard_tanh", "elliot",
                           "hard_sigmoid", "sin", "cos", "gaussian", "square", "exp"})
    EXPECT_EQ(chosen(name), "glorot_uniform") << name;
  for (const char* name :
       {"relu", "leaky_relu", "elu", "celu", "gelu", "gelu_tanh", "silu", "mish", "softplus", "relu6", "hard_silu"})
    EXPECT_EQ(chosen(name), "he_uniform") << name;
  EXPECT_EQ(chosen("selu"), "lecun_uniform");
}

TEST(Initialiser, of_a_dense_layer_is_its_activations_unless_it_is_named) {
  const auto weights = [](const layers::Dense& spec) {
    Vector<double> parameters(6 * 5 + 5, -1);
    make_layer<double>(spec, 6, 0, {})->initialise(Random(1, {.purpose = Purpose::initialise}), parameters, {});
    for (std::size_t j = 30; j < 35; ++j) EXPECT_EQ(parameters[j], 0) << "b starts at zero";
    Matrix<double> W(6, 5);
    std::copy_n(parameters.begin(), 30, W.elements().begin());
    return W;
  };
  EXPECT_EQ(weights({.units = 5, .activation = "relu"}), drawn("he_uniform", 6, 5));
  EXPECT_EQ(weights({.units = 5, .activation = "tanh"}), drawn("glorot_uniform", 6, 5));
  EXPECT_EQ(weights({.units = 5, .activation = "selu"}), drawn("lecun_uniform", 6, 5));
  EXPECT_EQ(weights({.units = 5, .activation = "relu", .initialiser = "orthogonal"}), drawn("orthogonal", 6, 5));
  EXPECT_EQ(weights({.units = 5, .initialiser = "constant:value=3"}), drawn("constant:3", 6, 5));
}

}  // namespace
}  // namespace neurone
