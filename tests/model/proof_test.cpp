// The rows by which a model proves itself: which they are, and how they are compared.
#include "neurone/model/proof.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "neurone/data/column_fitting.h"
#include "neurone/model/fitting.h"
#include "tests/model/models.h"

namespace neurone {
namespace {

// A hundred rows; the hard ones stand at places that are not evenly chosen.
Table hundred_rows() {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 100; ++i)
    rows.push_back({std::to_string(i % 10) + ".5", i % 2 == 0 ? "red" : "green", i % 3 == 0 ? "yes" : "no"});
  rows[13][0] = "-1000";
  rows[17][0] = "1e6";
  rows[19][0] = "NA";
  rows[21][1] = "violet";
  rows[23][1] = "?";
  return Table({"amount", "colour", "y"}, rows);
}

Table proof_table(const Source& rows) {
  return std::get<Table>(rows);
}

std::set<std::string> cells_of(const Table& table, const std::string& column) {
  std::set<std::string> cells;
  for (std::size_t row = 0; row < table.rows(); ++row) cells.emplace(table.cell(row, table.column(column)));
  return cells;
}

TEST(Proof, of_training_rows_holds_the_hard_ones_of_every_column) {
  const Preparation preparation = fit_table(hundred_rows(), {.ignore = {"y"}}).preparation;
  const Table rows = proof_table(hard_rows(preparation, hundred_rows()));
  EXPECT_EQ(rows.rows(), rows_of_proof);
  EXPECT_EQ(rows.names(), (std::vector<std::string>{"amount", "colour"}));
  const std::set<std::string> amounts = cells_of(rows, "amount"), colours = cells_of(rows, "colour");
  for (const char* amount : {"-1000", "1e6", "NA"}) EXPECT_TRUE(amounts.contains(amount)) << amount;
  for (const char* colour : {"violet", "?", "?!"}) EXPECT_TRUE(colours.contains(colour)) << colour;  // ?! is new
}

TEST(Proof, of_few_rows_holds_them_all) {
  const std::vector<std::uint32_t> four{13, 17, 19, 20};
  const Table few = hundred_rows().select(four);
  const Preparation preparation = fit_table(hundred_rows(), {.ignore = {"y"}}).preparation;
  EXPECT_EQ(proof_table(hard_rows(preparation, few)).rows(), four.size() + 1);
}

TEST(Proof, made_up_holds_no_row_of_the_table_but_its_ends) {
  const TablePreparation preparation = fit_table(hundred_rows(), {.ignore = {"y"}}).preparation;
  const Table rows = proof_table(synthetic_rows(preparation));
  EXPECT_EQ(rows.rows(), rows_of_proof);
  const std::set<std::string> amounts = cells_of(rows, "amount"), colours = cells_of(rows, "colour");
  for (const char* amount : {"-1000", "1e+06", ""}) EXPECT_TRUE(amounts.contains(amount)) << amount;
  for (const char* colour : {"red", "violet", "", "?!"}) EXPECT_TRUE(colours.contains(colour)) << colour;
  std::size_t outside = 0;
  for (const std::string& amount : amounts) outside += !amount.empty() && std::abs(std::stod(amount)) > 1e6 ? 1U : 0U;
  EXPECT_GE(outside, 1U);
  EXPECT_FALSE(amounts.contains("3.5"));
}

TEST(Proof, made_up_reads_in_every_notation_and_order) {
  const Scale scale{.median = 1234.5, .lowest = -10000.25, .highest = 99999.75};
  const Scale days{.median = 15000, .lowest = -3000, .highest = 20000};
  const TablePreparation preparation{
      .columns = {NumericColumn{.name = "a", .scale = scale, .form = Notation::comma},
                  NumericColumn{.name = "b", .scale = scale, .form = Notation::groups},
                  DateColumn{.name = "c", .scale = days, .order = DateOrder::mdy, .has_time = true},
                  DateColumn{.name = "d", .scale = days, .order = DateOrder::ymd}}};
  const Source rows = synthetic_rows(preparation);
  Matrix<double> X(rows_of_proof, preparation.width());
  const Surprises surprises = preparation.encode<double>(proof_table(rows), X);
  EXPECT_GT(surprises.count(SurpriseKind::below), 0U);
  EXPECT_GT(surprises.count(SurpriseKind::above), 0U);
}

TEST(Proof, of_images_is_32_of_them_without_their_labels) {
  Images images{.height = 2, .width = 2, .pixels = {}, .labels = {}, .source = "i"};
  for (int i = 0; i < 100; ++i) {
    images.pixels.insert(images.pixels.end(), 4, static_cast<std::uint8_t>(i));
    images.labels.push_back(7);
  }
  const ImagePreparation preparation = fit_images(images);
  for (const Source& rows : {hard_rows(preparation, images), synthetic_rows(preparation)}) {
    EXPECT_EQ(std::get<Images>(rows).count(), rows_of_proof);
    EXPECT_TRUE(std::get<Images>(rows).labels.empty());
  }
}

TEST(Proof, agrees_with_the_model_that_it_is_of) {
  const Model model =
      model_of_x(NumberTarget{.name = "y", .deviation = 4}, {losses::SquaredError{}}, "identity", {2, 1});
  const Proof proof = proof_of(model);
  EXPECT_TRUE(proof.made_up);
  Predictions found = predict(model, proof.rows);
  EXPECT_EQ(agreement(model, proof, found).largest, 0);
  found.values(10, 0) += 2;  // half a deviation
  EXPECT_EQ(agreement(model, proof, found).largest, 0.5);
  found.values(4, 0) = std::nan("");
  EXPECT_EQ(agreement(model, proof, found).largest, std::numeric_limits<double>::infinity());
}

// One in a thousand is a mistake, and some roundings of floats are none, in whatever unit the numbers are.
TEST(Proof, counts_differences_in_the_size_that_the_numbers_have) {
  for (const double size : {1e-9, 1.0, 1e6, 1e12})
    for (const NumberTarget& target :
         {NumberTarget{.name = "y"}, NumberTarget{.name = "y", .mean = size, .deviation = size}}) {
      const Model model = model_of_x(target, {losses::SquaredError{}}, "identity", {target.mean == 0 ? size : 1, 0});
      const Proof proof = proof_of(model);
      Predictions found = predict(model, proof.rows);
      const double value = std::ranges::max(found.values.elements());
      for (double& each : found.values.elements()) each += 3 * 0x1p-24 * value;
      EXPECT_LE(agreement(model, proof, found).largest, rounding_limit) << size;
      for (double& each : found.values.elements()) each += 1e-3 * each;
      EXPECT_GT(agreement(model, proof, found).largest, 10 * rounding_limit) << size;
    }
}

TEST(Proof, a_unit_that_is_not_known_is_the_median_size_of_the_values) {
  Matrix<double> values(5, 1);
  std::ranges::copy(std::vector<double>{0, -3, 5, 1e30, std::numeric_limits<double>::infinity()},
                    values.elements().begin());
  EXPECT_EQ(unit_of_values(NumberTarget{.name = "y"}, values), 5);
  EXPECT_EQ(unit_of_values(NumberTarget{.name = "y", .deviation = 7}, values), 7);
  EXPECT_EQ(unit_of_values(ClassTarget{.name = "y", .classes = {"a", "b"}}, values), 1);
  EXPECT_EQ(unit_of_values(NumberTarget{.name = "y"}, Matrix<double>(2, 1)), 1);
  EXPECT_EQ(difference_in_units(3, 1, 4), 0.5);
  EXPECT_EQ(difference_in_units(48, 32, 1), 4);  // an eighth of 32 is more than 1
  EXPECT_EQ(difference_in_units(1, std::numeric_limits<double>::infinity(), 1),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(difference_in_units(std::nan(""), std::nan(""), 1), 0);
}

TEST(Proof, counts_labels_that_are_others) {
  const Model model = model_of_x(ClassTarget{.name = "y", .classes = {"no", "yes"}}, {losses::BinaryCrossEntropy{}},
                                 "sigmoid", {2, 1});
  const Proof proof = proof_of(model);
  Predictions found = predict(model, proof.rows);
  EXPECT_EQ(agreement(model, proof, found).other_labels, 0U);
  found.classes[5] = 1 - found.classes[5];
  EXPECT_EQ(agreement(model, proof, found).other_labels, 1U);
}

TEST(Proof, comes_with_training_and_keeps_rows_only_where_it_may) {
  Plan plan{.target = "y", .hidden = {{2}}, .epochs = 1, .ensemble = 1};
  for (const bool keep : {true, false}) {
    plan.keep_rows = keep;
    const Model model = train_model(hundred_rows(), plan).model;
    ASSERT_TRUE(model.proof);
    EXPECT_EQ(model.proof->made_up, !keep);
    EXPECT_EQ(agreement(model, *model.proof, predict(model, model.proof->rows)).largest, 0);
  }
}

}  // namespace
}  // namespace neurone
