// The page about a row: right markup, links that lead somewhere, sums that add up, and nothing of the user's that
// could act.
#include "neurone/report/trace_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <set>

#include "tests/support/html.h"
#include "tests/support/matrices.h"

namespace neurone::report {
namespace {

// Hostile names and values; one number, one category.
const Table hostile({"a</style>", "b & <img src=x onerror=alert(1)>", "y'\"<>"},
                    {{"1.5", "<script>alert(1)</script>", "<b>high"}, {"NA", "a&b", "\"low\""}}, "people.csv");

Model model_of(std::vector<LayerSpec> layers) {
  const TablePreparation table{
      .columns = {NumericColumn{.name = "a</style>", .has_indicator = true, .knots = {0, 1, 2}},
                  CategoryColumn{.name = "b & <img src=x onerror=alert(1)>",
                                 .values = {"<script>alert(1)</script>", "a&b"}}}};
  Networks<float> networks;
  for (std::uint64_t k = 0; k < 2; ++k) {
    Network<float> network({.inputs = table.width(), .layers = layers});
    network.initialise(k);
    networks.push_back(std::move(network));
  }
  Model model{.preparation = table,
              .target = ClassTarget{.name = "y'\"<>", .classes = {"\"low\"", "<b>high"}, .one_hot = true},
              .loss = Loss::parse("categorical_cross_entropy"),
              .networks = std::move(networks),
              .record = {}};
  model.calibration.temperature = 1.2;
  return model;
}

std::vector<LayerSpec> small_layers() {
  return {layers::Scale{}, layers::Dense{.units = 4, .activation = "selu"}, layers::LayerNorm{},
          layers::Dense{.units = 2, .activation = "softmax"}};
}

// The same behind an embedding of the category.
std::vector<LayerSpec> embedding_layers() {
  std::vector<LayerSpec> all = small_layers();
  all.insert(all.begin(), layers::Embedding{.blocks = "5-6", .dimension = 3});
  return all;
}

std::string page_of(const Model& model, const TraceOptions& options, std::optional<Place> wanted = {}) {
  const Trace trace = trace_row(model, hostile, options);
  return trace_page({.model = model,
                     .trace = trace,
                     .data_name = "people.csv",
                     .model_name = "it's.safetensors",
                     .wanted = wanted,
                     .version = "1.2.3"});
}

std::vector<std::string> all_of(const std::string& html, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(html.begin(), html.end(), expression), end; it != end; ++it) found.push_back((*it)[1]);
  return found;
}

// Links that lead nowhere.
std::vector<std::string> dead_links(const std::string& html) {
  const std::vector<std::string> ids = all_of(html, " id=\"([^\"]*)\"");
  const std::set<std::string> known(ids.begin(), ids.end());
  EXPECT_EQ(known.size(), ids.size()) << "an id stands twice";
  std::vector<std::string> dead;
  for (const std::string& target : all_of(html, "href=\"#([^\"]*)\""))
    if (!known.contains(target)) dead.push_back(target);
  return dead;
}

bool holds(const std::string& html, const std::string& text) {
  return html.find(text) != std::string::npos;
}

TEST(TracePage, is_right_markup_and_its_links_lead_somewhere) {
  for (const bool backward : {false, true}) {
    const std::string html = page_of(model_of(small_layers()), {.row = 0, .network = 1, .backward = backward});
    EXPECT_EQ(mistakes_in(html), "");
    EXPECT_EQ(dead_links(html), std::vector<std::string>{});
    EXPECT_EQ(holds(html, "id=\"loss\""), backward);
    EXPECT_FALSE(holds(html, "<script"));
    for (const char* text : {"Row 1 of people.csv", "network 2 of 2", "id=\"layer-4\"", "id=\"u4-2\"", "id=\"u0-6\""})
      EXPECT_TRUE(holds(html, text)) << text;
  }
}

// The cells of a table's rows, without markup.
std::vector<std::vector<std::string>> rows_of(const std::string& table) {
  static const std::regex markup("<[^>]*>");
  std::vector<std::vector<std::string>> rows;
  for (std::size_t at = table.find("<tr>"); at != std::string::npos; at = table.find("<tr>", at + 1)) {
    const std::string row = table.substr(at, table.find("</tr>", at) - at);
    rows.emplace_back();
    for (const std::string& cell : all_of(row, "<t[dh][^>]*>(.*?)</t[dh]>"))
      rows.back().push_back(std::regex_replace(cell, markup, ""));
  }
  return rows;
}

// In every table of terms the products are value times weight, and make the number below them.
std::size_t expect_sums(const std::string& html) {
  std::size_t tables = 0;
  for (std::size_t at = html.find("<th scope=\"col\">product</th>"); at != std::string::npos;
       at = html.find("<th scope=\"col\">product</th>", at + 1)) {
    const auto rows = rows_of(html.substr(at, html.find("</table>", at) - at));
    double sum = 0;
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const double product = std::stod(rows[i].at(3));
      if (!rows[i][1].empty()) {
        EXPECT_NEAR(product, std::stod(rows[i][1]) * std::stod(rows[i][2]), 2e-5 * (1 + std::abs(product)));
      }
      sum += product;
    }
    EXPECT_NEAR(sum, std::stod(rows.back().at(3)), 2e-5 * (1 + std::abs(sum)));
    ++tables;
  }
  return tables;
}

