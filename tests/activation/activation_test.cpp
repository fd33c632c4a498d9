#include "neurone/activation/activation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/network/network.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// An activation of one's own, as docs/adding_an_activation.md shows.
struct BentIdentity {
  static constexpr std::string_view name = "bent_identity", formula = "(sqrt(z^2 + 1) - 1) / 2 + z",
                                    derivative = "z / (2 sqrt(z^2 + 1)) + 1", range = "(-inf, inf)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return (numbers::sqrt(z * z + T(1)) - T(1)) / T(2) + z; }
  template <class T> static T slope(T z, T) { return z / (T(2) * numbers::sqrt(z * z + T(1))) + T(1); }
};

// Takes the name of one of the sheet.
struct OtherTanh : BentIdentity {
  static constexpr std::string_view name = "tanh";
};

const Activation bent = Activation::of<BentIdentity>();

// --- the list ------------------------------------------------------------------------------------------------------

TEST(Activations, are_found_by_their_names) {
  std::set<std::string_view> names;
  for (const Activation& activation : all_activations()) {
    EXPECT_EQ(find_activation(activation.name()), activation);
    EXPECT_FALSE(activation.formula().empty() || activation.derivative().empty() || activation.range().empty())
        << activation.name() << " is not documented";
    names.insert(activation.name());
  }
  EXPECT_EQ(names.size(), all_activations().size()) << "a name stands for two";
  for (const char* of_the_lecture : {"sigmoid", "tanh", "softmax", "relu"})
    EXPECT_TRUE(names.contains(of_the_lecture));
}

TEST(Activations, an_unknown_name_is_answered_with_the_nearest) {
  EXPECT_EQ(message_of([] { find_activation("sigmod"); }), "unknown activation 'sigmod': did you mean 'sigmoid'?");
  EXPECT_EQ(message_of([] { find_activation("ReLU"); }), "unknown activation 'ReLU': did you mean 'relu'?");
  const std::string list = message_of([] { find_activation("elephant"); });
  EXPECT_TRUE(list.starts_with("unknown activation 'elephant', expected one of: identity, sigmoid, tanh,")) << list;
}

TEST(Activations, know_whether_they_work_on_whole_rows) {
  for (const Activation& activation : all_activations())
    EXPECT_EQ(activation.is_rowwise(), activation.name() == "softmax" || activation.name() == "log_softmax");
}

TEST(Activations, only_identity_is_the_identity) {
  for (const Activation& activation : all_activations())
    EXPECT_EQ(activation.is_identity(), activation.name() == "identity");
}

// --- running over a batch ------------------------------------------------------------------------------------------

template <class T> class Batch : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(Batch, Numbers, );

TYPED_TEST(Batch, every_activation_may_work_in_place) {
  using T = TypeParam;
  Random random = numbers_of_test(1);
  const Matrix<T> Z = random_matrix<T>(5, 7, random), dA = random_matrix<T>(5, 7, random);
  for (const Activation& activation : all_activations()) {
    Matrix<T> A = poisoned<T>(5, 7), dZ = poisoned<T>(5, 7);
    activation.forward(Z, A);
    activation.backward(Z, A, dA, dZ);
    Matrix<T> ZA = Z, dAZ = dA;
    activation.forward(ZA, ZA);
    activation.backward(Z, A, dAZ, dAZ);
    EXPECT_TRUE(all_finite<T>(A.elements()) && all_finite<T>(dZ.elements())) << activation.name();
    EXPECT_EQ(ZA, A) << activation.name();
    EXPECT_EQ(dAZ, dZ) << activation.name();
  }
}

