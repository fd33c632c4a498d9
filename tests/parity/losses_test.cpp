#include <gtest/gtest.h>

#include "neurone/loss/loss.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;

template <class T> class ParityOfLosses : public testing::Test {};
TYPED_TEST_SUITE(ParityOfLosses, recorded::Precisions);

TYPED_TEST(ParityOfLosses, values_and_gradients_agree) {
  using T = TypeParam;
  for (const recorded::Json& each : recorded::figures("losses.json", "cases")) {
    const Matrix<T> Y = recorded::matrix<T>(each["Y"]);
    const Vector<T> weights = recorded::vector<T>(each["weights"]);
    Matrix<T> targets = recorded::matrix<T>(each["targets"]);
    SCOPED_TRACE(each["loss"].get<std::string>() + " of " + each["Y"].dump());
    if (each["smoothing"] > 0) smooth_labels<T>(each["smoothing"], targets);

    const Loss loss = Loss::parse(each["loss"].get<std::string>());
    Matrix<T> dY = poisoned<T>(Y.rows(), Y.columns());
    const double value = loss.operator()<T>(Y, {.values = targets, .weights = weights}, dY);
    expect_agreement<T>("value", static_cast<T>(value), each["value"]);
    expect_agreement<T>("gradient", dY.view(), each["gradient"]);
  }
}

}  // namespace
}  // namespace neurone
