// Whole runs on random tables under random options: what a model says is the same wherever it goes.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "neurone/export/onnx.h"
#include "neurone/file/model_file.h"
#include "neurone/model/fitting.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"
#include "tests/runs/random_run.h"

namespace neurone {
namespace {

constexpr std::uint64_t runs = 60;

Model trained(const RandomRun& run) {
  return train_model(run.table(), run.plan).model;
}

std::vector<std::uint64_t> bits_of(const Matrix<double>& values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values.elements()) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

std::vector<std::uint64_t> bits_of(const Model& model, const Source& source, std::size_t threads = 1) {
  return bits_of(predict(model, source, threads).values);
}

// The table with its columns in another order and one more that the model does not know.
Table shuffled(const RandomRun& run, std::uint64_t seed) {
  std::vector<std::uint32_t> order(run.names.size());
  shuffle(seed, 0, order);
  std::vector<std::string> names;
  for (const std::uint32_t column : order) names.push_back(run.names[column]);
  names.emplace_back("another");
  std::vector<std::vector<std::string>> rows;
  for (const std::vector<std::string>& cells : run.cells) {
    rows.emplace_back();
    for (const std::uint32_t column : order) rows.back().push_back(cells[column]);
    rows.back().emplace_back("any");
  }
  return Table(names, rows, "shuffled.csv");
}

// The same run with other names for categories and classes, which come in the same order.
RandomRun renamed(RandomRun run) {
  std::vector<std::size_t> columns = run.categories;
  columns.push_back(run.names.size() - 1);
  for (std::vector<std::string>& cells : run.cells)
    for (const std::size_t column : columns)
      if (cells[column].starts_with('k') || cells[column].starts_with("class")) cells[column].insert(0, "other ");
  return run;
}

class WholeRun : public testing::TestWithParam<std::uint64_t> {};

TEST_P(WholeRun, says_the_same_from_its_file_in_any_order_of_columns_and_on_several_threads) {
  const RandomRun run = random_run(GetParam());
  const Model model = trained(run);
  const std::vector<std::uint64_t> said = bits_of(model, run.table());
  const Model again = parse_model(format_model(model), "model");
  EXPECT_EQ(bits_of(again, run.table()), said);
  EXPECT_EQ(bits_of(again, shuffled(run, GetParam())), said);
  EXPECT_EQ(bits_of(again, run.table(), 3), said);
  EXPECT_EQ(agreement(again, proof_of(again), predict(again, proof_of(again).rows)).largest, 0);
}

TEST_P(WholeRun, says_the_same_whatever_categories_and_classes_are_called) {
  const RandomRun run = random_run(GetParam()), other = renamed(run);
  EXPECT_EQ(bits_of(trained(run), run.table()), bits_of(trained(other), other.table()));
}

TEST_P(WholeRun, says_the_same_as_onnx_and_imported_back) {
  const RandomRun run = random_run(GetParam());
  const Model model = trained(run);
  const onnx::Graph graph = onnx::parse_onnx(format_onnx(model), "model.onnx");
  const auto found = onnx::agreement_of(graph);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->other_labels, 0U);
  EXPECT_LT(found->largest, 1e-5);
  const Model imported = onnx::import_onnx(graph).model;
  const Matrix<double> here = predict(model, run.table()).values, there = predict(imported, run.table()).values;
  ASSERT_EQ(here.rows(), there.rows());
  const double unit = unit_of_values(model.target, here);
  for (std::size_t i = 0; i < here.size(); ++i)
    EXPECT_NEAR(here.elements()[i] / unit, there.elements()[i] / unit, 1e-5) << "value " << i;
}

INSTANTIATE_TEST_SUITE_P(Random, WholeRun, testing::Range(std::uint64_t{0}, runs));

}  // namespace
}  // namespace neurone
