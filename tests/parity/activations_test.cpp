#include <gtest/gtest.h>

#include "neurone/activation/activation.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;

template <class T> class ParityOfActivations : public testing::Test {};
TYPED_TEST_SUITE(ParityOfActivations, recorded::Precisions);

TYPED_TEST(ParityOfActivations, values_and_slopes_agree_in_tails_and_kinks) {
  using T = TypeParam;
  Vector<T> z = recorded::vector<T>(recorded::figures("activations.json", "z")), ones(z.size(), 1);
  const MatrixView<T> Z(z.data(), 1, z.size()), dA(ones.data(), 1, z.size());
  for (const recorded::Json& each : recorded::figures("activations.json", "elementwise")) {
    SCOPED_TRACE(each["activation"]);
    const Activation activation = find_activation(each["activation"].get<std::string>());
    Matrix<T> A = poisoned<T>(1, z.size()), dZ = poisoned<T>(1, z.size());
    activation.forward(Z, A);
    activation.backward(Z, A, dA, dZ);
    expect_agreement<T>("value", A[0], each["value"]);
    expect_agreement<T>("slope", dZ[0], each["slope"]);
  }
}

TYPED_TEST(ParityOfActivations, rows_and_their_vector_jacobian_products_agree) {
  using T = TypeParam;
  for (const recorded::Json& each : recorded::figures("activations.json", "rowwise")) {
    SCOPED_TRACE(each["activation"]);
    const Activation activation = find_activation(each["activation"].get<std::string>());
    const Matrix<T> Z = recorded::matrix<T>(each["Z"]), dA = recorded::matrix<T>(each["dA"]);
    Matrix<T> A = poisoned<T>(Z.rows(), Z.columns()), dZ = poisoned<T>(Z.rows(), Z.columns());
    activation.forward(Z, A);
    activation.backward(Z, A, dA, dZ);
    expect_agreement<T>("A", A.view(), each["A"]);
    expect_agreement<T>("dZ", dZ.view(), each["dZ"]);
  }
}

}  // namespace
}  // namespace neurone
