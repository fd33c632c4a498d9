// A picture as a file of its own stands alone: its colours, its size, its ground.
#include "neurone/report/picture_file.h"

#include <gtest/gtest.h>

#include <array>

#include "neurone/report/chart.h"

namespace neurone::report {
namespace {

std::string chart_of(double width, double height) {
  Chart chart(Axis::shares("x"), Axis::shares("y"), {.width = width, .height = height});
  chart.cell({0, 0}, {0.5, 0.5}, 3, 0.25);
  chart.label({0.5, 0.5}, 1, "a < b");
  return chart.svg("a test");
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(PictureFile, needs_no_page_around_it) {
  const std::string file = picture_file(chart_of(300, 200));
  EXPECT_TRUE(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"200\" class="))
      << file;
  EXPECT_TRUE(file.ends_with("</svg>\n"));
  EXPECT_TRUE(has(file, "a &lt; b"));
  EXPECT_TRUE(has(file, "fill-opacity=\"0.25\""));
}

TEST(PictureFile, has_colours_for_light_and_dark_and_no_variables) {
  const std::string file = picture_file(chart_of(300, 200));
  EXPECT_FALSE(has(file, "var("));
  const std::size_t dark = file.find("@media (prefers-color-scheme: dark)");
  ASSERT_NE(dark, std::string::npos);
  EXPECT_TRUE(has(file.substr(0, dark), ".ground { fill: #fff; }"));
  EXPECT_TRUE(has(file.substr(dark), ".ground { fill: #14181c; }"));
}

TEST(SideBySide, is_as_large_as_its_rows_and_columns) {
  const std::array drawings{chart_of(300, 200), chart_of(200, 100), chart_of(100, 50)};
  const std::string drawing = side_by_side(drawings, 2, "three");
  EXPECT_TRUE(drawing.starts_with("<svg viewBox=\"0 0 500 250\" role=\"img\" aria-label=\"three\">")) << drawing;
  EXPECT_TRUE(has(drawing, "<svg x=\"0\" y=\"0\" width=\"300\" height=\"200\""));
  EXPECT_TRUE(has(drawing, "<svg x=\"300\" y=\"50\" width=\"200\" height=\"100\""));  // in the middle of its row
  EXPECT_TRUE(has(drawing, "<svg x=\"100\" y=\"200\" width=\"100\" height=\"50\""));  // and of its column
}

}  // namespace
}  // namespace neurone::report
