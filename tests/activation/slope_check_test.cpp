// The check of slopes finds every slope that is wrong, and passes those that are right.
#include "neurone/activation/slope_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string_view>

namespace neurone {
namespace {

struct Cubic {
  static constexpr std::string_view name = "cubic", formula = "z^3", derivative = "3 z^2", range = "(-inf, inf)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return z * z * z; }
  template <class T> static T slope(T z, T) { return T(3) * z * z; }
};

struct WrongSign : Cubic {
  template <class T> static T slope(T z, T) { return T(-3) * z * z; }
};

// Off by one part in a billion.
struct WrongConstant : Cubic {
  template <class T> static T slope(T z, T) { return T(3.000000003) * z * z; }
};

// Right on all of [−8, 8] but for a sixteenth.
struct WrongPiece : Cubic {
  template <class T> static T slope(T z, T) { return numbers::less(T(7.9375), z) ? T(2) * z * z : T(3) * z * z; }
};

struct NoNumber : Cubic {
  template <class T> static T slope(T, T) { return T(std::numeric_limits<double>::quiet_NaN()); }
};

TEST(SlopeCheck, passes_a_slope_that_is_the_derivative) {
  const SlopeCheck check = check_slope<Cubic>();
  EXPECT_TRUE(check.holds());
  EXPECT_EQ(check.compared, 1024U);
  EXPECT_LT(check.largest_error, 1e-15);
}

TEST(SlopeCheck, finds_a_wrong_sign) {
  const SlopeCheck check = check_slope<WrongSign>();
  EXPECT_FALSE(check.holds());
  EXPECT_NEAR(check.largest_error, 2, 1e-12);
}

TEST(SlopeCheck, finds_a_constant_that_is_a_billionth_off) {
  const SlopeCheck check = check_slope<WrongConstant>();
  EXPECT_FALSE(check.holds());
  EXPECT_NEAR(check.largest_error, 1e-9, 1e-14);
}

TEST(SlopeCheck, finds_a_wrong_piece_and_says_where) {
  const SlopeCheck check = check_slope<WrongPiece>();
  EXPECT_FALSE(check.holds());
  ASSERT_EQ(check.where.size(), 1U);
  EXPECT_GT(check.where[0], 7.9375);
  EXPECT_NEAR(check.largest_error, 1.0 / 3, 1e-12);
}

TEST(SlopeCheck, takes_no_number_for_an_infinite_error) {
  const SlopeCheck check = check_slope<NoNumber>();
  EXPECT_FALSE(check.holds());
  EXPECT_EQ(check.largest_error, std::numeric_limits<double>::infinity());
}

// --- whole rows ----------------------------------------------------------------------------------------------------

struct OwnSoftmax : activations::Softmax {};

// The diagonal alone, as of an activation of single numbers.
struct Diagonal : activations::Softmax {
  template <class T>
  static void backward(std::span<const T>, std::span<const T> a, std::span<const T> dA, std::span<T> dZ) {
    for (std::size_t j = 0; j < a.size(); ++j) dZ[j] = dA[j] * a[j] * (T(1) - a[j]);
  }
};

struct WrongJacobian : activations::Softmax {
  template <class T> static T jacobian(std::span<const T> a, std::size_t i, std::size_t j) {
    return a[i] * (T(i == j ? 1 : 0) + a[j]);
  }
};

TEST(SlopeCheck, compares_whole_jacobians) {
  const SlopeCheck check = check_slope<OwnSoftmax>();
  EXPECT_TRUE(check.holds());
  EXPECT_EQ(check.compared, 256U * 16 * 2);
}

TEST(SlopeCheck, finds_a_wrong_product_with_the_jacobian) {
  const SlopeCheck check = check_slope<Diagonal>();
  EXPECT_FALSE(check.holds());
  EXPECT_EQ(check.where.size(), 4U);
}

TEST(SlopeCheck, finds_a_wrong_jacobian_whose_product_is_right) {
  EXPECT_FALSE(check_slope<WrongJacobian>().holds());
}

// --- the sheet -----------------------------------------------------------------------------------------------------

TEST(SlopeCheck, holds_for_the_whole_sheet) {
  const std::vector<CheckedActivation> sheet = check_sheet();
  ASSERT_EQ(sheet.size(), all_activations().size());
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    EXPECT_EQ(sheet[i].activation, all_activations()[i]);
    EXPECT_TRUE(sheet[i].check.holds()) << sheet[i].activation.name() << ": " << sheet[i].check.largest_error;
  }
}

}  // namespace
}  // namespace neurone
