#include "neurone/math/products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "neurone/math/reference_products.h"
#include "tests/support/instruction_sets.h"
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
  // and on both sides of the pieces that large factors are cut into, with rows of A that collide in a cache
  std::vector<Shape> all{{300, 5, 2},     {2, 300, 5},    {5, 2, 300},   {20, 257, 300}, {97, 300, 257},
                         {5, 512, 33},    {15, 1024, 40}, {29, 40, 512}, {530, 20, 40},  {4, 256, 256},
                         {30, 1024, 100}, {40, 512, 257}, {20, 30, 600}, {20, 600, 30},  {100, 33, 577}};
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

// One way to compute the three products.
template <class T> struct Ways {
  std::string name;
  void (*affine)(ConstMatrixView<T>, ConstMatrixView<T>, std::span<const T>, MatrixView<T>);
  void (*input_gradient)(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>);
  void (*weight_gradient)(ConstMatrixView<T>, ConstMatrixView<T>, MatrixView<T>, std::span<T>);
};

template <class T>
constexpr auto fast_affine = [](auto X, auto W, auto b, auto Z) {
  static Workbench<T> workbench;
  affine<T>(X, W, b, Z, workbench);
};
template <class T>
constexpr auto fast_input_gradient = [](auto dZ, auto W, auto dX) {
  static Workbench<T> workbench;
  input_gradient<T>(dZ, W, dX, workbench);
};
template <class T>
constexpr auto fast_weight_gradient = [](auto X, auto dZ, auto dW, auto db) {
  static Workbench<T> workbench;
  weight_gradient<T>(X, dZ, dW, db, workbench);
};

template <class T>
const Ways<T> plain{"reference", reference::affine<T>, reference::input_gradient<T>, reference::weight_gradient<T>};
template <class T> const Ways<T> fast{"fast", fast_affine<T>, fast_input_gradient<T>, fast_weight_gradient<T>};

