// Numbers below the smallest normal one, taken for zero or not.
#include "neurone/core/denormals.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "neurone/core/team.h"

namespace neurone {
namespace {

// Half of the smallest normal number, computed where it is asked for.
float half_of_least() {
  volatile float least = std::numeric_limits<float>::min(), half = 0.5F;
  return least * half;
}
// What is left of a denormal number when it is read.
float ten_times(float denormal) {
  volatile float x = denormal, ten = 10;
  return x * ten;
}

#if defined(__x86_64__) || defined(__aarch64__)

TEST(Denormals, are_zero_while_it_is_said_and_not_after) {
  const float denormal = half_of_least();
  EXPECT_GT(denormal, 0);
  {
    const DenormalsAreZero here;
    EXPECT_TRUE(DenormalsAreZero::in_effect());
    EXPECT_EQ(half_of_least(), 0);
    {
      const DenormalsAreZero again, not_at_all(false);
      EXPECT_EQ(half_of_least(), 0);
    }
    EXPECT_TRUE(DenormalsAreZero::in_effect());
    EXPECT_EQ(ten_times(denormal), 0);
  }
  EXPECT_FALSE(DenormalsAreZero::in_effect());
  EXPECT_GT(half_of_least(), 0);
  EXPECT_GT(ten_times(denormal), 0);
  const DenormalsAreZero not_at_all(false);
  EXPECT_FALSE(DenormalsAreZero::in_effect());
}

TEST(Denormals, are_for_a_team_what_they_are_for_its_caller) {
  Team team(4);
  for (const bool zero : {false, true, false}) {
    const DenormalsAreZero scope(zero);
    std::vector<float> found(64);
    team.run(found.size(), [&](std::size_t part) { found[part] = half_of_least(); });
    for (const float each : found) EXPECT_EQ(each == 0, zero);
  }
}

#endif

}  // namespace
}  // namespace neurone
