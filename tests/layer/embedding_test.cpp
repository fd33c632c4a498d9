// What a block of columns becomes, where the others stay, and which blocks there cannot be. The gradients are
// compared in jacobians_test.cpp.
#include "neurone/layer/embedding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/message_of.h"
#include "tests/support/one_layer.h"

namespace neurone {
namespace {

using Numbers = std::vector<double>;

Numbers row_of(const Matrix<double>& M, std::size_t i) {
  return {M[i].begin(), M[i].end()};
}

// E: 3 × 2, of the block of columns 2 to 4.
OneLayer<double> embedded(const std::vector<Numbers>& rows) {
  Matrix<double> X(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], X[i].begin());
  OneLayer<double> one(layers::Embedding{.blocks = "2-4", .dimension = 2}, std::move(X), {});
  std::ranges::copy(Numbers{1, 2, 3, 4, 5, 6}, one.parameters.begin());
  return one;
}

TEST(Embedding, replaces_a_block_at_its_place_by_the_numbers_of_its_value) {
  OneLayer<double> one = embedded({{7, 0, 1, 0, 8}, {7, 0, 0, 1, 8}, {7, 0, 0, 0, 8}});
  one.forward();
  EXPECT_EQ(row_of(one.Z, 0), (Numbers{7, 3, 4, 8}));
  EXPECT_EQ(row_of(one.Z, 1), (Numbers{7, 5, 6, 8}));
  EXPECT_EQ(row_of(one.Z, 2), (Numbers{7, 0, 0, 8}));  // a value that training has not seen
}

TEST(Embedding, is_a_product_where_a_block_is_not_one_hot) {
  OneLayer<double> one = embedded({{0, 2, -1, 0.5, 0}});
  one.forward();
  EXPECT_EQ(row_of(one.Z, 0), (Numbers{0, 1.5, 3, 0}));  // 2·1 − 3 + 2.5, 2·2 − 4 + 3
}

TEST(Embedding, sends_gradients_to_the_rows_that_were_seen) {
  OneLayer<double> one = embedded({{7, 0, 1, 0, 8}, {7, 0, 1, 0, 8}});
  Matrix<double> dZ(2, 4);
  std::ranges::copy(Numbers{10, 0.5, 0.25, 20, 30, 1, 2, 40}, dZ.elements().begin());
  one.backward(dZ);
  EXPECT_EQ(Numbers(one.gradient.begin(), one.gradient.end()), (Numbers{0, 0, 1.5, 2.25, 0, 0}));
  EXPECT_EQ(row_of(one.dX, 0), (Numbers{10, 1, 2.5, 4, 20}));  // dZ Eᵀ: 0.5·1 + 0.25·2, …
}

TEST(Embedding, passes_on_what_is_no_number) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  OneLayer<double> one = embedded({{0, nan, 0, 0, 0}});
  one.forward();
  EXPECT_TRUE(std::isnan(one.Z(0, 1)) && std::isnan(one.Z(0, 2)));
}

TEST(Embedding, stacks_the_rows_of_its_blocks) {
  const auto parts = embedding_parts({.blocks = "1-2;3-3;6-9", .dimension = 4}, 10);
  Numbers found;
  for (const EmbeddingPart& part : parts)
    for (const std::size_t each : {part.x, part.width, part.z, part.size, part.row})
      found.push_back(static_cast<double>(each));
  EXPECT_EQ(found, (Numbers{0, 2, 0,  4, 0,  //
                            2, 1, 4,  4, 2,  //
                            3, 2, 8,  2, 3,  // columns 4 and 5 are kept
                            5, 4, 10, 4, 3,  //
                            9, 1, 14, 1, 7}));
  EXPECT_EQ(part_of_output(parts, 9).x, 3U);
  EXPECT_EQ(part_of_output(parts, 10).x, 5U);
  EXPECT_EQ(part_of_input(parts, 8).x, 5U);
  EXPECT_EQ(part_of_input(parts, 9).x, 9U);
}

TEST(Embedding, starts_with_standard_normal_numbers_that_do_not_decay) {
  const OneLayer<double> one(layers::Embedding{.blocks = "1-1000"}, Matrix<double>(1, 1000), {});
  ASSERT_EQ(one.parameters.size(), 8000U);
  double sum = 0, squares = 0;
  for (const double each : one.parameters) sum += each, squares += each * each;
  EXPECT_NEAR(sum / 8000, 0, 0.04);
  EXPECT_NEAR(squares / 8000, 1, 0.06);
  EXPECT_FALSE(one.layer->parameters().front().decays);
  EXPECT_EQ(one.layer->parameters().front().rate, 1);
}

TEST(Embedding, refuses_blocks_that_cannot_be) {
  const auto message = [](const std::string& blocks, std::size_t dimension = 8) {
    return message_of<UsageError>(
        [&] { make_layer<float>(layers::Embedding{.blocks = blocks, .dimension = dimension}, 10, 0, {}); });
  };
  EXPECT_EQ(message("1-10"), "no error");
  EXPECT_EQ(message("1-10", 0), "embedding: dimension must be from 1 to 1024");
  EXPECT_EQ(message("1-10", 1025), "embedding: dimension must be from 1 to 1024");
  for (const std::string text : {"", "3", "-3", "3-", "3-x", "3-4-5", "3 -4", "0-4", "5-4", "1-99999999999999999999"})
    EXPECT_EQ(message(text),
              "embedding: a block is a first and a last column, counted from 1, as in '8-23', found '" + text + "'");
  EXPECT_EQ(message("1-2;"),
            "embedding: a block is a first and a last column, counted from 1, as in '8-23', found ''");
  EXPECT_EQ(message("1-4;4-6"),
            "embedding: blocks rise and do not overlap, but '4-6' stands behind one that ends with 4");
  EXPECT_EQ(message("5-6;1-2"),
            "embedding: blocks rise and do not overlap, but '1-2' stands behind one that ends with 6");
  EXPECT_EQ(message("9-11"), "embedding: block '9-11' is outside of the layer's 10 inputs");
}

TEST(Embedding, blocks_come_back_from_their_text) {
  EXPECT_EQ(embedding_block(7, 16), "8-23");
  const LayerSpec spec = parse_choice<LayerSpec>("layer", "embedding 8-23;42-83 5");
  EXPECT_EQ(choice_text(spec), "embedding:blocks=8-23;42-83,dimension=5");
  EXPECT_EQ(std::get<layers::Embedding>(spec).dimension, 5U);
}

}  // namespace
}  // namespace neurone
