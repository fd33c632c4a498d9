// What is taken down of the sheet computes what the sheet computes.
#include "neurone/export/formula.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/activation/activation.h"
#include "tests/export/evaluated_formula.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

TEST(Formula, of_every_elementwise_activation_is_the_sheets) {
  std::size_t compared = 0;
  for (const Activation& activation : all_activations()) {
    const std::optional<Formula> formula = formula_of_activation(activation.name());
    EXPECT_EQ(formula.has_value(), !activation.is_rowwise()) << activation.name();
    if (!formula) continue;
    for (double z = -6; z <= 6; z += 0.25) {
      Matrix<double> Z(1, 1), A(1, 1);
      Z(0, 0) = z;
      activation.forward(Z.view(), A.view());
      const double value = evaluated(*formula->step(), z);
      EXPECT_NEAR(value, A(0, 0), 1e-14 * std::max(1.0, std::abs(value))) << activation.name() << " at " << z;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 24 * 49U);
}

TEST(Formula, computes_once_what_is_named_once) {
  const Formula mish = *formula_of_activation("mish");  // z (n / (n + 2))
  const auto& share = mish.step()->operands[1];
  ASSERT_EQ(share->operation, Operation::divide);
  EXPECT_EQ(share->operands[0], share->operands[1]->operands[0]);
}

TEST(Formula, of_somebodys_own_activation_is_not_known) {
  EXPECT_EQ(message_of<UsageError>([] { formula_of_activation("bent_identity"); }),
            "the activation 'bent_identity' is not one of neurone's own: it cannot be exported");
}

}  // namespace
}  // namespace neurone
