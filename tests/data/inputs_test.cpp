#include "neurone/data/inputs.h"

#include <gtest/gtest.h>

#include <vector>

#include "neurone/data/preparation.h"
#include "neurone/training/trainer.h"
#include "tests/support/matrices.h"
#include "tests/training/problems.h"

namespace neurone {
namespace {

using Row = std::vector<float>;

Matrix<float> matrix_of(const std::vector<Row>& rows) {
  Matrix<float> A(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], A[i].begin());
  return A;
}

// A number, a category of three values, two numbers, a category of two.
const std::vector<OneHotBlock> two_blocks{{1, 3}, {6, 2}};
const std::vector<Row> some_rows{{0.5, 0, 1, 0, 1, 2, 0, 1}, {-3, 0, 0, 0, 0, -1, 1, 0}, {7, 1, 0, 0, 4, 0, 0, 0}};

Inputs<float> packed_rows() {
  Inputs<float> inputs(some_rows.size(), some_rows.front().size(), two_blocks);
  inputs.pack(0, matrix_of(some_rows));
  return inputs;
}

Row unpacked(const Inputs<float>& inputs, std::size_t row) {
  Row x(inputs.columns(), 9);
  inputs.unpack(row, x);
  return x;
}

TEST(Inputs, keep_of_a_block_the_place_of_its_one) {
  const Inputs<float> inputs = packed_rows();
  EXPECT_EQ(inputs.rows(), 3U);
  EXPECT_EQ(inputs.columns(), 8U);
  EXPECT_EQ(inputs.packed(), matrix_of({{0.5, 1, 1, 2, 1}, {-3, -1, 0, -1, 0}, {7, 0, 4, 0, -1}}));
}

TEST(Inputs, are_unpacked_as_they_were) {
  const Inputs<float> inputs = packed_rows();
  Matrix<float> room;
  const ConstMatrixView<float> last = inputs.rows(1, 2, room);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(unpacked(inputs, i), some_rows[i]);
    for (std::size_t j = 0; j < 8; ++j) {
      EXPECT_EQ(inputs(i, j), some_rows[i][j]);
      if (i == 0) continue;
      EXPECT_EQ(last(i - 1, j), some_rows[i][j]);
    }
  }
}

TEST(Inputs, of_numbers_alone_are_shown_where_they_lie) {
  const Inputs<float> inputs(matrix_of(some_rows));
  Matrix<float> room;
  EXPECT_EQ(inputs.rows(1, 2, room).data(), inputs.packed()[1].data());
  EXPECT_TRUE(room.empty());
  EXPECT_EQ(unpacked(inputs, 2), some_rows[2]);
}

TEST(Inputs, are_zeros_before_they_are_packed) {
  EXPECT_EQ(unpacked(Inputs<float>(1, 8, two_blocks), 0), Row(8));
}

TEST(Inputs, are_chosen_by_rows_and_by_columns) {
  const Inputs<float> inputs = packed_rows();
  const Inputs<float> rows = inputs.select(std::vector<std::uint32_t>{2, 0});
  EXPECT_EQ(unpacked(rows, 0), some_rows[2]);
  EXPECT_EQ(unpacked(rows, 1), some_rows[0]);

  const Inputs<float> columns = inputs.with_columns(std::vector<std::size_t>{0, 1, 2, 3, 5});
  EXPECT_EQ(columns.blocks(), (std::vector<OneHotBlock>{{1, 3}}));
  EXPECT_EQ(unpacked(columns, 0), (Row{0.5, 0, 1, 0, 2}));
  EXPECT_EQ(unpacked(columns, 1), (Row{-3, 0, 0, 0, -1}));
  const Inputs<float> others = inputs.with_columns(std::vector<std::size_t>{4, 6, 7});
  EXPECT_EQ(unpacked(others, 1), (Row{0, 1, 0}));
}

TEST(Inputs, of_a_table_are_what_its_matrix_is) {
  const TablePreparation preparation{{NumericColumn{.name = "x", .has_indicator = true, .knots = {0, 1, 2}},
                                      CategoryColumn{.name = "c", .values = {"a", "b", "c"}},
                                      CategoryColumn{.name = "only", .values = {"one"}},
                                      CategoryColumn{.name = "d", .values = {"", "e"}}}};
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < 600; ++i)  // several stretches
    cells.push_back(
        {i % 7 == 0 ? "" : std::to_string(i % 5), std::string(1, "abcq"[i % 4]), "one", i % 3 == 0 ? "" : "e"});
  const Table table({"x", "c", "only", "d"}, cells);
  Matrix<float> X(table.rows(), preparation.width()), room;
  preparation.encode<float>(table, X);
  const Inputs<float> inputs = preparation.encode<float>(table);
  EXPECT_EQ(inputs.blocks(), (std::vector<OneHotBlock>{{4, 3}, {8, 2}}));
  EXPECT_EQ(inputs.packed().columns(), 7U);
  const ConstMatrixView<float> found = inputs.rows(0, table.rows(), room);
  EXPECT_TRUE(std::ranges::equal(found.elements(), X.elements()));
}

TEST(Inputs, that_are_packed_train_the_same_network) {
  constexpr std::size_t rows = 50;
  Random random = numbers_of_test(3);
  Matrix<float> X(rows, 8), targets(rows, 1);
  for (std::size_t i = 0; i < rows; ++i) {
    std::ranges::copy(some_rows[i % 3], X[i].begin());
    X(i, 0) = static_cast<float>(random.normal());
    targets(i, 0) = X(i, 0) > 0 ? X(i, 2) : 1;
  }
  Inputs<float> packed(rows, 8, two_blocks);
  packed.pack(0, X);
  std::vector<Vector<float>> parameters;
  for (const Inputs<float>& inputs : {Inputs<float>(X), packed}) {
    const Dataset<float> data{.X = inputs, .targets = targets};
    Network<float> network({.inputs = 8, .layers = {layers::Dense{.units = 4}, layers::Dense{.units = 1}}});
    network.initialise(1);
    Trainer<float>(network, Loss{losses::SquaredError{}}, rmse_metric, {.epochs = 3, .batch = 8}, data, data).fit();
    parameters.emplace_back(network.parameters().begin(), network.parameters().end());
  }
  EXPECT_EQ(parameters[0], parameters[1]);
}

}  // namespace
}  // namespace neurone
