// What is taken for an activation is one on the whole line; what only looks so near 0 is none, or another.
#include "neurone/onnx/curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "neurone/activation/activation.h"

namespace neurone::onnx {
namespace {

struct Case {
  const char* name;
  std::function<double(double)> curve;
  const char* found;  // "": none
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.name;
}

Tensor values_of(const std::function<double(double)>& curve, const std::vector<double>& points, Type type) {
  Reals values;
  for (const double z : points) values.push_back(rounded(type, curve(z)));
  return real_tensor(type, {std::ssize(points)}, values);
}

std::function<double(double)> clipped(double lowest, double highest) {
  return [=](double z) { return std::min(std::max(z, lowest), highest); };
}

class Curves : public testing::TestWithParam<Case> {};

TEST_P(Curves, are_known_by_the_whole_line) {
  const std::vector<double> constants{100, 300, 300.125, 1e-6, 25};
  const std::vector<double> points = curve_points(constants);
  for (const Type type : {Type::float32, Type::float64}) {
    const Tensor values = values_of(GetParam().curve, points, type);
    const auto found = find_activation_of({points, values}, {});
    EXPECT_EQ(found ? found->name : "", GetParam().found);
    if (!found) continue;
    const Activation activation = find_activation(found->name);  // and it is what was found, far out too
    for (const double z : {-1e6, -150.0, -3.0, -1e-9, 0.0, 1e-9, 0.7, 40.0, 150.0, 1e6}) {
      Matrix<double> Z(1, 1), A(1, 1);
      Z(0, 0) = found->before.first * z + found->before.second;
      activation.forward(Z, A);
      const double value = found->behind.first * A(0, 0) + found->behind.second;
      EXPECT_NEAR(value, GetParam().curve(z), 1e-5 * (1e-9 + std::abs(GetParam().curve(z)))) << z;
    }
  }
}

constexpr double infinite = std::numeric_limits<double>::infinity();
const Case cases[] = {
    {"relu", [](double z) { return std::max(z, 0.0); }, "relu"},
    {"relu and a shift", [](double z) { return std::max(z, 0.0) + 1e-6; }, "relu"},
    {"from 0 to 100", clipped(0, 100), "relu6"},
    {"from 0 to a millionth", clipped(0, 1e-6), "relu6"},
    {"from -1 to 1", clipped(-1, 1), "hard_tanh"},
    {"from 25 to 100", clipped(25, 100), "hard_tanh"},
    {"below 100", clipped(-infinite, 100), "relu"},
    {"above -25", clipped(-25, infinite), "relu"},
    {"falling, from 0 to 25", [](double z) { return std::min(std::max(25 - z, 0.0), 25.0); }, "relu6"},
    {"square", [](double z) { return z * z; }, "square"},
    {"exp of at most 25", [](double z) { return std::exp(std::min(z, 25.0)); }, ""},
    {"softplus that overflows", [](double z) { return z > 100 ? infinite : std::log1p(std::exp(z)); }, ""},
    {"tanh that is no number far out", [](double z) { return std::abs(z) > 100 ? std::nan("") : std::tanh(z); }, ""},
    {"relu from a millionth on", [](double z) { return z > 1e-6 ? z : 0; }, ""},
    {"relu from 25 on", [](double z) { return z > 25 ? z : 0; }, ""},
    {"nothing near 0", [](double z) { return std::abs(z) < 1e-6 ? 0 : z; }, ""},
    {"relu with a bump", [](double z) { return z > 300 && z < 300.125 ? 1e4 : std::max(z, 0.0); }, ""},
    {"a slope of 0.0101", [](double z) { return z > 0 ? z : 0.0101 * z; }, ""},
    {"sine that ends", [](double z) { return std::sin(std::min(std::max(z, -100.0), 100.0)); }, ""},
    {"sigmoid from 0.001 on", [](double z) { return std::max(1 / (1 + std::exp(-z)), 0.001); }, ""},
};
INSTANTIATE_TEST_SUITE_P(OfKinds, Curves, testing::ValuesIn(cases));

TEST(Curves, of_every_activation_are_found) {
  const std::vector<double> points = curve_points({});
  for (const Activation& activation : all_activations()) {
    if (activation.is_rowwise()) continue;
    Matrix<double> Z(points.size(), 1), A(points.size(), 1);
    std::ranges::copy(points, Z.elements().begin());
    activation.forward(Z, A);
    for (const Type type : {Type::float32, Type::float64}) {
      const Tensor values = real_tensor(type, {std::ssize(points)}, {A.elements().begin(), A.elements().end()});
      const auto found = find_activation_of({points, values}, {});
      ASSERT_TRUE(found) << activation.name();
      EXPECT_TRUE(found->name == activation.name() || (activation.name() == "celu" && found->name == "elu"))
          << activation.name() << " taken for " << found->name;
      EXPECT_EQ(found->behind, (std::pair{1.0, 0.0}));
    }
  }
}

TEST(Curves, bounds_are_found_exactly) {
  const double constants[] = {0.5, 7};
  const std::vector<double> points = curve_points(constants);
  const auto bounds_of = [&](const std::function<double(double)>& curve) {
    const Tensor values = values_of(curve, points, Type::float32);
    return find_bounds({points, values});
  };
  const auto both = bounds_of([](double z) { return std::min(std::max(4 * z - 1, 0.5), 7.0); });
  ASSERT_TRUE(both);
  EXPECT_NEAR(both->factor, 4, 1e-5);
  EXPECT_NEAR(both->shift, -1, 1e-5);
  EXPECT_EQ(both->lowest, 0.5);
  EXPECT_EQ(both->highest, 7);
  const auto one = bounds_of(clipped(-infinite, 7));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->lowest, -infinite);
  EXPECT_EQ(one->highest, 7);
  EXPECT_FALSE(bounds_of([](double z) { return z; }));
  EXPECT_FALSE(bounds_of([](double) { return 3; }));
  EXPECT_FALSE(bounds_of([](double z) { return std::tanh(z); }));
}

TEST(Curves, the_nearest_activation_is_named_where_it_breaks_off) {
  const double constants[] = {100};
  const std::vector<double> points = curve_points(constants);
  const Tensor values =
      values_of([](double z) { return z > 100 ? infinite : std::log1p(std::exp(z)); }, points, Type::float32);
  EXPECT_EQ(nearest_activation({points, values}),
            ": it is softplus but of 100.1, where it says inf instead of 100.1");
  const Tensor other = values_of([](double z) { return std::abs(z); }, points, Type::float32);
  EXPECT_EQ(nearest_activation({points, other}), "");
}

}  // namespace
}  // namespace neurone::onnx
