// The page as a whole: right markup, all its parts, and nothing of the user's that could act.
#include "neurone/report/page.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "neurone/model/splits.h"
#include "neurone/report/png.h"
#include "tests/support/html.h"
#include "tests/support/matrices.h"

namespace neurone::report {
namespace {

// y depends on x and on kind; names and values are hostile.
Table hostile_table(bool classes) {
  Random random = numbers_of_test(4);
  std::vector<std::vector<std::string>> cells;
  for (int i = 0; i < 300; ++i) {
    const double x = random.normal();
    const bool script = random.below(2) == 1;
    const double y = x * x + (script ? 1 : 0) + 0.1 * random.normal();
    cells.push_back({std::to_string(x), script ? "<script>alert(1)</script>" : "a&b",
                     i % 7 == 0 ? "" : "2024-01-" + std::to_string(1 + i % 28),
                     classes ? (y > 1.2 ? "<b>high" : "\"low\"") : std::to_string(y)});
  }
  return Table({"x</style>", "kind & <img src=x onerror=alert(1)>", "day", "y'\"<>"}, cells, "people.csv");
}

struct Trained {
  Source known, test;
  TrainedModel made;
};

Trained trained(const Source& source, const std::string& target, double test_share = 0.3, std::size_t networks = 2) {
  Plan plan;
  plan.target = target;
  plan.hidden = {6};
  plan.epochs = 15;
  plan.ensemble = networks;
  Trained all;
  all.known = source;
  if (test_share > 0) {
    SourceSplit split = hold_out(source, test_share, plan, 1);
    all.known = split.kept;
    all.test = split.held_out;
  }
  Fitting<float> fitting({.train = all.known, .validation = {}, .test = all.test}, plan);
  fitting.run();
  all.made = fitting.result();
  return all;
}

std::string page_of(const Trained& all) {
  return page({.made = all.made,
               .known = all.known,
               .test = all.test,
               .data = "people.csv",
               .model = "it's.safetensors",
               .command = {"neurone", "train", "people.csv", "--target", "y'\"<>"},
               .version = "1.2.3"});
}

std::vector<std::string> sections_of(const std::string& html) {
  static const std::regex section("<section id=\"([a-z]+)\">");
  std::vector<std::string> ids;
  for (std::sregex_iterator it(html.begin(), html.end(), section), end; it != end; ++it) ids.push_back((*it)[1]);
  return ids;
}

bool holds(const std::string& html, const std::string& text) {
  return html.find(text) != std::string::npos;
}

const std::vector<std::string> all_sections{"figures", "importance", "dependence", "mistakes",
                                            "table",   "training",   "again"};

TEST(Page, about_classes_is_whole_and_right_markup) {
  const std::string html = page_of(trained(hostile_table(true), "y'\"<>"));
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(sections_of(html), all_sections);
  for (const char* text :
       {"class=\"confusion\"", "ROC", "Are its probabilities true?", "the hidden layers bring", "neurone 1.2.3",
        "neurone train people.csv --target &#39;y&#39;\\&#39;&#39;&quot;&lt;&gt;&#39;"})
    EXPECT_TRUE(holds(html, text)) << text;
}

TEST(Page, about_a_number_is_whole_and_right_markup) {
  const std::string html = page_of(trained(hostile_table(false), "y'\"<>"));
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(sections_of(html), all_sections);
  for (const char* text : {"Predicted against true", "How far it is off", "Do its intervals hold?"})
    EXPECT_TRUE(holds(html, text)) << text;
}

// The first cells of the rows of a table whose head is given, from its second column on.
std::vector<std::vector<std::string>> cells_below(const std::string& html, const std::string& head) {
  std::size_t at = html.find(head);
  EXPECT_NE(at, std::string::npos) << head;
  const std::size_t end = html.find("</table>", at);
  std::vector<std::vector<std::string>> rows;
  for (at = html.find("<tr>", at); at < end; at = html.find("<tr>", at + 1)) {
    rows.emplace_back();
    const std::size_t row_end = html.find("</tr>", at);
    for (std::size_t cell = html.find("<td>", at); cell < row_end; cell = html.find("<td>", cell + 1))
      rows.back().push_back(html.substr(cell + 4, html.find("</td>", cell) - cell - 4));
  }
  return rows;
}

TEST(Page, shows_the_rows_with_the_largest_errors_first) {
  const Trained all = trained(hostile_table(false), "y'\"<>");
  const auto rows = cells_below(page_of(all), "<th scope=\"col\">line</th>");
  ASSERT_EQ(rows.size(), 12U);
  double last = std::numeric_limits<double>::infinity();
  for (const auto& row : rows) {
    const double error = std::abs(std::stod(row[0]) - std::stod(row[1]));
    EXPECT_LE(error, last + 1e-3);
    last = error;
  }
  const Figures& figures = all.made.test->figures;  // the worst are far worse than the middle
  EXPECT_GT(last, std::ranges::find(figures, "median_error", &Figure::name)->value);
}

TEST(Page, shows_the_surest_mistakes_first) {
  const auto rows = cells_below(page_of(trained(hostile_table(true), "y'\"<>")), "<th scope=\"col\">line</th>");
  ASSERT_GT(rows.size(), 1U);
  double last = 0;
  for (const auto& row : rows) {
    EXPECT_NE(row[0], row[1]);  // true and predicted
    const double of_true = std::stod(row[3]);
    EXPECT_LE(of_true, 50.0);
    EXPECT_GE(of_true, last);
    last = of_true;
  }
}

TEST(Page, shows_the_coverage_that_is_among_the_figures) {
  const Trained all = trained(hostile_table(false), "y'\"<>");
  const auto rows = cells_below(page_of(all), "<th scope=\"col\">promised</th>");
  const Figures& figures = all.made.test->figures;
  const double coverage = std::ranges::find(figures, "coverage_90", &Figure::name)->value;
  const double width = std::ranges::find(figures, "width_90", &Figure::name)->value;
  ASSERT_GE(rows.size(), 9U);
  EXPECT_NEAR(std::stod(rows[8][0]), 100 * coverage, 0.0501);
  EXPECT_NEAR(std::stod(rows[8][1]), width, 1e-3 * width);
}

TEST(Page, has_no_script_and_asks_for_nothing) {
  for (const bool classes : {true, false}) {
    const std::string html = page_of(trained(hostile_table(classes), "y'\"<>"));
    for (const char* text :
         {"<script", "<img", "onerror=\"", "http:", "https:", "url(", "@import", "<iframe", "<b>high"})
      EXPECT_FALSE(holds(html, text)) << text;
    EXPECT_TRUE(holds(html, "default-src &#39;none&#39;") || holds(html, "default-src 'none'"));
    EXPECT_TRUE(holds(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  }
}

TEST(Page, is_the_same_again) {
  EXPECT_EQ(page_of(trained(hostile_table(true), "y'\"<>")), page_of(trained(hostile_table(true), "y'\"<>")));
}

TEST(Page, without_test_rows_says_that_nobody_knows_how_good_it_is) {
  const std::string html = page_of(trained(hostile_table(true), "y'\"<>", 0, 1));
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(sections_of(html), (std::vector<std::string>{"figures", "table", "training", "again"}));
  EXPECT_TRUE(holds(html, "No rows were held out to test on"));
}

TEST(Page, draws_every_epoch_of_every_network) {
  const Trained all = trained(hostile_table(true), "y'\"<>");
  ASSERT_EQ(all.made.history.size(), 2U);
  EXPECT_EQ(all.made.history[0].size(), 15U);
  EXPECT_EQ(all.made.history[1].back().epoch, 15U);
  const std::string html = page_of(all);
  static const std::regex curve("<path class=\"line thin c[01]\" d=\"M[^M\"]*\"");
  EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), curve), std::sregex_iterator()), 8 + 1);
}

