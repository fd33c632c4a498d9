// The activations over lanes against their plain loops: in every instruction set, on both sides of a vector's width,
// in rows too long for lanes, and in a block of a matrix whose other elements stay.
#include <gtest/gtest.h>

#include <cmath>

#include "neurone/activation/activation.h"
#include "tests/support/instruction_sets.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

class ActivationsOverLanes : public InEverySet {};
NEURONE_IN_EVERY_SET(ActivationsOverLanes);

// exp and its kin may differ by 2 units in the last place, and a slope by what they are multiplied with.
template <class T> void expect_near(const Matrix<T>& found, const Matrix<T>& expected, std::string_view name) {
  const double bound = sizeof(T) == 4 ? 2e-6 : 4e-15;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double a = static_cast<double>(found.elements()[i]), b = static_cast<double>(expected.elements()[i]);
    ASSERT_NEAR(a, b, bound * (1 + std::abs(b))) << name << " at " << i << " of " << found.columns() << " columns";
  }
}

template <class T, class... F> void compare(activations::List<F...>) {
  Random random = numbers_of_test(1);
  for (const std::size_t columns : {1UL, 3UL, 7UL, 8UL, 9UL, 15UL, 16UL, 17UL, 40UL, 128UL, 129UL, 200UL}) {
    const std::size_t rows = columns < 40 ? 19 : 2;
    Matrix<T> Z(rows, columns), dA(rows, columns);
    fill_uniform<T>(random, -4, 4, Z.elements());
    fill_uniform<T>(random, -1, 1, dA.elements());
    const auto each = [&]<class A>(const A*) {
      const Activation activation = Activation::of<A>();
      Matrix<T> value = poisoned<T>(rows, columns), slope = poisoned<T>(rows, columns);
      Matrix<T> plain_value = poisoned<T>(rows, columns), plain_slope = poisoned<T>(rows, columns);
      activation.forward(Z, value);
      activation.backward(Z, value, dA, slope);
      activations::Plain<A, T>::forward(Z.data(), plain_value.data(), columns, rows, columns);
      activations::Plain<A, T>::backward(Z.data(), value.data(), dA.data(), plain_slope.data(), columns, rows,
                                         columns);
      expect_near(value, plain_value, A::name);
      expect_near(slope, plain_slope, A::name);
    };
    (each(static_cast<const F*>(nullptr)), ...);
  }
}

TEST_P(ActivationsOverLanes, agree_with_the_plain_loops) {
  compare<float>(activations::All());
  compare<double>(activations::All());
}

TEST_P(ActivationsOverLanes, leave_what_is_outside_of_their_block) {
  Matrix<float> Z(5, 40);
  Matrix<float> A = poisoned<float>(5, 40);
  Activation::of<activations::Sigmoid>().forward<float>({.row = 1, .rows = 3, .column = 2, .columns = 19}, Z, A);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 40; ++j) {
      const bool inside = i >= 1 && i < 4 && j >= 2 && j < 21;
      if (inside)
        EXPECT_EQ(A(i, j), 0.5F) << i << ", " << j;
      else
        EXPECT_TRUE(std::isnan(A(i, j))) << i << ", " << j;
    }
  }
}

}  // namespace
}  // namespace neurone
