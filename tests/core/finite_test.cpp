#include "neurone/core/finite.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace neurone {
namespace {

template <class T> class Finite : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Finite, Precisions);

TYPED_TEST(Finite, each_number_that_is_none_is_found_wherever_it_stands) {
  using T = TypeParam;
  constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  for (std::size_t size = 1; size < 40; ++size)
    for (std::size_t place = 0; place < size; ++place)
      for (const T each : {nan, -nan, infinity, -infinity, std::numeric_limits<T>::signaling_NaN()}) {
        std::vector<T> values(size, T(1));
        values[place] = each;
        EXPECT_EQ(first_not_finite(std::span<const T>(values)), place);
        values[size - 1] = nan;
        EXPECT_EQ(first_not_finite(std::span<const T>(values)), place);
      }
}

TYPED_TEST(Finite, the_largest_and_the_smallest_numbers_are_finite) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  const std::vector<T> values{T(0), -T(0), Limits::max(), -Limits::max(), Limits::denorm_min(), Limits::min(), T(1)};
  EXPECT_EQ(first_not_finite(std::span<const T>(values)), std::nullopt);
  EXPECT_EQ(first_not_finite(std::span<const T>()), std::nullopt);
  EXPECT_EQ(not_finite_text(std::span<const T>(values)), "");
}

TYPED_TEST(Finite, the_text_counts_from_one) {
  using T = TypeParam;
  const std::vector<T> values{T(1), -std::numeric_limits<T>::infinity(), std::numeric_limits<T>::quiet_NaN()};
  EXPECT_EQ(not_finite_text(std::span<const T>(values)), "-inf at place 2");
  EXPECT_EQ(not_finite_text(std::span<const T>(values).last(1)), "nan at place 1");
}

}  // namespace
}  // namespace neurone