TEST(Page, shows_the_images_that_were_taken_for_others) {
  Images images{.height = 4, .width = 3, .pixels = {}, .labels = {}, .source = "images"};
  Random random = numbers_of_test(6);
  for (int i = 0; i < 300; ++i) {
    const std::uint32_t label = random.below(2);
    images.labels.push_back(static_cast<std::uint8_t>(random.below(10) == 0 ? 1 - label : label));  // some are wrong
    for (int p = 0; p < 12; ++p) images.pixels.push_back(static_cast<std::uint8_t>(random.below(100) + 100 * label));
  }
  const std::string html = page_of(trained(images, "label"));
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(sections_of(html), (std::vector<std::string>{"figures", "mistakes", "training", "again"}));
  EXPECT_TRUE(holds(html, "src=\"data:image/png;base64,iVBORw0KGgo"));
}

// Bytes of a base64 text.
std::string unpacked(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(letters.find(c));
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

TEST(Png, holds_the_pixels) {
  const std::vector<std::uint8_t> pixels{0, 50, 100, 150, 200, 255};
  const std::string address = png_address(pixels, 2, 3), prefix = "data:image/png;base64,";
  ASSERT_TRUE(address.starts_with(prefix));
  const std::string png = unpacked(address.substr(prefix.size()));
  const std::size_t data = png.find("IDAT");
  ASSERT_NE(data, std::string::npos);
  const auto length = static_cast<unsigned char>(png[data - 1]);  // of so few pixels
  std::string rows(8, '\0');
  uLongf size = rows.size();
  ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                       reinterpret_cast<const Bytef*>(png.data() + data + 4), length),
            Z_OK);
  EXPECT_EQ(rows, std::string("\0\x00\x32\x64\0\x96\xC8\xFF", 8));
  EXPECT_EQ(png.substr(16, 8), std::string("\0\0\0\3\0\0\0\2", 8));
  EXPECT_TRUE(png.ends_with(std::string("IEND\xAE\x42\x60\x82")));  // the check sum that every PNG ends with
}

TEST(Page, shows_what_the_parameters_of_a_regression_are_worth) {
  Trained all = trained(hostile_table(false), "y'\"<>");
  EXPECT_EQ(page_of(all).find("What the parameters are worth"), std::string::npos);
  all.made.model.record.estimates =
      Estimates{.parameters = {{.name = "<b>x", .value = 1.25, .error = 0.5, .statistic = 2.5, .p = 1e-20}},
                .collinear = {},
                .in_users_unit = true,
                .degrees_of_freedom = 7,
                .fits = {{.r_squared = 0.5, .residual_deviation = 0.75, .adjusted_r_squared = 0.25}}};
  const std::string text = page_of(all);
  for (const char* part : {"What the parameters are worth", "&lt;b&gt;x", "1.25", "2.50", "&lt; 1e-16",
                           "residual deviation 0.75 on 7 degrees of freedom", "in the units of the columns"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(Page, says_of_which_class_a_parameter_is_and_against_which) {
  Trained all = trained(hostile_table(true), "y'\"<>");
  all.made.model.record.estimates = Estimates{
      .parameters = {{.name = "x", .value = 1, .error = 1, .statistic = 1, .p = 0.3, .of_class = "<b>high"}},
      .collinear = {},
      .is_likelihood = true,
      .reference = "\"low\"",
      .degrees_of_freedom = 7};
  const std::string text = page_of(all);
  EXPECT_NE(text.find("<th scope=\"row\">&lt;b&gt;high against &quot;low&quot;</th><td>x</td>"), std::string::npos);
  EXPECT_EQ(text.find("residual deviation"), std::string::npos);
}

}  // namespace
}  // namespace neurone::report