TYPED_TEST(Batch, every_row_is_worked_on_alone) {
  using T = TypeParam;
  Random random = numbers_of_test(2);
  const Matrix<T> Z = random_matrix<T>(5, 7, random), dA = random_matrix<T>(5, 7, random);
  for (const Activation& activation : all_activations()) {
    Matrix<T> A = poisoned<T>(5, 7), dZ = poisoned<T>(5, 7);
    activation.forward(Z, A);
    activation.backward(Z, A, dA, dZ);
    for (std::size_t i = 0; i < 5; ++i) {
      Matrix<T> a = poisoned<T>(1, 7), dz = poisoned<T>(1, 7);
      activation.forward(Z.view().rows(i, 1), a);
      activation.backward(Z.view().rows(i, 1), a, dA.view().rows(i, 1), dz);
      EXPECT_TRUE(std::ranges::equal(a[0], A[i]) && std::ranges::equal(dz[0], dZ[i])) << activation.name();
    }
  }
}

TYPED_TEST(Batch, backward_multiplies_by_the_slope_and_keeps_its_sign) {
  using T = TypeParam;
  Matrix<T> Z(1, 2), A = poisoned<T>(1, 2), dA(1, 2), dZ = poisoned<T>(1, 2);
  Z(0, 0) = T(0.5), Z(0, 1) = T(-0.5);
  dA(0, 0) = T(3), dA(0, 1) = T(-2);
  const Activation square = find_activation("square");
  square.forward(Z, A);
  square.backward(Z, A, dA, dZ);
  EXPECT_EQ(dZ(0, 0), T(3));  // 3 · 2 · 0.5
  EXPECT_EQ(dZ(0, 1), T(2));  // −2 · 2 · −0.5
}

// --- one's own -----------------------------------------------------------------------------------------------------

TEST(OwnActivation, is_found_beside_those_of_the_sheet) {
  const std::vector own{bent};
  EXPECT_EQ(find_activation("bent_identity", own), bent);
  EXPECT_EQ(find_activation("relu", own).name(), "relu");
  EXPECT_EQ(message_of([&] { find_activation("bent_identiti", own); }),
            "unknown activation 'bent_identiti': did you mean 'bent_identity'?");
  EXPECT_EQ(message_of([] { find_activation("bent_identity"); }).substr(0, 34), "unknown activation 'bent_identity'");
}

TEST(OwnActivation, comes_before_one_of_the_same_name) {
  const std::vector own{Activation::of<OtherTanh>()};
  EXPECT_EQ(find_activation("tanh", own), own[0]);
}

TEST(OwnActivation, works_in_a_network) {
  Network<double> network(
      {.inputs = 2, .layers = {layers::Dense{.units = 2, .activation = "bent_identity"}}, .own_activations = {bent}});
  std::ranges::copy(std::vector{1.0, 2.0, 3.0, 4.0, 0.5, -0.5}, network.parameters().begin());
  Matrix<double> X(1, 2);
  X(0, 0) = 0.1, X(0, 1) = -0.2;
  Workspace<double> workspace(network, 1, WorkspaceFor::training);
  const Pass pass{.training = true};
  const ConstMatrixView<double> A = network.forward(pass, X, workspace);
  const double z[] = {0.1 * 1 - 0.2 * 3 + 0.5, 0.1 * 2 - 0.2 * 4 - 0.5};  // 0 and −1.1
  EXPECT_NEAR(A(0, 0), 0, 1e-15);
  EXPECT_NEAR(A(0, 1), (std::sqrt(2.21) - 1) / 2 - 1.1, 1e-15);

  workspace.output_gradient()(0, 0) = 1;
  workspace.output_gradient()(0, 1) = 2;
  poison(workspace.gradient());
  network.backward(pass, X, GradientOf::outputs, workspace);
  const double dz[] = {1.0 + z[0] / 2, 2 * (1 - 1.1 / (2 * std::sqrt(2.21)))};
  const std::vector<double> expected{0.1 * dz[0], 0.1 * dz[1], -0.2 * dz[0], -0.2 * dz[1], dz[0], dz[1]};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(workspace.gradient()[i], expected[i], 1e-15);
}

}  // namespace
}  // namespace neurone
