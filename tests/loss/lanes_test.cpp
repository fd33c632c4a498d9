// The losses over lanes against the same formula a number at a time: in every instruction set, for batches on both
// sides of a vector's width, and for rows too long for lanes.
#include <gtest/gtest.h>

#include <cmath>
#include <variant>

#include "neurone/loss/loss.h"
#include "neurone/loss/sample.h"
#include "tests/support/instruction_sets.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

class LossesOverLanes : public InEverySet {};
NEURONE_IN_EVERY_SET(LossesOverLanes);

template <class T> void compare(const Loss& loss, std::size_t rows, std::size_t targets) {
  Random random = numbers_of_test(1);
  const std::size_t outputs = targets * loss.outputs_per_target();
  Matrix<T> Y(rows, outputs), t(rows, targets), dY = poisoned<T>(rows, outputs), plain(rows, outputs);
  fill_uniform<T>(random, -3, 3, Y.elements());
  for (std::size_t i = 0; i < rows; ++i) t(i, i % targets) = 1;  // a class, and a number as well as another
  Vector<T> weights(rows);
  fill_uniform<T>(random, 0.5, 2, weights);
  const double found = loss.operator()<T>(Y, {.values = t, .weights = weights}, dY);
  double total = 0, sum = 0;
  for (const T weight : weights) total += static_cast<double>(weight);
  for (std::size_t i = 0; i < rows; ++i) {
    const double weight = static_cast<double>(weights[i]) / total;
    std::visit(
        [&]<class Formula>(const Formula& formula) {
          sum += weight * static_cast<double>(losses::sample<Formula, T>(formula, Y.view()[i], t.view()[i],
                                                                         static_cast<T>(weight), plain.view()[i]));
        },
        loss.formula);
  }
  const double bound = sizeof(T) == 4 ? 1e-5 : 1e-13;
  EXPECT_NEAR(found, sum, bound * (1 + std::abs(sum))) << loss.text() << ", " << rows << " × " << targets;
  for (std::size_t i = 0; i < plain.size(); ++i)
    ASSERT_NEAR(dY.elements()[i], plain.elements()[i], bound) << loss.text() << ", " << rows << " × " << targets;
}

TEST_P(LossesOverLanes, agree_with_the_formula_of_one_sample) {
  for_each_alternative<losses::Any>([](auto formula) {
    const Loss loss{.formula = formula};
    for (const std::size_t rows : {1UL, 7UL, 8UL, 9UL, 16UL, 17UL, 300UL}) {
      for (const std::size_t targets : {1UL, 2UL, 10UL, 150UL}) {
        compare<float>(loss, rows, targets);
        compare<double>(loss, rows, targets);
      }
    }
  });
}

}  // namespace
}  // namespace neurone
