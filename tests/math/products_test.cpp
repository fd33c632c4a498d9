#include "neurone/math/products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/matrices.h"

namespace neurone {
namespace {

// On both sides of every width that a kernel may work in.
constexpr std::size_t sizes[] = {1, 2, 3, 13, 15, 16, 17, 31, 33, 64, 65};

struct Shape {
  std::size_t batch, d, n;
};

std::string text(const Shape& shape) {
  return std::to_string(shape.batch) + " x " + std::to_string(shape.d) + " x " + std::to_string(shape.n);
}

std::vector<Shape> shapes() {
  std::vector<Shape> all{{300, 5, 2}, {2, 300, 5}, {5, 2, 300}};
  for (const std::size_t batch : sizes)
    for (const std::size_t d : sizes)
      for (const std::size_t n : sizes) all.push_back({batch, d, n});
  return all;
}

// Σ_k term(k) over `count` terms in long double, and how far a sum in T may be from it: each of its at most
// count + 1 roundings is off by half an ε of what it holds, which is at most Σ |term(k)| (Higham 2002, equation 3.5).
template <class T> testing::AssertionResult is_sum(T found, std::size_t count, const auto& term) {
  long double sum = 0, size = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const long double each = term(k);
    sum += each;
    size += std::abs(each);
  }
  const long double bound = 0.51L * static_cast<long double>(count + 1) *
                            static_cast<long double>(std::numeric_limits<T>::epsilon()) * size;
  if (std::abs(static_cast<long double>(found) - sum) <= bound) return testing::AssertionSuccess();
  return testing::AssertionFailure() << found << ", expected " << sum << " ± " << bound;
}

template <class T> class Products : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(Products, Numbers, );

template <class T> std::vector<T> random_row(std::size_t n, Random& random) {
  std::vector<T> row(n);
  fill_uniform<T>(random, -1, 1, row);
  return row;
}

TYPED_TEST(Products, affine_is_x_times_w_plus_b) {
  using T = TypeParam;
  Random random = numbers_of_test(1);
  for (const Shape& shape : shapes()) {
    const auto [batch, d, n] = shape;
    const Matrix<T> X = random_matrix<T>(batch, d, random), W = random_matrix<T>(d, n, random);
    const std::vector<T> b = random_row<T>(n, random);
    Matrix<T> Z = poisoned<T>(batch, n), without = poisoned<T>(batch, n);
    affine<T>(X, W, b, Z);
    affine<T>(X, W, {}, without);
    for (std::size_t i = 0; i < batch; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        // term d is the bias
        const auto term = [&](std::size_t k) -> long double {
          return k == d ? static_cast<long double>(b[j]) : static_cast<long double>(X(i, k)) * W(k, j);
        };
        ASSERT_TRUE(is_sum(Z(i, j), d + 1, term)) << text(shape) << " at " << i << ", " << j;
        ASSERT_TRUE(is_sum(without(i, j), d, term)) << text(shape) << " at " << i << ", " << j;
      }
    }
  }
}

TYPED_TEST(Products, input_gradient_is_dz_times_w_transposed) {
  using T = TypeParam;
  Random random = numbers_of_test(2);
  for (const Shape& shape : shapes()) {
    const auto [batch, d, n] = shape;
    const Matrix<T> dZ = random_matrix<T>(batch, n, random), W = random_matrix<T>(d, n, random);
    Matrix<T> dX = poisoned<T>(batch, d);
    input_gradient<T>(dZ, W, dX);
    for (std::size_t i = 0; i < batch; ++i)
      for (std::size_t k = 0; k < d; ++k)
        ASSERT_TRUE(is_sum(dX(i, k), n, [&](std::size_t j) { return static_cast<long double>(dZ(i, j)) * W(k, j); }))
            << text(shape) << " at " << i << ", " << k;
  }
}

TYPED_TEST(Products, weight_gradient_is_x_transposed_times_dz_and_its_column_sums) {
  using T = TypeParam;
  Random random = numbers_of_test(3);
  for (const Shape& shape : shapes()) {
    const auto [batch, d, n] = shape;
    const Matrix<T> X = random_matrix<T>(batch, d, random), dZ = random_matrix<T>(batch, n, random);
    Matrix<T> dW = poisoned<T>(d, n), without = poisoned<T>(d, n);
    Matrix<T> db = poisoned<T>(1, n);
    weight_gradient<T>(X, dZ, dW, db.elements());
    weight_gradient<T>(X, dZ, without, {});
    EXPECT_EQ(without, dW) << text(shape) << ": without a bias, dW is another";
    for (std::size_t j = 0; j < n; ++j) {
      ASSERT_TRUE(is_sum(db(0, j), batch, [&](std::size_t i) -> long double { return dZ(i, j); }))
          << text(shape) << " at " << j;
      for (std::size_t k = 0; k < d; ++k)
        ASSERT_TRUE(
            is_sum(dW(k, j), batch, [&](std::size_t i) { return static_cast<long double>(X(i, k)) * dZ(i, j); }))
            << text(shape) << " at " << k << ", " << j;
    }
  }
}

TYPED_TEST(Products, dot_is_the_sum_of_the_products) {
  using T = TypeParam;
  Random random = numbers_of_test(4);
  EXPECT_EQ(dot<T>({}, {}), T(0));
  for (std::size_t n = 1; n <= 200; ++n) {
    const std::vector<T> a = random_row<T>(n, random), b = random_row<T>(n, random);
    EXPECT_TRUE(is_sum(dot<T>(a, b), n, [&](std::size_t j) { return static_cast<long double>(a[j]) * b[j]; })) << n;
  }
}

// A sample's numbers do not depend on who shares its batch: prediction row by row gives the same bits.
TYPED_TEST(Products, a_row_alone_gives_the_same_bits_as_in_a_batch) {
  using T = TypeParam;
  Random random = numbers_of_test(5);
  const Matrix<T> X = random_matrix<T>(7, 33, random), W = random_matrix<T>(33, 17, random);
  const std::vector<T> b = random_row<T>(17, random);
  Matrix<T> Z = poisoned<T>(7, 17), dX = poisoned<T>(7, 33);
  affine<T>(X, W, b, Z);
  input_gradient<T>(Z, W, dX);
  for (std::size_t i = 0; i < 7; ++i) {
    Matrix<T> z = poisoned<T>(1, 17), dx = poisoned<T>(1, 33);
    affine<T>(X.view().rows(i, 1), W, b, z);
    input_gradient<T>(z, W, dx);
    EXPECT_TRUE(std::ranges::equal(z[0], Z[i]));
    EXPECT_TRUE(std::ranges::equal(dx[0], dX[i]));
  }
}

TYPED_TEST(Products, of_a_batch_without_rows_the_gradient_is_zero) {
  using T = TypeParam;
  const Matrix<T> X(0, 3), dZ(0, 2);
  Matrix<T> dW = poisoned<T>(3, 2), db = poisoned<T>(1, 2);
  weight_gradient<T>(X, dZ, dW, db.elements());
  EXPECT_EQ(dW, Matrix<T>(3, 2));
  EXPECT_EQ(db, Matrix<T>(1, 2));
}

}  // namespace
}  // namespace neurone