TEST(TracePage, sums_add_up) {
  const Model model = model_of(small_layers());
  EXPECT_EQ(expect_sums(page_of(model, {})), 6U + 4 + 2);  // behind layer normalisation there is no sum
  EXPECT_EQ(expect_sums(page_of(model, {.backward = true})), 6U + 4 + 2 + 6 + 6 + 4);
  const std::string embedded = page_of(model_of(embedding_layers()), {.backward = true});
  EXPECT_EQ(expect_sums(embedded), 7U + 7 + 4 + 2 + 6 + 7 + 7 + 4);
  EXPECT_EQ(mistakes_in(embedded), "");
  EXPECT_EQ(dead_links(embedded), std::vector<std::string>{});
}

TEST(TracePage, says_what_it_leaves_out_of_a_large_network) {
  const Model model =
      model_of({layers::Dense{.units = 300, .activation = "relu"}, layers::Dense{.units = 200, .activation = "tanh"},
                layers::Dense{.units = 2, .activation = "softmax"}});
  const std::string html = page_of(model, {.backward = true});
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(dead_links(html), std::vector<std::string>{});
  EXPECT_LT(html.size(), 3'000'000U);
  EXPECT_TRUE(holds(html, "48 of its 300 units are followed"));
  EXPECT_TRUE(holds(html, "252 others together"));
  EXPECT_GT(expect_sums(html), 100U);
}

TEST(TracePage, follows_the_unit_that_is_wanted) {
  const Model model = model_of(
      {layers::Dense{.units = 300, .activation = "relu"}, layers::Dense{.units = 2, .activation = "softmax"}});
  const std::string html = page_of(model, {});
  std::size_t unit = 0;
  while (holds(html, "id=\"u1-" + std::to_string(unit + 1) + "\"")) ++unit;
  ASSERT_LT(unit, 300U);
  EXPECT_TRUE(
      holds(page_of(model, {}, Place{.depth = 1, .unit = unit}), "id=\"u1-" + std::to_string(unit + 1) + "\""));
}

TEST(TracePage, shows_one_member_and_the_mean_of_all) {
  const Model model = model_of({layers::Members{.count = 3}, layers::Dense{.units = 4, .activation = "relu"},
                                layers::Heads{.units = 2, .activation = "softmax"}});
  const std::string html = page_of(model, {.backward = true});
  EXPECT_EQ(mistakes_in(html), "");
  EXPECT_EQ(dead_links(html), std::vector<std::string>{});
  EXPECT_TRUE(holds(html, "the sample is 3 rows"));
  EXPECT_TRUE(holds(html, "<th scope=\"col\">member 3</th>"));
  EXPECT_TRUE(holds(html, ", member 3"));  // dL/dx is a sum over the members
  expect_sums(html);
}

}  // namespace
}  // namespace neurone::report
