#include "neurone/core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace neurone {
namespace {

using Block = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

constexpr int many = 200'000;  // draws for a moment: its standard error is about 1/√many = 0.0022

Block first_block(std::uint64_t seed, const Random::Place& place) {
  Random random(seed, place);
  return {random.bits(), random.bits(), random.bits(), random.bits()};
}

// --- the generator -------------------------------------------------------------------------------------------------

// Random123, tests/kat_vectors, "philox4x32 10"
TEST(Philox, gives_the_known_answers_of_its_authors) {
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox(Block{}, Key{}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(Block{ones, ones, ones, ones}, Key{ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(Block{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, Key{0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// A saved run is resumed by a later release: where a stream begins may never change.
TEST(Random, the_stream_of_a_place_is_philox_of_its_counter) {
  const Random::Place place{.purpose = Purpose::dropout, .part = 5, .epoch = 7, .row = 9};
  Random random(0x1122334455667788, place);
  for (std::uint32_t block = 0; block < 3; ++block)
    for (const std::uint32_t word : philox({block, 9, 7, 0x04000005}, {0x55667788, 0x11223344}))
      EXPECT_EQ(random.bits(), word) << "block " << block;
}

TEST(Random, the_same_place_gives_the_same_numbers) {
  const Random::Place place{.purpose = Purpose::shuffle, .epoch = 3};
  Random a(42, place), b(42, place);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.normal(), b.normal());
}

TEST(Random, streams_of_different_places_differ) {
  const Random::Place base{.purpose = Purpose::shuffle, .part = 1, .epoch = 1, .row = 1};
  std::vector<Block> blocks{first_block(1, base), first_block(2, base),
                            first_block(1 + (std::uint64_t{1} << 32), base)};
  const auto add = [&](auto change) {
    Random::Place place = base;
    change(place);
    blocks.push_back(first_block(1, place));
  };
  add([](auto& place) { place.purpose = Purpose::split; });
  add([](auto& place) { place.purpose = Purpose::initialise; });
  add([](auto& place) { place.part = 2; });
  add([](auto& place) { place.part = (1U << 24) - 1; });
  add([](auto& place) { place.epoch = 2; });
  add([](auto& place) { place.row = 2; });
  std::set<std::uint32_t> words;
  for (const Block& block : blocks) words.insert(block.begin(), block.end());
  EXPECT_EQ(words.size(), 4 * blocks.size()) << "two streams share a word";
}

// --- distributions -------------------------------------------------------------------------------------------------

TEST(Random, uniform_numbers_fill_zero_to_one_evenly) {
  Random random(1, {.purpose = Purpose::split});
  std::array<int, 10> tenths{};
  double sum = 0, squares = 0;
  for (int i = 0; i < many; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++tenths[static_cast<std::size_t>(10 * u)];
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / many, 0.5, 0.003);
  EXPECT_NEAR(squares / many, 1.0 / 3, 0.003);
  for (const int count : tenths) EXPECT_NEAR(count, many / 10, 5 * std::sqrt(many * 0.09));
}

// 27 + 26 random bits: no bit of the fraction is always zero or always one, and none lies below 2⁻⁵³.
TEST(Random, uniform_numbers_use_all_bits_of_the_fraction) {
  Random random(2, {.purpose = Purpose::split});
  std::uint64_t ever = 0, always = ~std::uint64_t{0};
  for (int i = 0; i < 1000; ++i) {
    const double scaled = random.uniform() * 0x1p53;
    ASSERT_EQ(scaled, std::floor(scaled));
    ever |= static_cast<std::uint64_t>(scaled);
    always &= static_cast<std::uint64_t>(scaled);
  }
  EXPECT_EQ(ever, (std::uint64_t{1} << 53) - 1);
  EXPECT_EQ(always, 0U);
}

TEST(Random, normal_numbers_have_the_moments_of_the_normal_distribution) {
  Random random(3, {.purpose = Purpose::initialise});
  std::array<double, 5> moment{};
  int within_one = 0, above_two = 0;
  for (int i = 0; i < many; ++i) {
    const double x = random.normal();
    for (std::size_t k = 1; k < moment.size(); ++k) moment[k] += std::pow(x, static_cast<double>(k)) / many;
    within_one += std::abs(x) < 1;
    above_two += x > 2;
  }
  EXPECT_NEAR(moment[1], 0, 0.01);
  EXPECT_NEAR(moment[2], 1, 0.015);
  EXPECT_NEAR(moment[3], 0, 0.04);
  EXPECT_NEAR(moment[4], 3, 0.1);
  EXPECT_NEAR(static_cast<double>(within_one) / many, 0.6826895, 0.005);
  EXPECT_NEAR(static_cast<double>(above_two) / many, 0.0227501, 0.002);
}

TEST(Random, below_stays_in_range_and_reaches_both_ends) {
  for (const std::uint32_t n : {1U, 2U, 3U, 7U, 10U, 100U}) {
    Random random(4, {.purpose = Purpose::shuffle});
    std::vector<int> counts(n);
    for (int i = 0; i < 20'000; ++i) {
      const std::uint32_t drawn = random.below(n);
      ASSERT_LT(drawn, n);
      ++counts[drawn];
    }
    const double share = 1.0 / n, expected = 20'000 * share;
    for (const int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected * (1 - share)) + 1e-9);
  }
  Random random(5, {.purpose = Purpose::shuffle});
  for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(0xffffffff), 0xffffffff);
}

// Of 2³² words, n = 3 · 2³⁰ numbers cannot get equally many. Without rejection every third would come twice as often
// as its neighbours (the multiplication), or the first third twice as often as the others (the remainder).
TEST(Random, below_is_unbiased_where_words_cannot_be_shared_out_evenly) {
  Random random(6, {.purpose = Purpose::shuffle});
  constexpr std::uint32_t third = 1U << 30;
  std::array<int, 3> residue{}, part{};
  for (int i = 0; i < 30'000; ++i) {
    const std::uint32_t drawn = random.below(3 * third);
    ++residue[drawn % 3];
    ++part[drawn / third];
  }
  for (const int count : residue) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(30'000 * 2 / 9.0));
  for (const int count : part) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(30'000 * 2 / 9.0));
}

}  // namespace
}  // namespace neurone
