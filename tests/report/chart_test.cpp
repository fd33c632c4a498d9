// Axes have round marks, and lines break where there is no number.
#include "neurone/report/chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace neurone::report {
namespace {

std::vector<std::string> marks(const Axis& axis) {
  std::vector<std::string> all;
  for (const auto& [at, text] : axis.ticks) all.push_back(text);
  return all;
}

TEST(Axis, marks_are_round_numbers) {
  EXPECT_EQ(marks(Axis::around("", 0, 1)), (std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1"}));
  EXPECT_EQ(marks(Axis::around("", 17, 90)), (std::vector<std::string>{"20", "40", "60", "80"}));
  EXPECT_EQ(marks(Axis::around("", -3e6, 1e6)),
            (std::vector<std::string>{"-3e+06", "-2e+06", "-1e+06", "0", "1e+06"}));
}

TEST(Axis, has_no_negative_zero_among_its_marks) {
  for (const auto& [at, text] : Axis::around("", -0.013, 0.021).ticks) EXPECT_FALSE(at == 0 && std::signbit(at));
  EXPECT_EQ(marks(Axis::around("", -0.013, 0.021)), (std::vector<std::string>{"-0.01", "0", "0.01", "0.02"}));
}

TEST(Axis, has_a_length_whatever_the_numbers) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [low, high] : {std::pair(5.0, 5.0),
                                  {0.0, 0.0},
                                  {-infinity, 1.0},
                                  {std::nan(""), 1.0},
                                  {2.0, 1.0},
                                  {0.7, std::nextafter(0.7, 1.0)},
                                  {-1e308, 1e308}}) {
    const Axis axis = Axis::around("", low, high);
    EXPECT_LT(axis.low, axis.high);
    EXPECT_LE(axis.ticks.size(), 12U);
  }
}

TEST(Chart, lines_break_where_there_is_no_number) {
  Chart chart(Axis::shares("x"), Axis::shares("y"));
  chart.line(std::vector<Point>{{0, 0}, {0.5, std::nan("")}, {1, 1}, {0.5, 1}}, 0);
  const std::string svg = chart.svg("a test");
  EXPECT_NE(svg.find("d=\"M58.0 236.0M400.0 12.0L229.0 12.0\""), std::string::npos) << svg;
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(Chart, says_what_it_is_to_those_who_cannot_see_it) {
  const std::string svg = Chart(Axis::shares("x"), Axis::shares("y")).svg("how \"sure\"");
  EXPECT_NE(svg.find("role=\"img\" aria-label=\"how &quot;sure&quot;\""), std::string::npos);
}

TEST(Whisker, stays_inside) {
  const Whisker wide{.value = 0.5, .low = -0.1, .high = 2};
  EXPECT_NE(whisker_bar(wide, 1).find("width=\"100.0\""), std::string::npos);
  EXPECT_NE(whisker_bar(wide, 1).find("M0.0 7H200.0"), std::string::npos);
  EXPECT_NE(whisker_bar({}, 0).find("width=\"0.0\""), std::string::npos);
  EXPECT_NE(whisker_dot({.value = 3, .low = 2, .high = 4}, 2, 6).find("cx=\"50.0\""), std::string::npos);
  EXPECT_NE(whisker_dot({.value = 3, .low = 2, .high = 4}, 2, 6).find("M0.0 7H100.0"), std::string::npos);
}

}  // namespace
}  // namespace neurone::report
