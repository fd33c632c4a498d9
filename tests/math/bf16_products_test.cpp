// Products with factors in bfloat16: those of the rounded factors, summed in float.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "neurone/math/bf16_kernels.h"
#include "neurone/math/products.h"
#include "neurone/math/reference_products.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// To nearest, ties to even, as the processor rounds.
float rounded(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return std::bit_cast<float>((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000U);
}
Matrix<float> rounded(Matrix<float> M) {
  for (float& x : M.elements()) x = rounded(x);
  return M;
}

// As many roundings as terms, each of half a unit of what has been summed by then.
void expect_near(const Matrix<float>& found, const Matrix<float>& expected, std::size_t terms) {
  const double bound = static_cast<double>(terms + 1) * 0x1p-24 * static_cast<double>(terms + 1);
  for (std::size_t i = 0; i < found.rows(); ++i)
    for (std::size_t j = 0; j < found.columns(); ++j)
      ASSERT_NEAR(found(i, j), expected(i, j), bound)
          << i << ", " << j << " of " << found.rows() << " × " << found.columns() << " over " << terms;
}

TEST(Bf16Products, are_those_of_rounded_factors) {
  if (!bf16::usable()) GTEST_SKIP() << "this processor does not multiply in bfloat16";
  Random random = numbers_of_test(1);
  Workbench<float> workbench(nullptr, Factors::bf16);
  for (const std::size_t batch : {1UL, 2UL, 13UL, 15UL, 33UL, 530UL}) {
    for (const std::size_t d : {1UL, 2UL, 17UL, 31UL, 64UL, 520UL}) {
      for (const std::size_t n : {2UL, 7UL, 16UL, 17UL, 33UL, 257UL}) {
        const Matrix<float> X = random_matrix<float>(batch, d, random), W = random_matrix<float>(d, n, random);
        const Matrix<float> dZ = random_matrix<float>(batch, n, random), b = random_matrix<float>(1, n, random);
        const Matrix<float> X16 = rounded(X), W16 = rounded(W), dZ16 = rounded(dZ);
        Matrix<float> Z = poisoned<float>(batch, n), dX = poisoned<float>(batch, d), dW = poisoned<float>(d, n);
        Matrix<float> Z_plain(batch, n), dX_plain(batch, d), dW_plain(d, n), db(1, n), db_plain(1, n);
        affine<float>(X, W, b.elements(), Z, workbench);
        input_gradient<float>(dZ, W, dX, workbench);
        weight_gradient<float>(X, dZ, dW, db.elements(), workbench);
        reference::affine<float>(X16, W16, b.elements(), Z_plain);
        reference::input_gradient<float>(dZ16, W16, dX_plain);
        reference::weight_gradient<float>(X16, dZ16, dW_plain, {});
        reference::weight_gradient<float>(X, dZ, Matrix<float>(d, n), db_plain.elements());
        expect_near(Z, Z_plain, d + 1);
        expect_near(dX, dX_plain, n);
        expect_near(dW, dW_plain, batch);
        expect_near(db, db_plain, batch);  // not a product: in float
      }
    }
  }
}

TEST(Bf16Products, are_refused_in_double) {
  if (!bf16::usable()) GTEST_SKIP() << "this processor does not multiply in bfloat16";
  EXPECT_EQ(message_of<UsageError>([] { Workbench<double>(nullptr, Factors::bf16); }),
            "bf16: products in bfloat16 are summed in float, not in double");
}

TEST(Bf16Products, are_refused_where_the_processor_has_none) {
  if (bf16::usable()) GTEST_SKIP() << "this processor has them";
  EXPECT_EQ(message_of<UsageError>([] { check_factors(Factors::bf16); }),
            "bf16: this processor does not multiply in bfloat16 (it has no AVX512_BF16)");
}

}  // namespace
}  // namespace neurone
