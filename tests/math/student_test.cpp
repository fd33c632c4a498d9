// Against SciPy 1.16: 2 * scipy.stats.t.sf(t, v).
#include "neurone/math/student.h"

#include <gtest/gtest.h>

#include <cmath>

namespace neurone {
namespace {

TEST(Student, two_sided_probabilities_are_those_of_scipy) {
  const struct {
    double t, degrees_of_freedom, p;
  } recorded[] = {{2.5, 3, 0.08770664700806556},
                  {0.1, 1, 0.936548965138893},
                  {12.3, 293, 2.583546128672644e-28},
                  {1.96, 1e6, 0.04999606758526985},
                  {40, 5, 1.8411962171772954e-07}};
  for (const auto& [t, degrees_of_freedom, p] : recorded) {
    EXPECT_NEAR(student_two_sided(t, degrees_of_freedom), p, 1e-10 * p) << t;
    EXPECT_EQ(student_two_sided(-t, degrees_of_freedom), student_two_sided(t, degrees_of_freedom));
  }
  EXPECT_EQ(student_two_sided(0, 7), 1);
  EXPECT_EQ(student_two_sided(INFINITY, 7), 0);
  EXPECT_TRUE(std::isnan(student_two_sided(1, 0)));
  EXPECT_NEAR(normal_two_sided(1.959963984540054), 0.05, 1e-15);
}

}  // namespace
}  // namespace neurone