// Calls body with the reference, then with the fast products in every instruction set.
template <class T, class Body> void in_every_way(Body body) {
  body(plain<T>);
  for (const InstructionSet set : usable_instruction_sets()) {
    const UseInstructionSet use(set);
    SCOPED_TRACE(std::string(name_of(set)));
    body(fast<T>);
  }
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
  in_every_way<T>([](const Ways<T>& way) {
    Random random = numbers_of_test(1);
    for (const Shape& shape : shapes()) {
      const auto [batch, d, n] = shape;
      const Matrix<T> X = random_matrix<T>(batch, d, random), W = random_matrix<T>(d, n, random);
      const std::vector<T> b = random_row<T>(n, random);
      Matrix<T> Z = poisoned<T>(batch, n), without = poisoned<T>(batch, n);
      way.affine(X, W, b, Z);
      way.affine(X, W, {}, without);
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
  });
}

TYPED_TEST(Products, input_gradient_is_dz_times_w_transposed) {
  using T = TypeParam;
  in_every_way<T>([](const Ways<T>& way) {
    Random random = numbers_of_test(2);
    for (const Shape& shape : shapes()) {
      const auto [batch, d, n] = shape;
      const Matrix<T> dZ = random_matrix<T>(batch, n, random), W = random_matrix<T>(d, n, random);
      Matrix<T> dX = poisoned<T>(batch, d);
      way.input_gradient(dZ, W, dX);
      for (std::size_t i = 0; i < batch; ++i)
        for (std::size_t k = 0; k < d; ++k)
          ASSERT_TRUE(
              is_sum(dX(i, k), n, [&](std::size_t j) { return static_cast<long double>(dZ(i, j)) * W(k, j); }))
              << text(shape) << " at " << i << ", " << k;
    }
  });
}

TYPED_TEST(Products, weight_gradient_is_x_transposed_times_dz_and_its_column_sums) {
  using T = TypeParam;
  in_every_way<T>([](const Ways<T>& way) {
    Random random = numbers_of_test(3);
    for (const Shape& shape : shapes()) {
      const auto [batch, d, n] = shape;
      const Matrix<T> X = random_matrix<T>(batch, d, random), dZ = random_matrix<T>(batch, n, random);
      Matrix<T> dW = poisoned<T>(d, n), without = poisoned<T>(d, n);
      Matrix<T> db = poisoned<T>(1, n);
      way.weight_gradient(X, dZ, dW, db.elements());
      way.weight_gradient(X, dZ, without, {});
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
  });
}

TYPED_TEST(Products, dot_is_the_sum_of_the_products) {
  using T = TypeParam;
  Random random = numbers_of_test(4);
  EXPECT_EQ(reference::dot<T>({}, {}), T(0));
  for (std::size_t n = 1; n <= 200; ++n) {
    const std::vector<T> a = random_row<T>(n, random), b = random_row<T>(n, random);
    EXPECT_TRUE(is_sum(reference::dot<T>(a, b), n, [&](std::size_t j) {
      return static_cast<long double>(a[j]) * b[j];
    })) << n;
  }
}

// A sample's numbers do not depend on who shares its batch: prediction row by row gives the same bits.
TYPED_TEST(Products, a_row_alone_gives_the_same_bits_as_in_a_batch) {
  using T = TypeParam;
  in_every_way<T>([](const Ways<T>& way) {
    Random random = numbers_of_test(5);
    const Matrix<T> X = random_matrix<T>(7, 33, random), W = random_matrix<T>(33, 17, random);
    const std::vector<T> b = random_row<T>(17, random);
    Matrix<T> Z = poisoned<T>(7, 17), dX = poisoned<T>(7, 33);
    way.affine(X, W, b, Z);
    way.input_gradient(Z, W, dX);
    for (std::size_t i = 0; i < 7; ++i) {
      Matrix<T> z = poisoned<T>(1, 17), dx = poisoned<T>(1, 33);
      way.affine(X.view().rows(i, 1), W, b, z);
      way.input_gradient(z, W, dx);
      EXPECT_TRUE(std::ranges::equal(z[0], Z[i]));
      EXPECT_TRUE(std::ranges::equal(dx[0], dX[i]));
    }
  });
}

TYPED_TEST(Products, of_a_batch_without_rows_the_gradient_is_zero) {
  using T = TypeParam;
  in_every_way<T>([](const Ways<T>& way) {
    const Matrix<T> X(0, 3), dZ(0, 2);
    Matrix<T> dW = poisoned<T>(3, 2), db = poisoned<T>(1, 2);
    way.weight_gradient(X, dZ, dW, db.elements());
    EXPECT_EQ(dW, Matrix<T>(3, 2));
    EXPECT_EQ(db, Matrix<T>(1, 2));
  });
}

// Finished blocks cover the result once, each when its numbers are there.
TYPED_TEST(Products, hand_out_every_element_once_when_it_is_finished) {
  using T = TypeParam;
  Random random = numbers_of_test(6);
  for (const Shape& shape : {Shape{1, 5, 3}, Shape{3, 5, 1}, Shape{30, 300, 17}, Shape{64, 20, 600}}) {
    const Matrix<T> X = random_matrix<T>(shape.batch, shape.d, random),
                    W = random_matrix<T>(shape.d, shape.n, random);
    const Matrix<T> dZ = random_matrix<T>(shape.batch, shape.n, random);
    Workbench<T> workbench;
    Matrix<T> Z(shape.batch, shape.n), copy = poisoned<T>(shape.batch, shape.n);
    const auto copy_block = [](const Block& block, const Matrix<T>& from, Matrix<T>& to) {
      for (std::size_t i = block.row; i < block.row + block.rows; ++i)
        for (std::size_t j = block.column; j < block.column + block.columns; ++j) {
          EXPECT_TRUE(std::isnan(to(i, j))) << "handed out twice";
          to(i, j) = from(i, j);
        }
    };
    const auto copy_Z = [&](const Block& block) { copy_block(block, Z, copy); };
    affine<T>(X, W, {}, Z, workbench, copy_Z);
    EXPECT_EQ(copy, Z);
    Matrix<T> dX(shape.batch, shape.d), copy_of_dX = poisoned<T>(shape.batch, shape.d);
    const auto copy_dX = [&](const Block& block) { copy_block(block, dX, copy_of_dX); };
    input_gradient<T>(dZ, W, dX, workbench, copy_dX);
    EXPECT_EQ(copy_of_dX, dX);
  }
}

// Shared out by columns where there are many, else by rows; each member packs into memory of its own.
TYPED_TEST(Products, a_team_gives_the_bits_of_one_thread) {
  using T = TypeParam;
  Random random = numbers_of_test(8);
  for (const Shape& shape : {Shape{200, 300, 400}, Shape{700, 512, 20}, Shape{64, 1024, 600}, Shape{2, 900, 900}}) {
    const auto [batch, d, n] = shape;
    const Matrix<T> X = random_matrix<T>(batch, d, random), W = random_matrix<T>(d, n, random);
    const Matrix<T> dZ = random_matrix<T>(batch, n, random), b = random_matrix<T>(1, n, random);
    struct Results {
      Matrix<T> Z, A, dX, dW, db;
      bool operator==(const Results&) const = default;
    };
    const auto results = [&](Team* team) {
      Workbench<T> workbench(team);
      Results all{poisoned<T>(batch, n), poisoned<T>(batch, n), poisoned<T>(batch, d), poisoned<T>(d, n),
                  poisoned<T>(1, n)};
      const auto twice = [&](const Block& block) {
        for (std::size_t i = block.row; i < block.row + block.rows; ++i)
          for (std::size_t j = block.column; j < block.column + block.columns; ++j) all.A(i, j) = 2 * all.Z(i, j);
      };
      affine<T>(X, W, b.elements(), all.Z, workbench, twice);
      input_gradient<T>(dZ, W, all.dX, workbench);
      weight_gradient<T>(X, dZ, all.dW, all.db.elements(), workbench);
      return all;
    };
    const Results alone = results(nullptr);
    for (const T a : alone.A.elements()) ASSERT_FALSE(std::isnan(a));
    for (const std::size_t threads : {2UL, 3UL, 8UL}) {
      Team team(threads);
      EXPECT_TRUE(results(&team) == alone) << text(shape) << " with " << threads << " threads";
    }
  }
}

// A machine with AVX2 and one with AVX-512 train the same network.
TYPED_TEST(Products, avx2_and_avx512_give_the_same_bits) {
  using T = TypeParam;
  if (usable_instruction_sets().back() != InstructionSet::avx512) GTEST_SKIP() << "this processor has no AVX-512";
  Random random = numbers_of_test(7);
  for (const Shape& shape : shapes()) {
    const auto [batch, d, n] = shape;
    const Matrix<T> X = random_matrix<T>(batch, d, random), W = random_matrix<T>(d, n, random);
    const std::vector<T> b = random_row<T>(n, random);
    struct Results {
      Matrix<T> Z, dX, dW, db;
      bool operator==(const Results&) const = default;
    };
    const auto results = [&](InstructionSet set) {
      const UseInstructionSet use(set);
      Results all{Matrix<T>(batch, n), Matrix<T>(batch, d), Matrix<T>(d, n), Matrix<T>(1, n)};
      fast<T>.affine(X, W, b, all.Z);
      fast<T>.input_gradient(all.Z, W, all.dX);
      fast<T>.weight_gradient(X, all.Z, all.dW, all.db.elements());
      return all;
    };
    EXPECT_TRUE(results(InstructionSet::avx2) == results(InstructionSet::avx512)) << text(shape);
  }
}

}  // namespace
}  // namespace neurone
